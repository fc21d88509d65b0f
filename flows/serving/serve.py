"""Serve Prefect's UI, a worker and our deployments on this machine, until somebody stops it."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import httpx
import typer

from flows import stopping
from flows.errors import ServerFailed
from flows.serving.links import HOME
from flows.serving.processes import Processes
from flows.serving.settings import ServeSettings

_HOST = "127.0.0.1"
_PASSWORDS = ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING")
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_DEFAULTS = {
    # The server then writes task runs in batches and not one by one.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "200",
    # Who presses Run looks at the page: Prefect's ten seconds are long.
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    # As often as Prefect can: a run without them has died.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}
STOPPED = "Stopped. Finished work is kept; Retry in the UI goes on with a run that was stopped.\n"


def serve_everything(settings: ServeSettings) -> None:
    """Serve until Ctrl-C, or until SIGTERM, which `flows.command` turns into an exit.

    Raises:
        ServerFailed: The port is taken, or something did not start or ended by itself.
    """
    _require_free(settings.port)
    os.environ.update(environment_of(settings))
    processes = Processes()
    try:
        _start(processes, settings)
        typer.echo(f"Prefect UI: {_url(settings.port)}  (Ctrl-C stops everything)")
        while True:
            processes.require_running()
            time.sleep(1)
    except KeyboardInterrupt:
        _stop(processes, settings)
        stopping.end(0, STOPPED)
    except SystemExit as signalled:
        _stop(processes, settings)
        stopping.end(int(signalled.code or 0), STOPPED)
    except BaseException:
        _stop(processes, settings)
        raise


def _stop(processes: Processes, settings: ServeSettings) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # one is enough
    processes.stop(lambda: cancel_runs(settings))


def _start(processes: Processes, settings: ServeSettings) -> None:
    """Start all at once: what takes long is importing, in each process something else."""
    from flows.serving.deployments import POOL

    processes.start("server", str(settings.port))
    processes.start("worker", POOL)
    from flows.serving.deployments import deploy, read_definitions

    definitions = read_definitions()
    processes.wait_for_server(f"{_url(settings.port)}/api/health")
    for made in asyncio.run(deploy(definitions)):
        typer.echo(f"deployed {made}")
    processes.tell("worker")


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


def _url(port: int) -> str:
    return f"http://{_HOST}:{port}"


def environment_of(settings: ServeSettings) -> dict[str, str]:
    """Return the variables of the server, the worker and the runs."""
    given: dict[str, str] = {}
    if settings.password is not None:
        given = dict.fromkeys(_PASSWORDS, settings.password.get_secret_value())
    if settings.database is not None:
        url = settings.database.get_secret_value()
        given[_DATABASE] = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    return {
        **_DEFAULTS,
        **os.environ,
        **given,
        "PREFECT_API_URL": f"{_url(settings.port)}/api",
        HOME: str(Path(os.environ["PREFECT_HOME"]).absolute()),
        # Without it the UI looks for the server at port 4200.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_WORKER_WEBSERVER_HOST": _HOST,
        # Quiet is for builds on a terminal (`flows.environment`); this terminal is a log.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    }


def cancel_runs(settings: ServeSettings) -> None:
    """Leave no run of ours that seems to go on: its process is killed next."""
    from flows.serving.deployments import POOL

    password = os.environ.get("PREFECT_API_AUTH_STRING")
    auth = tuple(password.split(":", 1)) if password else None
    cancelled = {
        "type": "CANCELLED",
        "name": "Cancelled",
        "message": "The server was stopped. Retry goes on where this run was.",
    }
    with httpx.Client(base_url=f"{_url(settings.port)}/api", auth=auth) as client:  # type: ignore[arg-type]
        going_on = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
        ours = {"flow_runs": going_on, "work_pools": {"name": {"any_": [POOL]}}}
        runs = [run["id"] for run in client.post("/flow_runs/filter", json=ours).json()]
        below = {"flow_runs": {**going_on, "parent_flow_run_id": {"any_": runs}}}
        runs += [run["id"] for run in client.post("/flow_runs/filter", json=below).json()]
        for run in runs:
            state = {"state": cancelled, "force": True}
            client.post(f"/flow_runs/{run}/set_state", json=state)
