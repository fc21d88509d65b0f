"""List the files of a source: a folder, a file or a glob, on this machine or at an address.

Links are followed to files within the source only, so that nothing is read twice by way
of a folder, nothing endlessly, and nothing that the operator did not name.
"""

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tasks.reading import confinement, remote
from tasks.reading.content import Budget, Content
from tasks.reading.formats import may_be_read
from tasks.reading.places import AmbiguousPlaces, places_of, prefixes_of
from tasks.reading.records import Rejection, printable_uri
from tasks.reading.streams import error_detail, open_regular
from tasks.settings import IngestSettings

_MAGIC = re.compile(r"[*?[]")
_HASHED_BYTES = 2**20
#: An address of this machine: read as a path, so that the rules on links hold.
_FILE_SCHEME = "file://"


class SourceNotFound(Exception):
    """There is nothing to read; the message says what to do."""


@dataclass(frozen=True)
class SourceFile:
    """A file to read: its name in the source, the path or address where it lies, its size."""

    uri: str
    path: str
    size_bytes: int


@dataclass(frozen=True)
class SourceListing:
    """Files of a source by `uri`, and what was met that cannot be read, by `source_uri`."""

    files: list[SourceFile]
    rejections: list[Rejection]


@dataclass(frozen=True)
class _Entry:
    """Something below a folder; with an error: a folder that does not say what it holds."""

    name: str
    path: Path
    error: OSError | None = None


def list_source(source: str) -> SourceListing:
    """List what a folder (with its folders), a file or a glob (`**`: any folders) names.

    All three may be addresses (`s3://bucket/folder`), of any file system that fsspec knows.
    A glob names files, not folders; its files are named from its first folder without
    `*`, `?` or `[`. Several places, one a line, are one source (`tasks.reading.places`).

    Raises:
        SourceNotFound: It does not exist, or nothing matches.
        NotAllowed: Nobody may build from there (`tasks.reading.confinement`).
        AmbiguousPlaces: Files of several places would have one name.
    """
    refuse_source(source)
    places = [_listed(place) for place in places_of(source)]
    prefixes = prefixes_of([root for root, _ in places])
    files: dict[str, tuple[str, SourceFile]] = {}
    rejections: dict[str, Rejection] = {}
    for root, listing in places:
        for file in listing.files:
            named = replace(file, uri=prefixes[root] + file.uri)
            known, _ = files.setdefault(file.path, (root, named))
            if known != root:
                raise AmbiguousPlaces(f"{file.path} is in {known} and in {root}: name one of them")
        for found in listing.rejections:
            uri = prefixes[root] + found.source_uri
            rejections[uri] = replace(found, source_uri=uri)
    return SourceListing(
        sorted((file for _, file in files.values()), key=lambda file: file.uri),
        sorted(rejections.values(), key=lambda rejection: rejection.source_uri),
    )


def _listed(place: str) -> tuple[str, SourceListing]:
    """List one place; returns what its files are named from, too."""
    found = _found(place)
    if not found:
        raise SourceNotFound(f"{place!r} has no files: name another, or add /** for folders")
    files = [item for item in found if isinstance(item, SourceFile)]
    rejections = [item for item in found if isinstance(item, Rejection)]
    whole = _absolute(place)
    is_glob = _MAGIC.search(whole) and not Path(whole).exists()
    root = _glob_parts(whole)[0] if is_glob else whole
    if [file.path for file in files] == [whole] or Path(whole).is_file():
        root = whole.rpartition("/")[0]
    return root.rstrip("/"), SourceListing(files, rejections)


def refuse_source(source: str) -> None:
    """Refuse a source outside of the roots, and an address that may not be reached.

    Raises:
        NotAllowed: It may not be read.
    """
    for place in map(_absolute, places_of(source)):
        is_glob = _MAGIC.search(place) and not Path(place).exists()
        confinement.refuse_outside(_glob_parts(place)[0] if is_glob else place, "source")
        if confinement.is_address(place):
            confinement.refuse_address(place)


def absolute_source(source: str) -> str:
    """Return addresses as they are, and paths of this machine from their root; sorted."""
    return "\n".join(sorted(map(_absolute, places_of(source))))


def _absolute(source: str) -> str:
    if source.startswith(_FILE_SCHEME):
        source = url2pathname(urlsplit(source).path)
    return source if confinement.is_address(source) else str(Path(source).absolute())


def _found(source: str) -> list[SourceFile | Rejection]:
    if source.startswith(_FILE_SCHEME):
        source = _absolute(source)
    if confinement.is_address(source):
        return _found_remote(source)
    path = Path(source)
    if path.is_dir():
        root = os.path.realpath(path)
        return [_seen(entry, root) for entry in _walk(path, None)]
    if path.exists() or path.is_symlink():
        return [_seen(_Entry(path.name, path), None)]
    if _MAGIC.search(source):
        return _glob(source)
    raise SourceNotFound(f"{source!r} does not exist: name a folder, a file or a glob")


