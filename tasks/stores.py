"""Open a store for whoever reads or changes it: a folder, or an address through its mirror."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.reading.confinement import is_address, refuse_outside
from tasks.reading.places import places_of
from tasks.releases.at_address.looking import damaged_at, survey_at
from tasks.releases.at_address.mirror import Tell
from tasks.releases.at_address.opening import (
    built_at,
    described_at,
    mirrored_store,
    pointed_at,
    prune_at,
    read_at,
)
from tasks.releases.prune import Pruning, plan_pruning, prune_store
from tasks.releases.releases import Release
from tasks.releases.survey import Survey, survey_store
from tasks.steps.store import Store, is_intact


class UnknownStore(LookupError):
    """There is no store in a folder."""


class UnusableStore(ValueError):
    """The store cannot be where it is to be."""


def open_store(store: Path | str) -> Store:
    """Return the store in a folder.

    Raises:
        NotAllowed: Nobody may read or write there (`tasks.reading.confinement`).
    """
    refuse_outside(store, "store")
    return Store(Path(store))


def existing_store(store: Path | str) -> Store:
    """Return the store in a folder that has been built into.

    Raises:
        UnknownStore: None has.
        NotAllowed: Nobody may read or write there (`tasks.reading.confinement`).
    """
    opened = open_store(store)
    if not any((opened.root / name).is_dir() for name in ("releases", "tables")):
        raise UnknownStore(
            f"there is no store in {store}; name it with --store, or make one: "
            "`babelmill build SOURCE`"
        )
    return opened


def built_store(store: Path | str) -> Store:
    """Return the store in a folder, or the folder that builds of one at an address work in.

    Raises:
        NotAllowed: Nobody may read or write there (`tasks.reading.confinement`).
        UnusableAddress: There can be no store at the address.
    """
    if is_address(str(store)):
        return mirrored_store(str(store))
    return open_store(Path(store).absolute())


def readable_store(store: Path | str, *needs: str | None, tell: Tell) -> Store:
    """Return a store that has been built into, with the tables of some releases of it.

    Args:
        store: A folder or an address.
        needs: Releases, as `read_release` takes them.
        tell: Told what is lost or damaged at an address.

    Raises:
        UnknownStore: Nothing has been built there.
        UnknownRelease: There is no such release.

    And as `built_store` and `tasks.releases.at_address.opening.read_at`.
    """
    return read_at(str(store), needs, tell) if is_address(str(store)) else existing_store(store)


def described_store(store: Path | str, release_id: str | None, tell: Tell) -> Store:
    """Return a store that knows its releases and the tables of one, whose rows need not be here.

    Raises: as `readable_store`.
    """
    if is_address(str(store)):
        return described_at(str(store), release_id, tell)
    return existing_store(store)


def survey(store: Path | str) -> Survey:
    """Return what is damaged in a store that has been built into.

    Raises:
        UnknownStore: Nothing has been built there.
        UnknownRelease: Nothing is published at the address.

    And as `built_store`.
    """
    return survey_at(str(store)) if is_address(str(store)) else survey_store(existing_store(store))


def damaged_files(store: Path | str, opened: Store, release: Release) -> list[str]:
    """Return the files of a release that are not what was recorded of them.

    In a folder those that are lost are passed over: they may have been pruned.

    Args:
        store: A folder or an address.
        opened: It, or its mirror.
        release: Its record.

    Raises:
        Unreachable: The store at the address does not answer.
    """
    if is_address(str(store)):
        return damaged_at(str(store), opened, release)
    files = [
        (opened.folder(table) / file.name, f"{name}/{file.name}", file)
        for name, table in sorted(release.tables.items())
        for file in table.files
    ]
    return [name for path, name, file in files if path.is_file() and not is_intact(path, file)]


@contextmanager
def changed_store(opened: Store, store: Path | str, tell: Tell) -> Iterator[None]:
    """Be the only one who builds here into a store; at an address, publish there in the end."""
    with opened.locked(lambda: tell(f"waiting for another build of {store}")):
        if not is_address(str(store)):
            yield
            return
        with built_at(str(store), tell):
            yield


@contextmanager
def pointed_store(
    store: Path | str, release_id: str | None, waiting: Callable[[], None], tell: Tell
) -> Iterator[Store]:
    """Be the only one who changes which release of a store people read.

    Args:
        store: A folder or an address.
        release_id: The release that they are to read; None: the one before the latest.
        waiting: Called once if a build holds the store.
        tell: Told what is lost or damaged at an address.

    Raises: as `readable_store`, and
        PublishedMeanwhile: Somebody else published to the address; nothing was changed.
    """
    if is_address(str(store)):
        with pointed_at(str(store), release_id, waiting, tell) as opened:
            yield opened
        return
    opened = existing_store(store)
    with opened.locked(waiting):
        yield opened


def pruned_store(  # noqa: PLR0913 - what stays, and whom to tell
    store: Path | str,
    keep: int,
    keep_daily: int = 0,
    *,
    dry_run: bool,
    waiting: Callable[[], None],
    tell: Tell,
) -> Pruning:
    """Delete all but the newest releases of a store, and what only they needed; what that is.

    Args:
        store: A folder or an address.
        keep: How many of the newest releases stay; the one that people read does.
        keep_daily: Of how many days, the last that have any, the newest release stays, too.
        dry_run: Delete nothing.
        waiting: Called once if a build holds the store.
        tell: Told what is lost or damaged at an address.

    Raises: as `readable_store`, and
        PublishedMeanwhile: Somebody else published to the address; nothing was deleted.
    """
    if is_address(str(store)):
        return prune_at(str(store), keep, keep_daily, dry_run=dry_run, waiting=waiting, tell=tell)
    opened = existing_store(store)
    if dry_run:
        return plan_pruning(opened, keep, keep_daily)
    with opened.locked(waiting):
        return prune_store(opened, keep, keep_daily)


def refuse_unusable_store(store: Store, source: str, named: str) -> None:
    """Refuse to write where the next build would read, or where there can be no folder.

    Args:
        store: The folder, or the mirror of an address.
        source: Whole paths or addresses, as `places_of` takes them.
        named: The folder or the address.

    Raises:
        UnusableStore: The store lies inside the source, or is or lies in a file.
    """
    file = next((path for path in (store.root, *store.root.parents) if path.is_file()), None)
    if file is not None:
        raise UnusableStore(f"{file} is a file, but --store names a folder; choose another")
    is_far, root = is_address(named), store.root.resolve()
    for place in places_of(source):
        is_inside = is_far and f"{named}/".startswith(f"{place.rstrip('/')}/")
        if is_inside or root.is_relative_to(Path(place).resolve()):
            raise UnusableStore(
                f"the store {named if is_inside else store.root} lies inside the source {place}, "
                "where the next build would read it; choose another folder with --store"
            )


def refuse_unwritable_store(store: Path | str) -> None:
    """Make sure that the store can be written to, before anything is started.

    Raises:
        PermissionError: It cannot.
    """
    path = built_store(store).root
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(nearest))
