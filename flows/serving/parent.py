"""End a process of `babelmill serve` when that command ends, however it does.

Each gets a pipe as its standard input, whose other end the command holds: it ends with it.
"""

import os
import sys
import threading
from collections.abc import Callable


def end_with_parent(end: Callable[[], object]) -> None:
    """Call a function, from a thread of its own, when the command that started us has ended."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 64):
            pass
        end()

    threading.Thread(target=watch, daemon=True).start()
