"""Start the command `babelmill`."""

import os
import sys

from flows import environment, stopping


def main() -> None:
    """Run the command; turn errors that a user can mend into a sentence and an exit code."""
    _speak_utf8()
    environment.set_defaults()
    environment.collect_garbage_seldom()
    stopping.stop_on_signals()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter shows a question mark: no reason to stop.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    # After the defaults, which the packages read when they are imported.
    from flows.cli import app
    from flows.console import show_traceback

    sys.excepthook = show_traceback

    try:
        app()
    except Exception as error:
        from flows.failures import show_error

        stopping.wait_if_stopping()
        sys.exit(show_error(error))
    finally:
        stopping.wait_if_stopping()


def _speak_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale is of another encoding.

    Names of files cannot be said in ASCII or Latin-1, and what some library reads in the locale's
    encoding would be read otherwise than elsewhere. The terminal keeps its encoding.
    """
    if sys.flags.utf8_mode or sys.getfilesystemencoding() == "utf-8":
        return
    shown_in = "utf-8" if sys.stdout.encoding == "ascii" else sys.stdout.encoding
    variables = {"PYTHONIOENCODING": f"{shown_in}:replace", **os.environ, "PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], variables)  # noqa: S606
