"""Describe something to read: a file of the source, or a member of an archive in one."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tasks.reading.records import ReadError
from tasks.settings import IngestSettings

# Below this, an expansion is a nuisance; above it, a bomb.
_EXPANSION_FREE_BYTES = 2**30


class Budget:
    """How much a file may grow when it is decompressed, all its layers and members together."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self._spent_bytes = 0
        self._read_bytes = 0
        self._file: BinaryIO | None = None

    def measure(self, file: BinaryIO) -> None:
        """Compare with what is read of this file, which lies in the source."""
        self._file = file

    def charge(self, size_bytes: int) -> None:
        """Count decompressed bytes.

        Raises:
            ReadError: too_large: a bomb, or more than the settings allow.
        """
        self._spent_bytes += size_bytes
        settings = self._settings
        if self._spent_bytes > settings.max_decompressed_bytes:
            limit = settings.max_decompressed_bytes
            raise ReadError("too_large", f"decompresses to more than {limit} bytes")
        # An archive is read from its end, or from a copy: the farthest position reached counts.
        if self._file is not None and not self._file.closed:
            self._read_bytes = max(self._read_bytes, self._file.tell())
        allowed_bytes = settings.max_expansion * self._read_bytes
        if self._spent_bytes > max(_EXPANSION_FREE_BYTES, allowed_bytes):
            times = settings.max_expansion
            raise ReadError("too_large", f"expands to more than {times} times its size")


@dataclass(frozen=True)
class Content:
    """Bytes to read once, from their start.

    Attributes:
        name: Its file name, which implies the format.
        opened: Opens its bytes as they are stored; whoever reads closes.
        budget: Of the file in the source.
        within: Names of the archive's member that it is, the outermost archive first.
    """

    name: str
    opened: Callable[[], BinaryIO]
    budget: Budget
    within: tuple[str, ...] = field(default=())


class ChunkFile(io.RawIOBase):
    """Chunks of bytes as a file that can be read forwards only.

    Attributes:
        given_bytes: How many bytes were read from it.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.given_bytes = 0
        self._chunks = chunks
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the current chunk goes; 0: the end."""
        while not self._pending:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._pending = memoryview(chunk)
        size_bytes = min(len(buffer), len(self._pending))
        buffer[:size_bytes] = self._pending[:size_bytes]
        self._pending = self._pending[size_bytes:]
        self.given_bytes += size_bytes
        return size_bytes
