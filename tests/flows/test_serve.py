"""Check `babelmill serve`: a deployment builds, a schedule produces runs, failures are shown, and
nobody else gets in.

A schedule that yields no runs looks healthy in the UI: with SQLAlchemy 2.1 that was so.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from flows import environment
from flows.errors import ServerFailed
from flows.failures import EXIT_SERVER_FAILED
from flows.serving.deployments import JOB_TEMPLATE
from flows.serving.processes import Processes
from flows.serving.serve import environment_of
from flows.serving.settings import ServeSettings
from tasks.steps.store import Store
from tests.conftest import ROOT, SEEDS
from tests.making.served import PASSWORD, SERVE, Served, make_runs_at_once, wait

pytestmark = pytest.mark.long

_BUILD_SECONDS = 240
#: What a person may change of a deployment, as the server has it.
_OF_A_PERSON = ("paused", "parameters", "schedules")


@dataclass
class _Twice:
    """What was there in the first life of a server, before and after a person, and its second."""

    fresh: dict[str, Any]
    changed: dict[str, Any]
    ended: tuple[int, float]
    made_again: dict[str, Any]
    states: list[str]
    served: Served


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Twice]:
    """`babelmill serve` with a password, changed by a person, stopped by Ctrl-C, started again."""
    home = tmp_path_factory.mktemp("prefect")
    options = {
        "PREFECT_SERVER_API_AUTH_STRING": ":".join(PASSWORD),
        "PREFECT_SERVER_API_HOST": "0.0.0.0",  # which does not open it to others
    }
    with Served(home, **options) as first:
        first.wait()
        fresh = first.deployment()
        with Store(home / "store").locked(lambda: None):  # a build of it waits
            first.run({"source": str(SEEDS), "store": str(home / "store")})
            wait(lambda: first.states() == ["Running"], 120)
            changed = _change_as_a_person(first)
            ended = first.stop(signal.SIGINT)
    # The server looks at its schedules each minute; nobody waits for that here.
    with Served(home, PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS="2", **options) as served:
        served.wait()
        made_again = served.deployment("verify/verify")
        yield _Twice(fresh, changed, ended, made_again, served.states(), served)
        code, seconds = served.stop(signal.SIGTERM)
    assert (code, seconds < 2) == (128 + signal.SIGTERM, True)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{served.url}/api/health")


def _change_as_a_person(served: Served) -> dict[str, Any]:
    """Switch a schedule on, add one, choose a source, pause; delete another deployment."""
    deployment = served.deployment()
    place = f"/deployments/{deployment['id']}"
    (schedule,) = deployment["schedules"]
    served.change("PATCH", f"{place}/schedules/{schedule['id']}", {"active": True})
    hourly = {"schedule": {"cron": "7 * * * *", "timezone": "Europe/Berlin"}, "active": False}
    served.change("POST", f"{place}/schedules", [hourly])
    parameters = {"source": "elsewhere", "store": "there", "no_more": 1}
    served.change("PATCH", place, {"parameters": parameters, "enforce_parameter_schema": False})
    served.change("POST", f"{place}/pause_deployment", {})
    served.change("DELETE", f"/deployments/{served.deployment('verify/verify')['id']}", None)
    return served.deployment()


@pytest.fixture(scope="module")
def api(twice: _Twice) -> httpx.Client:
    return twice.served.api


def _deployment(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/deployments/name/build/build").raise_for_status().json()
    return found


def test_one_ctrl_c_stops_everything_in_two_seconds_and_is_no_failure(twice: _Twice) -> None:
    assert (twice.ended[0], twice.ended[1] < 2) == (0, True)


def test_what_ran_when_it_was_stopped_is_cancelled(twice: _Twice) -> None:
    assert twice.states == ["Cancelled"]


def test_a_restart_keeps_what_a_person_changed_and_makes_what_is_missing(twice: _Twice) -> None:
    now = twice.served.deployment()
    kept = {**twice.changed, "parameters": {"source": "elsewhere", "store": "there"}}
    assert {name: now[name] for name in _OF_A_PERSON} == {name: kept[name] for name in _OF_A_PERSON}
    assert sorted(schedule["active"] for schedule in now["schedules"]) == [False, True]
    assert twice.made_again["created"] > twice.changed["created"]


def _scheduled_runs(client: httpx.Client, deployment: str) -> list[dict[str, Any]]:
    body = {
        "flow_runs": {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "deployment_id": {"any_": [deployment]},
        }
    }
    runs: list[dict[str, Any]] = client.post("/flow_runs/filter", json=body).json()
    return [run for run in runs if run["auto_scheduled"]]


def test_a_taken_port_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "COLUMNS": "200"}
        ended = subprocess.run(
            [*SERVE, port],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert ended.returncode == EXIT_SERVER_FAILED
    assert f"port {port} of 127.0.0.1 cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_ends_by_itself_is_named_with_its_exit_code() -> None:
    processes = Processes()
    processes.start("server")  # without its port
    with pytest.raises(ServerFailed, match="server ended by itself with exit code 1"):
        wait(processes.require_running, 60)


def test_without_the_password_there_is_only_the_health_of_the_server(api: httpx.Client) -> None:
    url = str(api.base_url).rstrip("/")
    for auth in (None, (PASSWORD[0], "guess")):
        assert httpx.post(f"{url}/flow_runs/filter", json={}, auth=auth).status_code == 401
        assert httpx.get(f"{url}/deployments/name/build/build", auth=auth).status_code == 401
    assert httpx.get(f"{url}/health").status_code == 200


def test_no_run_is_refused_though_many_write(api: httpx.Client) -> None:
    with httpx.Client(base_url=api.base_url, auth=PASSWORD, timeout=120) as patient:
        assert make_runs_at_once(patient) == {201}


def test_nothing_listens_to_other_machines(api: httpx.Client) -> None:
    ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = [
        connection.laddr
        for process in ours
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert api.base_url.port in {address.port for address in listening}
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_the_form_of_a_run_sets_neither_command_nor_environment() -> None:
    template = json.loads(JOB_TEMPLATE.read_text(encoding="utf-8"))
    plain = ProcessWorker.get_default_base_job_template()
    asked = {"command": "touch x", "env": {"BABELMILL_ROOTS": ""}, "working_dir": "/", "name": "n"}

    def job(base: dict[str, Any]) -> ProcessJobConfiguration:
        made = ProcessJobConfiguration.from_template_and_values(base, asked)
        return asyncio.run(made)

    ours, theirs = job(template), job(plain)
    assert (ours.command, ours.env, ours.working_dir, ours.name) == (None, {}, None, "n")
    assert (theirs.command, theirs.env) == (asked["command"], asked["env"])


def test_the_pool_has_that_form(api: httpx.Client) -> None:
    pool = api.get("/work_pools/babelmill").json()
    template = json.loads(JOB_TEMPLATE.read_text(encoding="utf-8"))
    assert pool["base_job_template"] == template


def test_what_prefect_asks_of_browsers_stays_as_prefect_has_it() -> None:
    set_here = {
        **environment.DEFAULTS,
        **environment_of(ServeSettings()),
    }.keys() - os.environ.keys()
    assert not [name for name in set_here if "CSRF" in name or "CORS" in name]


def test_who_starts_a_server_with_a_password_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "a:b")
    environment.set_defaults()
    assert os.environ["PREFECT_API_AUTH_STRING"] == "a:b"
    monkeypatch.delenv("PREFECT_API_AUTH_STRING")


def test_the_schedule_is_paused_until_somebody_wants_it(twice: _Twice) -> None:
    assert [schedule["active"] for schedule in twice.fresh["schedules"]] == [False]
    assert twice.fresh["global_concurrency_limit"]["limit"] == 1


def test_the_form_describes_every_parameter(api: httpx.Client) -> None:
    schema = _deployment(api)["parameter_openapi_schema"]
    parameters = schema["properties"]
    assert {"source", "store", "workers", "settings"} <= parameters.keys()
    assert all(parameter.get("description") for parameter in parameters.values())
    assert "part_documents" in json.dumps(schema)


def test_a_schedule_that_is_switched_on_yields_runs(twice: _Twice) -> None:
    deployment = twice.served.deployment("prune/prune")
    assert _scheduled_runs(twice.served.api, deployment["id"]) == []
    place = f"/deployments/{deployment['id']}/schedules/{deployment['schedules'][0]['id']}"
    twice.served.change("PATCH", place, {"active": True})
    runs = wait(lambda: _scheduled_runs(twice.served.api, deployment["id"]), 120)
    assert all(run["expected_start_time"][11:16] == "05:00" for run in runs)
    twice.served.change("PATCH", place, {"active": False})


def test_a_deployment_that_is_run_publishes_a_release(twice: _Twice, tmp_path: Path) -> None:
    api = twice.served.api
    store = str(tmp_path / "store")
    twice.served.run({"source": str(SEEDS), "store": store, "entities": False})

    def finished() -> str | None:
        runs = api.post("/flow_runs/filter", json={}).json()
        states = [r["state_type"] for r in runs if r["deployment_id"] and not r["auto_scheduled"]]
        ended = [s for s in states if s in {"COMPLETED", "FAILED", "CRASHED"}]
        return ended[0] if ended else None

    assert wait(finished, _BUILD_SECONDS) == "COMPLETED"
    assert (tmp_path / "store" / "latest" / "report.html").is_file()
    artifacts = api.post("/artifacts/filter", json={}).json()
    assert {"release", "tables", "steps"} <= {artifact["key"] for artifact in artifacts}
