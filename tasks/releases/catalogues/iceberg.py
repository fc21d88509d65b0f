"""Register releases in a catalogue of Apache Iceberg, without copying a file.

A table's version is a snapshot, a release a tag on the snapshots of its tables; the branch `main`,
which readers see, is moved to the release that was registered last. A rollback is a registration
of the earlier release: no snapshot is made again. Iceberg names files by their whole paths, so that
a store that is moved is registered anew.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.tables import TABLES
from tasks.releases.catalogues import CatalogueMissing
from tasks.releases.releases import Release, list_releases, shown_tables
from tasks.steps.store import Store, TableVersion

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.table import Table

NAMESPACE = "babelmill"
_FILE = "catalogue.db"
#: Of a snapshot: which version of our table it is.
_VERSION = "babelmill.version"


def register_iceberg(
    store: Store, release: Release, folder: Path, address: str | None = None
) -> dict[str, int]:
    """Make a release the one that readers of a catalogue see. Only under the store's lock.

    Args:
        store: Where the releases are told.
        release: The record of one.
        folder: Where the catalogue (SQLite) and the metadata of its tables stand, or will.
        address: Where readers find the store (`s3://…`), of which this is a mirror; None: here.

    Returns:
        The snapshot of each table.

    Raises:
        CatalogueMissing: The extra `catalogues` is not installed.
    """
    place = address or store.root.absolute().as_uri()
    # At an address by what the store was reached with, which knows endpoints of the environment.
    reading = {} if address is None else {"py-io-impl": "pyiceberg.io.fsspec.FsspecFileIO"}
    catalogue = _opened(folder, reading)
    catalogue.create_namespace_if_not_exists(NAMESPACE)
    known = [found.release_id for found in list_releases(store)]
    return {
        name: _register(catalogue, place, release.tables[name], release.release_id, known)
        for name in shown_tables(release)
    }


def _opened(folder: Path, properties: dict[str, str]) -> "SqlCatalog":
    try:
        from pyiceberg.catalog.sql import SqlCatalog  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CatalogueMissing(
            f"{missing.name} is not installed: pip install 'babelmill[catalogues]'"
        ) from missing
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder / _FILE}"
    return SqlCatalog(NAMESPACE, uri=uri, warehouse=folder.as_uri(), **properties)


def _register(
    catalogue: "SqlCatalog",
    place: str,
    version: TableVersion,
    release_id: str,
    known: Sequence[str],
) -> int:
    """Let the branch `main` and a tag of a table lead to a version; return its snapshot."""
    name = f"{NAMESPACE}.{version.table}"
    table = catalogue.create_table_if_not_exists(name, TABLES[version.table].arrow_schema)
    snapshot = _snapshot_of(table, version.version)
    if snapshot is None:
        folder = f"{place}/tables/{version.table}/{version.version}"
        with table.transaction() as transaction:
            if table.current_snapshot() is not None:
                transaction.delete("true")
            transaction.add_files(
                [f"{folder}/{file.name}" for file in version.files],
                snapshot_properties={_VERSION: version.version},
            )
        snapshot = _snapshot_of(table, version.version)
    if snapshot is None:
        raise RuntimeError(f"{name} has no snapshot of the version that was just added")
    with table.manage_snapshots() as changes:
        changes.set_current_snapshot(snapshot)
        changes.create_tag(snapshot, release_id)
        for tag in table.refs():
            if tag not in {"main", *known}:
                changes.remove_tag(tag)
    return snapshot


def _snapshot_of(table: "Table", version: str) -> int | None:
    """Return the snapshot that has the files of a version."""
    for snapshot in table.snapshots():
        if snapshot.summary is not None and snapshot.summary.get(_VERSION) == version:
            return snapshot.snapshot_id
    return None
