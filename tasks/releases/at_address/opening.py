"""Open a store at an address for reading, or to change it, through its mirror."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tasks.releases.at_address.layout import name_of
from tasks.releases.at_address.mirror import Mirror, Tell, mirror_folder
from tasks.releases.at_address.objects import Objects
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
