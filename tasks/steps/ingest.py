"""The step around `tasks.reading.ingest`: files come in chunks, records go out in document ranges.

What a chunk gave is kept under a digest of its files' names and bytes: the next
build reads changed chunks only.

Reads: the source. Writes: raw_documents, ingest_rejects.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.reading.ingest import ingest_files
from tasks.reading.records import Rejection
from tasks.reading.source import list_source
from tasks.settings import Settings
from tasks.steps.chunks import Chunk, cut_chunks, readable_sha256
from tasks.steps.fingerprint import code_digest, digest, environment_digest
from tasks.steps.ranges import Range, ranges_for
from tasks.steps.stage import PartResult, StepRecord
from tasks.steps.step import groups_json, remember, write_parts
from tasks.steps.store import (
    PartFile,
    Record,
    Store,
    TableVersion,
    in_range,
    read_record,
    write_frame,
    write_record,
)

#: Rows in a row group of a run: small, so that a range of documents is read without the rest.
_RUN_GROUP_ROWS = 64
_KINDS = ("documents", "rejects")


class SourceChanged(RuntimeError):
    """A file changed, or could not be read, between listing and reading it."""


@dataclass(frozen=True)
class IngestPlan:
    """What an ingest step will do."""

    version: str
    rule: str
    chunks: tuple[Chunk, ...]
    rejections: tuple[Rejection, ...]


class Run(Record):
    """What reading a chunk gave: files of rows, in the step's folder."""

    documents: int
    rejects: int
    batches: int


def plan_ingest(source: str, settings: Settings) -> IngestPlan:
    """List and hash the source.

    Raises:
        SourceNotFound: There is nothing at `source`.
    """
    listing = list_source(source)
    code = [code_digest(ingest_files.__module__), code_digest(__name__)]
    rule = digest(["ingest", code, groups_json(settings, ["ingest"]), environment_digest()])
    chunks = tuple(cut_chunks(listing.files, rule))
    seen = [[found.source_uri, found.reason, found.detail] for found in listing.rejections]
    made_by = [rule, groups_json(settings, ["parts"]), [chunk.digest for chunk in chunks], seen]
    version = digest(made_by)
    rejections = tuple(listing.rejections)
    return IngestPlan(version, rule, chunks, rejections)


def _runs(store: Store) -> Path:
    return store.step_folder("ingest") / "runs"


def finished_run(store: Store, chunk: Chunk) -> Run | None:
    """Return what reading the chunk gave, if this or an earlier build has read it."""
    run = read_record(_runs(store) / f"{chunk.digest}.json", Run)
    if run is None:
        return None
    files = [file for kind in _KINDS for file in _files_of(store, chunk.digest, run, kind)]
    return run if all(file.is_file() for file in files) else None


def read_chunk(store: Store, chunk: Chunk, settings: Settings) -> Run:
    """Read a chunk and keep its rows, each batch sorted by `doc_id`.

    Raises:
        SourceChanged: A file is not what it was when it was listed: what was read of it must
            not be kept under the digest of what it was.
    """
    documents = rejects = batches = 0
    folder = _runs(store) / chunk.digest
    for batches, (rows, rejected) in enumerate(ingest_files(chunk.files, settings.ingest), 1):
        write_frame(folder / f"documents-{batches:05d}", rows.sort("doc_id"), _RUN_GROUP_ROWS)
        write_frame(folder / f"rejects-{batches:05d}", rejected, _RUN_GROUP_ROWS)
        documents, rejects = documents + rows.height, rejects + rejected.height
    for file, sha256 in zip(chunk.files, chunk.hashes, strict=True):
        if readable_sha256(file) != sha256:
            raise SourceChanged(f"{file.uri} changed while it was read; build again")
    run = Run(documents=documents, rejects=rejects, batches=batches)
    write_record(_runs(store) / f"{chunk.digest}.json", run)
    return run


def _files_of(store: Store, chunk_digest: str, run: Run, kind: str) -> list[Path]:
    folder = _runs(store) / chunk_digest
    return [folder / f"{kind}-{batch:05d}" for batch in range(1, run.batches + 1)]


def run_files(store: Store, plan: IngestPlan, runs: Sequence[Run], kind: str) -> list[Path]:
    """Return the files of `documents` or `rejects` that the runs of the plan's chunks left."""
    pairs = zip(plan.chunks, runs, strict=True)
    return [file for chunk, run in pairs for file in _files_of(store, chunk.digest, run, kind)]


def ingest_ranges(runs: Sequence[Run], settings: Settings) -> list[Range]:
    """Return the ranges that all tables of the build are cut into."""
    return ranges_for(sum(run.documents for run in runs), settings.parts.part_documents)


def collect_range(store: Store, version: str, files: Sequence[Path], part: Range) -> PartResult:
    """Write the part of `raw_documents` with the documents of a range, from the runs' files."""
    frames = [in_range(pl.scan_parquet(file, glob=False), part) for file in files]
    rows = pl.concat([RAW_DOCUMENTS.empty().lazy(), *frames]).sort("doc_id").collect()
    file = store.write_part("raw_documents", version, part.index, rows)
    return PartResult({"raw_documents": file}, rows.height, 0)


def finish_ingest(
    store: Store, plan: IngestPlan, runs: Sequence[Run], parts: Sequence[PartResult]
) -> StepRecord:
    """Commit `raw_documents` and `ingest_rejects`, and forget runs of other builds.

    Args:
        store: Where the tables stand.
        plan: What `plan_ingest` returned.
        runs: What reading each chunk gave, in the order of the chunks.
        parts: What `collect_range` returned, in the order of the ranges.
    """
    rejects = _rejects(run_files(store, plan, runs, "rejects"), plan)
    reject_files = write_parts(store, "ingest_rejects", plan.version, rejects, [])
    outputs = {
        "raw_documents": _commit(
            store, plan, "raw_documents", [part.files["raw_documents"] for part in parts]
        ),
        "ingest_rejects": _commit(store, plan, "ingest_rejects", reject_files),
    }
    record = StepRecord(
        stage="ingest",
        version=plan.version,
        rule=plan.rule,
        outputs=outputs,
        ranges=len(parts),
        documents=outputs["raw_documents"].rows,
    )
    _forget_other_runs(store, plan)
    return remember(store, record)


def _rejects(files: Sequence[Path], plan: IngestPlan) -> pl.DataFrame:
    listed = INGEST_REJECTS.frame(
        {
            "source_uri": rejection.source_uri,
            "stage": "ingest",
            "reason": rejection.reason,
            "detail": rejection.detail,
        }
        for rejection in plan.rejections
    )
    read = [pl.read_parquet(file, glob=False) for file in files]
    return pl.concat([listed, *read]).sort(INGEST_REJECTS.key)


def _commit(store: Store, plan: IngestPlan, table: str, files: list[PartFile]) -> TableVersion:
    rows = sum(file.rows for file in files)
    version = TableVersion(
        table=table,
        version=plan.version,
        stage="ingest",
        rule=plan.rule,
        inputs={"source": digest([chunk.digest for chunk in plan.chunks])},
        rows=rows,
        files=files,
    )
    store.commit(version)
    return version


def _forget_other_runs(store: Store, plan: IngestPlan) -> None:
    """Delete what was read of other chunks; without it an outdated copy of all text stays."""
    current = {chunk.digest for chunk in plan.chunks}
    for path in _runs(store).glob("*"):
        if path.name.removesuffix(".json") in current:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
