"""Start `babelmill serve` in a home of its own, speak to it, and stop it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.conftest import ROOT

PASSWORD = ("operator", "a word that passes")
COMMAND = (sys.executable, "-c", "from flows.command import main; main()")
SERVE = (*COMMAND, "serve", "--port")


def wait(ready: Callable[[], Any], seconds: float) -> Any:
    """Return what a function does as soon as that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = ready()
        except httpx.HTTPError:
            found = None
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


def make_runs_at_once(api: httpx.Client) -> set[int]:
    """Make many runs, six at a time and none a second time; what the server answered."""
    flow = api.post("/flows/", json={"name": "made up"}).raise_for_status().json()["id"]

    def make(number: int) -> int:
        asked = {"flow_id": flow, "name": str(number), "state": {"type": "COMPLETED"}}
        return api.post("/flow_runs/", json=asked).status_code

    with ThreadPoolExecutor(6) as threads:
        return set(threads.map(make, range(30)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_over(process: psutil.Process) -> bool:
    """Whether it has ended, though nobody has asked for its exit code."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class Served:
    """`babelmill serve`, and a client of its API."""

    def __init__(self, home: Path, *arguments: str, **variables: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = httpx.Client(base_url=f"{self.url}/api", auth=PASSWORD, timeout=30)
        self._log = home / "serve.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*SERVE, str(self.port), *arguments],
                env={
                    **os.environ,
                    "PREFECT_HOME": str(home),
                    "PREFECT_API_URL": "",
                    "PREFECT_WORKER_QUERY_SECONDS": "1",
                    **variables,
                },
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()  # what it started ends with it

    def wait(self) -> None:
        """Wait until it says where the UI is: all is deployed then."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if b"Prefect UI" in line:
                return
        raise AssertionError(self.log())

    def log(self) -> str:
        """Return what it has said beside where its UI is, and what any before it in that home said."""
        return self._log.read_text("utf-8", errors="replace")

    def stop(self, number: signal.Signals, patience: float = 1) -> tuple[int, float]:
        """Return the exit code, and after how many seconds all was over.

        Nothing may be left so many seconds later.
        """
        processes = psutil.Process(self.process.pid).children(recursive=True)
        started = time.monotonic()
        self.process.send_signal(number)
        try:
            code = self.process.wait(60)
            seconds = time.monotonic() - started
            left = psutil.wait_procs(processes, timeout=patience)[1]
            assert [process for process in left if not _is_over(process)] == []
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.api.close()
        return code, seconds

    def deployment(self, name: str = "build/build") -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/deployments/name/{name}").raise_for_status().json()
        return found

    def change(self, method: str, path: str, values: object) -> httpx.Response:
        """Ask for a change; as Prefect's own client, again at 503: SQLite was busy."""

        def asked() -> httpx.Response | None:
            response = self.api.request(method, path, json=values)
            return None if response.status_code == 503 else response.raise_for_status()

        found: httpx.Response = wait(asked, 30)
        return found

    def run(self, parameters: dict[str, Any], deployment: str = "build/build") -> str:
        """Start a run of a deployment; its id."""
        place = f"/deployments/{self.deployment(deployment)['id']}/create_flow_run"
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return str(self.change("POST", place, asked).json()["id"])

    def states(self) -> list[str]:
        """Return the names of the states of all runs that no schedule made."""
        found = self.api.post("/flow_runs/filter", json={}).raise_for_status().json()
        return [run["state"]["name"] for run in found if not run["auto_scheduled"]]
