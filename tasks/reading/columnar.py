"""Make records of the rows of Parquet and Arrow files.

A value that many rows share is copied for a few rows at a time.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from tasks.reading.content import Budget
from tasks.reading.fields import Row, canonical_json, read_row, unique_names
from tasks.reading.records import Encoding, Flaw, Record, size_detail
from tasks.settings import IngestSettings

#: Rows that are looked at together, and what they may take: by the sizes that a file declares, so
#: a wish and not a limit.
MAX_BATCH_ROWS = 1024
BATCH_BYTES = 16 * 2**20
#: How much of what pyarrow says of a file is kept.
DETAIL_CHARS = 200
# The strings of both are UTF-8 by their formats.
_ENCODING = Encoding("utf-8", "declared")


class Skipped(NamedTuple):
    """Rows that cannot be held, and why."""

    rows: int
    detail: str


#: Rows that stand together, or a place where some are missing.
Rows: TypeAlias = "pa.RecordBatch | Skipped"


def rows_at_once(row_bytes: float) -> int:
    """Return how many rows of a size are looked at together."""
    return int(min(MAX_BATCH_ROWS, max(1, BATCH_BYTES // max(row_bytes, 1))))


def records(
    batches: Iterator[Rows], budget: Budget, settings: IngestSettings
) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row of batches, which are valid.

    Raises:
        ReadError: too_large: the rows are far more than the file.
    """
    number = 1
    for batch in batches:
        if isinstance(batch, Skipped):
            last = number + batch.rows - 1
            yield Flaw(number, "too_large", f"{batch.detail}: rows {number} to {last}")
            number += batch.rows
            continue
        budget.charge_bytes(1)  # from here on records count, if they are of nothing
        for row in chain.from_iterable(map(partial(_rows, settings=settings), _pieces(batch))):
            yield _record(number, row, budget, settings)
            number += 1


def _record(
    number: int, row: dict[str, object] | Flaw, budget: Budget, settings: IngestSettings
) -> Record | Flaw:
    if isinstance(row, Flaw):
        return row._replace(number=number)
    content = canonical_json(row).encode()
    budget.charge_bytes(len(content))
    if len(content) > settings.max_record_bytes:
        return Flaw(number, "too_large", size_detail(settings.max_record_bytes))
    return read_row(Row(number, content, row, _ENCODING), settings)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield the rows in pieces that take about `BATCH_BYTES` when each has values of its own."""
    row_bytes = batch.nbytes / max(batch.num_rows, 1)
    row_bytes += sum(_largest_shared_bytes(column) for column in batch.columns)
    rows = rows_at_once(row_bytes)
    for start in range(0, batch.num_rows, rows):
        yield _decoded(batch.slice(start, rows))


def _decoded(piece: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in piece.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=piece.schema.names)


def _largest_shared_bytes(column: pa.Array) -> int:
    """Return how large a value can be that many rows of a column refer to; 0: each has its own."""
    kind = column.type
    if pa.types.is_dictionary(kind) and (
        pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
    ):
        return int(pc.max(pc.binary_length(column.dictionary)).as_py() or 0)
    return int(column.nbytes) if _shares(kind) else 0


def _shares(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_dictionary,
        pa.types.is_run_end_encoded,
        pa.types.is_string_view,
        pa.types.is_binary_view,
        pa.types.is_list_view,
        pa.types.is_large_list_view,
    )
    if any(test(kind) for test in tests):
        return True
    return any(_shares(kind.field(index).type) for index in range(kind.num_fields))


def _rows(batch: pa.RecordBatch, settings: IngestSettings) -> Iterator[dict[str, object] | Flaw]:
    """Yield the fields of each row, or what is wrong with a row."""
    names = unique_names(batch.schema.names)
    if batch.nbytes <= settings.max_record_bytes:  # then no row is larger
        try:
            columns = [_in_microseconds(column).to_pylist() for column in batch.columns]
        except (ValueError, OverflowError):
            pass
        else:
            del batch  # the values are Python's now
            yield from (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
            return
    for index in range(batch.num_rows):
        yield _row(names, batch.slice(index, 1), settings)


def _row(
    names: list[str], row: pa.RecordBatch, settings: IngestSettings
) -> dict[str, object] | Flaw:
    """Return one row's fields; a string that is not UTF-8, as writers let pass, as bytes."""
    own = (column.nbytes for column in row.columns if not _shares(column.type))
    if sum(own) > settings.max_record_bytes:
        return Flaw(None, "too_large", size_detail(settings.max_record_bytes))
    fields: dict[str, object] = {}
    for name, column in zip(names, row.columns, strict=True):
        try:
            fields[name] = _in_microseconds(column)[0].as_py()
        except UnicodeDecodeError:
            fields[name] = column.cast(pa.binary())[0].as_py()
        except (ValueError, OverflowError) as error:  # such as a date after the year 9999
            return Flaw(None, "malformed_record", str(error)[:DETAIL_CHARS])
    return fields


def _in_microseconds(column: pa.Array) -> pa.Array:
    """Return nanoseconds, which Python's own datetime does not have, as microseconds."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column
