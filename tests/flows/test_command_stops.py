"""Commands that build or collect end in two seconds when told to, and their run is cancelled."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tasks.steps.store import Store
from tests.conftest import ROOT, SEEDS
from tests.making.served import COMMAND, wait

# A machine that does much else cannot tell the server within the eight tenths that are left for it.
pytestmark = pytest.mark.slow
_SECONDS = 2.0
_KEPT = "Stopped. Finished work is kept; the same command goes on.\n"


def _states(server: str, flow: str) -> list[str]:
    """Return the states of the runs of a flow, the newest first."""
    asked = {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_DESC"}
    runs = httpx.post(f"{server}/flow_runs/filter", json=asked).raise_for_status().json()
    return [run["state"]["name"] for run in runs]


def _stopped(
    server: str, number: signal.Signals, flow: str, *arguments: str
) -> tuple[int, str, float]:
    """Start a command, send a signal when its run is running; its exit code, last words, time."""
    before = len(_states(server, flow))
    command = subprocess.Popen(
        [*COMMAND, *arguments],
        env={**os.environ, "PREFECT_API_URL": server},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )

    def is_running() -> bool:
        states = _states(server, flow)
        return len(states) > before and states[0] == "Running"

    wait(is_running, 120)
    below = psutil.Process(command.pid).children(recursive=True)
    started = time.monotonic()
    command.send_signal(number)
    _, said = command.communicate(timeout=60)
    seconds = time.monotonic() - started
    assert [one for one in below if one.is_running() and one.status() != "zombie"] == []
    return command.returncode, said, seconds


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_build_is_stopped_and_its_run_cancelled(
    prefect_server: str, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    store = tmp_path / "store"
    with Store(store).locked(lambda: None):  # it waits
        arguments = ("build", str(SEEDS), "--store", str(store))
        ended, said, seconds = _stopped(prefect_server, number, "build", *arguments)
    assert (ended, said.endswith(_KEPT), seconds < _SECONDS) == (code, True, True)
    assert _states(prefect_server, "build")[0] == "Cancelled"


def test_collecting_is_stopped_and_its_run_cancelled(prefect_server: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # nobody answers
        sources = tmp_path / "list.toml"
        sources.write_text(
            'contact = "you@example.org"\nallow_private = true\n'
            f'feeds = ["http://127.0.0.1:{silent.getsockname()[1]}/feed"]\n',
            "utf-8",
        )
        arguments = ("collect", str(sources), "--into", str(tmp_path / "into"))
        ended, said, seconds = _stopped(prefect_server, signal.SIGINT, "collect", *arguments)
    assert (ended, said.endswith(_KEPT), seconds < _SECONDS) == (130, True, True)
    assert _states(prefect_server, "collect")[0] == "Cancelled"
