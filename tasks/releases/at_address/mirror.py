"""Keep a store at an address in a folder of this machine, its mirror: bring, send, publish.

A build works in the mirror as in any store. What it made is sent under names that say what is in
it, so that nothing is overwritten, and last comes `latest.json`, on the condition that it is what
it was when the build began. It names every release that was ever published: what it does not name
was not, though objects of it may stand there.
"""

import os
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal

from tasks.releases.at_address.deleting import (
    delete_unneeded,
    pointer_content,
    publication_of,
    read_pointer,
    unneeded_at,
)
from tasks.releases.at_address.layout import (
    POINTER,
    Pointer,
    Publication,
    StoredFile,
    copies_of,
    described_by,
    is_manifest,
    is_record_of,
    name_of,
    parts_of,
    release_of,
    reused_after,
)
from tasks.releases.at_address.objects import Objects, Overtaken, at_once
from tasks.releases.releases import (
    Release,
    find_release,
    is_withdrawn,
    link_tables,
    list_releases,
    point_latest,
    read_release,
    record_path,
    withdrawn_path,
)
from tasks.steps.fingerprint import digest
from tasks.steps.store import Store, sha256_of, write_atomically

#: The folder of mirrors; without it, one in the user's folder of caches.
CACHE = "BABELMILL_CACHE"

Use = Literal["building", "reading"]
Tell = Callable[[str], None]


class PublishedMeanwhile(RuntimeError):
    """Somebody else moved `latest.json` between the beginning and the end of a build."""


def mirror_folder(address: str, use: Use) -> Path:
    """Return the folder of this machine that stands for a store at an address.

    Who reads has another one than who builds, so that neither waits for the other.
    """
    given = os.environ.get(CACHE)
    caches = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(given) if given else Path(caches) / "babelmill"
    return folder.absolute() / "stores" / digest([address.rstrip("/")]) / use


