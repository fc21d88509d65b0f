"""Build a release without Prefect: what the flow's share of the time is measured against.

    python -m benchmarks.bare_build SOURCE --store STORE --workers 2

The same pure build with the same parts on a pool of processes, dealt out as `flows.runners` does.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tasks.build import build
from tasks.settings import Settings
from tasks.steps.build import Advance

Unit = TypeVar("Unit")
Result = TypeVar("Result")

#: As `flows.runners`, which cannot be imported without Prefect.
_POOL_FROM_BYTES = 500_000
_GROUPS_PER_WORKER = 4


class PoolRunner:
    """Shows nothing, and computes parts on a pool."""

    def __init__(self, pool: Executor, workers: int) -> None:
        self._pool, self._groups = pool, workers * _GROUPS_PER_WORKER

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:  # noqa: ARG002
        """Run a step."""
        return work(lambda _: None)

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units: here if that is little work, else on the pool."""
        if size_bytes < _POOL_FROM_BYTES or len(units) < 2:
            yield from map(function, units)
            return
        size = max(1, -(-len(units) // self._groups))
        groups = [list(units[start : start + size]) for start in range(0, len(units), size)]
        for results in self._pool.map(partial(_apply, function), groups):
            yield from results


def _apply(function: Callable[[Unit], Result], units: Sequence[Unit]) -> list[Result]:
    return [function(unit) for unit in units]


def main() -> None:
    """Build once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        build(given.source, given.store, Settings(), PoolRunner(pool, given.workers))


if __name__ == "__main__":
    main()
