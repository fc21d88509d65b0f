"""Small tables and a small stage for tests of the machinery."""

import hashlib

import polars as pl

from expectations.working_tables import PAGE_METADATA
from tasks.settings import Settings
from tasks.steps.part import compute_part
from tasks.steps.ranges import Range
from tasks.steps.stage import Stage, StepRecord
from tasks.steps.step import finish_step, finished_step, plan_step, write_parts
from tasks.steps.store import Store, TableVersion


def doc_id(name: str) -> str:
    """Return a `doc_id` for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def pages(titles: dict[str, str | None]) -> pl.DataFrame:
    """Return PAGE_METADATA with a title per document name."""
    rows: list[dict[str, object]]
    rows = [{"doc_id": doc_id(name), "title": title} for name, title in titles.items()]
    return PAGE_METADATA.frame(rows).sort("doc_id")


def put(store: Store, version: str, frame: pl.DataFrame, count: int = 1) -> TableVersion:
    """Write `page_metadata` as a version in so many parts."""
    parts = [Range(index, count) for index in range(count)]
    files = write_parts(store, "page_metadata", version, frame, parts)
    table = TableVersion(
        table="page_metadata",
        version=version,
        stage="toy",
        rule="toy",
        inputs={},
        rows=frame.height,
        files=files,
    )
    store.commit(table)
    return table


class CountingStage:
    """A stage from `page_metadata` to itself that upper-cases titles and counts its documents."""

    def __init__(self) -> None:
        self.seen: list[str] = []

        def upper(page_metadata: pl.DataFrame) -> pl.DataFrame:
            self.seen.extend(page_metadata["doc_id"].to_list())
            return page_metadata.with_columns(pl.col("title").str.to_uppercase())

        upper.__module__ = "tasks.steps.ranges"  # whose code stands for the rule
        self.stage = Stage("toy", upper, reads=("page_metadata",), writes=("page_metadata",))

    def run(self, store: Store, table: TableVersion, count: int = 1) -> StepRecord:
        """Run the step on one version of its input, as the flow does."""
        plan = plan_step(store, self.stage, {"page_metadata": table}, Settings())
        finished = finished_step(store, "toy", plan.version)
        if finished is not None:
            return finished
        ranges = [Range(index, count) for index in range(count)]
        parts = [compute_part(self.stage, plan, part) for part in ranges]
        return finish_step(store, self.stage, plan, parts)
