"""Ingest a source: files are read in chunks, and their records gathered into parts.

What a chunk gave is kept under a digest of its files' names and bytes: the next
build reads changed chunks only. Chunks are cut where a file's name says so, so that a new or
changed file disturbs its own chunk only (content-defined chunking, as in rsync and LBFS).
"""

import hashlib
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.clean.personal_data import mask
from tasks.clean.personal_data.record_names import redacted_names, redacted_text
from tasks.reading.ingest import PACKAGES, ingest_files
from tasks.reading.records import Rejection
from tasks.reading.source import SourceFile, SourceListing, file_sha256
from tasks.settings import Settings
from tasks.steps.fingerprint import code_digest, digest, packages_digest
from tasks.steps.intact import damaged_among
from tasks.steps.stage import PartResult, StepRecord
from tasks.steps.step import groups_json, remember, shell_digest, write_parts
from tasks.steps.store import (
    Part,
    PartFile,
    Record,
    Store,
    TableVersion,
    in_part,
    read_record,
    write_frame,
    write_record,
)
from tasks.writing.languages import UNDETERMINED

STEP = "ingest"
#: A chunk ends at a file whose name's hash is divisible by this: 64 files on average ...
_CHUNK_FILES = 64
#: ... and in any case when it holds this much: a second's work.
_CHUNK_BYTES = 8 * 2**20
_HASHING_THREADS = 4
#: Rows in a row group of what a chunk gave: small, so that a part is read without the rest.
_CHUNK_GROUP_ROWS = 64
#: Parts that are gathered at once: each file of what the chunks gave is opened once for all.
PARTS_AT_ONCE = 4
_KINDS = ("documents", "rejects")
#: What names without personal data depend on besides the code.
_REDACTION_PACKAGES = ("babel", "phonenumbers", "regex")


_CHANGED = (
    "{uri} changed or vanished while the source was read; build again when nothing writes to it"
)


class SourceChanged(RuntimeError):
    """A file changed, vanished or could not be read between listing and reading it."""


@dataclass(frozen=True)
class Chunk:
    """Files that are read together, with the hashes of their bytes and a digest of it all."""

    files: tuple[SourceFile, ...]
    hashes: tuple[str, ...]
    digest: str


class ChunkRecord(Record):
    """What reading a chunk gave: files of rows of each kind, in the step's folder."""

    documents: int
    text_chars: int
    rejects: int
    files: dict[str, list[PartFile]]


@dataclass(frozen=True)
class IngestPlan:
    """What an ingest step will do."""

    store: str
    version: str
    rule: str
    chunks: tuple[Chunk, ...]
    rejections: tuple[Rejection, ...]
    settings: Settings


def plan_ingest(store: Store, listing: SourceListing, settings: Settings) -> IngestPlan:
    """Hash the files of a source and cut them into chunks."""
    code = [code_digest(ingest_files.__module__), code_digest(__name__), shell_digest()]
    packages = packages_digest(PACKAGES)
    rule = digest([STEP, code, groups_json([settings.ingest]), packages])
    chunks = tuple(cut_chunks(listing.files, rule))
    seen = [[found.source_uri, found.reason, found.detail] for found in listing.rejections]
    made_by = [rule, groups_json([settings.parts]), [chunk.digest for chunk in chunks], seen]
    if settings.personal_data.redact:
        made_by += [groups_json([settings.personal_data]), packages_digest(_REDACTION_PACKAGES)]
    rejections = tuple(listing.rejections)
    return IngestPlan(str(store.root), digest(made_by), rule, chunks, rejections, settings)


def cut_chunks(files: Sequence[SourceFile], rule: str) -> list[Chunk]:
    """Hash the files and return them in chunks, each named by its files and the rule."""
    with ThreadPoolExecutor(_HASHING_THREADS) as pool:
        hashes = list(pool.map(_readable_sha256, files))
    groups: list[list[tuple[SourceFile, str]]] = [[]]
    for file, sha256 in zip(files, hashes, strict=True):
        groups[-1].append((file, sha256))
        if _ends_chunk(groups[-1]):
            groups.append([])
    return [_chunk(group, rule) for group in groups if group]