def _found_remote(source: str) -> list[SourceFile | Rejection]:
    """Return what an address names; a glob in it means what it means on this machine."""
    folder, wanted = _glob_parts(source) if _MAGIC.search(source) else (source, [])
    try:
        found = remote.list_address(folder)
    except remote.Unreachable as error:
        raise SourceNotFound(str(error)) from error
    return [
        _known_file(file.name, file.address, file.size_bytes)
        for file in found
        if not wanted or _matches(file.name.split("/"), wanted)
    ]


def opened_file(file: SourceFile) -> BinaryIO:
    """Open a file of the source for reading; it can seek.

    Raises:
        OSError: It cannot be opened.
        Unreachable: The other machine does not give it.
    """
    return (
        remote.opened(file.path) if confinement.is_address(file.path) else open_regular(file.path)
    )


def content_of(file: SourceFile, settings: IngestSettings) -> Content:
    """Return the file's bytes to read, with what they may grow to."""
    budget = Budget(settings)

    def opened() -> BinaryIO:
        opened_now = opened_file(file)
        budget.measure(opened_now)
        return opened_now

    return Content(file.uri, opened, budget)


def file_sha256(file: SourceFile) -> str:
    """Return the SHA-256 of a file's bytes, in hex, or what an object store knows it by.

    Raises:
        OSError: It cannot be read.
        Unreachable: The other machine does not give it.
    """
    if confinement.is_address(file.path) and (tag := remote.content_tag(file.path)):
        return hashlib.sha256(tag.encode()).hexdigest()
    digest = hashlib.sha256()
    with opened_file(file) as content:
        while chunk := content.read(_HASHED_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _walk(folder: Path, max_depth: int | None) -> Iterator[_Entry]:
    """Yield what is below a folder; not by recursion, since folders can be very deep."""
    pending = [_Entry("", folder)]
    while pending:
        parent = pending.pop()
        try:
            entries = list(os.scandir(parent.path))
        except OSError as error:
            yield _Entry(parent.name.rstrip("/") or ".", parent.path, error)
            continue
        for entry in entries:
            name = parent.name + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield _Entry(name, Path(entry.path))
            elif max_depth is None or name.count("/") < max_depth:
                pending.append(_Entry(f"{name}/", Path(entry.path)))


def _seen(entry: _Entry, root: str | None) -> SourceFile | Rejection:
    """Return the file, or why it is none; None as root: the operator named it."""
    try:
        if entry.error is not None:
            raise entry.error
        status = entry.path.stat()
    except OSError as error:
        is_loop = error.errno == errno.ELOOP
        return _rejection(entry, "symlink_loop" if is_loop else "unreadable", error_detail(error))
    if root and entry.path.is_symlink() and (reason := _refused_link(entry.path, root)):
        return _rejection(entry, reason, None)
    return _regular_file(entry, status)


def _regular_file(entry: _Entry, status: os.stat_result) -> SourceFile | Rejection:
    if not stat.S_ISREG(status.st_mode):
        return _rejection(entry, "unreadable", "not a regular file")
    return _known_file(entry.name, str(entry.path), status.st_size)


def _known_file(name: str, path: str, size_bytes: int) -> SourceFile | Rejection:
    if not may_be_read(name):
        return Rejection(printable_uri(name), "unsupported_format")
    return SourceFile(printable_uri(name), path, size_bytes)


def _refused_link(path: Path, root: str) -> str | None:
    """Return the reason not to follow a link that leads somewhere."""
    target = Path(os.path.realpath(path))
    if Path(os.path.realpath(path.parent)).is_relative_to(target):
        return "symlink_loop"
    if not target.is_relative_to(root):
        return "outside_source"
    return "linked_folder" if target.is_dir() else None


def _rejection(entry: _Entry, reason: str, detail: str | None) -> Rejection:
    return Rejection(printable_uri(entry.name), reason, detail)


def _glob(pattern: str) -> list[SourceFile | Rejection]:
    """Return the files that match, and folders that could not be entered to look."""
    start, wanted = _glob_parts(pattern.replace(os.sep, "/"))
    folder = Path(start or ".")
    if not folder.is_dir():
        return []
    max_depth = None if "**" in wanted else len(wanted) - 1
    root = os.path.realpath(folder)
    entries = _walk(folder, max_depth)
    return [_seen(entry, root) for entry in entries if _is_wanted(entry, wanted, max_depth)]


def _glob_parts(pattern: str) -> tuple[str, list[str]]:
    """Return the folder before the first part with `*`, `?` or `[`, and the parts from there."""
    parts = pattern.split("/")
    magic = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    return "".join(f"{part}/" for part in parts[:magic]), parts[magic:]


def _is_wanted(entry: _Entry, wanted: list[str], max_depth: int | None) -> bool:
    if entry.error is not None or _matches(entry.name.split("/"), wanted):
        return True
    could_be_entered = max_depth is None or entry.name.count("/") < max_depth
    return could_be_entered and entry.path.is_symlink() and entry.path.is_dir()


def _matches(names: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not names
    if wanted[0] == "**":
        return _matches(names, wanted[1:]) or (bool(names) and _matches(names[1:], wanted))
    return bool(names) and fnmatchcase(names[0], wanted[0]) and _matches(names[1:], wanted[1:])
