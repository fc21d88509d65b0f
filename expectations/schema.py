"""Provide what a table is declared with: columns with type, meaning and nullability, and a key.

The Polars schema, the Arrow schema with the meaning of each column in its field
metadata, and `docs/tables.md` are all derived from these declarations.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa

STRING = pl.String()
BINARY = pl.Binary()
INTEGER = pl.Int64()
FLOAT = pl.Float64()
BOOLEAN = pl.Boolean()
TIMESTAMP = pl.Datetime("us", "UTC")


def list_of(inner: pl.DataType) -> pl.DataType:
    """Return the type of a list column."""
    return pl.List(inner)


def struct_of(**fields: pl.DataType) -> pl.DataType:
    """Return the type of a struct column."""
    return pl.Struct(fields)


@dataclass(frozen=True)
class Column:
    """One column: its name, its Polars type, what it means, whether it may be null."""

    name: str
    type: pl.DataType
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, its key (also its sort order), its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def polars_schema(self) -> pl.Schema:
        """The columns and their Polars types, in order."""
        return pl.Schema({column.name: column.type for column in self.columns})

    @property
    def arrow_schema(self) -> "pa.Schema":
        """The Arrow schema that the store writes, with meanings as field metadata."""
        import pyarrow as pa  # noqa: PLC0415 - takes .1 s, and only who writes needs it

        return pa.schema([_arrow_field(column) for column in self.columns])

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def only(self, *names: str) -> "Table":
        """Return this table with some of its columns, in their order, as a stage reads it.

        Raises:
            KeyError: The table has no such column.
        """
        if unknown := sorted(set(names) - set(self.column_names)):
            raise KeyError(f"{self.name} has no column {', '.join(unknown)}")
        columns = tuple(column for column in self.columns if column.name in names)
        return replace(self, columns=columns)

    def empty(self) -> pl.DataFrame:
        """Return a frame with this table's schema and no rows."""
        return pl.DataFrame(schema=self.polars_schema)

    def frame(self, rows: Iterable[dict[str, object]]) -> pl.DataFrame:
        """Return a frame of this table's schema from row dictionaries (none: empty frame)."""
        return pl.DataFrame(list(rows), schema=self.polars_schema, orient="row")


def _arrow_field(column: Column) -> "pa.Field":
    import pyarrow as pa  # noqa: PLC0415

    return pa.field(
        column.name,
        arrow_type(column.type),
        nullable=column.nullable,
        metadata={"meaning": column.meaning},
    )


def arrow_type(data_type: pl.DataType) -> "pa.DataType":
    """Return the Arrow type for a Polars type that a declaration uses.

    Raises:
        TypeError: The type is not one of those that tables are declared with.
    """
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(data_type, pl.List):
        # Parquet calls the items so: what is read back has the schema that was written.
        return pa.list_(pa.field("element", arrow_type(_instance(data_type.inner))))
    if isinstance(data_type, pl.Struct):
        return pa.struct(
            [pa.field(field.name, arrow_type(_instance(field.dtype))) for field in data_type.fields]
        )
    for known, arrow in _ARROW_TYPES:
        if data_type == known:
            return arrow(pa)
    raise TypeError(f"no table may have a column of type {data_type}")


def _instance(data_type: object) -> pl.DataType:
    return data_type if isinstance(data_type, pl.DataType) else data_type()  # type: ignore[operator]


_ARROW_TYPES: list[tuple[pl.DataType, Callable[[Any], Any]]] = [
    (STRING, lambda pa: pa.string()),
    (BINARY, lambda pa: pa.binary()),
    (INTEGER, lambda pa: pa.int64()),
    (FLOAT, lambda pa: pa.float64()),
    (BOOLEAN, lambda pa: pa.bool_()),
    (TIMESTAMP, lambda pa: pa.timestamp("us", "UTC")),
]
