"""Delete old releases, and the versions of tables and steps that nothing needs any more."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.releases.releases import Release, latest_id, list_releases, release_folder
from tasks.steps.stage import StepRecord
from tasks.steps.store import Store, read_record
from tasks.writing.counts import counted


@dataclass(frozen=True)
class Pruning:
    """What is deleted, or would be.

    Attributes:
        kept: Releases that stay, oldest first.
        releases: Releases that go, oldest first.
        paths: Versions of tables and steps that go: folders and records.
        versions: How many versions of tables are among them.
        size_bytes: What all of it takes on the disk, but for the links of releases.
    """

    kept: list[str]
    releases: list[str]
    paths: list[Path]
    versions: int
    size_bytes: int

    def sentence(self, *, dry_run: bool) -> str:
        """Return what was deleted, or would be, in a line."""
        would = "would be deleted" if dry_run else "deleted"
        size = self.size_bytes / 2**20
        return (
            f"{counted(len(self.releases), 'release')} and "
            f"{counted(self.versions, 'table version')} {would} ({size:,.1f} MiB); "
            f"{counted(len(self.kept), 'release')} kept"
        )


def plan_pruning(store: Store, keep: int, keep_daily: int = 0) -> Pruning:
    """Return what pruning would delete: all but the newest, the latest and what a build reuses.

    Args:
        store: Where the releases are; a store that does not exist has none.
        keep: How many of the newest releases stay.
        keep_daily: Of how many days, the last that have any, the newest release stays, too.
    """
    releases = list_releases(store)
    stay = {release.release_id for release in releases[-keep:]} | {latest_id(store)}
    stay |= _newest_of_days(releases, keep_daily)
    needed = {t.version for r in releases if r.release_id in stay for t in r.tables.values()}
    paths = _outdated(store, needed | newest_versions(store))
    names = [release.release_id for release in releases]
    return Pruning(
        kept=[name for name in names if name in stay],
        releases=[name for name in names if name not in stay],
        paths=paths,
        versions=sum(path.is_dir() and path.parts[-3] == "tables" for path in paths),
        size_bytes=sum(_size_bytes(path) for path in paths),
    )


def _newest_of_days(releases: Sequence[Release], days: int) -> set[str]:
    """Return the newest release of each of the last days that have any; days are UTC's."""
    newest = {release.created_at[:10]: release.release_id for release in releases}
    return {newest[day] for day in sorted(newest)[len(newest) - days :]} if days else set()


def prune_store(store: Store, keep: int, keep_daily: int = 0) -> Pruning:
    """Delete what `plan_pruning` names, and return it.

    What a rollback withdrew stays withdrawn. Only under the store's lock.
    """
    plan = plan_pruning(store, keep, keep_daily)
    for name in plan.releases:
        folder = release_folder(store, name)
        folder.with_name(f"{name}.json").unlink()
        shutil.rmtree(folder, ignore_errors=True)
    for path in plan.paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return plan


def newest_versions(store: Store) -> set[str]:
    """Return the versions of steps and their tables that the next build reuses rows of."""
    paths = (store.root / "steps").glob("*/newest.json")
    records = [read_record(path, StepRecord) for path in paths]
    return {record.version for record in records if record is not None}


def _outdated(store: Store, needed: set[str]) -> list[Path]:
    """Return other versions of tables and steps, also those that a killed build left unfinished."""
    keep = needed | {"newest", "chunks"}
    return [
        path
        for folder in ("tables", "steps")
        for path in sorted((store.root / folder).glob("*/*"))
        if path.stem not in keep
    ]


def _size_bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
