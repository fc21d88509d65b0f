"""Start the command `babelmill`."""

import signal
import sys

from flows import environment

#: What a shell reports of a process that SIGTERM ended.
_TERMINATED = 128 + signal.SIGTERM


def main() -> None:
    """Run the command; turn errors that a user can mend into a sentence and an exit code."""
    environment.set_defaults()
    environment.collect_garbage_seldom()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    # After the defaults, which the packages read when they are imported.
    from flows.cli import app
    from flows.console import exit_code_of, show_error, show_traceback

    sys.excepthook = show_traceback

    try:
        app()
    except Exception as error:
        code = exit_code_of(error)
        if code is None:
            raise
        show_error(error)
        sys.exit(code)
