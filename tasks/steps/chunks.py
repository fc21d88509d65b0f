"""Chunks of a source: files that one task reads.

Chunks are cut where a file's name says so, so that a new or changed file disturbs its own
chunk only (content-defined chunking, as in rsync and LBFS).
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tasks.reading.source import SourceFile, file_sha256
from tasks.steps.fingerprint import digest

#: A chunk ends at a file whose name's hash is divisible by this: 64 files on average ...
_CHUNK_FILES = 64
#: ... and in any case when it holds so much: a second's work.
_CHUNK_BYTES = 8 * 2**20
_READ_THREADS = 4


@dataclass(frozen=True)
class Chunk:
    """Files that one task reads, with the hashes of their bytes and a digest of it all."""

    files: tuple[SourceFile, ...]
    hashes: tuple[str, ...]
    digest: str

    @property
    def size_bytes(self) -> int:
        """How much there is to read."""
        return sum(file.size_bytes for file in self.files)


def cut_chunks(files: Sequence[SourceFile], rule: str) -> list[Chunk]:
    """Hash the files and return them in chunks, each named by its files and the rule."""
    with ThreadPoolExecutor(_READ_THREADS) as pool:
        hashes = list(pool.map(readable_sha256, files))
    groups: list[list[tuple[SourceFile, str]]] = [[]]
    for file, sha256 in zip(files, hashes, strict=True):
        groups[-1].append((file, sha256))
        if _ends_chunk(groups[-1]):
            groups.append([])
    return [_chunk(group, rule) for group in groups if group]


def readable_sha256(file: SourceFile) -> str:
    """Return the hash of a file's bytes, or a word for a file that cannot be read."""
    try:
        return file_sha256(file)
    except OSError:  # the reader will reject it with the reason
        return "unreadable"


def _ends_chunk(group: list[tuple[SourceFile, str]]) -> bool:
    name = hashlib.sha256(group[-1][0].uri.encode()).digest()
    size_bytes = sum(file.size_bytes for file, _ in group)
    return int.from_bytes(name[:4], "big") % _CHUNK_FILES == 0 or size_bytes >= _CHUNK_BYTES


def _chunk(group: list[tuple[SourceFile, str]], rule: str) -> Chunk:
    names = [[file.uri, sha256] for file, sha256 in group]
    files, hashes = zip(*group, strict=True)
    return Chunk(files, hashes, digest([rule, names]))
