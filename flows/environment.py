"""Settings of Prefect that a build wants unless somebody has set others, and its server.

`set_defaults` is to be called before Prefect is imported.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import ServerFailed

ROOT = Path(__file__).parents[1]

#: No telemetry. The temporary server takes half a minute on a slow machine and Prefect waits
#: for 20 s only (docs/decisions/0003-prefect.md). The terminal shows progress, the UI the log.
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_HOME": str(ROOT / ".prefect"),
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "GX_ANALYTICS_ENABLED": "false",
}


def set_defaults() -> None:
    """Set the defaults in this process and in those that it starts."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


@contextmanager
def prefect_server() -> Iterator[None]:
    """Use the server that is configured, else one temporary server for all our processes.

    Left to itself, Prefect starts one more server in every worker process
    (docs/decisions/0003-prefect.md).

    Raises:
        ServerFailed: The temporary server does not start.
    """
    from prefect.server.api.server import SubprocessASGIServer
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    if PREFECT_API_URL.value():
        yield
        return
    server = SubprocessASGIServer()  # it stops at exit, after the last log lines were sent
    try:
        server.start()
    except RuntimeError as error:
        raise ServerFailed(
            f"Prefect's temporary server did not start; it needs a free port and PREFECT_HOME "
            f"({PREFECT_HOME.value()}) to write to. PREFECT_API_URL names a server to use instead. "
            f"Prefect says: {error}"
        ) from error
    with (
        _stopped_with_us(server.server_process),
        temporary_settings({PREFECT_API_URL: server.api_url}),
    ):
        yield


@contextmanager
def _stopped_with_us(server: "subprocess.Popen[bytes] | None") -> Iterator[None]:
    """Have the server stopped also if this process is killed: the shell's pipe then ends."""
    if server is None:
        yield
        return
    wait_and_kill = ["sh", "-c", f"read word || kill {server.pid} 2>/dev/null"]
    with subprocess.Popen(wait_and_kill, stdin=subprocess.PIPE, start_new_session=True) as watch:
        try:
            yield
        finally:
            watch.communicate(b"stay\n")
