"""Compute parts of a step: their documents, or take these documents' rows from the last run.

A row is reused when neither its input nor its rule changed: the digest of the document's
input rows is among those that the previous run of the same rule left beside its parts, and the
files of that part have the bytes that were recorded of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.steps.fingerprint import row_digests
from tasks.steps.intact import damaged_among
from tasks.steps.stage import PartResult, Step, StepPlan, StepRecord
from tasks.steps.store import (
    Part,
    PartFile,
    Record,
    Store,
    in_part,
    is_intact,
    read_record,
    write_frame,
    write_record,
)

Frames = dict[str, pl.DataFrame]


def compute_parts(plan: StepPlan, parts: Sequence[Part]) -> list[PartResult]:
    """Compute neighbouring parts of a step that sees some documents.

    The documents to compute are gathered over the parts, as many as a part may hold, since a
    stage takes a tenth of a second however few it is given. Does nothing for the parts that an
    earlier run of the same version, perhaps killed, finished.

    Returns:
        What came of each part, in their order.
    """
    store = Store(plan.store)
    previous = _previous_parts(store, plan, parts)
    works = [_PartOfStep(store, plan.step, plan, part, previous) for part in parts]
    finished = {work.part.index: work.finished() for work in works}
    unfinished = [work for work in works if finished[work.part.index] is None]
    for gathered in _gathered(unfinished, plan.settings.parts.part_documents):
        outputs = _outputs(plan, [compared.changed for compared in gathered])
        finished |= {c.work.part.index: c.work.written(c, outputs) for c in gathered}
    return [result for result in finished.values() if result is not None]


def files_for(plan: StepPlan, parts: Sequence[Part]) -> list[Path]:
    """Return those files of the store that `compute_parts` reads, if they are there."""
    store, step = Store(plan.store), plan.step
    found = [
        file
        for part in parts
        for table in step.reads
        for file in store.part_files(plan.inputs[table.name], part)
    ]
    versions = {plan.version: [part.index for part in parts]}
    if plan.previous is not None:
        versions[plan.previous.version] = _previous_indexes(plan.previous, parts)
    for version, indexes in versions.items():
        for index in indexes:
            own = _part_folder(store, step.name, version) / f"part-{index:05d}"
            found += [own.with_suffix(".json"), own.with_suffix(".parquet")]
            found += [store.part_path(name, version, index) for name in step.writes]
    return sorted({file for file in found if file.is_file()})


class PartRecord(Record):
    """The files of a finished part: its tables, and the digests of its documents' input."""

    files: dict[str, PartFile]
    digests: PartFile


def _part_folder(store: Store, step: str, version: str) -> Path:
    return store.step_folder(step) / version


def _intact_part(store: Store, step: Step, version: str, index: int) -> PartRecord | None:
    """Return what a part left, if all of it is as it was written."""
    folder = _part_folder(store, step.name, version)
    record = read_record(folder / f"part-{index:05d}.json", PartRecord)
    if record is None or damaged_among(folder, [record.digests]):
        return None
    paths = [(store.part_path(name, version, index), file) for name, file in record.files.items()]
    return record if all(is_intact(path, file) for path, file in paths) else None


def _previous_parts(store: Store, plan: StepPlan, parts: Sequence[Part]) -> dict[int, PartRecord]:
    """Return, by index, those parts of the previous run that have rows of these and are intact."""
    previous = plan.previous
    if previous is None:
        return {}
    indexes = _previous_indexes(previous, parts)
    found = {index: _intact_part(store, plan.step, previous.version, index) for index in indexes}
    return {index: record for index, record in found.items() if record is not None}


def _previous_indexes(previous: StepRecord, parts: Sequence[Part]) -> list[int]:
    """Return the indexes of the parts of a run that may have rows of these parts."""
    same_cut = previous.parts == parts[0].count
    return [part.index for part in parts] if same_cut else list(range(previous.parts))


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
    #: By index, parts of the previous run whose rows may be taken.
    previous: Mapping[int, PartRecord]

    def finished(self) -> PartResult | None:
        """Return the part if a run finished it. Its record is written last."""
        record = _intact_part(self.store, self.step, self.plan.version, self.part.index)
        return None if record is None else PartResult(record.files, 0, record.digests.rows)

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
        folder = _part_folder(self.store, self.step.name, version)
        digests = write_frame(folder / f"part-{index:05d}.parquet", compared.digests)
        record = PartRecord(files=files, digests=digests)
        write_record(folder / f"part-{index:05d}.json", record)
        return PartResult(files, compared.changed_documents, compared.unchanged.height)

    def _digests(self, tables: Frames) -> pl.DataFrame:
        """Return `doc_id, input_digest` of the documents."""
        found = [stage.context(tables, self.plan.settings) for stage in self.step.stages]
        return row_digests(list(tables.values()), [frame for frame in found if frame is not None])

    def _unchanged(self, digests: pl.DataFrame) -> pl.DataFrame:
        """Return the `doc_id`s that the previous run computed from the same input."""
        if self.plan.previous is None or not self._sources:
            return digests.select("doc_id").clear()
        folder = _part_folder(self.store, self.step.name, self.plan.previous.version)
        earlier = self._rows_of([folder / record.digests.name for record in self._sources])
        same = digests.join(earlier, on=["doc_id", "input_digest"], how="semi")
        return same.select("doc_id")

    @property
    def _sources(self) -> list[PartRecord]:
        """The parts of the previous run that have rows of this one, in their order."""
        if self.plan.previous is not None and self.plan.previous.parts == self.part.count:
            own = self.previous.get(self.part.index)
            return [] if own is None else [own]
        return [self.previous[index] for index in sorted(self.previous)]

    def _rows_of(self, paths: Sequence[Path]) -> pl.DataFrame:
        """Return this part's rows of files of the previous run; there is one at least."""
        frames = [in_part(pl.scan_parquet(path, glob=False), self.part) for path in paths]
        return pl.concat(frames).collect()

    def _with_previous(
        self, table: str, computed: pl.DataFrame, unchanged: pl.DataFrame
    ) -> pl.DataFrame:
        if self.plan.previous is None or unchanged.is_empty():
            return computed
        folder = self.store.folder(self.plan.previous.outputs[table])
        earlier = self._rows_of([folder / record.files[table].name for record in self._sources])
        kept = earlier.join(unchanged, on="doc_id", how="semi", maintain_order="left")
        return pl.concat([kept, computed]).sort(ALL_TABLES[table].key)
