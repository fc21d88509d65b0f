"""Members of an archive, zip or tar: each is read as if it were a file of the source.

A member's name is a label and no path: nothing is ever written under it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from tasks.reading.content import Content
from tasks.reading.names import printable_uri
from tasks.reading.records import ReadError
from tasks.settings import IngestSettings

#: How much of what a library says of a damaged archive is kept.
DETAIL_CHARS = 200


@dataclass
class Members:
    """Names the members of an archive, each name once, and counts them."""

    content: Content
    settings: IngestSettings
    seen: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def member(self, name: str, opened: Callable[[], BinaryIO]) -> Content:
        r"""Return a member to read; the second of a name is called `name\2`.

        Raises:
            ReadError: too_many_members.
        """
        self.count += 1
        if self.count > self.settings.max_archive_members:
            limit = self.settings.max_archive_members
            raise ReadError("too_many_members", f"more than {limit} members")
        label = printable_uri(name)
        times = self.seen[label] = self.seen.get(label, 0) + 1
        unique = label if times == 1 else f"{label}\\{times}"
        return Content(name, opened, self.content.budget, (*self.content.within, unique))


class MemberBytes(io.RawIOBase):
    """The bytes of a member, by a function that gives the next ones and raises `ReadError`."""

    def __init__(self, next_bytes: Callable[[int], bytes]) -> None:
        self._next_bytes = next_bytes

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the next bytes go; 0: the end."""
        data = self._next_bytes(len(buffer))
        buffer[: len(data)] = data
        return len(data)