def _readable_sha256(file: SourceFile) -> str:
    """Return the hash of a file's bytes, or a word for a file that cannot be read."""
    try:
        return file_sha256(file)
    except FileNotFoundError as error:
        raise SourceChanged(_CHANGED.format(uri=mask(file.uri, UNDETERMINED))) from error
    except OSError:  # the reader will reject it with the reason
        return "unreadable"


def _ends_chunk(group: list[tuple[SourceFile, str]]) -> bool:
    name = hashlib.sha256(group[-1][0].uri.encode()).digest()
    size_bytes = sum(file.size_bytes for file, _ in group)
    return int.from_bytes(name[:4], "big") % _CHUNK_FILES == 0 or size_bytes >= _CHUNK_BYTES


def _chunk(group: list[tuple[SourceFile, str]], rule: str) -> Chunk:
    names = [[file.uri, sha256] for file, sha256 in group]
    files, hashes = zip(*group, strict=True)
    return Chunk(files, hashes, digest([rule, names]))


def _chunk_folder(store: Store) -> Path:
    return store.step_folder(STEP) / "chunks"


def finished_chunk(store: Store, chunk: Chunk) -> ChunkRecord | None:
    """Return what reading the chunk gave, if this or an earlier build has read it."""
    record = read_record(_chunk_folder(store) / f"{chunk.digest}.json", ChunkRecord)
    if record is None:
        return None
    files = [file for kind in _KINDS for file in record.files[kind]]
    return None if damaged_among(_chunk_folder(store) / chunk.digest, files) else record


def read_chunk(plan: IngestPlan, chunk: Chunk) -> ChunkRecord:
    """Read a chunk and keep its rows, each batch sorted by `doc_id`.

    Raises:
        SourceChanged: A file is not what it was when it was listed: what was read of it must
            not be kept under the digest of what it was.
    """
    store = Store(plan.store)
    documents = text_chars = rejects = 0
    files: dict[str, list[PartFile]] = {kind: [] for kind in _KINDS}
    folder = _chunk_folder(store) / chunk.digest
    read = ingest_files(chunk.files, plan.settings.ingest)
    for batch, (rows, rejected) in enumerate(read, 1):
        for kind, frame in (("documents", rows), ("rejects", rejected)):
            path = folder / f"{kind}-{batch:05d}"
            files[kind].append(write_frame(path, frame, _CHUNK_GROUP_ROWS))
        documents, rejects = documents + rows.height, rejects + rejected.height
        text_chars += int(rows["text_chars"].sum())
    for file, sha256 in zip(chunk.files, chunk.hashes, strict=True):
        if _readable_sha256(file) != sha256:
            raise SourceChanged(_CHANGED.format(uri=mask(file.uri, UNDETERMINED)))
    record = ChunkRecord(documents=documents, text_chars=text_chars, rejects=rejects, files=files)
    write_record(_chunk_folder(store) / f"{chunk.digest}.json", record)
    return record


def _files_of(store: Store, chunk: Chunk, record: ChunkRecord, kind: str) -> list[Path]:
    folder = _chunk_folder(store) / chunk.digest
    return [folder / file.name for file in record.files[kind]]


def chunk_files(plan: IngestPlan, records: Sequence[ChunkRecord], kind: str) -> list[Path]:
    """Return the files of `documents` or `rejects` that the plan's chunks left."""
    store, pairs = Store(plan.store), zip(plan.chunks, records, strict=True)
    return [file for chunk, record in pairs for file in _files_of(store, chunk, record, kind)]


