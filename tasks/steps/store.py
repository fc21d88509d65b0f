"""Keep immutable table versions on disk, cut into parts. The only writer of Parquet.

    <store>/tables/<table>/<version>/part-00000.parquet
    <store>/tables/<table>/<version>.json      written last: a version without it does not exist
    <store>/steps/<step>/<version>/...        what a later run needs to reuse rows
    <store>/steps/<step>/<version>.json

Of every Parquet file its hash is recorded, and every record ends with a seal, the hash of its own
text, so that damage is told from what was written (`tasks.steps.intact`).

Every file is written beside its place and renamed, so that a crash leaves whole files or
none. A file's name says what made it, so that two writers of one file write the same bytes.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import polars as pl
from filelock import FileLock, Timeout
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from expectations.schema import Table
from expectations.working_tables import ALL_TABLES
from tasks.settings.steps import PartSettings

#: notes/parquet.md: fixed row groups and codec; zstd 9 costs three to five times as much for 6 %.
ROW_GROUP_ROWS = 65_536
COMPRESSION_LEVEL = 3
#: Hex digits of a part's bounds: up to 2**32 parts.
_BOUND_DIGITS = 8
#: Begins the name of a file that is being written: no reader's glob matches it.
UNFINISHED = ".unfinished-"
#: What a record ends with: the hash of the JSON text without it.
_SEAL = re.compile(rb',\n "seal": "([0-9a-f]{64})"\n}\n\Z')


if TYPE_CHECKING:
    import pyarrow as pa

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


#: The name of a step; records of the first version call it a stage.
StepName = Annotated[str, Field(validation_alias=AliasChoices("step", "stage"))]


class TableVersion(Record):
    """What a version of a table is, and what made it."""

    table: str
    version: str
    step: StepName
    rule: str
    inputs: dict[str, str]
    rows: int
    files: list[PartFile]


@dataclass(frozen=True)
class Part:
    """The documents with `lower <= doc_id < upper`; `upper` is None in the last part.

    `doc_id` is a hash and so evenly spread. A table's parts follow one another in the order of
    its key, and a document stands in the same part of every table.
    """

    index: int
    count: int

    @property
    def lower(self) -> str:
        """The smallest `doc_id` prefix of the part."""
        return _bound(self.index, self.count)

    @property
    def upper(self) -> str | None:
        """The smallest `doc_id` prefix after the part."""
        return _bound(self.index + 1, self.count) if self.index + 1 < self.count else None


def _bound(index: int, count: int) -> str:
    return format(index * (16**_BOUND_DIGITS // count), f"0{_BOUND_DIGITS}x")


def parts_for(documents: int, text_chars: int, settings: PartSettings) -> list[Part]:
    """Return the fewest parts that hold about so many documents and characters, or fewer, each.

    Their number is a power of two that depends on what was read only. One part for nothing.
    """
    count = 1
    while documents > count * settings.part_documents or text_chars > count * settings.part_chars:
        if count >= max(documents, 1):
            break
        count *= 2
    return [Part(index, count) for index in range(count)]


def in_part(frame: pl.LazyFrame, part: Part) -> pl.LazyFrame:
    """Return the rows whose `doc_id` lies in a part."""
    frame = frame.filter(pl.col("doc_id") >= part.lower)
    return frame if part.upper is None else frame.filter(pl.col("doc_id") < part.upper)


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
        write_record(self._manifest_path(version.table, version.version), version)

    def _manifest_path(self, table: str, version: str) -> Path:
        return self.root / "tables" / table / f"{version}.json"

    def manifest(self, table: str, version: str) -> TableVersion | None:
        """Return what was recorded of a version; None if there is none, or it is damaged."""
        return read_record(self._manifest_path(table, version), TableVersion)

    def table_version(self, table: str, version: str) -> TableVersion | None:
        """Return a version if it exists with all its files, of their sizes, else None."""
        found = self.manifest(table, version)
        folder = self._folder(table, version)
        is_whole = found is not None and all(
            _is_whole(folder / file.name, file) for file in found.files
        )
        return found if is_whole else None

    def scan(self, version: TableVersion) -> pl.LazyFrame:
        """Return a table version as a lazy frame, in the order of its key."""
        folder = self.folder(version)
        frames = [pl.scan_parquet(folder / file.name, glob=False) for file in version.files]
        return pl.concat(frames, how="vertical", rechunk=False, parallel=False)

    def part_files(self, version: TableVersion, part: Part) -> list[Path]:
        """Return the files of a table version that have the rows of a part."""
        is_cut_so = len(version.files) == part.count
        files = [version.files[part.index]] if is_cut_so else version.files
        return [self.folder(version) / file.name for file in files]

    def read_part(
        self, version: TableVersion, part: Part, columns: list[str] | None = None
    ) -> pl.DataFrame:
        """Return the rows of a table version whose `doc_id` lies in a part; all columns or some."""
        if len(version.files) == part.count:
            [file] = self.part_files(version, part)
            return pl.read_parquet(file, columns=columns, glob=False)
        rows = in_part(self.scan(version), part)
        return (rows if columns is None else rows.select(columns)).collect()

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
            self.sweep()
            yield
        finally:
            lock.release()

    def sweep(self) -> None:
        """Delete what writers that were killed left half written; only who holds the lock may."""
        for path in self.unfinished():
            path.unlink(missing_ok=True)

    def unfinished(self) -> list[Path]:
        """Return what is half written, by a writer that was killed or one that is at work."""
        folders = (self.root / folder for folder in ("tables", "steps", "releases", "metrics"))
        below = (path for folder in folders for path in folder.rglob(f"{UNFINISHED}*"))
        return [*below, *self.root.glob(f"{UNFINISHED}*")]

    def step_folder(self, step: str) -> Path:
        """Return where a step keeps what lets a later run reuse its rows."""
        return self.root / "steps" / step


def _write_parquet(table: "pa.Table", path: Path, row_group_rows: int = ROW_GROUP_ROWS) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes .2 s, and only who writes needs it

    pq.write_table(
        table,
        path,
        row_group_size=row_group_rows,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
    )


def write_frame(path: Path, frame: pl.DataFrame, row_group_rows: int = ROW_GROUP_ROWS) -> PartFile:
    """Write a frame that is no table: what a step keeps for itself."""
    arrow = frame.to_arrow()
    write_atomically(path, lambda temporary: _write_parquet(arrow, temporary, row_group_rows))
    return part_file(path)


def write_record(path: Path, record: BaseModel) -> None:
    """Write a JSON file of the store, with its seal."""
    text = record.model_dump_json(indent=1).removesuffix("\n}")
    seal = hashlib.sha256(text.encode()).hexdigest()
    sealed = f'{text},\n "seal": "{seal}"\n}}\n'
    write_atomically(path, lambda temporary: _write_text(temporary, sealed))


def read_record(path: Path, kind: type[Model]) -> Model | None:
    """Return a JSON file of the store; None if it is missing, damaged or of another time's form.

    What a step left is a help, never a must: what cannot be read is made again. A record without
    a seal is of a time when there was none.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if seal := _SEAL.search(content):
        text = content[: seal.start()]
        if hashlib.sha256(text).hexdigest().encode() != seal[1]:
            return None
        content = text + b"}"
    try:
        return kind.model_validate_json(content)
    except ValidationError:
        return None


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file so that a reader sees it whole or not at all, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    temporary = Path(name)
    try:
        write(temporary)
        os.fsync(handle)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if error.errno is not None and error.filename is None:  # Arrow does not say which
            error.filename = str(path)
        raise
    finally:
        os.close(handle)
        temporary.unlink(missing_ok=True)


