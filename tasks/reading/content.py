"""Describe something to read: a file of the source, or a member of an archive in one."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tasks.reading.records import ReadError
from tasks.settings import IngestSettings

#: What a line, a quotation mark, a record or a member costs at least, as bytes: looking at it takes
#: as long as reading this many (`python -m benchmarks.hostile`). Real ones are larger.
_LINE_BYTES = 64
_QUOTE_BYTES = 16
_RECORD_BYTES = 512
_MEMBER_BYTES = 2048


class Budget:
    """How much a file may grow when it is decompressed, all its layers and members together.

    Of many small pieces each counts as larger than it is, for the time that it takes. Of a file
    of which nothing is decompressed, nothing counts.
    """

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self._spent_bytes = 0
        self._read_bytes = 0
        self._file: BinaryIO | None = None

    def measure(self, file: BinaryIO) -> None:
        """Compare with what is read of this file, which lies in the source."""
        self._file = file

    def charge(self, data: bytes) -> None:
        """Count decompressed bytes.

        Raises:
            ReadError: too_large: a bomb, or more than the settings allow.
        """
        lines, strings = data.count(b"\n"), data.count(b'"')
        self.charge_bytes(max(len(data), _LINE_BYTES * lines, _QUOTE_BYTES * strings))

    def charge_record(self) -> None:
        """Count a record, or what should be one; raises as `charge`."""
        self._charge_piece(_RECORD_BYTES)

    def charge_member(self) -> None:
        """Count a member of an archive; raises as `charge`."""
        self._charge_piece(_MEMBER_BYTES)

    def _charge_piece(self, size_bytes: int) -> None:
        if self._spent_bytes:
            self.charge_bytes(size_bytes)

    def charge_bytes(self, size_bytes: int) -> None:
        """Count what becomes of the file; raises as `charge`."""
        self.require(size_bytes)
        self._spent_bytes += size_bytes

    def require(self, size_bytes: int) -> None:
        """Make sure that so much may come of the file yet; raises as `charge`."""
        spent_bytes = self._spent_bytes + size_bytes
        settings = self._settings
        if spent_bytes > settings.max_decompressed_bytes:
            limit = settings.max_decompressed_bytes
            raise ReadError("too_large", f"decompresses to more than {limit} bytes")
        # An archive is read from its end, or from a copy: the farthest position reached counts.
        if self._file is not None and not self._file.closed:
            self._read_bytes = max(self._read_bytes, self._file.tell())
        allowed_bytes = settings.max_expansion * self._read_bytes
        if spent_bytes > max(settings.min_expansion_bytes, allowed_bytes):
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