def collect_parts(
    plan: IngestPlan, files: Sequence[Path], parts: Sequence[Part]
) -> list[PartResult]:
    """Write neighbouring parts of `raw_documents` from what the chunks gave."""
    lower, upper = parts[0].lower, parts[-1].upper
    wanted = pl.col("doc_id") >= lower
    wanted = wanted if upper is None else wanted & (pl.col("doc_id") < upper)
    frames = [pl.scan_parquet(file, glob=False).filter(wanted) for file in files]
    rows = pl.concat([RAW_DOCUMENTS.empty().lazy(), *frames]).collect().sort("doc_id")
    return [_write_part(plan, rows, part) for part in parts]


def _write_part(plan: IngestPlan, rows: pl.DataFrame, part: Part) -> PartResult:
    own = _privately_named(in_part(rows.lazy(), part).collect(), plan.settings)
    name = RAW_DOCUMENTS.name
    file = Store(plan.store).write_part(name, plan.version, part.index, own)
    return PartResult({name: file}, own.height, 0)


def _privately_named(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Take personal data out of the names of records, if that is asked for."""
    wanted = settings.personal_data
    if not wanted.redact:
        return rows
    return rows.with_columns(redacted_names(rows["source_uri"], rows["doc_id"], wanted.kinds))


def finish_ingest(
    plan: IngestPlan, records: Sequence[ChunkRecord], results: Sequence[PartResult]
) -> StepRecord:
    """Commit `raw_documents` and `ingest_rejects`.

    Args:
        plan: What `plan_ingest` returned.
        records: What reading each chunk gave, in the order of the chunks.
        results: What `collect_parts` returned, in the order of the parts.
    """
    store = Store(plan.store)
    rejects = _rejects(chunk_files(plan, records, "rejects"), plan)
    files = {
        RAW_DOCUMENTS.name: [result.files[RAW_DOCUMENTS.name] for result in results],
        INGEST_REJECTS.name: write_parts(store, INGEST_REJECTS.name, plan.version, rejects, []),
    }
    outputs = {name: _commit(store, plan, name, written) for name, written in files.items()}
    record = StepRecord(
        step=STEP,
        version=plan.version,
        rule=plan.rule,
        outputs=outputs,
        parts=len(results),
        documents=outputs[RAW_DOCUMENTS.name].rows,
    )
    return remember(store, record)


def _rejects(files: Sequence[Path], plan: IngestPlan) -> pl.DataFrame:
    listed = INGEST_REJECTS.frame(
        {
            "source_uri": rejection.source_uri,
            "stage": STEP,
            "reason": rejection.reason,
            "detail": rejection.detail,
        }
        for rejection in plan.rejections
    )
    read = [pl.read_parquet(file, glob=False) for file in files]
    rejects = _privately_named(pl.concat([listed, *read]), plan.settings)
    return _privately_told(rejects, plan.settings).sort(INGEST_REJECTS.key)


def _privately_told(rejects: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Take personal data out of what was found in records, if that is asked for."""
    wanted = settings.personal_data
    if not wanted.redact:
        return rejects
    details = [redacted_text(detail, (), wanted.kinds) for detail in rejects["detail"]]
    return rejects.with_columns(pl.Series("detail", details, pl.String))


def _commit(store: Store, plan: IngestPlan, table: str, files: list[PartFile]) -> TableVersion:
    version = TableVersion(
        table=table,
        version=plan.version,
        step=STEP,
        rule=plan.rule,
        inputs={"source": digest([chunk.digest for chunk in plan.chunks])},
        rows=sum(file.rows for file in files),
        files=files,
    )
    store.commit(version)
    return version


def forget_other_chunks(store: Store, plan: IngestPlan) -> None:
    """Delete what was read of other chunks; without it an outdated copy of all text stays.

    Also where nothing was read: a killed build, or a release brought from an address, left them.
    """
    current = {chunk.digest for chunk in plan.chunks}
    for path in _chunk_folder(store).glob("*"):
        if path.name.removesuffix(".json") in current:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