def is_intact(path: Path, file: PartFile) -> bool:
    """Whether a Parquet file is there, with the bytes that were recorded of it."""
    return _is_whole(path, file) and sha256_of(path) == file.sha256


def sha256_of(path: Path) -> str:
    """Return the hash of a file that exists, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def part_file(path: Path) -> PartFile:
    """Return what a manifest says of a Parquet file that exists."""
    sha256 = sha256_of(path)
    rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    return PartFile(name=path.name, sha256=sha256, size_bytes=path.stat().st_size, rows=rows)


def _is_whole(path: Path, file: PartFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size_bytes


class DoesNotConform(ValueError):
    """A frame is not what its table is declared to be."""


def conforming(table: Table, frame: pl.DataFrame) -> "pa.Table":
    """Return a frame as an Arrow table of exactly the declared schema.

    Raises:
        DoesNotConform: Columns, types, nulls or the key are not as declared.
    """
    if frame.schema != table.polars_schema:
        raise DoesNotConform(
            f"{table.name}: the columns are {dict(frame.schema)}, declared are "
            f"{dict(table.polars_schema)}"
        )
    required = [column.name for column in table.columns if not column.nullable]
    nulls = [name for name in required if frame[name].null_count()]
    if nulls:
        raise DoesNotConform(f"{table.name}: {', '.join(nulls)} may not be null")
    if not _is_strictly_sorted(frame.select(table.key)):
        raise DoesNotConform(f"{table.name}: rows are not sorted by, or repeat, {table.key}")
    # In one piece: where Parquet gives up a dictionary depends on how the rows are cut.
    whole = frame.rechunk()
    return whole.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(table.arrow_schema)


def _is_strictly_sorted(keys: pl.DataFrame) -> bool:
    """Whether each row is greater than the one before it, column by column."""
    greater, equal = pl.lit(value=False), pl.lit(value=True)
    for name in keys.columns:
        greater = greater | (equal & (pl.col(name) > pl.col(name).shift()))
        equal = equal & (pl.col(name) == pl.col(name).shift())
    return bool(keys.select(greater.slice(1).all()).item()) if keys.height > 1 else True
