"""Start server, worker and deployments on this machine, and stop them together."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

import httpx

from flows.console import out
from flows.environment import ROOT

_HOST = "127.0.0.1"
_POOL = "babelmill"
#: A server that has not answered by then will not: it takes half a minute on a slow machine.
_START_SECONDS = 180
_STOP_SECONDS = 10

#: A running server takes seven times more tasks per second with these (notes of the project,
#: docs/decisions/0003-prefect.md).
_BATCHING = {
    "TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "EVENT_PERSISTER_BATCH_SIZE": "500",
    "EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "TRIGGERS_READ_BATCH_SIZE": "200",
}


class ServerFailed(RuntimeError):
    """The Prefect server ended or did not answer in time."""


def serve_everything(port: int) -> None:
    """Serve until interrupted or until one of the processes ends.

    Raises:
        ServerFailed: The server did not start.
    """
    environment = _environment(port)
    processes = [_start(["server", "start", "--host", _HOST, "--port", str(port)], environment)]
    try:
        _wait_for_server(processes[0], port)
        _run(["work-pool", "create", _POOL, "--type", "process", "--overwrite"], environment)
        _run(["--no-prompt", "deploy", "--all"], environment)
        processes.append(_start(["worker", "start", "--pool", _POOL], environment))
        out.print(f"Prefect UI: http://{_HOST}:{port}  (Ctrl-C stops everything)")
        _wait_for_any(processes)
    except KeyboardInterrupt:
        out.print("stopping")
    finally:
        _stop(processes)


def _environment(port: int) -> dict[str, str]:
    batching = {f"PREFECT_SERVER_SERVICES_{name}": value for name, value in _BATCHING.items()}
    return {
        **batching,
        **os.environ,
        "PREFECT_API_URL": f"http://{_HOST}:{port}/api",
        # Without it the UI looks for the server at port 4200.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "BABELMILL_ROOT": str(ROOT),
    }


def _prefect(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]


def _start(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_prefect(arguments), cwd=ROOT, env=environment)


def _run(arguments: Sequence[str], environment: dict[str, str]) -> None:
    subprocess.run(_prefect(arguments), cwd=ROOT, env=environment, check=True)


def _wait_for_server(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"http://{_HOST}:{port}/api/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise ServerFailed(f"the Prefect server did not start on port {port}; is the port in use?")


def _wait_for_any(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    while all(process.poll() is None for process in processes):
        time.sleep(1)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
