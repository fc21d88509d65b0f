"""Check the write path: it refuses what does not conform; what it writes, every reader reads."""

from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from expectations.tables import TABLES
from expectations.working_tables import ALL_TABLES
from tasks.steps.store import DoesNotConform, Store, write_atomically
from tests.making.toy import pages, put


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def _refused(store: Store, frame: pl.DataFrame) -> str:
    with pytest.raises(DoesNotConform) as refusal:
        store.write_part("page_metadata", "v", 0, frame)
    assert list(store.root.rglob("*.parquet")) == []
    return str(refusal.value)


def test_a_frame_with_another_type_is_refused_by_name(store: Store) -> None:
    frame = pages({"a": "t"}).with_columns(pl.lit(1).alias("title"))
    assert "page_metadata" in _refused(store, frame)


def test_a_frame_with_a_column_too_many_is_refused(store: Store) -> None:
    assert "extra" in _refused(store, pages({"a": "t"}).with_columns(extra=1))


def test_a_null_in_a_required_column_is_refused_by_name(store: Store) -> None:
    frame = pages({"a": "t"}).with_columns(pl.lit(None, pl.String).alias("doc_id"))
    assert "doc_id may not be null" in _refused(store, frame)


def test_rows_out_of_order_are_refused(store: Store) -> None:
    frame = pages({"a": "t", "b": "t"}).sort("doc_id", descending=True)
    assert "not sorted" in _refused(store, frame)


def test_a_repeated_key_is_refused(store: Store) -> None:
    frame = pages({"a": "t"})
    assert "repeat" in _refused(store, pl.concat([frame, frame]))


@pytest.mark.parametrize("name", sorted(ALL_TABLES))
def test_every_table_can_be_written_empty_with_its_meanings(store: Store, name: str) -> None:
    store.write_part(name, "v", 0, ALL_TABLES[name].empty())
    schema = pq.read_schema(store.part_path(name, "v", 0))
    assert schema.equals(ALL_TABLES[name].arrow_schema, check_metadata=True)


def test_a_version_without_its_manifest_does_not_exist(store: Store) -> None:
    store.write_part("page_metadata", "v", 0, pages({"a": "t"}))
    assert store.table_version("page_metadata", "v") is None


def test_a_record_with_any_byte_changed_is_no_record(store: Store) -> None:
    put(store, "v", pages({"a": "t"}))
    (path,) = (store.root / "tables" / "page_metadata").glob("*.json")
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(
            content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        )
        found = store.manifest("page_metadata", "v")
        assert found is None or position > content.index(b'"seal"') - 4, position
    path.write_bytes(content)
    assert store.manifest("page_metadata", "v") is not None


def test_a_version_with_a_truncated_file_does_not_exist(store: Store) -> None:
    table = put(store, "v", pages({"a": "t"}))
    path = store.part_path("page_metadata", "v", 0)
    path.write_bytes(path.read_bytes()[:-1])
    assert store.table_version("page_metadata", table.version) is None


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    files = [put(Store(tmp_path / name), "v", pages({"a": "t"})).files for name in ("x", "y")]
    assert files[0] == files[1]


def test_a_write_that_fails_leaves_neither_file_nor_debris(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", "utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(tmp_path / "file", fail)
    assert list(tmp_path.iterdir()) == []


def test_debris_of_a_killed_writer_is_swept_and_never_matches_a_readers_glob(store: Store) -> None:
    put(store, "v", pages({"a": "t"}))
    folder = store.part_path("page_metadata", "v", 0).parent
    debris = folder / ".unfinished-x"
    debris.write_text("half", "utf-8")
    assert pl.read_parquet(folder / "*.parquet").height == 1
    with store.locked(lambda: None):
        pass
    assert not debris.exists()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_polars_duckdb_pandas_and_pyarrow_read_the_same_columns(store: Store, name: str) -> None:
    store.write_part(name, "v", 0, TABLES[name].empty())
    folder = store.part_path(name, "v", 0).parent
    names = TABLES[name].column_names
    assert pl.scan_parquet(folder / "*.parquet").collect_schema() == TABLES[name].polars_schema
    assert duckdb.connect().read_parquet(f"{folder}/*.parquet").columns == names
    assert list(pd.read_parquet(folder).columns) == names
    assert ds.dataset(folder).schema.names == names


def test_rows_in_several_pieces_are_written_as_the_bytes_of_one(store: Store) -> None:
    whole = pages({f"document {n}": f"{n} " * 400 for n in range(3_000)})
    pieces = pl.concat([whole[:999], whole[999:1001], whole[1001:]], rechunk=False)
    assert pieces.n_chunks() > whole.n_chunks()
    files = [put(store, name, frame).files for name, frame in (("a", whole), ("b", pieces))]
    assert files[0] == files[1]
