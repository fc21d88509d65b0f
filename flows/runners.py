"""Who computes parts: one thread, a pool of processes, or a Dask cluster."""

import os
from importlib.util import find_spec
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from flows.errors import DaskMissing

#: A process costs some seconds to start: it is worth it from so much input on
#: (benchmarks/build.py: about 100 documents/s per core at 1.6 KB each).
_BYTES_PER_PROCESS = 2_000_000


def worker_count(requested: int | None, source_bytes: int) -> int:
    """Return how many workers to start: as asked, else as many as the input keeps busy."""
    if requested is not None:
        return requested
    return max(1, min(os.cpu_count() or 1, source_bytes // _BYTES_PER_PROCESS))


def task_runner(workers: int, dask_address: str | None) -> TaskRunner[Any]:
    """Return Prefect's runner for a number of workers, or for a Dask scheduler's address.

    One worker is a thread of this process: no start, no copies of the models.

    Raises:
        DaskMissing: An address is given and the extra `dask` is not installed.
    """
    if dask_address is not None:
        return _dask_runner(dask_address)
    if workers == 1:
        return ThreadPoolTaskRunner(max_workers=1)
    return ProcessPoolTaskRunner(max_workers=workers)


def _dask_runner(address: str) -> TaskRunner[Any]:
    if find_spec("prefect_dask") is None:
        raise DaskMissing("a Dask address needs the extra: pip install -e '.[dask]'")
    from prefect_dask.task_runners import DaskTaskRunner

    runner: TaskRunner[Any] = DaskTaskRunner(address=address)
    return runner
