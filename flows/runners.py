"""Run steps as Prefect tasks, their parts here, on a pool of processes, or on a Dask cluster."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from random import Random
from typing import Any, TypeVar, cast

import psutil
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from flows.errors import DaskMissing
from flows.progress import StepProgress
from tasks.reading.confinement import refuse_outside
from tasks.steps.build import Advance

Unit = TypeVar("Unit")
Result = TypeVar("Result")

#: A process takes some seconds to start and to load models: it is worth it from so much text
#: on, compressed as tables are (`python -m benchmarks.speed`: about a second's work a worker).
POOL_FROM_BYTES = 500_000
#: Workers that hold so much are ended after their step: starting others takes a second, and
#: without it they grow to 1.2 GB (`python -m benchmarks.speed`).
LARGE_WORKER_BYTES = 512 * 2**20
#: Groups of units that a worker gets in a step, if there are units enough: the last one to
#: finish keeps the others waiting for a quarter of a worker's share.
_GROUPS_PER_WORKER = 4
#: A part is pure and its output is written whole or not at all, so trying again is safe: it
#: helps where a disk or a network file system fails for a moment, or a worker was killed.
_RETRIES = 1
_RETRY_DELAY_SECONDS = 1


@task(
    cache_policy=NO_CACHE,
    persist_result=False,  # Prefect would pickle it
    retries=_RETRIES,
    retry_delay_seconds=_RETRY_DELAY_SECONDS,
)
def run_step(work: Callable[[Advance], Any], advance: Advance) -> Any:  # noqa: ANN401
    """Run a step of a build."""
    return work(advance)


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=_RETRIES,
    retry_delay_seconds=_RETRY_DELAY_SECONDS,
)
def run_group(function: Callable[[Any], Any], units: list[Any]) -> list[Any]:
    """Compute some parts of a step on a Dask worker."""
    return _apply(function, units)


def _apply(function: Callable[[Unit], Result], units: Sequence[Unit]) -> list[Result]:
    return [function(unit) for unit in units]


#: Starts the computing of some units; what comes of it is asked for later.
Submit = Callable[[Callable[[Unit], Result], list[Unit]], Any]


class FlowRunner:
    """Shows each step as a task of the flow that it is used in, and as a bar on the terminal.

    With `shuffle`, groups of units are submitted in a random order, to show that none matters.
    """

    def __init__(
        self,
        progress: StepProgress,
        workers: int,
        submit: Submit[Any, Any] | None = None,
        shuffle: Random | None = None,
    ) -> None:
        self._progress = progress
        self._workers = workers
        self._submit = submit
        self._pool: ProcessPoolExecutor | None = None
        self._shuffle = shuffle

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:
        """Run a step as a task named by it, tried again once if it fails.

        On Dask the groups of its parts are the tasks: what runs in a task of this process
        cannot be sent to another machine.
        """
        named = run_step.with_options(name=name, task_run_name=name)
        with self._progress.step(name, documents or None) as advance:
            if self._submit is not None:
                return work(advance)
            result = cast(Result, named(work, advance))
        self._end_large_workers()
        return result

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units: here if that is little work, else on the workers."""
        is_little = size_bytes < POOL_FROM_BYTES or len(units) < 2
        if self._submit is None and (self._workers == 1 or is_little):
            yield from map(function, units)
            return
        groups = _groups(units, self._workers * _GROUPS_PER_WORKER)
        order = list(range(len(groups)))
        if self._shuffle is not None:
            self._shuffle.shuffle(order)
        submit = self._submit or self._submit_to_pool
        futures = {index: submit(function, groups[index]) for index in order}
        try:
            for index in range(len(groups)):
                yield from futures[index].result()
        except BrokenProcessPool:  # a worker was killed: the step is tried again with others
            self._pool = None
            raise

    def _submit_to_pool(
        self, function: Callable[[Unit], Result], units: list[Unit]
    ) -> Future[list[Result]]:
        if self._pool is None or self._pool._broken:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_end_with_parent,
            )
        return self._pool.submit(_apply, function, units)

    def _end_large_workers(self) -> None:
        """Let the next step start workers of its own if those of this one hold much.

        No step needs what another has loaded: languages and features of stories in one, models
        of names in the next.
        """
        if self._pool is None:
            return
        workers = [child.pid for child in multiprocessing.active_children()]
        if any(_resident_bytes(worker) > LARGE_WORKER_BYTES for worker in workers):
            self.close()
            self._pool = None

    def close(self) -> None:
        """End the workers of the pool."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _resident_bytes(process: int | None) -> int:
    """Return the memory that a process holds; 0 if it has ended."""
    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def _groups(units: Sequence[Unit], most: int) -> list[list[Unit]]:
    size = max(1, -(-len(units) // most))
    return [list(units[start : start + size]) for start in range(0, len(units), size)]


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone, even if that was killed.

    A worker of a pool waits for work for ever otherwise, holding its models.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def flow_runner(
    progress: StepProgress,
    workers: int | None,
    dask_address: str | None = None,
    shuffle: Random | None = None,
) -> Iterator[FlowRunner]:
    """Give a runner to a flow, and end its workers afterwards.

    Args:
        progress: Shows the steps on a terminal.
        workers: Worker processes at most, started when there is work for them; None: as many
            as there are processors.
        dask_address: Address of a Dask scheduler to use instead of processes.
        shuffle: Gives groups of units a random order.

    Raises:
        DaskMissing: An address is given and the extra `dask` is not installed.
        NotAllowed: There are roots and it is none of them: it would be sent the data.
    """
    if dask_address is not None:
        refuse_outside(dask_address, "Dask scheduler")
    count = workers or os.cpu_count() or 1
    with _dask(dask_address) as submit, progress:
        runner = FlowRunner(progress, count, submit, shuffle)
        try:
            yield runner
        finally:
            runner.close()


def _dask(address: str | None) -> AbstractContextManager[Submit[Any, Any] | None]:
    return nullcontext() if address is None else _dask_submit(address)


@contextmanager
def _dask_submit(address: str) -> Iterator[Submit[Any, Any]]:
    if find_spec("prefect_dask") is None:
        raise DaskMissing("a Dask address needs the extra: pip install -e '.[dask]'")
    from prefect_dask.task_runners import DaskTaskRunner

    with DaskTaskRunner(address=address) as runner:

        def submit(function: Callable[[Any], Any], units: list[Any]) -> Any:  # noqa: ANN401
            return runner.submit(run_group, {"function": function, "units": units})

        yield submit


def log_to_run(message: str) -> None:
    """Write a line to the log of the run that this is called in."""
    get_run_logger().warning(message)
