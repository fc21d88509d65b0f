"""What the write path refuses: a frame that is not what its table is declared to be."""

import polars as pl
import pyarrow as pa

from expectations.schema import Table


class DoesNotConform(ValueError):
    """A frame is not what its table is declared to be."""


def conforming(table: Table, frame: pl.DataFrame) -> pa.Table:
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
    keys = frame.select(table.key)
    if not keys.equals(keys.unique(maintain_order=True).sort(table.key)):
        raise DoesNotConform(f"{table.name}: rows are not sorted by, or repeat, {table.key}")
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(table.arrow_schema)
