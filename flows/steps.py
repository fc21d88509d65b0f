"""Steps on a task runner: plan, skip what is done, fan out over parts, finish, count, log."""

import time
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeVar

from prefect import Task
from prefect.futures import as_completed
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner

from expectations.results import Verdict
from expectations.tables import TABLES
from flows import part_tasks
from flows.progress import Bar, StepProgress
from tasks.check_step import finish_check, known_verdict, plan_check
from tasks.ingest_step import (
    IngestPlan,
    Run,
    finish_ingest,
    finished_run,
    ingest_ranges,
    plan_ingest,
)
from tasks.ranges import Range
from tasks.releases import StepSummary
from tasks.settings import Settings
from tasks.stage import PartResult, Stage, StepPlan, StepRecord
from tasks.step import finish_step, finished_step, plan_step
from tasks.store import Store, TableVersion

Result = TypeVar("Result")


class Steps:
    """The steps of one build: the tables made so far, and what each step did.

    With `shuffle`, parts are computed in a random order, to show that none matters.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        runner: TaskRunner[Any],
        progress: StepProgress,
        shuffle: Random | None = None,
    ) -> None:
        self.store = store
        self.settings = settings
        self.tables: dict[str, TableVersion] = {}
        self.summaries: list[StepSummary] = []
        self._runner = runner
        self._progress = progress
        self._shuffle = shuffle
        self._ranges: list[Range] = []

    @property
    def release_tables(self) -> dict[str, TableVersion]:
        """The versions of the eight tables of a release."""
        return {name: self.tables[name] for name in TABLES}

    def ingest(self, source: str) -> None:
        """Read the source, or find that nothing in it has changed.

        Raises:
            SourceNotFound: There is nothing at `source`.
        """
        started = time.monotonic()
        plan = plan_ingest(self.store, source, self.settings)
        finished = finished_step(self.store, "ingest", plan.version)
        record = finished or self._read(plan)
        self._ranges = [Range(index, record.ranges) for index in range(record.ranges)]
        self._done(record, 0 if finished else record.documents, started)

    def _read(self, plan: IngestPlan) -> StepRecord:
        runs = self._read_chunks(plan)
        ranges = ingest_ranges(plan, runs)
        with self._progress.step("collect", sum(run.documents for run in runs)) as bar:
            calls = [{"plan": plan, "part": part} for part in ranges]
            parts = self._map(part_tasks.collect_part, calls, bar, _part_documents)
        return finish_ingest(self.store, plan, ranges, parts)

    def _read_chunks(self, plan: IngestPlan) -> list[Run]:
        known = [finished_run(self.store, chunk) for chunk in plan.chunks]
        unread = [chunk for chunk, run in zip(plan.chunks, known, strict=True) if run is None]
        with self._progress.step("ingest", None) as bar:
            calls = [{"plan": plan, "chunk": chunk} for chunk in unread]
            fresh = iter(self._map(part_tasks.ingest_chunk, calls, bar, _run_documents))
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
        common = {"stage": stage.name, "plan": plan}
        with self._progress.step(stage.name, plan.inputs[stage.reads[0]].rows) as bar:
            if stage.whole:
                whole = [{**common, "ranges": self._ranges}]
                return self._map(part_tasks.run_whole, whole, bar, _part_documents)
            calls = [{**common, "part": part} for part in self._ranges]
            return self._map(part_tasks.run_part, calls, bar, _part_documents)

    def check(self, previous: Mapping[str, TableVersion] | None) -> Verdict:
        """Check the tables of the release, or find the verdict of an earlier build."""
        started = time.monotonic()
        documents = self.tables["raw_documents"].rows
        plan = plan_check(self.store, self.release_tables, previous, self.settings)
        verdict = known_verdict(plan)
        computed = 0 if verdict else documents
        if verdict is None:
            with self._progress.step("check", documents) as bar:
                whole = self._submit(part_tasks.check_all, {"plan": plan})
                calls = [{"plan": plan, "part": part} for part in self._ranges]
                share = documents // len(calls)
                parts = self._map(part_tasks.check_documents, calls, bar, lambda _: share)
                verdict = finish_check(plan, [*parts, whole.result()])
        self._summarise("check", documents, computed, started)
        return verdict

    def _submit(self, task: Task[..., Result], call: dict[str, object]) -> Any:  # noqa: ANN401
        part = call.get("part")
        name = str(call.get("stage", task.name))
        number = f" {part.index + 1}/{part.count}" if isinstance(part, Range) else ""
        return self._runner.submit(task.with_options(task_run_name=name + number), call)

    def _map(
        self,
        task: Task[..., Result],
        calls: Sequence[dict[str, object]],
        bar: Bar,
        documents: Callable[[Result], int],
    ) -> list[Result]:
        """Run a task for each call on the runner; results in the order of the calls."""
        order = list(range(len(calls)))
        if self._shuffle is not None:
            self._shuffle.shuffle(order)
        futures = {index: self._submit(task, calls[index]) for index in order}
        for future in as_completed(list(futures.values())):
            bar(documents(future.result()))
        return [futures[index].result() for index in range(len(calls))]

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
