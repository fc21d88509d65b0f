"""Read Parquet: a row is a record.

A page of each column is held at once; how large it becomes is read from its header before.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.reading.columnar import DETAIL_CHARS, Rows, Skipped, records, rows_at_once
from tasks.reading.content import Budget, Content
from tasks.reading.fields import require_few_fields
from tasks.reading.parquet_pages import Page, pages, string_chunks
from tasks.reading.records import Flaw, ReadError, Record
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

#: Of a column's compressed pages so much is held.
_BUFFER_BYTES = 2**20


def read_parquet(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row, and one flaw for a row group that cannot be held.

    Raises:
        ReadError: as `seekable`; corrupt or too_large, from here on.
    """
    with seekable(content, settings) as file:
        if file.read(1):
            batches = _parquet_batches(file, content.budget, settings)
            yield from records(batches, content.budget, settings)


def _parquet_batches(file: BinaryIO, budget: Budget, settings: IngestSettings) -> Iterator[Rows]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - other formats need not wait for it

    try:
        parquet = pq.ParquetFile(file, buffer_size=_BUFFER_BYTES)
        require_few_fields(len(parquet.schema_arrow.names), settings)
        chunks = string_chunks(file)
        for index in range(parquet.num_row_groups):  # a batch of several falls with the worst
            group = parquet.metadata.row_group(index)
            found = [page for chunk in chunks[index] for page in pages(file, chunk)]
            largest_bytes = max((page.size_bytes for page in found), default=0)
            if largest_bytes > settings.max_block_bytes:
                yield Skipped(group.num_rows, f"a page of {largest_bytes} bytes")
                continue
            budget.require(group.total_byte_size)
            rows = _batch_rows(group, found)
            yield from parquet.iter_batches(batch_size=rows, row_groups=[index])
    # ValueError: names that are not UTF-8, headers that are none; LookupError: no such row group
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:
        raise ReadError("corrupt", str(error)[:DETAIL_CHARS]) from error


def _batch_rows(group: Any, found: list[Page]) -> int:  # noqa: ANN401
    """Return how many rows are read together, if each has the longest word of each dictionary."""
    row_bytes = group.total_byte_size / max(group.num_rows, 1)
    row_bytes += sum(page.size_bytes for page in found if page.is_dictionary)
    return rows_at_once(row_bytes)
