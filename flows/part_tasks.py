"""The Prefect tasks: one per group of parts of a step, never one per document.

They take and give only small values; tables stay in the store.
"""

import multiprocessing
import os
import threading
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations.results import ExpectationResult
from flows.stages import STAGES
from tasks.settings import Settings
from tasks.steps.check import CheckPlan, check_ranges, check_whole
from tasks.steps.chunks import Chunk
from tasks.steps.ingest import Run, collect_range, read_chunk
from tasks.steps.part import compute_part
from tasks.steps.ranges import Range
from tasks.steps.stage import PartResult, StepPlan
from tasks.steps.step import compute_whole
from tasks.steps.store import Store

#: A part is pure and its output is written whole or not at all, so trying again is safe: it
#: helps where a disk or a network file system fails for a moment.
_RETRIES = 1
_RETRY_DELAY_SECONDS = 1


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


_end_with_parent()


@task(cache_policy=NO_CACHE, retries=_RETRIES, retry_delay_seconds=_RETRY_DELAY_SECONDS)
def ingest_chunks(store: str, settings: Settings, units: list[Chunk]) -> list[Run]:
    """Read some files of the source."""
    return [read_chunk(Store(store), chunk, settings) for chunk in units]


@task(cache_policy=NO_CACHE, retries=_RETRIES, retry_delay_seconds=_RETRY_DELAY_SECONDS)
def collect_parts(
    store: str, version: str, files: list[Path], units: list[Range]
) -> list[PartResult]:
    """Gather the raw documents of some ranges from what was read."""
    return [collect_range(Store(store), version, files, part) for part in units]


@task(cache_policy=NO_CACHE, retries=_RETRIES, retry_delay_seconds=_RETRY_DELAY_SECONDS)
def run_parts(stage: str, plan: StepPlan, units: list[Range]) -> list[PartResult]:
    """Compute some ranges of documents of a stage, one after the other."""
    return [compute_part(STAGES[stage], plan, part) for part in units]


@task(cache_policy=NO_CACHE, retries=_RETRIES, retry_delay_seconds=_RETRY_DELAY_SECONDS)
def run_whole(stage: str, plan: StepPlan, ranges: list[Range], documents: int) -> PartResult:
    """Run a stage that must see all documents."""
    return compute_whole(STAGES[stage], plan, ranges, documents)


@task(cache_policy=NO_CACHE)
def check_parts(plan: CheckPlan, units: list[Range]) -> list[list[ExpectationResult]]:
    """Check some ranges of documents, as many at once as a check may hold."""
    return check_ranges(plan, units)


@task(cache_policy=NO_CACHE)
def check_all(plan: CheckPlan) -> list[ExpectationResult]:
    """Check what can be seen only of all rows together."""
    return check_whole(plan)
