"""Set up Prefect as a build wants it, unless somebody has set it otherwise, and its server.

`set_defaults` must be called before Prefect is imported.
"""

import atexit
import gc
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from flows.errors import ServerFailed

ROOT = Path(__file__).parents[1]

_HOST = "127.0.0.1"
_POLL_SECONDS = 0.1
_HEALTH_SECONDS = 5
#: A server that was asked to stop has so long to do it.
_STOP_TENTHS = 50
#: Looking for garbage takes a fifth of what importing the server takes, and finds none.
_SERVE = (
    "import gc; gc.disable(); import prefect.server.api.server, uvicorn; gc.enable(); "
    "from flows.database import make_ready; make_ready(); uvicorn.main()"
)
#: As Prefect starts its own temporary server: without the UI, only the services that runs need.
_TEMPORARY = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
}
#: No telemetry. The temporary server takes half a minute on a slow machine and Prefect waits
#: for 20 s only (docs/decisions/0003-prefect.md). The terminal shows progress, the UI the log.
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_HOME": str(ROOT / ".prefect"),
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "GX_ANALYTICS_ENABLED": "false",
    # As often as Prefect can: a run without them has died (`flows.serving.automations`).
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}


def collect_garbage_seldom() -> None:
    """Look for garbage after 10,000 new objects and not, as Python does, after 700.

    A process makes most of its objects while it imports and loads models, for as long as it lives:
    to look through them takes 7 % of what it takes to run all stages on 1,000 documents.
    """
    gc.set_threshold(10_000, 20, 50)


def set_defaults() -> None:
    """Set the defaults in this process and in those that it starts.

    If a server is to ask for a password, whatever speaks to it here knows it.
    """
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if password := os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        os.environ.setdefault("PREFECT_API_AUTH_STRING", password)


