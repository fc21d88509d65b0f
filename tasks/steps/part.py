"""Compute one part of a step: its documents, or take their rows from the last run.

A row is reused when neither its input nor its rule changed: the digest of the document's
input rows stands among those that the previous run of the same rule left beside its parts.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.steps.fingerprint import row_digests
from tasks.steps.stage import PartResult, Step, StepPlan
from tasks.steps.store import Part, Store, in_part, part_file, write_frame


def compute_part(plan: StepPlan, part: Part) -> PartResult:
    """Compute one part of a step that sees some documents.

    Does nothing if an earlier run of the same version, perhaps killed, finished the part.
    """
    work = _PartOfStep(Store(plan.store), plan.step, plan, part)
    return work.finished() or work.compute()


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

    def compute(self) -> PartResult:
        """Compute the documents that changed, take the others from the previous run, write."""
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
        anything = any(frame.height for frame in changed.values()) or digests.is_empty()
        outputs = self.step.outputs(changed, self.plan.settings) if anything else {}
        rows = {name: self._with_previous(name, outputs, unchanged) for name in self.step.writes}
        version, index = self.plan.version, self.part.index
        files = {n: self.store.write_part(n, version, index, frame) for n, frame in rows.items()}
        write_frame(self._digests_path(version, index), digests)
        return PartResult(files, digests.height - unchanged.height, unchanged.height)

    def _digests_path(self, version: str, index: int) -> Path:
        return self.store.step_folder(self.step.name) / version / f"part-{index:05d}.parquet"

    def _digests(self, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
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
        self, table: str, computed: dict[str, pl.DataFrame], unchanged: pl.DataFrame
    ) -> pl.DataFrame:
        fresh = computed.get(table, ALL_TABLES[table].empty())
        if self.plan.previous is None or unchanged.is_empty():
            return fresh
        earlier = self.store.read_part(self.plan.previous.outputs[table], self.part)
        kept = earlier.join(unchanged, on="doc_id", how="semi", maintain_order="left")
        return pl.concat([kept, fresh]).sort(ALL_TABLES[table].key)
