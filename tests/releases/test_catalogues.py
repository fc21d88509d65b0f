"""A release that is registered reads the same, is never copied, and can be rolled back to."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.tables import TABLES
from tasks.releases.catalogues.iceberg import register_iceberg
from tasks.releases.catalogues.lineage import write_lineage
from tasks.releases.prune import prune_store
from tasks.releases.releases import Release
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_records import RECORDS
from tests.making.release_tables import release_tables

pytest.importorskip("pyiceberg", reason="needs the extra `catalogues`")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def releases(store: Store) -> tuple[Release, Release]:
    first = published(store.root, release_tables(RECORDS[:2]), version="v1")
    second = published(store.root, release_tables(), parts=2, version="v2")
    return first, second


def _table(folder: Path, name: str) -> Any:
    from pyiceberg.catalog.sql import SqlCatalog

    catalogue = SqlCatalog("babelmill", uri=f"sqlite:///{folder / 'catalogue.db'}")
    return catalogue.load_table(f"babelmill.{name}")


def _ids(table: Any, tag: str | None = None) -> list[str]:
    snapshot = None if tag is None else table.refs()[tag].snapshot_id
    found: list[str] = table.scan(snapshot_id=snapshot).to_arrow()["doc_id"].to_pylist()
    return sorted(found)


def test_each_table_reads_as_it_was_published_and_no_file_is_copied(
    store: Store, releases: tuple[Release, Release], tmp_path: Path
) -> None:
    folder = tmp_path / "catalogue"
    register_iceberg(store, releases[1], folder)
    assert not list(folder.rglob("*.parquet"))
    for name in TABLES:
        read = pl.from_arrow(_table(folder, name).scan().to_arrow())
        assert isinstance(read, pl.DataFrame)
        expected = release_tables()[name].collect()
        assert read.select(expected.columns).sort(TABLES[name].key).equals(expected)


def test_a_release_is_a_tag_and_main_is_the_one_registered_last(
    store: Store, releases: tuple[Release, Release], tmp_path: Path
) -> None:
    first, second = releases
    made = [register_iceberg(store, release, tmp_path) for release in (first, second)]
    documents = _table(tmp_path, "documents")
    assert documents.refs().keys() == {"main", first.release_id, second.release_id}
    assert len(_ids(documents)) == 5
    assert len(_ids(documents, first.release_id)) == 2
    # Back to the first: no snapshot is made again.
    assert register_iceberg(store, first, tmp_path) == made[0]
    documents = _table(tmp_path, "documents")
    assert len(_ids(documents)) == 2
    assert len(_ids(documents, second.release_id)) == 5


def test_a_tag_of_a_deleted_release_goes(
    store: Store, releases: tuple[Release, Release], tmp_path: Path
) -> None:
    for release in releases:
        register_iceberg(store, release, tmp_path)
    prune_store(store, keep=1)
    register_iceberg(store, releases[1], tmp_path)
    documents = _table(tmp_path, "documents")
    assert documents.refs().keys() == {"main", releases[1].release_id}
    assert len(_ids(documents)) == 5


def test_lineage_tells_of_each_step_with_what_was_checked(
    store: Store, releases: tuple[Release, Release], tmp_path: Path
) -> None:
    file = tmp_path / "lineage.jsonl"
    count = write_lineage(store, releases[1], str(file))
    events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(events) == count == 6
    told = [(event["job"]["name"], event["eventType"]) for event in events]
    assert told == [
        ("build", "START"), ("test", "START"), ("test", "COMPLETE"), ("check", "START"),
        ("check", "COMPLETE"), ("build", "COMPLETE"),
    ]  # fmt: skip
    assert events[0]["run"]["runId"] == events[5]["run"]["runId"]
    parent = events[1]["run"]["facets"]["parent"]["run"]
    assert parent["runId"] == events[0]["run"]["runId"]
    documents = next(o for o in events[5]["outputs"] if o["name"].endswith("/documents"))
    assert documents["outputFacets"]["outputStatistics"]["rowCount"] == 5
    columns = [field["name"] for field in documents["facets"]["schema"]["fields"]]
    assert columns == TABLES[Path(documents["name"]).name].column_names
    [documents] = [i for i in events[4]["inputs"] if i["name"].endswith("/documents")]
    [assertion] = documents["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert (assertion["assertion"], assertion["success"]) == ("unique", True)
    again = tmp_path / "again.jsonl"
    write_lineage(store, releases[1], str(again))
    assert again.read_bytes() == file.read_bytes()
