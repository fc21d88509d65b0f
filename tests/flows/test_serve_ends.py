"""`babelmill serve` ends in two seconds, with all that it started, however it is told to."""

import json
import os
import pty
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT
from tests.making.hostile_expectation import story
from tests.making.served import PASSWORD, SERVE, Served, free_port, wait

pytestmark = pytest.mark.slow
_SECONDS = 2.0
#: Where Debian keeps the programs of its PostgreSQL.
_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_all_with_its_code(number: signal.Signals, tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        served.wait()
        code, seconds = served.stop(number)
    assert (code, seconds < _SECONDS) == (128 + number, True)


def test_a_second_ctrl_c_disturbs_nothing(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        served.wait()
        served.process.send_signal(signal.SIGINT)
        assert served.stop(signal.SIGINT)[0] == 0


def test_kill_leaves_no_process(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        served.wait()
        assert served.stop(signal.SIGKILL)[0] == -signal.SIGKILL


def _has_workers(served: Served) -> bool:
    """Whether a build that the server runs computes on processes of its own."""
    try:
        below = psutil.Process(served.process.pid).children(recursive=True)
        # What workers are forked from, and they, have one command line.
        return sum("forkserver" in " ".join(one.cmdline()) for one in below) > 1
    except psutil.Error:  # one ended meanwhile
        return False


def test_kill_while_a_build_has_workers_leaves_no_process(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    lines = (json.dumps({"text": story(number)}) for number in range(20_000))
    (source / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    with Served(tmp_path) as served:
        served.wait()
        served.run({"source": str(source), "store": str(tmp_path / "store"), "workers": 2})
        wait(lambda: _has_workers(served), 180)
        assert served.stop(signal.SIGKILL, _SECONDS)[0] == -signal.SIGKILL


def test_a_closed_terminal_ends_all(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    served = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *SERVE, str(free_port())],
        env={**os.environ, "PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": ""},
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while b"Prefect UI" not in said:
        said += os.read(ours, 1024)
    started = psutil.Process(served.pid).children(recursive=True)
    began = time.monotonic()
    os.close(ours)
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert time.monotonic() - began < _SECONDS
    served.wait(10)


@pytest.fixture
def database() -> Iterator[str]:
    """A server of PostgreSQL, and the address of an empty database on it."""
    if not _POSTGRES:
        pytest.skip("needs Debian's postgresql")
    as_user: list[str] = []
    # Not below pytest's folders, which no other user may enter.
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, "postgres")
            as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        port = str(free_port())

        def run(program: str, *arguments: str) -> None:
            command = [*as_user, str(_POSTGRES[-1] / program), *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "owner", "--auth=trust")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "owner", "runs")
            yield f"postgresql://owner@127.0.0.1:{port}/runs"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def test_runs_are_kept_in_postgresql_by_one_setting(database: str, tmp_path: Path) -> None:
    settings = tmp_path / "serve.toml"
    password = ":".join(PASSWORD)
    settings.write_text(f'database = "{database}"\npassword = "{password}"\n', "utf-8")
    with Served(tmp_path, "--settings", str(settings)) as served:
        served.wait()
        (schedule,) = served.deployment()["schedules"]
        place = f"/deployments/{served.deployment()['id']}/schedules/{schedule['id']}"
        served.change("PATCH", place, {"active": True})
        assert served.stop(signal.SIGINT)[0] == 0
    assert not (tmp_path / "prefect.db").exists()
    with Served(tmp_path, "--settings", str(settings)) as served:
        served.wait()
        assert [schedule["active"] for schedule in served.deployment()["schedules"]] == [True]
        served.stop(signal.SIGINT)
