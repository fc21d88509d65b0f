"""Serve Prefect's UI, a worker and our deployments on this machine, until somebody stops it."""

import asyncio
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import httpx
import typer

from flows import stopping
from flows.errors import ServerFailed
from flows.serving.links import HOME
from flows.serving.processes import Processes
from flows.serving.runs import CANCELLED, CRASHED, end_runs
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

    def cancel() -> None:
        with suppress(httpx.HTTPError):  # it has ended, or has not begun
            end_runs(_url(settings.port), CANCELLED)

    processes.stop(cancel)


def _start(processes: Processes, settings: ServeSettings) -> None:
    """Start all at once: what takes long is importing, in each process something else."""
    from flows.serving.deployments import POOL

    processes.start("server", str(settings.port))
    processes.start("worker", POOL)
    from flows.serving.automations import automate
    from flows.serving.deployments import deploy, read_definitions

    definitions = read_definitions()
    processes.wait_for_server(f"{_url(settings.port)}/api")
    if not os.environ.get(_DATABASE, "").startswith("postgresql"):
        # Nobody else's worker can be at work.
        end_runs(_url(settings.port), CRASHED)
    for made in asyncio.run(deploy(definitions)):
        typer.echo(f"deployed {made}")
    asyncio.run(automate(settings.notify, [one.flow.name for one in definitions]))
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
