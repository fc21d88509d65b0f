"""Digest the values of a release's tables, whatever wrote them and however they lie in files.

The name of a release depends on the packages that made it, and a file's bytes on its codec and
row groups. These digests depend on neither, so that two machines can tell that they published
the same, or in which column they differ.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.steps.fingerprint import digest
from tasks.steps.store import Store, TableVersion

if TYPE_CHECKING:
    import pyarrow as pa

#: Digests by table and column.
Content = dict[str, dict[str, str]]
#: Columns whose last digits depend on the kind of processor (`tasks.mentions.unit_tagger`): each
#: has a digest, but the one of all tables leaves them out.
APPROXIMATE_COLUMNS = {"mentions": {"confidence"}, "entities": {"confidence"}}
#: Rows in memory at once.
_BATCH_ROWS = 4096


def content_digest(content: Content) -> str | None:
    """Return one digest of all tables, without `APPROXIMATE_COLUMNS`.

    None of a release that was published without any.
    """
    exact = {
        table: {
            column: told
            for column, told in columns.items()
            if column not in APPROXIMATE_COLUMNS.get(table, ())
        }
        for table, columns in content.items()
    }
    return digest(exact) if exact else None


def digest_tables(store: Store, tables: Mapping[str, TableVersion]) -> Content:
    """Digest each column of tables, reading some rows at a time.

    Raises:
        OSError: A file is missing or damaged.
    """
    content = {}
    for name, version in sorted(tables.items()):
        files = (store.folder(version) / file.name for file in version.files)
        content[name] = digest_columns(batch for file in files for batch in _batches(file))
    return content


def _batches(file: Path) -> "Iterator[pa.RecordBatch]":
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes .2 s, and only who publishes needs it

    with pq.ParquetFile(file) as opened:
        yield from opened.iter_batches(_BATCH_ROWS, use_threads=False)


def digest_columns(batches: "Iterable[pa.RecordBatch]") -> dict[str, str]:
    """Digest each column of a table's rows, however these are cut into batches; no rows: {}."""
    columns: dict[str, _Streams] = {}
    for batch in batches:
        if batch.num_rows:
            for name, values in zip(batch.schema.names, batch.columns, strict=True):
                columns.setdefault(name, _Streams()).add("", values)
    return {name: streams.digest() for name, streams in columns.items()}


class _Streams:
    """Digests of what a column consists of, each fed with all rows, one after another.

    Which values there are, how long lists and texts are, and the values; of a list also those
    streams of its items, and of a struct of its fields.
    """

    def __init__(self) -> None:
        self._hashes: dict[str, Any] = {}

    def digest(self) -> str:
        """Return one digest of all streams."""
        streams = {path: stream.hexdigest() for path, stream in self._hashes.items()}
        return digest(streams)

    def _feed(self, path: str, values: "np.typing.ArrayLike | memoryview") -> None:
        self._hashes.setdefault(path, hashlib.sha256()).update(values)

    def add(self, path: str, values: "pa.Array") -> None:
        """Feed the streams of a path with more rows.

        Raises:
            TypeError: No table has values of the type.
        """
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        self._feed(f"{path}?", _numbers(values.is_valid().cast(pa.uint8()), "u1"))
        if pa.types.is_list(values.type):
            self._feed(f"{path}#", _numbers(pc.list_value_length(values), "<i8"))
            self.add(f"{path}[]", values.flatten())
        elif pa.types.is_struct(values.type):
            for field, inner in zip(values.type, values.flatten(), strict=True):
                self.add(f"{path}.{field.name}", inner)
        elif pa.types.is_string(values.type) or pa.types.is_binary(values.type):
            self._feed(f"{path}#", _numbers(pc.binary_length(values), "<i8"))
            self._feed(f"{path}=", _joined(values))
        elif pa.types.is_floating(values.type):
            self._feed(f"{path}=", _canonical(_numbers(values, "<f8")))
        elif pa.types.is_integer(values.type) or pa.types.is_timestamp(values.type):
            self._feed(f"{path}=", _numbers(values.cast(pa.int64()), "<i8"))
        elif pa.types.is_boolean(values.type):
            self._feed(f"{path}=", _numbers(values.cast(pa.uint8()), "u1"))
        else:
            raise TypeError(f"no table has a column of type {values.type}")


def _numbers(values: "pa.Array", kind: str) -> "np.typing.NDArray[Any]":
    """Return numbers in a form that no machine has otherwise; what is missing is 0."""
    return np.ascontiguousarray(values.fill_null(0).to_numpy(zero_copy_only=False), dtype=kind)


def _canonical(values: "np.typing.NDArray[np.float64]") -> "np.typing.NDArray[np.float64]":
    """Return floats with one zero and one NaN, which are equal though their bits differ."""
    one_zero: np.typing.NDArray[np.float64] = values + 0.0
    one_zero[np.isnan(one_zero)] = np.nan
    return one_zero


def _joined(values: "pa.Array") -> memoryview:
    """Return the bytes of texts, one after another; a missing one has none."""
    import pyarrow as pa  # noqa: PLC0415

    texts = values.cast(pa.binary()).fill_null(b"")
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(content or b"")[int(ends[0]) : int(ends[-1])]
