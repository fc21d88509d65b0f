"""Make all tables of a pipeline from a source, on whatever runner it is given.

Nothing here knows Prefect: flows give a runner that shows each step as a task and spreads its
parts over workers; tests give one that does neither.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import polars as pl

from tasks.reading.source import SourceListing
from tasks.settings import Settings
from tasks.steps.ingest import (
    PARTS_AT_ONCE,
    STEP,
    IngestPlan,
    chunk_files,
    collect_parts,
    finish_ingest,
    finished_chunk,
    forget_other_chunks,
    plan_ingest,
    read_chunk,
)
from tasks.steps.intact import damage_of
from tasks.steps.part import compute_parts
from tasks.steps.stage import PartResult, Step, StepPlan, StepRecord
from tasks.steps.step import (
    checked_step,
    compute_whole,
    finish_step,
    finished_step,
    is_newest,
    make_newest,
    plan_step,
)
from tasks.steps.store import Part, Record, StepName, Store, TableVersion, parts_for, read_record

Unit = TypeVar("Unit")
Result = TypeVar("Result")
#: What taking a row from the last build costs, reading, comparing and writing it, as a share of
#: computing it: .03 (`python -m benchmarks.speed --only changes`), less since each worker
#: would load the models of all languages for the few documents that changed.
REUSE_SHARE = 0.02
#: And reading a source: JSON Lines take a two-hundredth (`python -m benchmarks.stages`), archives
#: and undeclared encodings far more.
READING_SHARE = 0.03
#: Parts whose changed documents are computed together: a worker holds the changed rows only.
PARTS_COMPARED_AT_ONCE = 8
#: Told how many more documents are done.
Advance = Callable[[int], None]


class Runner(Protocol):
    """How steps are shown and their parts computed."""

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:
        """Run a step, and show how far it is."""

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterable[Result]:
        """Apply a function to units, anywhere and in any order; results in that of the units.

        Args:
            function: Can be pickled, as can units and results.
            units: Chunks of files or parts of tables.
            size_bytes: About how much text there is to work on.
        """


class StepSummary(Record):
    """What a step did in a build."""

    step: StepName
    documents: int
    computed: int
    reused: int
    elapsed_seconds: float


@dataclass
class Made:
    """The tables made so far, and what each step did."""

    tables: dict[str, TableVersion] = field(default_factory=dict)
    summaries: list[StepSummary] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    #: Files of the store that were lost or changed since they were written, and made again.
    damaged: list[str] = field(default_factory=list)
    #: Share of the documents that the last build did not have.
    new_share: float = 1.0

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return self.tables["raw_documents"].rows

    def add(self, record: StepRecord, computed: int, started: float) -> None:
        """Note what a step made, and that it computed so many documents since it started."""
        self.tables.update(record.outputs)
        self.note(record.step, record.documents, computed, started)

    def note(self, step: str, documents: int, computed: int, started: float) -> None:
        """Note what a step did since it started."""
        summary = StepSummary(
            step=step,
            documents=documents,
            computed=computed,
            reused=documents - computed,
            elapsed_seconds=round(time.monotonic() - started, 2),
        )
        self.summaries.append(summary)


def make_tables(
    store: Store, listing: SourceListing, settings: Settings, steps: Sequence[Step], runner: Runner
) -> Made:
    """Run every step, or find that nothing that it depends on has changed.

    Args:
        store: Where tables are written, and where those of the last build stand.
        listing: The files to read.
        settings: All settings.
        steps: The steps after ingest, each after those whose tables it reads.
        runner: Where parts are computed.

    Raises:
        SourceChanged: A file changed while it was read.
    """
    made = Made()
    _ingest(store, listing, settings, runner, made)
    for step in steps:
        _run(store, step, settings, runner, made)
    return made


def known_tables(
    store: Store, listing: SourceListing, settings: Settings, steps: Sequence[Step]
) -> dict[str, TableVersion] | None:
    """Return all tables if the last build made them of the same and they are as it wrote them."""
    record = finished_step(store, STEP, plan_ingest(store, listing, settings).version)
    tables: dict[str, TableVersion] = {}
    for step in steps:
        if record is None or not is_newest(store, record):
            return None
        tables.update(record.outputs)
        record = finished_step(store, step.name, plan_step(store, step, tables, settings).version)
    if record is None or not is_newest(store, record):
        return None
    return {**tables, **record.outputs}


def _ingest(
    store: Store, listing: SourceListing, settings: Settings, runner: Runner, made: Made
) -> None:
    started = time.monotonic()
    plan = plan_ingest(store, listing, settings)
    earlier = read_record(store.step_folder(STEP) / "newest.json", StepRecord)
    finished = _finished(store, STEP, plan.version, made)
    record = finished or runner.step(STEP, 0, partial(_read, plan, runner))
    forget_other_chunks(store, plan)
    make_newest(store, record)
    made.parts = [Part(index, record.parts) for index in range(record.parts)]
    made.add(record, 0 if finished else record.documents, started)
    made.new_share = _new_share(store, made.tables["raw_documents"], earlier)


def _read(plan: IngestPlan, runner: Runner, advance: Advance) -> StepRecord:
    store = Store(plan.store)
    known = {chunk.digest: finished_chunk(store, chunk) for chunk in plan.chunks}
    unread = [chunk for chunk in plan.chunks if known[chunk.digest] is None]
    read_bytes = sum(file.size_bytes for chunk in unread for file in chunk.files)
    size_bytes = int(READING_SHARE * read_bytes)
    read = runner.map(partial(read_chunk, plan), unread, size_bytes)
    for chunk, record in zip(unread, read, strict=True):
        known[chunk.digest] = record
        advance(record.documents)
    records = [record for record in known.values() if record is not None]
    documents = sum(record.documents for record in records)
    text_chars = sum(record.text_chars for record in records)
    parts = parts_for(documents, text_chars, plan.settings.parts)
    groups = [parts[i : i + PARTS_AT_ONCE] for i in range(0, len(parts), PARTS_AT_ONCE)]
    files = chunk_files(plan, records, "documents")
    collected = runner.map(partial(collect_parts, plan, files), groups, size_bytes)
    return finish_ingest(plan, records, [result for group in collected for result in group])


def _new_share(store: Store, raw_documents: TableVersion, earlier: StepRecord | None) -> float:
    """Return the share of documents that the last build did not have; 1 if there was none."""
    last = None if earlier is None else earlier.outputs["raw_documents"]
    if last is None or damage_of(store, [last]):
        return 1.0
    ids, known = (store.scan(table).select("doc_id") for table in (raw_documents, last))
    new = ids.join(known, on="doc_id", how="anti").select(pl.len()).collect().item()
    return float(new / max(raw_documents.rows, 1))


def _run(store: Store, step: Step, settings: Settings, runner: Runner, made: Made) -> None:
    started = time.monotonic()
    plan = plan_step(store, step, made.tables, settings)
    record, computed = _finished(store, step.name, plan.version, made), 0
    if record is None:
        results = runner.step(step.name, made.documents, partial(_compute, plan, made, runner))
        record = finish_step(store, plan, results)
        computed = sum(result.computed for result in results)
    make_newest(store, record)
    made.add(record, computed, started)


def _finished(store: Store, step: str, version: str, made: Made) -> StepRecord | None:
    """Return what an earlier build made, if it is as that wrote it; what is not is noted."""
    record, damaged = checked_step(store, step, version)
    made.damaged += damaged
    return None if damaged else record


def _compute(plan: StepPlan, made: Made, runner: Runner, advance: Advance) -> list[PartResult]:
    if plan.step.whole:
        return [compute_whole(plan, made.parts, made.documents)]
    size_bytes = sum(file.size_bytes for file in made.tables["raw_documents"].files)
    share = 1.0 if plan.previous is None else max(made.new_share, REUSE_SHARE)
    at_once = 1 if plan.previous is None else PARTS_COMPARED_AT_ONCE
    groups = [made.parts[i : i + at_once] for i in range(0, len(made.parts), at_once)]
    results = []
    for found in runner.map(partial(compute_parts, plan), groups, int(share * size_bytes)):
        advance(sum(result.computed + result.reused for result in found))
        results += found
    return results
