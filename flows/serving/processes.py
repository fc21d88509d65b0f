"""Start the server and the worker as processes, see that they live, and end them in order."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from flows.environment import ROOT, is_answering
from flows.errors import ServerFailed

#: A server that has not answered by then will not: it takes half a minute on a slow machine.
_START_SECONDS = 180
_POLL_SECONDS = 0.1
#: Whatever has not ended by then is killed, so that all is over two seconds after Ctrl-C.
_STOP_SECONDS = 0.8


class Processes:
    """The server and the worker: each in a session of its own, so that Ctrl-C is for us.

    Each has a pipe as its standard input and ends when that does (`flows.serving.parent`), so
    that nothing is left even if this process is killed.
    """

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        """Start `flows.serving.<name>`."""
        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", f"flows.serving.{name}", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def tell(self, name: str) -> None:
        """Write a line to a process that waits for one."""
        stream = self._running[name].stdin
        assert stream is not None  # noqa: S101 - a pipe, above
        with suppress(BrokenPipeError):  # it has ended, which `require_running` says
            stream.write(b"go\n")
            stream.flush()

    def require_running(self) -> None:
        """Make sure that all live.

        Raises:
            ServerFailed: One has ended by itself.
        """
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                raise ServerFailed(f"the Prefect {name} ended by itself with exit code {code}")

    def wait_for_server(self, api: str) -> None:
        """Wait until the server answers at the address of its API.

        Raises:
            ServerFailed: Something ended, or it does not answer in time.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            self.require_running()
            if is_answering(api):
                return
            time.sleep(_POLL_SECONDS)
        raise ServerFailed(f"the Prefect server did not answer within {_START_SECONDS} s")

    def stop(self, before: Callable[[], object]) -> None:
        """End the worker with its runs, and the server; do something before, within a bound.

        Runs are killed: what a build has written is whole or not there.
        """
        doing = threading.Thread(target=before, daemon=True)
        doing.start()
        doing.join(_STOP_SECONDS)
        if "worker" in self._running:
            _kill_all(self._running["worker"])
        if "server" in self._running:
            self._running["server"].terminate()
            with suppress(subprocess.TimeoutExpired):
                self._running["server"].wait(_STOP_SECONDS)
            _kill_all(self._running["server"])


def _kill_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all that it started, before they lose sight of each other."""
    with suppress(psutil.NoSuchProcess):
        above = psutil.Process(process.pid)
        for one in [above, *above.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
