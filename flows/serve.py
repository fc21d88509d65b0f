"""Start server, worker and deployments on this machine, and stop them together."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import typer

from flows.environment import ROOT
from flows.errors import ServerFailed

_HOST = "127.0.0.1"
_POOL = "babelmill"
#: Without the command and the environment that the form of a run could give its process else.
_JOB_TEMPLATE = Path(__file__).with_name("work_pool.json")
_AS_HERE = ("--overwrite", "--base-job-template", str(_JOB_TEMPLATE))
#: A server that has not answered by then will not: it takes half a minute on a slow machine.
_START_SECONDS = 180
_STOP_SECONDS = 10

#: The server then writes task runs in batches and not one by one.
_BATCHING = {
    "TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "EVENT_PERSISTER_BATCH_SIZE": "500",
    "EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "TRIGGERS_READ_BATCH_SIZE": "200",
}

Processes = dict[str, subprocess.Popen[bytes]]


def serve_everything(port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, which `flows.command` turns into an exit.

    Raises:
        ServerFailed: The port is taken, or something did not start or ended by itself.
    """
    _require_free(port)
    environment = _environment(port)
    processes: Processes = {}
    try:
        address = ["--host", _HOST, "--port", str(port)]
        processes["server"] = _start(["server", "start", *address], environment)
        _wait_for_server(processes, port)
        _run(["work-pool", "create", _POOL, "--type", "process", *_AS_HERE], environment)
        _run(["--no-prompt", "deploy", "--all"], environment)
        processes["worker"] = _start(["worker", "start", "--pool", _POOL], environment)
        typer.echo(f"Prefect UI: http://{_HOST}:{port}  (Ctrl-C stops everything)")
        while True:
            _require_running(processes)
            time.sleep(1)
    except KeyboardInterrupt:
        typer.echo("stopping")
    finally:
        _stop(processes)


def _require_free(port: int) -> None:
    """Refuse a port that somebody has: our deployments would land in another's server."""
    with socket.socket() as probe:
        # As the server does: connections that are closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise ServerFailed(
                f"port {port} of {_HOST} cannot be used ({error.strerror}); stop what uses it "
                "or choose another with --port"
            ) from error


def _environment(port: int) -> dict[str, str]:
    batching = {f"PREFECT_SERVER_SERVICES_{name}": value for name, value in _BATCHING.items()}
    return {
        **batching,
        **os.environ,
        "PREFECT_API_URL": f"http://{_HOST}:{port}/api",
        # Without it the UI looks for the server at port 4200.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_WORKER_WEBSERVER_HOST": _HOST,
        # Quiet is for builds on a terminal (`flows.environment`); this terminal is a log.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    }


def _prefect(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]


def _start(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_prefect(arguments), cwd=ROOT, env=environment)


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    code = subprocess.run(_prefect(arguments), cwd=ROOT, env=environment, check=False).returncode
    if code:
        raise ServerFailed(f"`prefect {' '.join(arguments)}` ended with exit code {code}")


def _wait_for_server(processes: Processes, port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        _require_running(processes)
        try:
            httpx.get(f"http://{_HOST}:{port}/api/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise ServerFailed(f"the Prefect server did not answer within {_START_SECONDS} s")


def _require_running(processes: Processes) -> None:
    for name, process in processes.items():
        code = process.poll()
        if code is not None:
            raise ServerFailed(f"the Prefect {name} ended by itself with exit code {code}")


def _stop(processes: Processes) -> None:
    for process in reversed(processes.values()):
        process.terminate()
    for process in processes.values():
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
