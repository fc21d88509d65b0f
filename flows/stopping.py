"""Stop the command at once on Ctrl-C, SIGTERM, SIGHUP or a closed terminal, and leave no process.

A thread of its own waits for the signals: the main thread may be deep in a library, or in
Prefect's engine, which takes minutes to unwind. So nothing is unwound. What a build has written
is whole or not there (`tasks.steps.store`), and the next one sweeps the rest; what else is to be
done first is named by whoever needs it (`on_stop`), and has a bound.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from multiprocessing import resource_tracker
from types import FrameType
from typing import NoReturn

import psutil

#: What a build says; other commands keep nothing, and stop in a word.
KEPT = "Stopped. Finished work is kept; the same command goes on."
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FROM_TERMINAL = {signal.SIGINT, signal.SIGHUP}
#: For everything that is to be done first: a person who pressed Ctrl-C waits for two.
_PATIENCE_SECONDS = 1.0
#: Killed processes are gone by then.
_CHILDREN_SECONDS = 0.4
_STDERR = 2
#: The main thread waits so long for its end; it comes sooner.
_END_SECONDS = 10

Action = Callable[[], object]


class _Stopper:
    """What is to be done before this process ends on a signal."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.sentence = "Stopped."
        self.actions: list[Action] = []
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        threading.Thread(target=self._wait, daemon=True).start()

    def take_signals(self) -> None:
        """Let the thread have the signals, but for those that were to be ignored (`nohup`)."""
        # Written in C, whatever the main thread does; a library may have put its own there.
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in _SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._noticed)

    def _noticed(self, number: int, _: FrameType | None) -> None:
        os.write(self._writer, bytes([number]))

    def _wait(self) -> None:
        while True:
            for number in os.read(self._reader, 64):
                if number in _SIGNALS:
                    self._stop(number)

    def _stop(self, number: int) -> NoReturn:
        self.stopping.set()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        actions = [*self.actions, sys.stdout.flush]
        doing = [threading.Thread(target=_tried, args=(action,), daemon=True) for action in actions]
        for thread in doing:
            thread.start()
        for thread in doing:
            thread.join(max(0, deadline - time.monotonic()))
        end(128 + number, f"{self.sentence}\n")


def _tried(action: Action) -> None:
    with suppress(Exception):  # whatever comes of it, this process ends
        action()


_stopper: _Stopper | None = None


def stop_on_signals() -> None:
    """End this process by itself on Ctrl-C, SIGTERM and SIGHUP. Only in the main thread."""
    global _stopper  # noqa: PLW0603 - signals are the process's
    _stopper = _stopper or _Stopper()
    _stopper.take_signals()


def owns_process() -> bool:
    """Whether this process is a command's own, which it may end."""
    return _stopper is not None


def unwind_on_signals() -> None:
    """Let signals raise in the main thread, as Python does: for who has much to put in order."""
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _unwind)


def _unwind(number: int, _: FrameType | None) -> None:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def keeps_work() -> None:
    """Say from now on that the same command goes on where this one was stopped."""
    if _stopper is not None:
        _stopper.sentence = KEPT


@contextmanager
def on_stop(action: Action) -> Iterator[None]:
    """Have something done, beside others, before this process ends on a signal."""
    if _stopper is None:  # somebody else's process: they decide how it ends
        yield
        return
    take_signals_again()
    known = partial(copy_context().run, action)
    _stopper.actions.append(known)
    try:
        yield
    finally:
        _stopper.actions.remove(known)


def take_signals_again() -> None:
    """Have the signals still: Prefect's engine takes SIGTERM when a run begins."""
    is_main = threading.current_thread() is threading.main_thread()
    if _stopper is not None and is_main:
        _stopper.take_signals()


def wait_if_stopping() -> None:
    """Leave the last word to the thread that is ending this process."""
    if _stopper is not None and _stopper.stopping.is_set():
        time.sleep(_END_SECONDS)


def end(code: int, sentence: str = "") -> NoReturn:
    """End this process and all that it started, now."""
    deadline = time.monotonic() + _CHILDREN_SECONDS
    # Again, since the main thread goes on and may have started one.
    while (children := _children()) and time.monotonic() < deadline:
        for child in children:
            with suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=deadline - time.monotonic())
    with suppress(OSError):  # the terminal is gone
        # Not by a stream of Python's: the main thread may hold its lock.
        os.write(_STDERR, sentence.encode())
    os._exit(code)


def _children() -> list[psutil.Process]:
    """Return all that this process started, but for who clears up after it and ends then."""
    tracker = getattr(resource_tracker._resource_tracker, "_pid", None)
    with suppress(psutil.Error):
        found = psutil.Process().children(recursive=True)
        return [child for child in found if child.pid != tracker]
    return []


@contextmanager
def silent_children(**variables: str) -> Iterator[None]:
    """Start workers that no signal of the terminal reaches: this process ends them, in silence.

    The process that clears up their semaphores is started first. It gets SIGHUP neither, and
    says nothing of what a killed process left to it.

    Args:
        variables: Of the environment that the workers get.
    """
    silence = {"PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker"}
    with _in_environment({**silence, **variables}):
        old = signal.pthread_sigmask(signal.SIG_BLOCK, _FROM_TERMINAL)
        try:
            resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_BLOCK, _FROM_TERMINAL)  # it let some through again
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)


@contextmanager
def _in_environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
