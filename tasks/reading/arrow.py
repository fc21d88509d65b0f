"""Reader of Arrow IPC files and streams, also called Feather: a row is a record.

A batch of the file is held at once, whatever its size.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from tasks.reading.content import Content
from tasks.reading.parquet import batch_records
from tasks.reading.records import Flaw, ReadError, Record
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

_FILE_MAGIC = b"ARROW1"
_DETAIL_CHARS = 200


def read_arrow(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row; the first bytes tell the file from the stream.

    Raises:
        ReadError: as `seekable`; corrupt, from here on.
    """
    with seekable(content, settings) as file:
        first_bytes = file.read(len(_FILE_MAGIC))
        file.seek(0)
        if first_bytes:
            batches = _batches(file, is_stream=first_bytes != _FILE_MAGIC)
            yield from batch_records(batches, settings)


def _batches(file: BinaryIO, *, is_stream: bool) -> Iterator[pa.RecordBatch]:
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