class Mirror:
    """A store at an address, and the folder that stands for it. Only under the folder's lock."""

    def __init__(self, address: str, use: Use, tell: Tell) -> None:
        """Take an address; raises as `Objects` does.

        Args:
            address: The store's.
            use: Which of its mirrors.
            tell: Told what is lost or damaged at the address.
        """
        self.objects = Objects(address)
        self.store = Store(mirror_folder(address, use))
        self._use = use
        self._tell = tell
        self._tag: str | None = None
        self._pointer: Pointer | None = None
        self._damaged: set[str] = set()

    def bring_releases(self) -> None:
        """Bring records and `latest` to what they are at the address; no tables.

        Raises:
            Unreachable: The store does not answer.
            UnusableAddress: `latest.json` there is not ours.
        """
        self._see_pointer()
        names = [] if self._pointer is None else self._pointer.published
        at_once(self._bring_record, names)
        self._forget_unpublished({release_of(name) for name in names})
        if self._pointer is not None and self._pointer.is_pruning and self._use == "building":
            self._tell(f"finishing a deletion in {self.objects.address} that was interrupted")
            delete_unneeded(self.objects, self.store, self._pointer)
            self.bring_releases()
        elif self._pointer is not None:
            point_latest(self.store, release_of(self._pointer.name))
            for release_id in self._pointer.withdrawn:
                write_atomically(withdrawn_path(self.store, release_id), lambda path: path.touch())

    def _see_pointer(self) -> None:
        self._tag = self.objects.tag(POINTER)  # before the content: of a newer one it is no tag
        self._pointer = None if self._tag is None else read_pointer(self.objects)

    def _bring_record(self, name: str) -> None:
        path, key = record_path(self.store, release_of(name)), f"releases/{name}.json"
        if is_record_of(path, name):
            return
        if not self.objects.download(key, path) or not is_record_of(path, name):
            self._tell(f"lost or damaged in {self.objects.address}: {key}")

    def _forget_unpublished(self, published: set[str]) -> None:
        """Forget releases that a build here made and could not publish: they are checked again."""
        folder = self.store.root / "releases"
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.suffix == ".withdrawn" or path.stem not in published:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not published:
            (self.store.root / "latest").unlink(missing_ok=True)

    def bring_release(self, release: Release) -> None:
        """Bring tables and files of a release that are not here, or damaged here.

        What is lost or damaged at the address stays away, and is told.
        """
        name = name_of(self.store, release.release_id)
        files = [file for table in release.tables.values() for file in parts_of(table)]
        files += described_by(self.store, release, name)
        self._bring([file for file in files if not has(self.store, file)])
        for table in release.tables.values():
            if self.store.manifest(table.table, table.version) != table:
                self.store.commit(table)
        link_tables(self.store, release)

    def bring_manifests(self, release: Release) -> None:
        """Bring what is told of a release's tables and, as far as it is, of those behind them."""
        for table in release.tables.values():
            self.store.commit(table)
        publication = publication_of(self.objects, name_of(self.store, release.release_id))
        files = [] if publication is None else publication.files
        self._bring([file for file in files if is_manifest(file)])

    def bring_for_build(self) -> None:
        """Bring what the next build reuses.

        What is lost or damaged at the address stays away, is computed again, and sent.
        """
        latest = None if self._pointer is None else self._pointer.name
        release = None if latest is None else find_release(self.store, release_of(latest))
        if latest is None or release is None:
            return
        self.bring_release(release)
        publication = publication_of(self.objects, latest)
        files = [] if publication is None else publication.files
        # What this mirror's own builds left since is newer than what they published.
        is_known = self._last_seen() == latest
        self._bring([file for file in files if self._lacks(file, is_known=is_known)])
        self._see(latest)

    def is_whole(self) -> bool:
        """Whether all that a build would send of the latest release is at the address.

        After `bring_for_build`. Raises `Unreachable` as it does.
        """
        if self._pointer is None or self._damaged:
            return False
        name = self._pointer.name
        release = find_release(self.store, release_of(name))
        publication = publication_of(self.objects, name)
        if release is None or publication is None or self._next_pointer() != self._pointer:
            return False
        needed = {file.key: file.size_bytes for file in publication.files}
        needed |= {key: file.size_bytes for file, key in copies_of(release, name)}
        needed |= {f.key: f.size_bytes for f in described_by(self.store, release, name)}
        sizes = self.objects.sizes()
        is_told = f"releases/{name}.json" in sizes
        return is_told and all(sizes.get(key) == size for key, size in needed.items())

    def _lacks(self, file: StoredFile, *, is_known: bool) -> bool:
        if file.changes and not is_known:
            return not has(self.store, file)
        return not (self.store.root / file.path).is_file()

    def _last_seen(self) -> str | None:
        marker = self.store.root / "seen"
        return marker.read_text("utf-8") if marker.is_file() else None

    def _see(self, name: str) -> None:
        def write(path: Path) -> None:
            path.write_text(name, "utf-8")

        write_atomically(self.store.root / "seen", write)

    def _bring(self, files: Sequence[StoredFile]) -> None:
        at_once(self._bring_one, files)

    def _bring_one(self, file: StoredFile) -> None:
        if not fetch(self.objects, self.store, file):
            self._damaged.add(file.key)
            self._tell(f"lost or damaged in {self.objects.address}: {file.key}")

    def publish(self) -> None:
        """Send what this mirror's latest release is made of, and let everybody read it.

        Raises:
            PublishedMeanwhile: Somebody else has published since `bring_releases`.
            UnusableAddress: The store overlooks conditions.
            Unreachable: The store does not answer, or does not take it.
        """
        release = read_release(self.store)
        name = name_of(self.store, release.release_id)
        sizes = self.objects.sizes()
        there = {key: size for key, size in sizes.items() if key not in self._damaged}
        reused = reused_after(self.store, release)
        self._send(reused, there)
        copies = [
            (file, key)
            for file, key in copies_of(release, name)
            if key not in there or file.key in self._damaged
        ]
        at_once(lambda copy: self.objects.copy(copy[0].key, copy[1]), copies)
        self._send(described_by(self.store, release, name), there)
        if publication_of(self.objects, name) is None:
            publication = Publication(files=reused).model_dump_json(indent=1)
            self.objects.write(f"publications/{name}.json", publication.encode())
        if f"releases/{name}.json" not in there:
            record = record_path(self.store, release.release_id)
            self.objects.upload(record, f"releases/{name}.json")
        self.point()

    def _send(self, files: Sequence[StoredFile], there: dict[str, int]) -> None:
        missing = [file for file in files if there.get(file.key) != file.size_bytes]
        at_once(lambda file: self.objects.upload(self.store.root / file.path, file.key), missing)

    def point(self) -> None:
        """Let everybody read this mirror's latest release, whose objects are all there.

        Raises: as `publish`.
        """
        pointer = self._next_pointer()
        if pointer == self._pointer:
            return
        try:
            self._put(pointer)
        except Overtaken as error:
            raise PublishedMeanwhile(
                f"somebody else published to {self.objects.address}, or deleted there, meanwhile: "
                "readers have theirs, and this release was not published. Run the same "
                "command again: finished work is kept, and the new release is compared with theirs"
            ) from error
        self._see(pointer.name)

    def _put(self, pointer: Pointer) -> None:
        """Replace `latest.json` by one conditional put; raises `Overtaken` if it has changed."""
        self.objects.refuse_unconditional(f"releases/{pointer.name}.json")
        self.objects.write_if(POINTER, pointer_content(pointer), self._tag)

    def prune(self, kept: Collection[str], *, dry_run: bool) -> dict[str, int]:
        """Delete at the address what releases that stay do not need, nor the next build.

        Args:
            kept: Releases that stay, the latest among them.
            dry_run: Delete nothing.

        Returns:
            The sizes in bytes of objects that are deleted, or would be, by name; no release: empty.

        Raises:
            PublishedMeanwhile: Somebody else changed `latest.json`; nothing was deleted.

        And as `publish`.
        """
        if self._pointer is None:
            return {}
        published = [name for name in self._pointer.published if release_of(name) in kept]
        rest = {"published": published, "prunings": self._pointer.prunings + 1, "is_pruning": True}
        pointer = self._pointer.model_copy(update=rest)
        if dry_run:
            return unneeded_at(self.objects, self.store, pointer)
        try:
            self._put(pointer)
        except Overtaken as error:
            raise PublishedMeanwhile(
                f"somebody else published to {self.objects.address}, or deleted there, meanwhile: "
                "nothing was deleted. Run the same command again"
            ) from error
        return delete_unneeded(self.objects, self.store, pointer)

    def _next_pointer(self) -> Pointer:
        release_id = read_release(self.store).release_id
        name = name_of(self.store, release_id)
        before = [] if self._pointer is None else self._pointer.published
        # A release whose damage was mended has a new record, which takes the place of the old.
        kept = [name if release_of(one) == release_id else one for one in before]
        known = [release.release_id for release in list_releases(self.store)]
        return Pointer(
            name=name,
            folder=f"releases/{name}",
            published=kept if name in kept else [*kept, name],
            withdrawn=[one for one in known if is_withdrawn(self.store, one)],
            prunings=0 if self._pointer is None else self._pointer.prunings,
        )


def has(store: Store, file: StoredFile) -> bool:
    """Whether a store on a disk has a file with the content that it has at the address."""
    path = store.root / file.path
    return path.is_file() and sha256_of(path) == file.sha256


def fetch(objects: Objects, store: Store, file: StoredFile) -> bool:
    """Bring a file to a store on a disk, if it is not there; False: it is lost or damaged."""
    if has(store, file) or (
        objects.download(file.key, store.root / file.path) and has(store, file)
    ):
        return True
    (store.root / file.path).unlink(missing_ok=True)
    return False
