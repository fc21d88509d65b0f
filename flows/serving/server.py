"""Run Prefect's server, with its UI: `python -m flows.serving.server PORT`."""

import gc
import os
import signal
import sys
import time

from flows.serving.files import show
from flows.serving.links import PLACE
from flows.serving.parent import end_with_parent

_HOST = "127.0.0.1"
#: Open pages keep connections, which are not waited for longer.
_GRACE_SECONDS = 1


def main(port: int) -> None:
    """Serve until SIGTERM, or until the command that started it ends."""
    end_with_parent(_end)
    gc.disable()  # looking for garbage takes a fifth of the imports, and finds none
    import uvicorn
    from prefect.server.api.server import create_app
    from starlette.routing import Route

    import flows.serving.blocks  # noqa: F401 - the server sends with them
    from flows.database import make_ready

    gc.enable()
    make_ready()
    app = create_app(final=True)
    app.router.routes.insert(
        0, Route(f"{PLACE}/{{path:path}}", show)
    )  # before the UI, which is all
    uvicorn.run(
        app,
        host=_HOST,
        port=port,
        log_level="error",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(2 * _GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
