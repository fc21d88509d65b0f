"""A release in a DuckLake reads as published, is never copied, and can be rolled back to.

DuckLake's extension is of an older DuckDB than ours: `make test-ducklake` brings both aside.
"""

import sys
from pathlib import Path
from typing import Any

import pytest

from expectations.tables import TABLES
from tasks.releases.catalogues import CatalogueMissing, ducklake
from tasks.releases.catalogues.ducklake import register_ducklake
from tasks.releases.releases import Release
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_records import RECORDS
from tests.making.release_tables import release_tables


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Release, Release]:
    store = tmp_path / "it's a store"
    first = published(store, release_tables(RECORDS[:2]), version="v1")
    return first, published(store, release_tables(), parts=2, version="v2")


def _opened(folder: Path) -> Any:
    connection = ducklake._opened()
    connection.execute(f"ATTACH 'ducklake:{folder / 'babelmill.ducklake'}' AS lake (READ_ONLY)")
    return connection


def _documents(connection: Any, at: str = "") -> int:
    return int(connection.execute(f"SELECT count(*) FROM lake.documents {at}").fetchone()[0])


def test_each_table_reads_as_it_was_published_and_a_rollback_adds_no_file(
    releases: tuple[Release, Release], tmp_path: Path
) -> None:
    pytest.importorskip("duckdb_extension_ducklake", reason="make test-ducklake")
    (first, second), store = releases, Store(tmp_path / "it's a store")
    made = [register_ducklake(store, release, tmp_path / "lake") for release in releases]
    assert register_ducklake(store, second, tmp_path / "lake") == made[1]
    with _opened(tmp_path / "lake") as connection:
        for name in TABLES:
            read = connection.execute(f"FROM lake.{name}").pl()
            expected = release_tables()[name].collect()
            found = read.select(expected.columns).cast(dict(expected.schema))
            assert found.sort(TABLES[name].key).equals(expected)
        assert _documents(connection, f"AT (VERSION => {made[0]})") == 2
    before = set(store.root.rglob("*.parquet"))
    again = register_ducklake(store, first, tmp_path / "lake")
    with _opened(tmp_path / "lake") as connection:
        assert _documents(connection) == 2
        assert _documents(connection, f"AT (VERSION => {made[1]})") == 5
        last = connection.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchone()
        assert last == (again,)
    assert not list((tmp_path / "lake").rglob("*.parquet"))
    assert set(store.root.rglob("*.parquet")) == before


def test_another_duckdb_than_the_extensions_is_told_in_a_sentence(
    releases: tuple[Release, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "duckdb_extension_ducklake").mkdir()
    (tmp_path / "duckdb_extension_ducklake" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "duckdb_extension_ducklake", raising=False)
    with pytest.raises(CatalogueMissing, match=r"not of DuckDB .*babelmill\[ducklake\]"):
        register_ducklake(Store(tmp_path / "it's a store"), releases[1], tmp_path / "lake")
