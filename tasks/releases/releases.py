"""Keep releases: which table versions belong together, and which of them people read.

    <store>/releases/<release>.json      what it is made of, the verdict, the lineage
    <store>/releases/<release>/          a link to each table's version, the report, descriptions
    <store>/latest                       a link to the release that people read

The link is replaced in one step, so that a reader sees one release or the other.
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import polars as pl
from pydantic import Field

from expectations.results import Verdict
from expectations.tables import RAW_DOCUMENTS, TABLES
from tasks.settings import Settings
from tasks.steps.build import StepSummary
from tasks.steps.fingerprint import digest
from tasks.steps.intact import damage_of
from tasks.steps.store import (
    UNFINISHED,
    Record,
    Store,
    TableVersion,
    read_record,
    sha256_of,
    write_atomically,
    write_record,
)


class UnknownRelease(LookupError):
    """There is no such release in the store, or none at all."""


class IncompleteRelease(RuntimeError):
    """Files of the release are lost or damaged."""


class Release(Record):
    """A set of table versions that was checked as one."""

    release_id: str
    created_at: str
    source: str
    previous: str | None
    tables: dict[str, TableVersion]
    settings: dict[str, object]
    models: list[str]
    environment: dict[str, str]
    steps: list[StepSummary]
    verdict: Verdict
    #: Of report.html alone, in releases of an earlier time.
    report_sha256: str | None = None
    #: Hashes of what its folder has beside the tables, by path, so that damage to it is seen.
    files: dict[str, str] = Field(default_factory=dict)
    #: Digests of the values by table and column (`tasks.releases.content`).
    content: dict[str, dict[str, str]] = Field(default_factory=dict)
    #: Records and entities that came, went or changed since the release before.
    changes: dict[str, int] = Field(default_factory=dict)
    #: What it measured (`tasks.releases.metrics`).
    metrics: dict[str, float] = Field(default_factory=dict)
    #: What whoever built it accepted (`tasks.releases.accepted`), whether it was needed or not.
    accepted: list[str] = Field(default_factory=list)


def release_id_of(
    tables: Mapping[str, TableVersion], check_rule: str, card: Mapping[str, object]
) -> str:
    """Name a release by what it holds, the rules that it was checked with, and what is told of it.

    Args:
        tables: Its tables.
        check_rule: Digest of suites and thresholds.
        card: The settings of its card: another licence is another release of the same tables.
    """
    versions = {name: table.version for name, table in sorted(tables.items())}
    return digest([versions, check_rule, card])


def record_path(store: Store, release_id: str) -> Path:
    """Return where the record of a release stands."""
    return store.root / "releases" / f"{release_id}.json"


def withdrawn_path(store: Store, release_id: str) -> Path:
    """Return the empty file that says that a rollback took a release away from readers."""
    return store.root / "releases" / f"{release_id}.withdrawn"


def release_folder(store: Store, release_id: str) -> Path:
    """Return the folder that `latest` links to when the release is the one that people read."""
    return store.root / "releases" / release_id


def find_release(store: Store, release_id: str) -> Release | None:
    """Return a release, or None; a name that is a path names none."""
    if Path(release_id).name != release_id:
        return None
    return read_record(record_path(store, release_id), Release)


def read_release(store: Store, release_id: str | None = None) -> Release:
    """Return a release; without a name, the one that people read.

    Args:
        store: Where the releases stand.
        release_id: Its name, or as much of the beginning as no other has.

    Raises:
        UnknownRelease: There is no such release, or more than one.
    """
    name = latest_id(store) if release_id is None else _whole_name(store, release_id)
    found = None if name is None else find_release(store, name)
    if found is None:
        known = ", ".join(release.release_id for release in list_releases(store)) or "none"
        raise UnknownRelease(f"no release {name or 'is published'} in {store.root}; known: {known}")
    return found


def _whole_name(store: Store, beginning: str) -> str:
    """Return the name of the only release whose name begins so; none or many: what was given."""
    names = sorted(path.stem for path in (store.root / "releases").glob("*.json"))
    meant = [name for name in names if beginning and name.startswith(beginning)]
    if len(meant) > 1 and beginning not in meant:
        raise UnknownRelease(f"more than one release begins with {beginning}: {', '.join(meant)}")
    return meant[0] if len(meant) == 1 else beginning


def latest_id(store: Store) -> str | None:
    """Return the name of the release that people read, if there is one."""
    link = store.root / "latest"
    return link.readlink().name if link.is_symlink() else None


def list_releases(store: Store) -> list[Release]:
    """Return all releases, oldest first."""
    paths = (store.root / "releases").glob("*.json")
    found = [release for path in paths if (release := read_record(path, Release)) is not None]
    known = {release.release_id: release for release in found}
    return sorted(found, key=lambda r: (r.created_at, _older_of_its_second(r, known), r.release_id))


def _older_of_its_second(release: Release, known: Mapping[str, Release]) -> int:
    """Count the releases before one that were made in the same second."""
    count, before = 0, known.get(release.previous or "")
    while before and before.created_at == release.created_at and count < len(known):
        count, before = count + 1, known.get(before.previous or "")
    return count


def is_withdrawn(store: Store, release_id: str) -> bool:
    """Whether a rollback took the release away from readers."""
    return withdrawn_path(store, release_id).is_file()


def release_tables(store: Store, release: Release) -> dict[str, pl.LazyFrame]:
    """Return the tables of a release as lazy frames, by name.

    Raises:
        IncompleteRelease: Files of it are lost or damaged.
    """
    damaged = sorted({n for n, table in release.tables.items() if damage_of(store, [table])})
    if damaged:
        raise IncompleteRelease(
            f"release {release.release_id} has lost or damaged files of {', '.join(damaged)}; "
            "build the source again to restore them (`babelmill verify --quick` says more)"
        )
    return {name: store.scan(table) for name, table in release.tables.items()}


def publish_release(store: Store, release: Release, files: Mapping[str, str]) -> None:
    """Write a release and let people read it. A crash before the last step changes nothing.

    Args:
        store: Where it is written to.
        release: Its record.
        files: Texts of what its folder has beside the tables, by path within it.
    """
    folder = release_folder(store, release.release_id)
    link_tables(store, release)
    for name, text in files.items():
        write_atomically(folder / name, partial(_write, text=text))
    hashes = {name: sha256_of(folder / name) for name in files}
    known = release.model_copy(update={"files": hashes})
    write_record(record_path(store, release.release_id), known)
    point_latest(store, release.release_id)


def link_tables(store: Store, release: Release) -> None:
    """Let a release's folder, which is made, lead to its tables."""
    folder = release_folder(store, release.release_id)
    folder.mkdir(parents=True, exist_ok=True)
    for name in shown_tables(release):
        _link(folder / name, store.folder(release.tables[name]))


