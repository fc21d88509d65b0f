"""Every engine that people read a release with counts the same rows in each table."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as arrow
import pytest

from babelmill import open_release
from expectations.tables import TABLES
from tasks.releases.catalogues.iceberg import register_iceberg
from tasks.releases.releases import read_release
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_tables import release_tables

ROWS = {name: table.collect().height for name, table in release_tables().items()}
FILLED = [name for name, rows in ROWS.items() if rows]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines") / "store"
    published(folder, release_tables(), parts=2)
    return folder


def _by_duckdb(latest: Path, table: str) -> int:
    with duckdb.connect() as connection:
        query = f"SELECT count(*) FROM read_parquet('{latest}/{table}/*.parquet')"
        counted: int = connection.execute(query).fetchall()[0][0]
        return counted


ENGINES: dict[str, Callable[[Path, str], int]] = {
    "polars": lambda latest, table: pl.read_parquet(latest / table / "*.parquet").height,
    "babelmill": lambda latest, table: open_release(latest)[table].collect().height,
    "duckdb": _by_duckdb,
    "pandas": lambda latest, table: len(pd.read_parquet(latest / table)),
    "pyarrow": lambda latest, table: arrow.dataset(latest / table).count_rows(),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_counts_the_same_rows(store: Path, engine: str) -> None:
    assert {name: ENGINES[engine](store / "latest", name) for name in TABLES} == ROWS


def test_iceberg_counts_the_same_rows(store: Path, tmp_path: Path) -> None:
    sql = pytest.importorskip("pyiceberg.catalog.sql", reason="needs the extra `catalogues`")
    opened = Store(store)
    register_iceberg(opened, read_release(opened), tmp_path)
    catalogue = sql.SqlCatalog("babelmill", uri=f"sqlite:///{tmp_path / 'catalogue.db'}")
    tables = {name: catalogue.load_table(f"babelmill.{name}") for name in TABLES}
    assert {name: table.scan().count() for name, table in tables.items()} == ROWS


@pytest.mark.slow
def test_hugging_face_and_croissant_count_the_same_rows(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    import mlcroissant

    subprocess.run(["cp", "-rL", f"{store / 'latest'}/.", str(tmp_path / "copy")], check=True)
    described: Any = mlcroissant.Dataset(jsonld=str(tmp_path / "copy" / "croissant.json"))
    for name in FILLED:
        loaded = datasets.load_dataset(str(store / "latest"), name, cache_dir=str(tmp_path / "hf"))
        assert loaded["train"].num_rows == ROWS[name]
        assert len(list(described.records(name))) == ROWS[name]
