"""Delete objects at an address that no published release needs, nor the next build.

Builds on other machines see no lock. So `latest.json` says first that objects are being deleted:
whoever had begun to build before is refused when he publishes, and whoever begins meanwhile
finishes it first. Nobody relies on what is deleted, and what a kill leaves is finished by the next.
"""

from contextlib import suppress

from pydantic import ValidationError

from tasks.releases.at_address.layout import POINTER, Pointer, Publication, unneeded
from tasks.releases.at_address.objects import (
    DELETED_AT_ONCE,
    Objects,
    Overtaken,
    UnusableAddress,
)
from tasks.steps.store import Store


def pointer_content(pointer: Pointer) -> bytes:
    """Return `latest.json` as it is written."""
    return f"{pointer.model_dump_json(indent=1)}\n".encode()


def read_pointer(objects: Objects) -> Pointer | None:
    """Return what `latest.json` says; None: nothing is published.

    Raises:
        Unreachable: The store does not answer.
        UnusableAddress: It is not ours.
    """
    content = objects.read(POINTER)
    try:
        return None if content is None else Pointer.model_validate_json(content)
    except ValidationError as error:
        raise UnusableAddress(
            f"--store {objects.address}: {POINTER} there is not Babelmill's; choose another prefix"
        ) from error


def publication_of(objects: Objects, name: str) -> Publication | None:
    """Return what a build may reuse of a release; None if that is lost or damaged.

    Raises:
        Unreachable: The store does not answer.
    """
    content = objects.read(f"publications/{name}.json")
    try:
        return None if content is None else Publication.model_validate_json(content)
    except ValidationError:
        return None


def unneeded_at(objects: Objects, store: Store, pointer: Pointer) -> dict[str, int]:
    """Return the sizes in bytes of what could be deleted, by name.

    Args:
        objects: At the address.
        store: Has the records of the releases that the pointer names.
        pointer: What `latest.json` says, or will say.

    Raises:
        Unreachable: The store does not answer.
    """
    told = (publication_of(objects, name) for name in pointer.reused)
    publications = [publication for publication in told if publication is not None]
    return unneeded(objects.sizes(), store, pointer, publications)


def delete_unneeded(objects: Objects, store: Store, pointer: Pointer) -> dict[str, int]:
    """Delete what nobody needs, as long as `latest.json` says that this is being done.

    Args:
        objects: At the address.
        store: Has the records of the releases that the pointer names.
        pointer: What `latest.json` says: `is_pruning`.

    Returns:
        The sizes in bytes of what was deleted here, by name: less if somebody else finished it.

    Raises:
        Unreachable: The store does not answer, or does not let this user.
    """
    tag, deleted = objects.tag(POINTER), dict[str, int]()  # before the content: of no newer one
    if tag is None or objects.read(POINTER) != pointer_content(pointer):
        return deleted
    found = unneeded_at(objects, store, pointer)
    objects.forget_unfinished()
    names = sorted(found)
    for start in range(0, len(names), DELETED_AT_ONCE):
        if objects.tag(POINTER) != tag:
            return deleted
        some = names[start : start + DELETED_AT_ONCE]
        objects.delete(some)
        deleted |= {name: found[name] for name in some}
    done = pointer.model_copy(update={"is_pruning": False})
    with suppress(Overtaken):
        objects.write_if(POINTER, pointer_content(done), tag)
    return deleted
