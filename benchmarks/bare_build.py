"""Build a release without Prefect: what the flow's share of the time is measured against.

    python -m benchmarks.bare_build SOURCE --store STORE --workers 2

The same pure build with the same parts on the same pool of processes.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from expectations.judge import warm_up
from flows.environment import collect_garbage_seldom
from flows.pool import WorkerPool
from tasks.build import build
from tasks.settings import Settings
from tasks.steps.build import Advance

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class PoolRunner:
    """Shows nothing, and computes parts on a pool."""

    def __init__(self, workers: int) -> None:
        self._pool = WorkerPool(workers)

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:  # noqa: ARG002
        """Run a step."""
        result = work(lambda _: None)
        self._pool.end_large_workers()
        return result

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units: here if that is little work, else on the pool."""
        return self._pool.map(function, units, size_bytes)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def main() -> None:
    """Build once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    collect_garbage_seldom()
    warm_up()
    runner = PoolRunner(given.workers)
    build(given.source, given.store, Settings(), runner)
    runner.close()


if __name__ == "__main__":
    main()
