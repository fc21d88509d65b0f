"""Run the worker that starts the runs of our pool: `python -m flows.serving.worker POOL`.

It is started beside the server, and imports what it needs meanwhile; a line on its standard input
says that server and pool are there.
"""

import asyncio
import platform
import sys

from flows import stopping
from flows.serving.parent import end_with_parent


async def _work(pool: str) -> None:
    from prefect.workers.process import ProcessWorker

    sys.stdin.readline()
    end_with_parent(lambda: stopping.end(0))
    worker = ProcessWorker(
        name=f"worker on {platform.node()}", work_pool_name=pool, create_pool_if_not_found=False
    )
    await worker.start(printer=lambda _: None)


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
