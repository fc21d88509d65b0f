"""Finish a command whose server of Prefect was lost: what it came to is known without it.

Prefect's client asks a server that is gone again and again, for five minutes. A flow of ours
needs it only to show itself: so the flow tells what it came to before Prefect is told, and if the
server does not answer then, that is shown and the process ends. A server that is lost before the
flow began is started again.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from flows import stopping
from flows.errors import ServerFailed

Result = TypeVar("Result")

_POLL_SECONDS = 0.5
#: Times in a row that the server must not answer: three seconds and a slow moment of it.
_MISSES = 6
_NOT_SHOWN = (
    "warning: Prefect's server ended during the run, so that its UI does not show how the run "
    "ended. Nothing else depends on it.\n"
)
_NOT_BEGUN = (
    "Prefect's server ended before the run began; run the same command again, or name another "
    "server with PREFECT_API_URL"
)


class WatchedRun(Generic[Result]):
    """A flow that this process runs, and a server that may be lost meanwhile."""

    def __init__(
        self,
        answers: Callable[[], bool],
        show: Callable[[Result], int],
        start_again: Callable[[], bool],
    ) -> None:
        self._answers = answers
        self._show = show
        self._start_again = start_again
        self._starting = threading.Lock()
        self._is_another = False
        self._showing = threading.Lock()
        self._code: int | None = None
        self._has_begun = False
        self._is_left = threading.Event()
        self._came_to: list[Result | Exception] = []
        threading.Thread(target=self._watch, daemon=True).start()

    def call(self, flow: Callable[[], Result]) -> Result:
        """Call a flow; once more if its server was lost before it began, and another is there.

        Prefect's client gives up at once on a server that it has never reached.
        """
        try:
            return flow()
        except Exception:
            if self._has_begun or not self._has_another():
                raise
        return flow()

    def _has_another(self) -> bool:
        """Whether the server was lost, and another was started in its place, now or before."""
        with self._starting:
            self._is_another = self._start_again() or self._is_another
            return self._is_another

    def begin(self) -> None:
        """Note that the flow computes: until it has ended, it needs no server."""
        self._has_begun = True

    def tell(self, came_to: Result | Exception) -> None:
        """Note what the flow came to; Prefect does not know yet."""
        self._came_to.append(came_to)

    def show(self, came_to: Result | Exception) -> int:
        """Show what the flow came to, and return the exit code; a second caller never returns."""
        from flows.failures import show_error  # knows what all rooms raise

        self._showing.acquire()
        if isinstance(came_to, Exception):
            self._code = show_error(came_to)
        else:
            self._code = self._show(came_to)
        return self._code

    def leave(self) -> None:
        """Watch no more."""
        self._is_left.set()

    def _watch(self) -> None:
        try:
            self._wait_until_lost()
        except ServerFailed as error:  # nor did another start
            stopping.end(self.show(error))

    def _wait_until_lost(self) -> None:
        misses = 0
        while misses < _MISSES:
            if self._is_left.wait(_POLL_SECONDS):
                return
            is_waiting = bool(self._came_to) or not self._has_begun
            misses = misses + 1 if is_waiting and not self._answers() else 0
            if misses and not (self._has_begun or self._is_another) and self._has_another():
                misses = 0
        if self._code is not None:  # it was shown, and only Prefect's last words are waited for
            stopping.end(self._code)
        if self._came_to:
            stopping.end(self.show(self._came_to[0]), _NOT_SHOWN)
        stopping.end(self.show(ServerFailed(_NOT_BEGUN)))


_RUN: ContextVar[WatchedRun[Any] | None] = ContextVar("run", default=None)


@contextmanager
def watched(
    answers: Callable[[], bool],
    show: Callable[[Result], int],
    start_again: Callable[[], bool] = lambda: False,
) -> Iterator[WatchedRun[Result]]:
    """Run a flow in this process: if its server is lost, show what it came to, and end.

    If a signal ends the process, the run is cancelled.

    Args:
        answers: Whether the server does, within seconds.
        show: Shows what the flow returned, and gives the exit code. Called once; not in the main
            thread if the server was lost.
        start_again: Starts a server that was lost once more; whether it did.
    """
    from flows.runners import cancelled_on_stop  # Prefect, which is slow to import

    logging.raiseExceptions = False  # Prefect's log lines are lost with it: said once
    run = WatchedRun(answers, show, start_again)
    token = _RUN.set(run)
    try:
        with cancelled_on_stop():
            yield run
    except BaseException:
        run.leave()
        raise
    finally:
        _RUN.reset(token)
    if not stopping.owns_process():
        run.leave()
    # Otherwise for as long as Prefect sends its last words, which is when this process ends.


@contextmanager
def told() -> Iterator[Callable[[Any], None]]:
    """Be the body of a flow: gives the function to call with what it comes to.

    An error that ends it is told, too. In a process that watches no server nothing happens.
    """
    run = _RUN.get()
    if run is None:
        yield lambda _: None
        return
    run.begin()
    stopping.take_signals_again()
    try:
        yield run.tell
    except Exception as error:
        run.tell(error)
        raise