def folder_damage(store: Store, release: Release) -> list[str]:
    """Return what of a release's folder, its links and files, is not as it was published.

    What a killed publication left there counts, too. The tables themselves are `damage_of`.
    """
    folder = release_folder(store, release.release_id)
    tables = shown_tables(release)
    links = {folder / name: store.folder(release.tables[name]) for name in tables}
    wrong = [path for path, target in links.items() if not _leads_to(path, target)]
    recorded: Mapping[str, str | None] = release.files or {"report.html": release.report_sha256}
    for name, sha256 in recorded.items():
        path = folder / name
        if not path.is_file() or sha256 not in {None, sha256_of(path)}:
            wrong.append(path)
    wrong += folder.rglob(f"{UNFINISHED}*")
    return [str(path.relative_to(folder)) for path in wrong]


def shown_tables(release: Release) -> list[str]:
    """Return the tables that a release's folder has: all, or all that are redacted."""
    settings = Settings.model_validate(release.settings)
    hidden = {RAW_DOCUMENTS.name} if settings.personal_data.redact else set()
    return [name for name in TABLES if name not in hidden]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _link(link: Path, target: Path) -> None:
    """Make or replace a link in one step."""
    if _leads_to(link, target):
        return
    temporary = link.with_name(f"{UNFINISHED}{link.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.path.relpath(target, link.parent))
    temporary.replace(link)


def _leads_to(link: Path, target: Path) -> bool:
    return link.is_symlink() and link.readlink() == Path(os.path.relpath(target, link.parent))


def point_latest(store: Store, release_id: str) -> None:
    """Let people read a release."""
    withdrawn_path(store, release_id).unlink(missing_ok=True)
    _link(store.root / "latest", release_folder(store, release_id))


def roll_back(store: Store, release_id: str | None = None) -> Release:
    """Let people read another release.

    If that is an older one, the one left is withdrawn: builds do not publish it again by
    themselves. Only under the store's lock.

    Args:
        store: Where the releases stand.
        release_id: The release to read; None: the one before the latest.

    Raises:
        UnknownRelease: There is no such release, or none before the latest.
        IncompleteRelease: Files of it are lost or damaged.
    """
    left = read_release(store)
    name = release_id or left.previous
    if name is None:
        raise UnknownRelease(f"release {left.release_id} is the first in {store.root}")
    release = read_release(store, name)
    release_tables(store, release)
    if release.created_at < left.created_at:
        write_atomically(withdrawn_path(store, left.release_id), lambda path: path.touch())
    point_latest(store, release.release_id)
    return release
