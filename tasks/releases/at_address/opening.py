"""Open a store at an address for reading, or change it, through its mirror."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tasks.releases.at_address.layout import name_of
from tasks.releases.at_address.mirror import Mirror, Tell, mirror_folder
from tasks.releases.at_address.objects import Objects
from tasks.releases.prune import Pruning, plan_pruning, prune_store
from tasks.releases.releases import read_release
from tasks.steps.store import Store


def mirrored_store(address: str) -> Store:
    """Return the mirror that builds of a store at an address work in, as it is now.

    Raises:
        UnusableAddress: There can be no store.
        NotAllowed: It may not be used (`tasks.reading.confinement`).
    """
    Objects(address)
    return Store(mirror_folder(address, "building"))


def released_at(address: str, release_id: str) -> str:
    """Return the address of the folder of a release that was built and published from here."""
    return f"{address.rstrip('/')}/releases/{name_of(mirrored_store(address), release_id)}"


def read_at(address: str, needs: tuple[str | None, ...], tell: Tell) -> Store:
    """Return a mirror with the records of a store at an address, and the tables of some releases.

    Args:
        address: The store's.
        needs: Releases, as `read_release` takes them.
        tell: Told what is lost or damaged there.

    Raises:
        UnknownRelease: There is no such release.
        Unreachable: The store does not answer.

    And as `mirrored_store`.
    """
    mirror = Mirror(address, "reading", tell)
    with mirror.store.locked(lambda: tell(f"waiting for another reader of {address}")):
        mirror.bring_releases()
        for release_id in needs:
            mirror.bring_release(read_release(mirror.store, release_id))
    return mirror.store


def described_at(address: str, release_id: str | None, tell: Tell) -> Store:
    """Return a mirror that knows of all releases at an address, and one's tables; no rows.

    Args:
        address: The store's.
        release_id: A release, as `read_release` takes it.
        tell: Told what is lost or damaged there.

    Raises: as `read_at`.
    """
    mirror = Mirror(address, "reading", tell)
    with mirror.store.locked(lambda: tell(f"waiting for another reader of {address}")):
        mirror.bring_releases()
        mirror.bring_manifests(read_release(mirror.store, release_id))
    return mirror.store


@contextmanager
def built_at(address: str, tell: Tell) -> Iterator[None]:
    """Bring to the mirror what a build reuses, and publish what the body made in it.

    Only under the mirror's lock. An error in the body publishes nothing.
    """
    mirror = Mirror(address, "building", tell)
    mirror.bring_releases()
    mirror.bring_for_build()
    yield
    mirror.publish()


@contextmanager
def pointed_at(
    address: str, release_id: str | None, waiting: Callable[[], None], tell: Tell
) -> Iterator[Store]:
    """Bring a release to the mirror, and publish which one the body made the latest.

    Args:
        address: The store's.
        release_id: The release that is to be read; None: the one before the latest.
        waiting: Called once if a build holds the mirror.
        tell: Told what is lost or damaged at the address.
    """
    mirror = Mirror(address, "building", tell)
    with mirror.store.locked(waiting):
        mirror.bring_releases()
        wanted = release_id or read_release(mirror.store).previous
        if wanted is not None:
            mirror.bring_release(read_release(mirror.store, wanted))
        yield mirror.store
        mirror.point()


def prune_at(  # noqa: PLR0913 - what stays, and whom to tell
    address: str,
    keep: int,
    keep_daily: int = 0,
    *,
    dry_run: bool,
    waiting: Callable[[], None],
    tell: Tell,
) -> Pruning:
    """Delete at an address, and in its mirrors, all but the newest releases and what these need.

    Args:
        address: The store's.
        keep: How many of the newest releases stay; the one that people read does.
        keep_daily: Of how many days, the last that have any, the newest release stays, too.
        dry_run: Delete nothing.
        waiting: Called once if a build holds the mirror.
        tell: Told what is lost or damaged at the address.

    Returns: what was deleted, or would be; `paths` are objects.

    Raises:
        PublishedMeanwhile: Somebody else published meanwhile; nothing was deleted.
        UnknownRelease: No release is published there.

    And as `read_at`.
    """
    mirror = Mirror(address, "reading" if dry_run else "building", tell)
    with mirror.store.locked(waiting):
        mirror.bring_releases()
        read_release(mirror.store)  # without its record, what it needs would be deleted
        plan = plan_pruning(mirror.store, keep, keep_daily)
        deleted = mirror.prune(plan.kept, dry_run=dry_run)
        if not dry_run:
            prune_store(mirror.store, keep, keep_daily)
    if not dry_run:
        _prune_readers(address, keep, keep_daily, tell)
    paths = [Path(name) for name in sorted(deleted)]
    versions = {path.parts[:3] for path in paths if path.parts[0] == "tables" and path.suffix}
    return replace(plan, paths=paths, versions=len(versions), size_bytes=sum(deleted.values()))


def _prune_readers(address: str, keep: int, keep_daily: int, tell: Tell) -> None:
    readers = Mirror(address, "reading", tell)
    with readers.store.locked(lambda: tell(f"waiting for another reader of {address}")):
        readers.bring_releases()
        prune_store(readers.store, keep, keep_daily)


def unchanged_at(
    address: str, waiting: Callable[[], None], unchanged: Callable[[Store], str | None]
) -> str | None:
    """Return the release that people read, if a build into a store at an address would leave it so.

    Brings to the mirror what a build brings, which a build does not bring again.

    Args:
        address: The store's.
        waiting: Called once if a build holds the mirror.
        unchanged: Returns the release of the mirror, if the source still gives it.

    Returns:
        None also if anything of it is lost or damaged at the address: a build tells and mends it.

    And raises as `read_at`.
    """
    mirror = Mirror(address, "building", lambda _: None)
    with mirror.store.locked(waiting):
        mirror.bring_releases()
        mirror.bring_for_build()
        release_id = unchanged(mirror.store)
        return release_id if release_id is not None and mirror.is_whole() else None
