"""Compute parts of a step: their documents, or take these documents' rows from the last run.

A row is reused when neither its input nor its rule changed: the digest of the document's
input rows is among those that the previous run of the same rule left beside its parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.steps.fingerprint import row_digests
from tasks.steps.stage import PartResult, Step, StepPlan
from tasks.steps.store import Part, Store, in_part, part_file, write_frame

Frames = dict[str, pl.DataFrame]


def compute_parts(plan: StepPlan, parts: Sequence[Part]) -> list[PartResult]:
    """Compute neighbouring parts of a step that sees some documents.

    The documents to compute are gathered over the parts, as many as a part may hold, since a
    stage takes a tenth of a second however few it is given. Does nothing for the parts that an
    earlier run of the same version, perhaps killed, finished.

    Returns:
        What came of each part, in their order.
    """
    works = [_PartOfStep(Store(plan.store), plan.step, plan, part) for part in parts]
    finished = {work.part.index: work.finished() for work in works}
    unfinished = [work for work in works if finished[work.part.index] is None]
    for gathered in _gathered(unfinished, plan.settings.parts.part_documents):
        outputs = _outputs(plan, [compared.changed for compared in gathered])
        finished |= {c.work.part.index: c.work.written(c, outputs) for c in gathered}
    return [result for result in finished.values() if result is not None]


@dataclass(frozen=True)
class _Compared:
    """A part whose input was compared with that of the previous run."""

    work: "_PartOfStep"
    digests: pl.DataFrame
    unchanged: pl.DataFrame
    #: By table, the rows of the documents to compute.
    changed: Frames

    @property
    def changed_documents(self) -> int:
        """How many documents are to be computed."""
        return self.digests.height - self.unchanged.height


def _gathered(works: Sequence["_PartOfStep"], most_documents: int) -> Iterator[list[_Compared]]:
    """Yield neighbouring parts that have so few documents to compute together; one at least."""
    group: list[_Compared] = []
    for work in works:
        compared = work.compared()
        documents = sum(each.changed_documents for each in group)
        if group and documents + compared.changed_documents > most_documents:
            yield group
            group = []
        group.append(compared)
    if group:
        yield group


def _outputs(plan: StepPlan, changed: Sequence[Frames]) -> Frames:
    """Run the step's stages on the documents to compute."""
    tables = {name: pl.concat([frames[name] for frames in changed]) for name in changed[0]}
    if not any(frame.height for frame in tables.values()):
        return {name: ALL_TABLES[name].empty() for name in plan.step.writes}
    return plan.step.outputs(tables, plan.settings)


@dataclass(frozen=True)
class _PartOfStep:
    store: Store
    step: Step
    plan: StepPlan
    part: Part

    def finished(self) -> PartResult | None:
        """Return the part if a run finished it. Its digests are written last."""
        version, index = self.plan.version, self.part.index
        paths = {name: self.store.part_path(name, version, index) for name in self.step.writes}
        digests = self._digests_path(version, index)
        if not all(path.is_file() for path in (digests, *paths.values())):
            return None
        documents = pl.read_parquet(digests, glob=False).height
        return PartResult({name: part_file(path) for name, path in paths.items()}, 0, documents)

    def compared(self) -> _Compared:
        """Read the part, and tell the documents that the previous run computed of the same."""
        tables = {
            table.name: self.store.read_part(
                self.plan.inputs[table.name], self.part, table.column_names
            )
            for table in self.step.reads
        }
        digests = self._digests(tables)
        unchanged = self._unchanged(digests)
        changed = {
            name: frame.join(unchanged, on="doc_id", how="anti", maintain_order="left")
            for name, frame in tables.items()
        }
        return _Compared(self, digests, unchanged, changed)

    def written(self, compared: _Compared, outputs: Frames) -> PartResult:
        """Write the part: of what was computed its own rows, and those that did not change."""
        version, index = self.plan.version, self.part.index
        files = {}
        for name in self.step.writes:
            own = in_part(outputs[name].lazy(), self.part).collect()
            rows = self._with_previous(name, own, compared.unchanged)
            files[name] = self.store.write_part(name, version, index, rows)
        write_frame(self._digests_path(version, index), compared.digests)
        return PartResult(files, compared.changed_documents, compared.unchanged.height)

    def _digests_path(self, version: str, index: int) -> Path:
        return self.store.step_folder(self.step.name) / version / f"part-{index:05d}.parquet"

    def _digests(self, tables: Frames) -> pl.DataFrame:
        """Return `doc_id, input_digest` of the documents."""
        found = [stage.context(tables, self.plan.settings) for stage in self.step.stages]
        return row_digests(list(tables.values()), [frame for frame in found if frame is not None])

    def _unchanged(self, digests: pl.DataFrame) -> pl.DataFrame:
        """Return the `doc_id`s that the previous run computed from the same input."""
        previous = self.plan.previous
        if previous is None:
            return digests.select("doc_id").clear()
        same_cut = previous.parts == self.part.count
        indexes = [self.part.index] if same_cut else range(previous.parts)
        paths = [self._digests_path(previous.version, index) for index in indexes]
        if not all(path.is_file() for path in paths):
            return digests.select("doc_id").clear()
        frames = [in_part(pl.scan_parquet(path, glob=False), self.part) for path in paths]
        earlier = pl.concat(frames).collect()
        same = digests.join(earlier, on=["doc_id", "input_digest"], how="semi")
        return same.select("doc_id")

    def _with_previous(
        self, table: str, computed: pl.DataFrame, unchanged: pl.DataFrame
    ) -> pl.DataFrame:
        if self.plan.previous is None or unchanged.is_empty():
            return computed
        earlier = self.store.read_part(self.plan.previous.outputs[table], self.part)
        kept = earlier.join(unchanged, on="doc_id", how="semi", maintain_order="left")
        return pl.concat([kept, computed]).sort(ALL_TABLES[table].key)
