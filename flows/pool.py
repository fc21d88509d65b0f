"""Compute units of work on a pool of processes, or here if there is little; knows no Prefect."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from random import Random
from typing import Any, TypeVar

import psutil

from flows import stopping
from flows.environment import collect_garbage_seldom

Unit = TypeVar("Unit")
Result = TypeVar("Result")

#: A process takes a second to load its models, and more: it is worth it from so much text on,
#: compressed as tables are (`python -m benchmarks.speed`: about a second's work a worker).
POOL_FROM_BYTES = 500_000
#: Workers that hold so much are ended after their step: without it they grow to 1.2 GB
#: (`python -m benchmarks.speed`).
LARGE_WORKER_BYTES = 512 * 2**20
#: It imports all that computes parts of a step.
_IMPORTED = "tasks.build"
#: Groups of units that a worker gets in a step, if there are units enough: the last one to
#: finish keeps the others waiting for a quarter of a worker's share.
_GROUPS_PER_WORKER = 4
#: Starts the computing of some units; what comes of it is asked for later.
Submit = Callable[[Callable[[Unit], Result], list[Unit]], Any]


def apply(function: Callable[[Unit], Result], units: Sequence[Unit]) -> list[Result]:
    """Apply a function to units."""
    return [function(unit) for unit in units]


def dealt_out(
    submit: Submit[Unit, Result],
    function: Callable[[Unit], Result],
    units: Sequence[Unit],
    workers: int,
    shuffle: Random | None = None,
) -> Iterator[Result]:
    """Yield the results of units, in their order, that workers compute in groups.

    With `shuffle`, groups are submitted in a random order, to show that none matters.
    """
    size = max(1, -(-len(units) // (workers * _GROUPS_PER_WORKER)))
    groups = [list(units[start : start + size]) for start in range(0, len(units), size)]
    order = list(range(len(groups)))
    if shuffle is not None:
        shuffle.shuffle(order)
    futures = {index: submit(function, groups[index]) for index in order}
    for index in range(len(groups)):
        yield from futures[index].result()


def prepare_workers() -> None:
    """Start the process that workers are forked from, unless it runs; do not wait for it.

    It imports what all of them need, so that each is there at once. It makes no table, since
    Polars' threads do not survive a fork. It is to take modules from where this process does, and
    none from the folder that it is in.
    """
    places = os.pathsep.join(map(os.path.abspath, sys.path))
    with stopping.silent_children(PYTHONPATH=places, PYTHONSAFEPATH="1"):
        multiprocessing.get_context("forkserver").set_forkserver_preload([_IMPORTED])
        forkserver.ensure_running()


class WorkerPool:
    """Worker processes, started when there is work for them."""

    def __init__(self, workers: int, shuffle: Random | None = None) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._shuffle = shuffle

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units: here if that is little work, else on the workers."""
        if self._workers == 1 or size_bytes < POOL_FROM_BYTES or len(units) < 2:
            yield from map(function, units)
            return
        try:
            yield from dealt_out(self._submit, function, units, self._workers, self._shuffle)
        except BrokenProcessPool:  # a worker was killed: the step is tried again with others
            self._pool = None
            raise

    def _submit(
        self, function: Callable[[Unit], Result], units: list[Unit]
    ) -> Future[list[Result]]:
        prepare_workers()
        with stopping.silent_children():
            if self._pool is None or self._pool._broken:
                # Its semaphores start the process that clears them up, too.
                self._pool = ProcessPoolExecutor(
                    self._workers,
                    mp_context=multiprocessing.get_context("forkserver"),
                    initializer=_begin_worker,
                )
            return self._pool.submit(apply, function, units)

    def end_large_workers(self) -> None:
        """Let the next step start workers of its own if those of this one hold much.

        No step needs what another has loaded: languages and features of stories in one, models
        of names in the next.
        """
        if self._pool is None:
            return
        if any(_resident_bytes(pid) > LARGE_WORKER_BYTES for pid in self._pool._processes):
            self.close()
            self._pool = None

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _resident_bytes(process: int) -> int:
    """Return the memory that a process holds; 0 if it has ended."""
    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def _begin_worker() -> None:
    collect_garbage_seldom()
    _end_with_parent()


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
