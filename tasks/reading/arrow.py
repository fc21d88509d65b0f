"""Read Arrow IPC (also called Feather), files and streams: a row is a record.

A batch is held at once; how large it becomes is read from its header before.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.reading.arrow_sizes import BatchSize, batch_sizes
from tasks.reading.columnar import DETAIL_CHARS, Rows, Skipped, records
from tasks.reading.content import Budget, Content
from tasks.reading.fields import require_few_fields
from tasks.reading.records import Flaw, ReadError, Record
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

_FILE_MAGIC = b"ARROW1"


def read_arrow(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row, and one flaw for a batch that cannot be held.

    The first bytes show whether it is a file or a stream, of which nothing is read after such a
    batch.

    Raises:
        ReadError: as `seekable`; corrupt or too_large, from here on.
    """
    with seekable(content, settings) as file:
        first_bytes = file.read(len(_FILE_MAGIC))
        if first_bytes:
            is_stream = first_bytes != _FILE_MAGIC
            batches = _arrow_batches(file, content.budget, settings, is_stream=is_stream)
            yield from records(batches, content.budget, settings)


def _arrow_batches(
    file: BinaryIO, budget: Budget, settings: IngestSettings, *, is_stream: bool
) -> Iterator[Rows]:
    try:
        sizes = list(batch_sizes(file))
        file.seek(0)
        if is_stream:
            yield from _stream_batches(file, sizes, budget, settings)
            return
        dictionaries = [size for size in sizes if size.rows is None]
        _require_held(dictionaries, budget, settings)
        batches = [size for size in sizes if size.rows is not None]
        reader = pa.ipc.open_file(file)
        require_few_fields(len(reader.schema.names), settings)
        for index in range(reader.num_record_batches):
            yield from _file_batch(reader, index, batches, budget, settings)
    # ValueError: names not in UTF-8; MemoryError: a size that is none
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise ReadError("corrupt", str(error)[:DETAIL_CHARS]) from error


def _file_batch(
    reader: Any,  # noqa: ANN401
    index: int,
    sizes: list[BatchSize],
    budget: Budget,
    settings: IngestSettings,
) -> Iterator[Rows]:
    """Yield a batch of a file if it can be held, or what is missing."""
    if index < len(sizes) and sizes[index].size_bytes > settings.max_block_bytes:
        yield Skipped(sizes[index].rows or 0, f"a batch of {sizes[index].size_bytes} bytes")
        return
    if index < len(sizes):
        budget.require(sizes[index].size_bytes)
    yield _validated(reader.get_batch(index))


def _stream_batches(
    file: BinaryIO, sizes: list[BatchSize], budget: Budget, settings: IngestSettings
) -> Iterator[pa.RecordBatch]:
    reader = pa.ipc.open_stream(file)
    require_few_fields(len(reader.schema.names), settings)
    begin = 0
    while True:
        # A batch comes after the dictionaries that it needs.
        end = next((i for i in range(begin, len(sizes)) if sizes[i].rows is not None), len(sizes))
        _require_held(sizes[begin : end + 1], budget, settings)
        begin = end + 1
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        yield _validated(batch)


def _require_held(sizes: list[BatchSize], budget: Budget, settings: IngestSettings) -> None:
    """Make sure that batches and dictionaries can be held.

    Raises:
        ReadError: too_large.
    """
    for size in sizes:
        if size.size_bytes > settings.max_block_bytes:
            raise ReadError("too_large", f"a batch of {size.size_bytes} bytes")
        budget.require(size.size_bytes)


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
