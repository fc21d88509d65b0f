"""Declare small tables and a small stage for tests of the machinery."""

import hashlib

import polars as pl

from expectations.working_tables import PAGE_METADATA
from tasks.settings import Settings
from tasks.steps.part import compute_parts
from tasks.steps.stage import Stage, Step, StepRecord
from tasks.steps.step import finish_step, finished_step, make_newest, plan_step, write_parts
from tasks.steps.store import Part, Store, TableVersion


def doc_id(name: str) -> str:
    """Return a `doc_id` for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def pages(titles: dict[str, str | None]) -> pl.DataFrame:
    """Return PAGE_METADATA with a title per document name."""
    rows: list[dict[str, object]]
    rows = [{"doc_id": doc_id(name), "title": title} for name, title in titles.items()]
    return PAGE_METADATA.frame(rows).sort("doc_id")


def parts_of(count: int) -> list[Part]:
    """Return this many parts."""
    return [Part(index, count) for index in range(count)]


def put(store: Store, version: str, frame: pl.DataFrame, count: int = 1) -> TableVersion:
    """Write `page_metadata` as a version in this many parts."""
    files = write_parts(store, "page_metadata", version, frame, parts_of(count))
    table = TableVersion(
        table="page_metadata",
        version=version,
        step="toy",
        rule="toy",
        inputs={},
        rows=frame.height,
        files=files,
    )
    store.commit(table)
    return table


class CountingStep:
    """A step from `page_metadata` to itself that upper-cases titles and counts its documents."""

    def __init__(self, part_documents: int = 1024) -> None:
        self.seen: list[str] = []
        self.calls = 0
        self._settings = Settings.model_validate({"parts": {"part_documents": part_documents}})

        def upper(page_metadata: pl.DataFrame) -> pl.DataFrame:
            self.calls += 1
            self.seen.extend(page_metadata["doc_id"].to_list())
            return page_metadata.with_columns(pl.col("title").str.to_uppercase())

        upper.__module__ = "tasks.writing.digits"  # whose code stands for the rule
        stage = Stage(upper, (PAGE_METADATA,), (PAGE_METADATA,), (), (), False, (), None, None)
        self.step = Step("toy", (stage,), (PAGE_METADATA,), ("page_metadata",))

    def run(self, store: Store, table: TableVersion, count: int = 1) -> StepRecord:
        """Run the step on one version of its input, as a build does."""
        plan = plan_step(store, self.step, {"page_metadata": table}, self._settings)
        record = finished_step(store, "toy", plan.version)
        if record is None:
            record = finish_step(store, plan, compute_parts(plan, parts_of(count)))
        make_newest(store, record)
        return record
