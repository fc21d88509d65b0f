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
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from flows import environment, serve
from flows.errors import ServerFailed
from flows.failures import EXIT_SERVER_FAILED
from tests.conftest import ROOT, SEEDS

_START_SECONDS = 240
_BUILD_SECONDS = 240
_PASSWORD = ("operator", "a word that passes")
_SERVE = (sys.executable, "-c", "from flows.command import main; main()", "serve", "--port")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(ready: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = ready()
        except httpx.HTTPError:
            found = None
        if found:
            return found
        time.sleep(1)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """`babelmill serve` with a password, ended by SIGTERM; a client of the server's API."""
    port = _free_port()
    home = tmp_path_factory.mktemp("prefect")
    log = (home / "serve.log").open("wb")
    served = subprocess.Popen(
        [*_SERVE, str(port)],
        env={
            **os.environ,
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": "",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_SERVER_API_AUTH_STRING": ":".join(_PASSWORD),
            "PREFECT_SERVER_API_HOST": "0.0.0.0",  # which does not open it to others
        },
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}/api"
    with httpx.Client(base_url=url, auth=_PASSWORD, timeout=30) as client:
        try:
            _wait(lambda: _deployment(client), _START_SECONDS)
            yield client
        finally:
            served.terminate()
            try:
                code = served.wait(30)
            finally:
                with suppress(ProcessLookupError):  # nothing is left
                    os.killpg(served.pid, signal.SIGKILL)
    assert code == 128 + signal.SIGTERM
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/api/health")


def _deployment(client: httpx.Client) -> dict[str, Any] | None:
    response = client.get("/deployments/name/build/seeds")
    return response.json() if response.status_code == 200 else None


def _scheduled_runs(client: httpx.Client, deployment: str) -> list[dict[str, Any]]:
    body = {
        "flow_runs": {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "deployment_id": {"any_": [deployment]},
        }
    }
    runs: list[dict[str, Any]] = client.post("/flow_runs/filter", json=body).json()
    return [run for run in runs if run["auto_scheduled"]]


def _switch(client: httpx.Client, schedule: str, *, active: bool) -> None:
    """As Prefect's own client, try again at 503: SQLite was busy with another write."""
    _wait(lambda: client.patch(schedule, json={"active": active}).is_success, 30)


def test_a_taken_port_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "COLUMNS": "200"}
        ended = subprocess.run(
            [*_SERVE, port],
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
    worker = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    worker.wait()
    with pytest.raises(ServerFailed, match="worker ended by itself with exit code 3"):
        serve._require_running({"worker": worker})


def test_without_the_password_there_is_only_the_health_of_the_server(api: httpx.Client) -> None:
    url = str(api.base_url).rstrip("/")
    for auth in (None, (_PASSWORD[0], "guess")):
        assert httpx.post(f"{url}/flow_runs/filter", json={}, auth=auth).status_code == 401
        assert httpx.get(f"{url}/deployments/name/build/seeds", auth=auth).status_code == 401
    assert httpx.get(f"{url}/health").status_code == 200


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
    template = json.loads(serve._JOB_TEMPLATE.read_text(encoding="utf-8"))
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
    template = json.loads(serve._JOB_TEMPLATE.read_text(encoding="utf-8"))
    assert pool["base_job_template"] == template


def test_what_prefect_asks_of_browsers_stays_as_prefect_has_it() -> None:
    set_here = {**environment.DEFAULTS, **serve._environment(4200)}.keys() - os.environ.keys()
    assert not [name for name in set_here if "CSRF" in name or "CORS" in name]


def test_who_starts_a_server_with_a_password_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "a:b")
    environment.set_defaults()
    assert os.environ["PREFECT_API_AUTH_STRING"] == "a:b"
    monkeypatch.delenv("PREFECT_API_AUTH_STRING")


def test_the_schedule_is_paused_until_somebody_wants_it(api: httpx.Client) -> None:
    deployment = _deployment(api)
    assert deployment is not None
    assert [schedule["active"] for schedule in deployment["schedules"]] == [False]
    assert deployment["global_concurrency_limit"]["limit"] == 1


def test_the_form_describes_every_parameter(api: httpx.Client) -> None:
    deployment = _deployment(api)
    assert deployment is not None
    schema = deployment["parameter_openapi_schema"]
    parameters = schema["properties"]
    assert {"source", "store", "workers", "settings"} <= parameters.keys()
    assert all(parameter.get("description") for parameter in parameters.values())
    assert "part_documents" in json.dumps(schema)


def test_a_schedule_that_is_switched_on_yields_runs(api: httpx.Client) -> None:
    deployment = _deployment(api)
    assert deployment is not None
    assert _scheduled_runs(api, deployment["id"]) == []
    schedule = deployment["schedules"][0]["id"]
    place = f"/deployments/{deployment['id']}/schedules/{schedule}"
    _switch(api, place, active=True)
    runs = _wait(lambda: _scheduled_runs(api, deployment["id"]), 120)
    assert all(run["expected_start_time"][11:16] == "03:00" for run in runs)
    _switch(api, place, active=False)


def test_a_deployment_that_is_run_publishes_a_release(api: httpx.Client, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "prefect", "deployment", "run", "build/seeds"),
        *("--param", f"source={SEEDS}", "--param", f"store={tmp_path / 'store'}"),
    ]
    url = str(api.base_url).rstrip("/")
    known = {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": ":".join(_PASSWORD)}
    subprocess.run(command, env={**os.environ, **known}, check=True, cwd=ROOT)

    def finished() -> str | None:
        runs = api.post("/flow_runs/filter", json={}).json()
        states = [r["state_type"] for r in runs if not r["auto_scheduled"]]
        ended = [s for s in states if s in {"COMPLETED", "FAILED", "CRASHED"}]
        return ended[0] if ended else None

    assert _wait(finished, _BUILD_SECONDS) == "COMPLETED"
    assert (tmp_path / "store" / "latest" / "report.html").is_file()
    artifacts = api.post("/artifacts/filter", json={}).json()
    assert {"release", "tables", "steps"} <= {artifact["key"] for artifact in artifacts}
