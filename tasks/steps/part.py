"""One part of a step: the documents of a range, computed or reused.

A row is reused when neither its input nor its rule changed: the digest of the document's
input rows stands among those that the previous run of the same rule left beside its parts.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.steps.fingerprint import document_ids, row_digests
from tasks.steps.ranges import Range
from tasks.steps.stage import PartResult, Stage, StepPlan
from tasks.steps.store import Store, in_range, part_file, write_frame


def compute_part(stage: Stage, plan: StepPlan, part: Range) -> PartResult:
    """Compute one range of documents of a per-document stage.

    Does nothing if an earlier run of the same version, perhaps killed, finished the part.
    """
    work = _Part(Store(plan.store), stage, plan, part)
    return work.finished() or work.compute()


@dataclass(frozen=True)
class _Part:
    store: Store
    stage: Stage
    plan: StepPlan
    part: Range

    def finished(self) -> PartResult | None:
        """Return the part if a run finished it. Its digests are written last."""
        version, index = self.plan.version, self.part.index
        paths = {name: self.store.part_path(name, version, index) for name in self.stage.writes}
        digests = self._digests_path(version, index)
        if not all(path.is_file() for path in (digests, *paths.values())):
            return None
        documents = pl.read_parquet(digests, glob=False).height
        return PartResult({name: part_file(path) for name, path in paths.items()}, 0, documents)

    def compute(self) -> PartResult:
        """Compute the documents that changed, take the others from the previous run, write."""
        frames = [self.store.read_range(self.plan.inputs[n], self.part) for n in self.stage.reads]
        digests = self._digests(frames)
        unchanged = self._unchanged(digests)
        changed = [frame.join(unchanged, on="doc_id", how="anti") for frame in frames]
        anything = any(frame.height for frame in changed) or digests.is_empty()
        outputs = self._computed(changed) if anything else {}
        rows = {name: self._with_previous(name, outputs, unchanged) for name in self.stage.writes}
        version, index = self.plan.version, self.part.index
        files = {n: self.store.write_part(n, version, index, frame) for n, frame in rows.items()}
        write_frame(self._digests_path(version, index), digests)
        return PartResult(files, digests.height - unchanged.height, unchanged.height)

    def _digests_path(self, version: str, index: int) -> Path:
        return self.store.step_folder(self.stage.name) / version / f"part-{index:05d}.parquet"

    def _digests(self, frames: list[pl.DataFrame]) -> pl.DataFrame:
        """Return `doc_id, input_digest` of the documents; no digest where none is reused."""
        if self.stage.looks_up:
            return document_ids(frames).with_columns(input_digest=pl.lit(""))
        context, groups = self.stage.row_context, self.stage.groups(self.plan.settings)
        return row_digests(frames, None if context is None else context(*frames, *groups))

    def _unchanged(self, digests: pl.DataFrame) -> pl.DataFrame:
        """Return the `doc_id`s that the previous run computed from the same input."""
        previous = self.plan.previous
        if previous is None or self.stage.looks_up:
            return digests.select("doc_id").clear()
        paths = [self._digests_path(previous.version, i) for i in range(previous.ranges)]
        if not all(path.is_file() for path in paths):
            return digests.select("doc_id").clear()
        frames = [in_range(pl.scan_parquet(path, glob=False), self.part) for path in paths]
        earlier = pl.concat(frames).collect()
        same = digests.join(earlier, on=["doc_id", "input_digest"], how="semi")
        return same.select("doc_id")

    def _computed(self, frames: list[pl.DataFrame]) -> dict[str, pl.DataFrame]:
        looked_up = [self.store.scan(self.plan.inputs[name]) for name in self.stage.looks_up]
        return self.stage.outputs([*frames, *looked_up], self.plan.settings)

    def _with_previous(
        self, table: str, computed: dict[str, pl.DataFrame], unchanged: pl.DataFrame
    ) -> pl.DataFrame:
        fresh = computed.get(table, ALL_TABLES[table].empty())
        if self.plan.previous is None or unchanged.is_empty():
            return fresh
        earlier = self.store.read_range(self.plan.previous.outputs[table], self.part)
        kept = earlier.join(unchanged, on="doc_id", how="semi")
        return pl.concat([kept, fresh]).sort(ALL_TABLES[table].key)
