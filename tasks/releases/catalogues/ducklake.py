"""Register releases in a DuckLake, without copying a file: a catalogue without a server.

A release is a snapshot that names it; readers see the one that was registered last, and any other
by its number. A rollback is a registration of the earlier release. DuckLake would count added files
as its own: nobody may have it delete old ones (docs/hand-over.md).
"""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.releases.catalogues import CatalogueMissing
from tasks.releases.releases import Release, shown_tables
from tasks.steps.store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FILE = "babelmill.ducklake"
_AUTHOR = "babelmill"


def register_ducklake(store: Store, release: Release, folder: Path) -> int:
    """Make a release the one that readers of a DuckLake see. Only under the store's lock.

    Args:
        store: Where the release is.
        release: Its record.
        folder: Where the catalogue (`babelmill.ducklake`) stands, or will.

    Returns:
        The number of its snapshot.

    Raises:
        CatalogueMissing: The extra `ducklake` is not installed, or DuckDB is of another version.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with _opened() as connection:
        catalogue, data = _quoted(f"ducklake:{folder / _FILE}"), _quoted(folder / "data")
        connection.execute(f"ATTACH {catalogue} AS lake (DATA_PATH {data})")
        latest = _latest(connection)
        if latest is None or latest[1] != release.release_id:
            _add(connection, store, release)
            latest = _latest(connection)
        if latest is None:
            raise RuntimeError("the lake has no snapshot of the release that was just added")
        return latest[0]


def _opened() -> "DuckDBPyConnection":
    try:
        import duckdb  # noqa: PLC0415 - an extra

        extension = import_module("duckdb_extension_ducklake")
    except ImportError as missing:
        raise CatalogueMissing(
            f"{missing.name} is not installed: pip install 'babelmill[ducklake]'"
        ) from missing
    files = Path(str(extension.__file__)).parent.glob(
        f"extensions/v{duckdb.__version__}/*.duckdb_extension"
    )
    file = next(files, None)
    if file is None:
        raise CatalogueMissing(
            f"DuckLake's extension is not of DuckDB {duckdb.__version__}, which is installed: "
            "pip install 'babelmill[ducklake]'"
        )
    connection = duckdb.connect()
    connection.execute(f"LOAD {_quoted(file)}")
    return connection


def _latest(connection: "DuckDBPyConnection") -> tuple[int, str] | None:
    """Return the last snapshot of a release, and which release it is of."""
    found = connection.execute(
        "SELECT snapshot_id, commit_extra_info FROM lake.snapshots() "
        "WHERE author = ? ORDER BY snapshot_id DESC LIMIT 1",
        [_AUTHOR],
    ).fetchone()
    return None if found is None else (int(found[0]), str(json.loads(found[1])["release"]))


def _add(connection: "DuckDBPyConnection", store: Store, release: Release) -> None:
    """Let the tables of the lake be a release's, in one snapshot."""
    connection.execute("BEGIN")
    for name in shown_tables(release):
        version = release.tables[name]
        files = [_quoted(store.folder(version).absolute() / file.name) for file in version.files]
        connection.execute(f"DROP TABLE IF EXISTS lake.{name}")
        connection.execute(f"CREATE TABLE lake.{name} AS FROM read_parquet({files[0]}) LIMIT 0")
        for file in files:
            connection.execute(f"CALL ducklake_add_data_files('lake', '{name}', {file})")
    told = _quoted(json.dumps({"release": release.release_id}))
    connection.execute(
        f"CALL lake.set_commit_message('{_AUTHOR}', 'release {release.release_id}', "
        f"extra_info => {told})"
    )
    connection.execute("COMMIT")


def _quoted(value: object) -> str:
    """Return a value as a text of SQL."""
    return "'" + str(value).replace("'", "''") + "'"
