"""The stages run one after the other without Prefect, as the flow does with one worker."""

from pathlib import Path

from flows.stages import STAGES
from tasks.settings import Settings
from tasks.steps.ingest import (
    collect_range,
    finish_ingest,
    finished_run,
    ingest_ranges,
    plan_ingest,
    read_chunk,
    run_files,
)
from tasks.steps.part import compute_part
from tasks.steps.ranges import Range
from tasks.steps.stage import StepRecord
from tasks.steps.step import compute_whole, finish_step, finished_step, plan_step
from tasks.steps.store import Store, TableVersion


def make_tables(
    source: Path | str, folder: Path, settings: Settings | None = None, last: str | None = None
) -> dict[str, TableVersion]:
    """Run every step, or those up to the last one named, and return the versions of all tables."""
    settings = settings or Settings()
    store = Store(folder)
    record = _ingest(store, str(source), settings)
    ranges = [Range(index, record.ranges) for index in range(record.ranges)]
    tables = dict(record.outputs)
    for name in STAGES:
        tables.update(_run(store, name, tables, settings, ranges).outputs)
        if name == last:
            break
    return tables


def _ingest(store: Store, source: str, settings: Settings) -> StepRecord:
    plan = plan_ingest(source, settings)
    finished = finished_step(store, "ingest", plan.version)
    if finished is not None:
        return finished
    runs = [
        finished_run(store, chunk) or read_chunk(store, chunk, settings) for chunk in plan.chunks
    ]
    files = run_files(store, plan, runs, "documents")
    ranges = ingest_ranges(runs, settings)
    parts = [collect_range(store, plan.version, files, part) for part in ranges]
    return finish_ingest(store, plan, runs, parts)


def _run(
    store: Store,
    name: str,
    tables: dict[str, TableVersion],
    settings: Settings,
    ranges: list[Range],
) -> StepRecord:
    stage = STAGES[name]
    inputs = {table: tables[table] for table in (*stage.reads, *stage.looks_up)}
    plan = plan_step(store, stage, inputs, settings)
    finished = finished_step(store, name, plan.version)
    if finished is not None:
        return finished
    if stage.whole:
        parts = [compute_whole(stage, plan, ranges, tables["raw_documents"].rows)]
    else:
        parts = [compute_part(stage, plan, part) for part in ranges]
    return finish_step(store, stage, plan, parts)
