"""Read Parquet and Arrow IPC (also called Feather), files and streams: a row is a record.

Of an Arrow file a batch is held at once, whatever its size.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.reading.content import Content
from tasks.reading.fields import Row, canonical_json, read_row, unique_names
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

_MAX_BATCH_ROWS = 1024
# What a batch may take; by the sizes that the file declares, so a wish and not a limit.
_BATCH_BYTES = 32 * 2**20
_DETAIL_CHARS = 200
_ARROW_FILE_MAGIC = b"ARROW1"
# Parquet's strings are UTF-8 by its format.
_ENCODING = Encoding("utf-8", "declared")


def read_parquet(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row.

    Raises:
        ReadError: as `seekable`; corrupt, from here on.
    """
    with seekable(content, settings) as file:
        if file.read(1):
            yield from batch_records(_parquet_batches(file), settings)


def _parquet_batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - other formats need not wait for it

    try:
        parquet = pq.ParquetFile(file)
        batch_rows = _batch_rows(parquet.metadata)
        for index in range(parquet.num_row_groups):  # a batch of several falls with the worst
            yield from parquet.iter_batches(batch_size=batch_rows, row_groups=[index])
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: names not in UTF-8
        raise ReadError("corrupt", str(error)[:_DETAIL_CHARS]) from error


def _batch_rows(metadata: Any) -> int:  # noqa: ANN401 - pyarrow is untyped
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    row_bytes = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=1)
    return int(min(_MAX_BATCH_ROWS, max(1, _BATCH_BYTES // max(row_bytes, 1))))


def batch_records(
    batches: Iterator[pa.RecordBatch], settings: IngestSettings
) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row of batches, which are valid."""
    number = 0
    for batch in batches:
        for fields in _rows(batch):
            number += 1
            yield _record(number, fields, settings)


def _record(
    number: int, fields: dict[str, object] | str, settings: IngestSettings
) -> Record | Flaw:
    if isinstance(fields, str):
        return Flaw(number, "malformed_record", fields)
    content = canonical_json(fields).encode()
    if len(content) > settings.max_record_bytes:
        return Flaw(number, "too_large", size_detail(settings.max_record_bytes))
    return read_row(Row(number, content, fields, _ENCODING), settings)


def _rows(batch: pa.RecordBatch) -> list[dict[str, object] | str]:
    """Return the fields of each row, or what is wrong with a row."""
    names = unique_names(batch.schema.names)
    try:
        columns = [_in_microseconds(column).to_pylist() for column in batch.columns]
    except (ValueError, OverflowError):
        return [_row(names, batch.slice(index, 1)) for index in range(batch.num_rows)]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _row(names: list[str], row: pa.RecordBatch) -> dict[str, object] | str:
    """Return one row's fields; a string that is not UTF-8, as writers let pass, as bytes."""
    fields: dict[str, object] = {}
    for name, column in zip(names, row.columns, strict=True):
        try:
            fields[name] = _in_microseconds(column)[0].as_py()
        except UnicodeDecodeError:
            fields[name] = column.cast(pa.binary())[0].as_py()
        except (ValueError, OverflowError) as error:  # such as a date after the year 9999
            return str(error)[:_DETAIL_CHARS]
    return fields


def _in_microseconds(column: pa.Array) -> pa.Array:
    """Return nanoseconds, which Python's own datetime does not have, as microseconds."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def read_arrow(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row; the first bytes show whether it is a file or a stream.

    Raises:
        ReadError: as `seekable`; corrupt, from here on.
    """
    with seekable(content, settings) as file:
        first_bytes = file.read(len(_ARROW_FILE_MAGIC))
        file.seek(0)
        if first_bytes:
            batches = _arrow_batches(file, is_stream=first_bytes != _ARROW_FILE_MAGIC)
            yield from batch_records(batches, settings)


def _arrow_batches(file: BinaryIO, *, is_stream: bool) -> Iterator[pa.RecordBatch]:
    try:
        if is_stream:
            yield from map(_validated, pa.ipc.open_stream(file))
            return
        reader = pa.ipc.open_file(file)
        for index in range(reader.num_record_batches):
            yield _validated(reader.get_batch(index))
    # ValueError: names not in UTF-8; MemoryError: a size that is none
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise ReadError("corrupt", str(error)[:_DETAIL_CHARS]) from error


def _validated(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch; its offsets are the file's, and reading beyond them would be a crash.

    Strings are looked at as bytes: one that is not UTF-8 costs its own row only.
    """
    for column in batch.columns:
        _as_bytes(column).validate(full=True)
    return batch


def _as_bytes(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type):
        return column.view(pa.binary())
    return column.view(pa.large_binary()) if pa.types.is_large_string(column.type) else column
