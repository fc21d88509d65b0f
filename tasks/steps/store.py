"""The store: immutable table versions on disk. The only writer of Parquet.

    <store>/tables/<table>/<version>/part-00000.parquet
    <store>/tables/<table>/<version>.json      written last: a version without it does not exist
    <store>/steps/<stage>/<version>/...        what a later run needs to reuse rows
    <store>/steps/<stage>/<version>.json

Every file is written beside its place and renamed, so that a crash leaves whole files or
none. A file's name says what made it, so that two writers of one file write the same bytes.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from expectations.working_tables import ALL_TABLES
from tasks.steps.conform import conforming
from tasks.steps.ranges import Range

#: notes/parquet.md: fixed row groups and codec; zstd 9 costs three to five times as much for 6 %.
ROW_GROUP_ROWS = 65_536
COMPRESSION_LEVEL = 3
#: Begins the name of a file that is being written: no reader's glob matches it.
_UNFINISHED = ".unfinished-"


Model = TypeVar("Model", bound=BaseModel)


class Record(BaseModel):
    """A JSON file of the store."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PartFile(Record):
    """A Parquet file of a table version."""

    name: str
    sha256: str
    size_bytes: int
    rows: int


class TableVersion(Record):
    """What a version of a table is, and what made it."""

    table: str
    version: str
    stage: str
    rule: str
    inputs: dict[str, str]
    rows: int
    files: list[PartFile]


class Store:
    """A folder of table versions. Safe for several writers at once."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def part_path(self, table: str, version: str, index: int) -> Path:
        """Return where a part of a table version stands, whether or not it exists."""
        return self._folder(table, version) / f"part-{index:05d}.parquet"

    def _folder(self, table: str, version: str) -> Path:
        return self.root / "tables" / table / version

    def folder(self, table: TableVersion) -> Path:
        """Return the folder of a table version's Parquet files."""
        return self._folder(table.table, table.version)

    def write_part(self, table: str, version: str, index: int, frame: pl.DataFrame) -> PartFile:
        """Write one part of a table version.

        Raises:
            DoesNotConform: Columns, types, nulls or the key are not as declared.
        """
        arrow = conforming(ALL_TABLES[table], frame)
        path = self.part_path(table, version, index)
        write_atomically(path, lambda temporary: _write_parquet(arrow, temporary))
        return part_file(path)

    def commit(self, version: TableVersion) -> None:
        """Make a table version exist, after all its parts are written."""
        write_record(self._manifest(version.table, version.version), version)

    def _manifest(self, table: str, version: str) -> Path:
        return self.root / "tables" / table / f"{version}.json"

    def table_version(self, table: str, version: str) -> TableVersion | None:
        """Return a version if it exists with all its files, else None."""
        found = read_record(self._manifest(table, version), TableVersion)
        folder = self._folder(table, version)
        is_whole = found is not None and all(_is_whole(folder, file) for file in found.files)
        return found if is_whole else None

    def scan(self, version: TableVersion) -> pl.LazyFrame:
        """Return a table version as a lazy frame, in the order of its key."""
        folder = self.folder(version)
        frames = [pl.scan_parquet(folder / file.name, glob=False) for file in version.files]
        return pl.concat(frames, how="vertical", rechunk=False, parallel=False)

    def read_range(self, version: TableVersion, part: Range) -> pl.DataFrame:
        """Return the rows of a table version whose `doc_id` lies in a range."""
        if len(version.files) == part.count:
            file = version.files[part.index].name
            return pl.read_parquet(self.folder(version) / file, glob=False)
        return in_range(self.scan(version), part).collect()

    @contextmanager
    def locked(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Be the only one who changes the store, and clear what a killed writer left.

        Args:
            waiting: Called once if somebody else holds the lock; it is then waited for.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def _sweep(self) -> None:
        """Delete what writers that were killed left half written."""
        for folder in ("tables", "steps", "releases"):
            for path in (self.root / folder).rglob(f"{_UNFINISHED}*"):
                path.unlink(missing_ok=True)

    def step_folder(self, stage: str) -> Path:
        """Return where a stage keeps what lets a later run reuse its rows."""
        return self.root / "steps" / stage


def in_range(frame: pl.LazyFrame, part: Range) -> pl.LazyFrame:
    """Return the rows whose `doc_id` lies in a range."""
    frame = frame.filter(pl.col("doc_id") >= part.lower)
    return frame if part.upper is None else frame.filter(pl.col("doc_id") < part.upper)


def _write_parquet(table: pa.Table, path: Path, row_group_rows: int = ROW_GROUP_ROWS) -> None:
    pq.write_table(
        table,
        path,
        row_group_size=row_group_rows,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
    )


def write_frame(path: Path, frame: pl.DataFrame, row_group_rows: int = ROW_GROUP_ROWS) -> None:
    """Write a frame that is no table: what a step keeps for itself."""
    arrow = frame.to_arrow()
    write_atomically(path, lambda temporary: _write_parquet(arrow, temporary, row_group_rows))


def write_record(path: Path, record: BaseModel) -> None:
    """Write a JSON file of the store."""
    write_atomically(
        path, lambda temporary: _write_text(temporary, record.model_dump_json(indent=1))
    )


def read_record(path: Path, kind: type[Model]) -> Model | None:
    """Return a JSON file of the store; None if it is missing or of another time's form.

    What a step left is a help, never a must: what cannot be read is made again.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file so that a reader sees it whole or not at all, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    temporary = Path(name)
    try:
        write(temporary)
        os.fsync(handle)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        os.close(handle)
        temporary.unlink(missing_ok=True)


def is_intact(path: Path, file: PartFile) -> bool:
    """Whether a Parquet file has the bytes that were recorded of it."""
    return _sha256(path) == file.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def part_file(path: Path) -> PartFile:
    """Return what a manifest says of a Parquet file that exists."""
    sha256 = _sha256(path)
    rows = pq.read_metadata(path).num_rows
    return PartFile(name=path.name, sha256=sha256, size_bytes=path.stat().st_size, rows=rows)


def _is_whole(folder: Path, file: PartFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.size_bytes
