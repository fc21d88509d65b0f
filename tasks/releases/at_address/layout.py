"""Name what a store at an address (`s3://bucket/prefix`) is made of.

    latest.json                        which release people read; the only object that ever changes
    releases/<release>-<digest>.json   the record of a release
    releases/<release>-<digest>/       its tables, as files and no links, and what describes it
    publications/<release>-<digest>.json   what the next build reuses of it, with hashes
    tables/…  steps/…                  the versions, as in a store on a disk
    state/<hash>                       files of a store on a disk that change, by their content

Two builds of one source make equal tables, but records of different times: hence the digest.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tasks.releases.metrics import metrics_path
from tasks.releases.prune import newest_versions
from tasks.releases.releases import (
    Release,
    find_release,
    record_path,
    release_folder,
    shown_tables,
)
from tasks.steps.store import UNFINISHED, Record, Store, TableVersion, sha256_of

POINTER = "latest.json"
#: Begin the names of everything else. What has another name is not ours.
_FOLDERS = ("releases/", "publications/", "tables/", "steps/", "state/")
_DIGEST_DIGITS = 8
#: Names of what changes in the folder of a step.
_CHANGING = {"newest", "newest.json"}


class Pointer(Record):
    """What `latest.json` says. Names are of the form `<release>-<digest of its record>`."""

    #: The release that people read: a folder, and a record beside it.
    name: str
    folder: str
    #: All releases, in the order of their publication.
    published: list[str]
    #: Releases, without digests, that a rollback took away.
    withdrawn: list[str]
    #: How often objects were deleted, so that no builder of before finds it as it was.
    prunings: int = 0
    #: Whether objects are being deleted; whoever builds next finishes it first.
    is_pruning: bool = False

    @property
    def reused(self) -> list[str]:
        """Releases that the next build may reuse rows of: the latest, and the newest."""
        return sorted({self.name, *self.published[-1:]})


class StoredFile(Record):
    """A file of a store on a disk, and the object that has its content."""

    path: str
    key: str
    sha256: str
    size_bytes: int

    @property
    def changes(self) -> bool:
        """Whether a file of this path may have another content next time."""
        return self.path != self.key


class Publication(Record):
    """What a store on a disk has when a release is published, and a build may reuse."""

    files: list[StoredFile]


def name_of(store: Store, release_id: str) -> str:
    """Return the name that a release, which exists, has at an address."""
    sha256 = sha256_of(record_path(store, release_id))
    return f"{release_id}-{sha256[:_DIGEST_DIGITS]}"


def release_of(name: str) -> str:
    """Return which release a name at an address is of."""
    return name.partition("-")[0]


def is_record_of(path: Path, name: str) -> bool:
    """Whether a file is the record that a name at an address is made of."""
    return path.is_file() and sha256_of(path).startswith(name.partition("-")[2])


def is_manifest(file: StoredFile) -> bool:
    """Whether a file tells of a version of a table."""
    return file.path.startswith("tables/") and file.path.endswith(".json")


def parts_of(table: TableVersion) -> list[StoredFile]:
    """Return the Parquet files of a version of a table."""
    folder = f"tables/{table.table}/{table.version}"
    return [
        StoredFile(
            path=f"{folder}/{file.name}",
            key=f"{folder}/{file.name}",
            sha256=file.sha256,
            size_bytes=file.size_bytes,
        )
        for file in table.files
    ]


def copies_of(release: Release, name: str) -> list[tuple[StoredFile, str]]:
    """Return the Parquet files that the folder of a release shows, and their keys there."""
    return [
        (file, f"releases/{name}/{table}/{Path(file.key).name}")
        for table in shown_tables(release)
        for file in parts_of(release.tables[table])
    ]


def described_by(store: Store, release: Release, name: str) -> list[StoredFile]:
    """Return the files beside the tables in a release's folder, which need not be here."""
    folder = release_folder(store, release.release_id)
    return [
        StoredFile(
            path=str((folder / path).relative_to(store.root)),
            key=f"releases/{name}/{path}",
            sha256=sha256,
            size_bytes=(folder / path).stat().st_size if (folder / path).is_file() else 0,
        )
        for path, sha256 in release.files.items()
    ]


def unneeded(
    sizes: Mapping[str, int], store: Store, pointer: Pointer, publications: Sequence[Publication]
) -> dict[str, int]:
    """Return the sizes of objects of ours that no published release needs, nor the next build.

    Args:
        sizes: Of all objects at the address.
        store: Has the records of the releases that the pointer names.
        pointer: What `latest.json` says.
        publications: What the next build reuses.
    """
    releases = (find_release(store, release_of(name)) for name in pointer.published)
    tables = (table for release in releases if release for table in release.tables.values())
    needed = {file.key for table in tables for file in parts_of(table)}
    needed |= {file.key for publication in publications for file in publication.files}
    needed |= {f"publications/{name}.json" for name in pointer.reused}
    needed |= {f"releases/{name}.json" for name in pointer.published}
    folders = tuple(f"releases/{name}/" for name in pointer.published)
    return {
        key: size
        for key, size in sizes.items()
        if key.startswith(_FOLDERS) and key not in needed and not key.startswith(folders)
    }


def reused_after(store: Store, release: Release) -> list[StoredFile]:
    """Return the files of a store that the build after a release may reuse, its tables included."""
    keep = newest_versions(store) | {table.version for table in release.tables.values()}
    places = [
        place
        for folder in ("tables", "steps")
        for place in sorted((store.root / folder).glob("*/*"))
        if place.stem in keep | {"newest", "chunks"}
    ]
    files = [file for place in places for file in _files_of(place)]
    kept = metrics_path(store)
    return [stored_file(store, file) for file in (*files, *([kept] if kept.is_file() else []))]


def all_files(store: Store) -> list[StoredFile]:
    """Return the files of tables and steps that a store has."""
    places = [store.root / folder for folder in ("tables", "steps")]
    return [stored_file(store, file) for place in places for file in _files_of(place)]


def _files_of(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for file in sorted(place.rglob("*")):
        if file.is_file() and not file.name.startswith(UNFINISHED):
            yield file


def stored_file(store: Store, file: Path) -> StoredFile:
    """Return what a file of a store is called at an address, and what is in it."""
    path, sha256 = file.relative_to(store.root), sha256_of(file)
    changes = bool(_CHANGING & set(path.parts)) or file == metrics_path(store)
    key = f"state/{sha256}" if changes else str(path)
    return StoredFile(path=str(path), key=key, sha256=sha256, size_bytes=file.stat().st_size)
