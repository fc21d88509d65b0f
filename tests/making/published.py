"""Publish a release of given tables, without a build, for tests of what readers find."""

from pathlib import Path
from typing import Any

import polars as pl

from expectations.tables import TABLES
from tasks.releases.publish import draft_publication, prepare_publication
from tasks.releases.releases import Release, publish_release, read_release, release_id_of
from tasks.settings import Settings
from tasks.steps.store import Part, Store, TableVersion, in_part
from tests.making.reports import RELEASE

Tables = dict[str, pl.LazyFrame]


def write_tables(
    store: Store, tables: Tables, parts: int = 1, version: str = "v1"
) -> dict[str, TableVersion]:
    """Write tables, each with a row that has a `doc_id` in several parts, and return them."""
    return {name: _written(store, name, tables[name], parts, version) for name in TABLES}


def _written(store: Store, name: str, table: pl.LazyFrame, count: int, called: str) -> TableVersion:
    is_cut = TABLES[name].key[0] == "doc_id"
    cuts = [Part(index, count) for index in range(count)] if is_cut else [Part(0, 1)]
    files = [
        store.write_part(name, called, part.index, in_part(table, part).collect() if is_cut else table.collect())
        for part in cuts
    ]  # fmt: skip
    version = TableVersion(
        table=name, version=called, step="test", rule="r", inputs={},
        rows=sum(file.rows for file in files), files=files,
    )  # fmt: skip
    store.commit(version)
    return version


def published(
    folder: Path, tables: Tables, parts: int = 1, version: str = "v1", **settings: Any
) -> Release:
    """Publish a release of tables into a new store, and return its record."""
    store = Store(folder)
    versions = write_tables(store, tables, parts, version)
    chosen = Settings.model_validate(settings)
    release = RELEASE.model_copy(
        update={
            "release_id": release_id_of(versions, "rule", chosen.card.model_dump()),
            "previous": None,
            "tables": versions,
            "settings": chosen.model_dump(mode="json"),
        }
    )
    publication = prepare_publication(store, release, draft_publication(store, versions, None))
    publish_release(store, publication.release, publication.files)
    return read_release(store)
