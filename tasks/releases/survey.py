"""Look at every file of a store, and say what is damaged and how it is mended.

Reads all of the store, writes nothing. A file is damaged if it is lost or is not what was
recorded of it; a record if its seal does not fit. What a killed build left half written is told,
and is no damage: readers' globs do not match it, and the next build sweeps it.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from expectations.results import Verdict
from tasks.reading.places import shown
from tasks.releases.releases import (
    Release,
    find_release,
    folder_damage,
    latest_id,
    list_releases,
    release_folder,
)
from tasks.steps.check import STEP as CHECK
from tasks.steps.check import PartOutcomes
from tasks.steps.ingest import STEP as INGEST
from tasks.steps.ingest import ChunkRecord
from tasks.steps.intact import damaged_among
from tasks.steps.part import PartRecord
from tasks.steps.stage import StepRecord
from tasks.steps.store import UNFINISHED, Record, Store, TableVersion, read_record

BUILD = "build {source} again"
_REBUILD_OLD = (
    "build {source} as it was on {date} again, or let the release go with `babelmill prune`"
)
_REUSE = "nothing to do: a build that could have reused it computes it again"
_SWEEP = "nothing to do: the next build sweeps it"
_PRUNE = "no release needs it: `babelmill prune` deletes it"
_ROLLBACK = "`babelmill rollback RELEASE`, or build the source again"


class Finding(Record):
    """A file or link of a store that is not as it should be."""

    path: str
    #: What is wrong with it: "lost or changed", "unreadable" …
    problem: str
    #: What mends it, for a person to do.
    remedy: str
    is_damage: bool = True


class Survey(Record):
    """What a look at all of a store found."""

    files: int
    size_bytes: int
    findings: list[Finding]

    @property
    def damage(self) -> list[Finding]:
        """Findings that are more than the traces of a killed build."""
        return [finding for finding in self.findings if finding.is_damage]


def survey_store(store: Store) -> Survey:
    """Return what is damaged in a store; a store that does not exist holds nothing."""
    files = [path for path in store.root.rglob("*") if path.is_file() and not path.is_symlink()]
    found = [*_releases(store), *_tables(store), *_steps(store), *_leftovers(store)]
    return Survey(
        files=len(files),
        size_bytes=sum(path.stat().st_size for path in files),
        findings=sorted(found, key=lambda finding: finding.path),
    )


def _finding(store: Store, path: Path, problem: str, remedy: str) -> Finding:
    return Finding(path=str(path.relative_to(store.root)), problem=problem, remedy=remedy)


def _releases(store: Store) -> Iterator[Finding]:
    """Look at links, reports and records of releases, and at the link that readers follow."""
    folder = store.root / "releases"
    for path in sorted(folder.glob("*.json")):
        release = read_record(path, Release)
        if release is None:
            yield _finding(store, path, "unreadable", "build the source again")
            continue
        for name in folder_damage(store, release):
            if not name.startswith(UNFINISHED):
                where = release_folder(store, release.release_id) / name
                yield _finding(store, where, "lost or changed", _remedy(store, release))
    for path in sorted(path for path in folder.glob("*") if path.is_dir()):
        if not path.with_name(f"{path.name}.json").exists():
            yield _unfinished(store, path)
    latest, link = latest_id(store), store.root / "latest"
    if latest is None and list_releases(store):
        yield _finding(store, link, "lost", _ROLLBACK)
    elif latest is not None and find_release(store, latest) is None:
        yield _finding(store, link, "leads to no release that can be read", _ROLLBACK)


def _remedy(store: Store, release: Release) -> str:
    return remedy_of(release, is_latest=release.release_id == latest_id(store))


def remedy_of(release: Release, *, is_latest: bool) -> str:
    """Return what a person does to mend a release."""
    if is_latest:
        return BUILD.format(source=shown(release.source))
    return _REBUILD_OLD.format(source=shown(release.source), date=release.created_at)


def _tables(store: Store) -> Iterator[Finding]:
    """Look at the versions of tables that a release or the next build needs, and at others."""
    needed = _needed(store)
    for path in sorted((store.root / "tables").glob("*/*.json")):
        if (path.parent.name, path.stem) not in needed:
            version = read_record(path, TableVersion)
            damaged = version is None or damaged_among(store.folder(version), version.files)
            if damaged:
                yield _finding(store, path, "of damaged files, or unreadable", _PRUNE)
    for (table, name), (known, remedy) in sorted(needed.items()):
        folder = store.root / "tables" / table
        if store.manifest(table, name) != known:
            yield _finding(store, folder / f"{name}.json", "lost or changed", remedy)
        for file in damaged_among(folder / name, known.files):
            yield _finding(store, folder / name / file, "lost or changed", remedy)


def _needed(store: Store) -> dict[tuple[str, str], tuple[TableVersion, str]]:
    """Return the versions that releases and the last build name, each with what mends it."""
    needed: dict[tuple[str, str], tuple[TableVersion, str]] = {}
    latest = latest_id(store)
    releases = sorted(list_releases(store), key=lambda release: release.release_id == latest)
    for release in releases:
        for table in release.tables.values():
            needed[table.table, table.version] = (table, _remedy(store, release))
    source = shown(releases[-1].source) if releases else "the source"
    for path in (store.root / "steps").glob("*/newest.json"):
        record = read_record(path, StepRecord)
        for table in {} if record is None else record.outputs.values():
            needed[table.table, table.version] = (table, BUILD.format(source=source))
    return needed


def _steps(store: Store) -> Iterator[Finding]:
    """Look at what steps keep so that the next build reuses it."""
    for folder in sorted(path for path in (store.root / "steps").glob("*") if path.is_dir()):
        if folder.name == CHECK:
            yield from _unreadable(store, sorted(folder.glob("*.json")), Verdict)
            yield from _unreadable(store, sorted(folder.glob("newest/*.json")), PartOutcomes)
            continue
        records = sorted(folder.glob("*.json"))
        yield from _unreadable(store, records, StepRecord)
        newest = read_record(folder / "newest.json", StepRecord)
        if newest is None and not (folder / "newest.json").exists() and records:
            yield _finding(store, folder / "newest.json", "lost", _REUSE)
        if newest is not None and not (folder / f"{newest.version}.json").exists():
            yield _finding(store, folder / f"{newest.version}.json", "lost", _REUSE)
        yield from _chunks(store, folder) if folder.name == INGEST else _parts(store, folder)


def _unreadable(store: Store, paths: list[Path], kind: type[BaseModel]) -> Iterator[Finding]:
    for path in paths:
        if read_record(path, kind) is None:
            yield _finding(store, path, "unreadable", _REUSE)


def _parts(store: Store, folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("*/part-*.json")):
        record = read_record(path, PartRecord)
        if record is None:
            yield _finding(store, path, "unreadable", _REUSE)
        elif damaged_among(path.parent, [record.digests]):
            yield _finding(store, path.parent / record.digests.name, "lost or changed", _REUSE)
    for path in sorted(folder.glob("*/part-*.parquet")):
        if not path.with_suffix(".json").exists():
            yield _unfinished(store, path)


def _chunks(store: Store, folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("chunks/*.json")):
        record = read_record(path, ChunkRecord)
        if record is None:
            yield _finding(store, path, "unreadable", _REUSE)
            continue
        files = [file for kind in record.files.values() for file in kind]
        for name in damaged_among(path.with_suffix(""), files):
            yield _finding(store, path.with_suffix("") / name, "lost or changed", _REUSE)
    for path in sorted(path for path in folder.glob("chunks/*") if path.is_dir()):
        if not path.with_suffix(".json").exists():
            yield _unfinished(store, path)


def _unfinished(store: Store, path: Path) -> Finding:
    found = _finding(store, path, "unfinished, or has lost its record", _REUSE)
    return found.model_copy(update={"is_damage": False})


def _leftovers(store: Store) -> Iterator[Finding]:
    for path in sorted(store.root.rglob(f"{UNFINISHED}*")):
        found = _finding(store, path, "left by a killed build", _SWEEP)
        yield found.model_copy(update={"is_damage": False})
