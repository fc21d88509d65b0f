"""Pruning keeps the newest releases, one a day if asked to, and what readers and builds need."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.releases.prune import plan_pruning, prune_store
from tasks.releases.releases import Release, list_releases, point_latest, release_folder
from tasks.steps.store import Store, TableVersion, write_record
from tests.making.reports import RELEASE

START = datetime(2026, 11, 1, 6, tzinfo=UTC)


def _put(store: Store, name: str, hours: int) -> Release:
    """Write a release of one table that no other release has."""
    file = store.part_path("documents", f"of-{name}", 0)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 1000)
    version = TableVersion(
        table="documents", version=f"of-{name}", step="toy", rule="toy", inputs={}, rows=0, files=[]
    )
    store.commit(version)
    created = (START + timedelta(hours=hours)).isoformat()
    release = RELEASE.model_copy(
        update={"release_id": name, "created_at": created, "tables": {"documents": version}}
    )
    folder = release_folder(store, name)
    folder.mkdir(parents=True)
    write_record(folder.with_name(f"{name}.json"), release)
    return release


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with three releases on each of four days: a0 to d2; the latest is d2."""
    store = Store(tmp_path)
    for number in range(12):
        _put(store, f"{'abcd'[number // 3]}{number % 3}", 24 * (number // 3) + 4 * (number % 3))
    point_latest(store, "d2")
    return store


def _names(store: Store) -> list[str]:
    return [release.release_id for release in list_releases(store)]


@pytest.mark.parametrize(
    ("keep", "daily", "kept"),
    [
        (1, 0, ["d2"]),
        (2, 0, ["d1", "d2"]),
        (1, 2, ["c2", "d2"]),
        (2, 3, ["b2", "c2", "d1", "d2"]),
        (1, 9, ["a2", "b2", "c2", "d2"]),
        (99, 0, [f"{day}{n}" for day in "abcd" for n in range(3)]),
    ],
)
def test_the_newest_and_one_a_day_stay(
    keep: int, daily: int, kept: list[str], store: Store
) -> None:
    plan = prune_store(store, keep, daily)
    assert _names(store) == plan.kept == kept
    tables = {
        path.name for path in (store.root / "tables" / "documents").iterdir() if path.is_dir()
    }
    assert tables == {f"of-{name}" for name in kept}
    assert (plan.versions, len(plan.releases)) == (12 - len(kept), 12 - len(kept))


def test_what_people_read_stays_although_it_is_old(store: Store) -> None:
    point_latest(store, "a0")
    prune_store(store, 1)
    assert _names(store) == ["a0", "d2"]


def test_a_plan_deletes_nothing_and_says_what_and_how_much_it_would(store: Store) -> None:
    before = sorted(store.root.rglob("*"))
    plan = plan_pruning(store, 2)
    assert sorted(store.root.rglob("*")) == before
    assert plan.releases == [f"{day}{n}" for day in "abc" for n in range(3)] + ["d0"]
    assert plan.size_bytes >= 10 * 1000
    assert plan.sentence(dry_run=True).startswith(
        "10 releases and 10 table versions would be deleted"
    )
    done = prune_store(store, 2)
    assert (done.releases, done.versions, done.size_bytes) == (
        plan.releases,
        plan.versions,
        plan.size_bytes,
    )


def test_a_store_without_releases_has_nothing_to_delete(tmp_path: Path) -> None:
    assert plan_pruning(Store(tmp_path / "none"), 1).releases == []
