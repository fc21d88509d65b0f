"""Check the declarations of the tables, and what is derived from them."""

import polars as pl
import pyarrow as pa
import pytest

from expectations.schema import TIMESTAMP, Table, arrow_type, list_of, struct_of
from expectations.tables import TABLES
from expectations.working_tables import ALL_TABLES

EVERY_TABLE = pytest.mark.parametrize("table", ALL_TABLES.values(), ids=lambda table: table.name)


@EVERY_TABLE
def test_an_empty_frame_has_the_declared_columns_in_order(table: Table) -> None:
    assert table.empty().schema == table.polars_schema
    assert table.frame([]).schema == table.polars_schema
    assert table.empty().columns == table.column_names


@EVERY_TABLE
def test_arrow_and_polars_agree_on_every_type(table: Table) -> None:
    written = table.empty().to_arrow(compat_level=pl.CompatLevel.oldest()).cast(table.arrow_schema)
    assert pl.from_arrow(written).schema == table.polars_schema  # type: ignore[union-attr]


@EVERY_TABLE
def test_key_columns_exist_and_may_not_be_null(table: Table) -> None:
    nullable = {column.name: column.nullable for column in table.columns}
    assert [nullable[name] for name in table.key] == [False] * len(table.key)


@EVERY_TABLE
def test_every_column_has_a_meaning_in_the_arrow_metadata(table: Table) -> None:
    meanings = [field.metadata[b"meaning"].decode() for field in table.arrow_schema]
    assert meanings == [column.meaning for column in table.columns]
    assert all(meanings)


def test_a_column_has_one_type_in_every_table() -> None:
    types: dict[str, set[str]] = {}
    for table in TABLES.values():
        for column in table.columns:
            types.setdefault(column.name, set()).add(str(column.type))
    assert {name for name, found in types.items() if len(found) > 1} == set()


@pytest.mark.parametrize(
    ("data_type", "arrow"),
    [
        (pl.String(), pa.string()),
        (pl.Int64(), pa.int64()),
        (TIMESTAMP, pa.timestamp("us", "UTC")),
        (list_of(pl.String()), pa.list_(pa.string())),
        (struct_of(share=pl.Float64()), pa.struct([("share", pa.float64())])),
    ],
)
def test_a_declared_type_has_its_arrow_type(data_type: pl.DataType, arrow: pa.DataType) -> None:
    assert arrow_type(data_type) == arrow


@pytest.mark.parametrize("data_type", [pl.Int32(), pl.Date(), pl.Categorical(), list_of(pl.Int8())])
def test_another_type_may_not_be_declared(data_type: pl.DataType) -> None:
    with pytest.raises(TypeError, match="no table may have"):
        arrow_type(data_type)


def test_rows_with_missing_columns_become_nulls_and_not_other_columns() -> None:
    frame = TABLES["rejects"].frame([{"source_uri": "a.txt", "stage": "ingest"}])
    assert frame.schema == TABLES["rejects"].polars_schema
    assert frame["reason"].to_list() == [None]