class TemporaryServer:
    """A server of Prefect for the processes of one command, unless one is configured.

    Left to itself, Prefect starts one more server in every process that runs a task
    (docs/decisions/0003-prefect.md). It is started first and waited for last, so that what
    else a command needs can be imported meanwhile.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._configured = ""
        self._is_second = False

    def start(self) -> None:
        """Start it and return at once; nothing if it is started, or a server is configured.

        Raises:
            ServerFailed: Nothing can be written where it keeps its runs.
        """
        if self._process is not None:
            return
        _refuse_unwritable_home()
        if _is_server_configured():
            return
        with socket.socket() as probe:
            probe.bind((_HOST, 0))
            self._port = probe.getsockname()[1]
        self._launch()

    @property
    def _url(self) -> str:
        return f"http://{_HOST}:{self._port}/api"

    def _launch(self) -> None:
        options = ["--host", _HOST, "--port", str(self._port), "--log-level", "error"]
        command = ["-c", _SERVE, "--factory", "prefect.server.api.server:create_app", *options]
        environment = {**os.environ, **_TEMPORARY}
        # In a session of its own: Ctrl-C is for us, who tell it how the run ended. -P: no module is
        # taken from the folder that we are in.
        self._process = subprocess.Popen(
            [sys.executable, "-P", *command], env=environment, start_new_session=True
        )
        self._watch = _stop_with_us(self._process.pid)

    def wait(self) -> str:
        """Return the address of its API once it answers; "" if a server is configured.

        If it is killed meanwhile, another is started.

        Raises:
            ServerFailed: It ended, or does not answer in time.
        """
        from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS as PATIENCE

        deadline = time.monotonic() + PATIENCE.value()
        while self._process is not None and not is_answering(self._url):
            code = self._process.poll()
            if (code is not None and not self._launch_again()) or time.monotonic() > deadline:
                raise ServerFailed(
                    _failure("it did not answer" if code is None else f"exit {code}")
                )
            time.sleep(_POLL_SECONDS)
        return "" if self._process is None else self._url

    def start_again(self) -> bool:
        """If it was killed, start another at the same address, once, and wait for it.

        Returns:
            Whether it was. Prefect's client asks again meanwhile.

        Raises:
            ServerFailed: The other ended, or does not answer in time.
        """
        is_again = self._launch_again()
        if is_again:
            self.wait()
        return is_again

    def _launch_again(self) -> bool:
        """Start another if a signal ended this one: one that ends by itself would do so again."""
        code = None if self._process is None else self._process.poll()
        if self._is_second or code is None or code >= 0:
            return False
        self._is_second = True
        self._launch()
        return True

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let all that Prefect does here and in our processes go to it, then stop it."""
        from prefect.settings import (
            PREFECT_API_URL,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

        url = self.wait()
        if self._process is None:
            self._configured = str(PREFECT_API_URL.value())  # another thread may not know it
            yield
            return
        # It stops at exit, after the last log lines were sent; if this process is killed, the
        # shell's pipe ends and the shell stops it.
        atexit.register(self._terminate)
        # A heartbeat tells a server that outlives us; to stop its thread takes up to a second.
        settings = {PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
        with temporary_settings(settings):
            yield

    def _terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def answers(self) -> bool:
        """Whether the server that is used is there, ours or the one that is configured."""
        if self._process is not None:
            return self._process.poll() is None and is_answering(self._url)
        return is_answering(self._configured)


def _is_server_configured() -> bool:
    """Whether Prefect knows the address of a server; it takes a second to import.

    So it is asked only if there is a place where it could have been told one.
    """
    home = os.environ.get("PREFECT_HOME", str(Path.home() / ".prefect"))
    profiles = os.environ.get("PREFECT_PROFILES_PATH", f"{home}/profiles.toml")
    files = [Path(name) for name in (profiles, "prefect.toml", "pyproject.toml", ".env")]
    words = ("PREFECT_API_URL", "tool.prefect", "api_url", "[api]")
    said = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]
    is_told = "PREFECT_API_URL" in os.environ or any(w in text for text in said for w in words)
    if not is_told and "prefect.settings" not in sys.modules:
        return False
    from prefect.settings import PREFECT_API_URL

    return bool(PREFECT_API_URL.value())


def is_answering(url: str) -> bool:
    """Whether a server of Prefect answers; an address without TLS loads no certificates for it.

    Args:
        url: Of its API.
    """
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=_HEALTH_SECONDS) as response:  # noqa: S310
            return bool(response.status == HTTPStatus.OK)
    except OSError:
        return False


def _failure(reason: str) -> str:
    from prefect.settings import PREFECT_HOME

    return (
        f"Prefect's temporary server did not start ({reason}); it needs a free port and "
        f"PREFECT_HOME ({PREFECT_HOME.value()}) to write to. PREFECT_API_URL names a server to "
        "use instead."
    )


@contextmanager
def prefect_server() -> Iterator[TemporaryServer]:
    """Use the server that is configured, else one temporary server for all our processes.

    Raises:
        ServerFailed: The temporary server does not start.
    """
    server = TemporaryServer()
    server.start()
    with server.used():
        yield server


def _stop_with_us(server: int) -> "subprocess.Popen[bytes]":
    """Have a server stopped however this process ends: the shell's pipe ends with it."""
    tries = " ".join(["TERM", *["0"] * _STOP_TENTHS, "KILL"])
    wait_and_kill = f"read word; for s in {tries}; do kill -$s {server} || exit; sleep .1; done"
    return subprocess.Popen(
        ["sh", "-c", wait_and_kill],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _refuse_unwritable_home() -> None:
    """Make sure that Prefect can write its own files: it ends in tracebacks otherwise.

    Raises:
        ServerFailed: It cannot.
    """
    home = Path(os.environ.get("PREFECT_HOME", str(Path.home() / ".prefect")))
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise ServerFailed(
            f"Prefect cannot write to its home {home} ({error.strerror}); name a folder that this "
            "user may write to, and that is not full, with PREFECT_HOME"
        ) from error
