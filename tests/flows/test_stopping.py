"""Signals end a command at once, whatever it is doing, with a sentence and no process left."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT

_SECONDS = 2.0
#: A library that has the main thread, and handlers of its own; a child that would stay.
_COMMAND = """
import signal, subprocess, sys, time
from flows import stopping
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is passed over, and stays so
stopping.stop_on_signals()
stopping.keeps_work()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
{before}
print("ready", flush=True)
try:
    {during}
except BaseException:
    stopping.wait_if_stopping()
    raise
"""


def _stopped(
    number: signal.Signals, during: str = "time.sleep(600)", before: str = ""
) -> tuple[int, str, float]:
    """Return the exit code, what was said, and after how many seconds all was over."""
    command = subprocess.Popen(
        [sys.executable, "-c", _COMMAND.format(before=before, during=during)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    (child,) = psutil.Process(command.pid).children()
    started = time.monotonic()
    command.send_signal(number)
    # Ends when the child, too, has closed its copy.
    _, said = command.communicate(timeout=60)
    seconds = time.monotonic() - started
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    return command.returncode, said, seconds


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_everything_in_two_seconds_with_its_code(
    number: signal.Signals, code: int
) -> None:
    ended, said, seconds = _stopped(number)
    assert (ended, said) == (
        code,
        "Stopped. Finished work is kept; the same command goes on.\n",
    )
    assert seconds < _SECONDS


def test_a_library_that_took_the_signal_does_not_keep_the_command() -> None:
    took = "signal.signal(signal.SIGTERM, lambda *_: time.sleep(600))"
    ended, _, seconds = _stopped(signal.SIGTERM, before=took)
    assert (ended, seconds < _SECONDS) == (143, True)


def test_a_main_thread_deep_in_c_code_does_not_keep_the_command() -> None:
    deep = "import numpy; numpy.linalg.svd(numpy.ones((3000, 3000)))"
    ended, _, seconds = _stopped(signal.SIGINT, deep)
    assert (ended, seconds < _SECONDS) == (130, True)


def test_what_is_to_be_done_first_is_done_and_what_hangs_is_not_waited_for() -> None:
    acting = """
import contextlib
stack = contextlib.ExitStack()
stack.enter_context(stopping.on_stop(lambda: time.sleep(600)))
stack.enter_context(stopping.on_stop(lambda: print("done first", file=sys.stderr, flush=True)))
"""
    ended, said, seconds = _stopped(signal.SIGINT, before=acting)
    assert (ended, seconds < _SECONDS) == (130, True)
    assert said.startswith("done first\nStopped.")


def test_who_is_to_ignore_a_closed_terminal_does() -> None:
    """As under `nohup`: the signal was ignored when the command began."""
    code = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from flows import stopping; stopping.stop_on_signals();"
        "os.kill(os.getpid(), signal.SIGHUP); print('goes on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "goes on\n"


def test_what_clears_up_after_workers_gets_no_signal_of_a_closed_terminal() -> None:
    code = (
        "import signal; from multiprocessing import resource_tracker;"
        "from flows import pool; pool.POOL_FROM_BYTES = 0; workers = pool.WorkerPool(2);"
        "assert list(workers.map(abs, [1, -2], 0)) == [1, 2];"
        "print(resource_tracker._resource_tracker._pid);"
        "input(); workers.close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        status = Path(f"/proc/{int(process.stdout.readline())}/status").read_text("utf-8")
        process.communicate("\n")
    blocked = int(next(line for line in status.splitlines() if line.startswith("SigBlk"))[8:], 16)
    assert blocked & 1 << (signal.SIGHUP - 1)
