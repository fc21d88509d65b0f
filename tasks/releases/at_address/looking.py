"""Look at every object of a store at an address, and say what is damaged and how it is mended.

Each object is brought once and compared with its recorded hash; none is kept, and no mirror is
asked: what a mirror has says nothing of what readers get. Writes nothing at the address.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.releases.at_address.deleting import publication_of, read_pointer
from tasks.releases.at_address.layout import (
    Pointer,
    Publication,
    copies_of,
    described_by,
    is_record_of,
    name_of,
    parts_of,
    release_of,
)
from tasks.releases.at_address.objects import Objects, at_once
from tasks.releases.releases import Release, UnknownRelease, find_release, record_path
from tasks.releases.survey import Finding, Survey, remedy_of
from tasks.steps.store import Store, sha256_of

_BUILD = "build the source again"
_LET_GO = "let the release go with `babelmill prune`"

#: Hashes by what mends an object that has another, by name.
_Recorded = dict[str, tuple[str, str]]


def survey_at(address: str) -> Survey:
    """Return what is damaged at an address of what its releases and the next build need.

    Args:
        address: The store's.

    Raises:
        UnknownRelease: Nothing is published there.
        Unreachable: The store does not answer.

    And as `Objects`.
    """
    objects = Objects(address)
    pointer = read_pointer(objects)
    if pointer is None:
        raise UnknownRelease(f"no release is published in {objects.address}")
    sizes = objects.sizes()
    with TemporaryDirectory(prefix="babelmill-") as folder:
        store = Store(folder)
        releases = {name: _release(objects, store, name) for name in pointer.published}
        reused = {name: publication_of(objects, name) for name in pointer.reused}
        recorded = _recorded(store, pointer, releases, reused)
        damaged = {key: recorded[key][1] for key in _unlike(objects, Path(folder), recorded)}
    for name, release in releases.items():
        if release is None:
            damaged[f"releases/{name}.json"] = _BUILD if name == pointer.name else _LET_GO
    damaged |= {f"publications/{name}.json": _BUILD for name, told in reused.items() if not told}
    found = [_finding(key, remedy, is_there=key in sizes) for key, remedy in damaged.items()]
    return Survey(
        files=len(sizes),
        size_bytes=sum(sizes.values()),
        findings=sorted(found, key=lambda finding: finding.path),
    )


def damaged_at(address: str, store: Store, release: Release) -> list[str]:
    """Return the objects of a release that are lost at an address, or not what was recorded.

    Args:
        address: The store's.
        store: A mirror that has the record.
        release: Its record.

    Raises:
        Unreachable: The store does not answer.
    """
    name = name_of(store, release.release_id)
    recorded = {key: (sha256, "") for key, sha256 in _hashes(store, release, name).items()}
    with TemporaryDirectory(prefix="babelmill-") as folder:
        return _unlike(Objects(address), Path(folder), recorded)


def _release(objects: Objects, store: Store, name: str) -> Release | None:
    """Bring the record of a release; None: it is lost or damaged."""
    path = record_path(store, release_of(name))
    objects.download(f"releases/{name}.json", path)
    return find_release(store, release_of(name)) if is_record_of(path, name) else None


def _recorded(
    store: Store,
    pointer: Pointer,
    releases: Mapping[str, Release | None],
    reused: Mapping[str, Publication | None],
) -> _Recorded:
    """Return the recorded hashes; what mends an object of several releases mends the latest."""
    found: _Recorded = {}
    for name in sorted(releases, key=lambda name: name == pointer.name):
        if (release := releases[name]) is not None:
            remedy = remedy_of(release, is_latest=name == pointer.name)
            hashes = _hashes(store, release, name)
            found |= {key: (sha256, remedy) for key, sha256 in hashes.items()}
    for publication in reused.values():
        files = [] if publication is None else publication.files
        found |= {file.key: (file.sha256, _BUILD) for file in files if file.key not in found}
    return found


def _hashes(store: Store, release: Release, name: str) -> dict[str, str]:
    tables = [file for table in release.tables.values() for file in parts_of(table)]
    beside = described_by(store, release, name)
    found = {file.key: file.sha256 for file in (*tables, *beside)}
    return found | {key: file.sha256 for file, key in copies_of(release, name)}


def _unlike(objects: Objects, folder: Path, recorded: _Recorded) -> list[str]:
    """Return the objects that are lost, or whose content has another hash."""
    keys: Sequence[str] = sorted(recorded)
    sound = at_once(partial(_is_sound, objects, folder, recorded), keys)
    return [key for key, is_sound in zip(keys, sound, strict=True) if not is_sound]


def _is_sound(objects: Objects, folder: Path, recorded: _Recorded, key: str) -> bool:
    path = folder / "brought" / key
    if not objects.download(key, path):
        return False
    sha256 = sha256_of(path)
    path.unlink()
    return sha256 == recorded[key][0]


def _finding(key: str, remedy: str, *, is_there: bool) -> Finding:
    if not is_there:
        return Finding(path=key, problem="lost", remedy=remedy)
    # A build does not send again what stands there in its size.
    return Finding(path=key, problem="changed", remedy=f"delete this object, then {remedy}")
