"""Steps on a task runner: plan, skip what is done, fan out over parts, finish, count, log."""

import time
from collections.abc import Mapping

from prefect.logging import get_run_logger

from expectations.results import Verdict
from expectations.tables import TABLES
from flows import part_tasks
from flows.pool import Pool
from flows.progress import StepProgress
from tasks.releases.releases import StepSummary
from tasks.settings import Settings
from tasks.steps.check import RANGES_AT_ONCE, finish_check, known_verdict, plan_check
from tasks.steps.ingest import (
    IngestPlan,
    Run,
    finish_ingest,
    finished_run,
    ingest_ranges,
    plan_ingest,
    run_files,
)
from tasks.steps.ranges import Range
from tasks.steps.stage import PartResult, Stage, StepPlan, StepRecord
from tasks.steps.step import finish_step, finished_step, plan_step
from tasks.steps.store import Store, TableVersion


class Steps:
    """The steps of one build: the tables made so far, and what each step did."""

    def __init__(
        self, store: Store, settings: Settings, pool: Pool, progress: StepProgress
    ) -> None:
        self.store = store
        self.settings = settings
        self.tables: dict[str, TableVersion] = {}
        self.summaries: list[StepSummary] = []
        self._pool = pool
        self._progress = progress
        self._ranges: list[Range] = []

    @property
    def release_tables(self) -> dict[str, TableVersion]:
        """The versions of the public tables of a release."""
        return {name: self.tables[name] for name in TABLES}

    def ingest(self, source: str) -> None:
        """Read the source, or find that nothing in it has changed.

        Raises:
            SourceNotFound: There is nothing at `source`.
        """
        started = time.monotonic()
        plan = plan_ingest(source, self.settings)
        finished = finished_step(self.store, "ingest", plan.version)
        record = finished or self._read(plan)
        self._ranges = [Range(index, record.ranges) for index in range(record.ranges)]
        self._done(record, 0 if finished else record.documents, started)

    def _read(self, plan: IngestPlan) -> StepRecord:
        runs = self._read_chunks(plan)
        ranges = ingest_ranges(runs, self.settings)
        files = run_files(self.store, plan, runs, "documents")
        with self._progress.step("collect", sum(run.documents for run in runs)) as bar:
            call = {"store": str(self.store.root), "version": plan.version, "files": files}
            parts = self._pool.map(part_tasks.collect_parts, call, ranges, bar, _part_documents)
        return finish_ingest(self.store, plan, runs, parts)

    def _read_chunks(self, plan: IngestPlan) -> list[Run]:
        known = [finished_run(self.store, chunk) for chunk in plan.chunks]
        unread = [chunk for chunk, run in zip(plan.chunks, known, strict=True) if run is None]
        with self._progress.step("ingest", None) as bar:
            call = {"store": str(self.store.root), "settings": self.settings}
            read = self._pool.map(part_tasks.ingest_chunks, call, unread, bar, _run_documents)
        fresh = iter(read)
        return [next(fresh) if run is None else run for run in known]

    def run(self, stage: Stage) -> None:
        """Run a stage, or find that nothing that it depends on has changed."""
        started = time.monotonic()
        inputs = {name: self.tables[name] for name in (*stage.reads, *stage.looks_up)}
        plan = plan_step(self.store, stage, inputs, self.settings)
        finished = finished_step(self.store, stage.name, plan.version)
        if finished:
            self._done(finished, 0, started)
            return
        parts = self._parts(stage, plan)
        record = finish_step(self.store, stage, plan, parts)
        self._done(record, sum(part.computed for part in parts), started)

    def _parts(self, stage: Stage, plan: StepPlan) -> list[PartResult]:
        documents = self.tables["raw_documents"].rows
        call = {"stage": stage.name, "plan": plan}
        with self._progress.step(stage.name, documents) as bar:
            if not stage.whole:
                task, ranges = part_tasks.run_parts, self._ranges
                return self._pool.map(task, call, ranges, bar, _part_documents)
            whole = {**call, "ranges": self._ranges, "documents": documents}
            result = self._pool.submit(part_tasks.run_whole, whole).result()
            bar(_part_documents(result))
            return [result]

    def check(self, previous: Mapping[str, TableVersion] | None) -> Verdict:
        """Check the tables of the release, or find the verdict of an earlier build."""
        started = time.monotonic()
        documents = self.tables["raw_documents"].rows
        plan = plan_check(self.store, self.release_tables, previous, self.settings)
        verdict = known_verdict(plan)
        computed = 0 if verdict else documents
        if verdict is None:
            with self._progress.step("check", documents) as bar:
                whole = self._pool.submit(part_tasks.check_all, {"plan": plan})
                share = documents * min(RANGES_AT_ONCE, len(self._ranges)) // len(self._ranges)
                ranges, call = self._ranges, {"plan": plan}
                parts = self._pool.map(part_tasks.check_parts, call, ranges, bar, lambda _: share)
                verdict = finish_check(plan, [*parts, whole.result()])
        self._summarise("check", documents, computed, started)
        return verdict

    def _done(self, record: StepRecord, computed: int, started: float) -> None:
        self.tables.update(record.outputs)
        self._summarise(record.stage, record.documents, computed, started)

    def _summarise(self, stage: str, documents: int, computed: int, started: float) -> None:
        summary = StepSummary(
            stage=stage,
            documents=documents,
            computed=computed,
            reused=documents - computed,
            elapsed_seconds=round(time.monotonic() - started, 2),
        )
        self.summaries.append(summary)
        get_run_logger().info(
            "%s: %d documents, %d computed, %d reused, %.1f s",
            stage,
            documents,
            computed,
            summary.reused,
            summary.elapsed_seconds,
        )


def _part_documents(result: PartResult) -> int:
    return result.computed + result.reused


def _run_documents(run: Run) -> int:
    return run.documents
