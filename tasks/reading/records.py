"""Hold what readers give: records, flaws where a record should be, and where both stand."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

#: Stands between a file, the members of archives in it, and the number of a record.
_SEPARATOR = "#"
_AFTER_SUFFIX = re.compile(r"(\.\w{1,12})#")


@dataclass(frozen=True)
class Encoding:
    """How bytes were decoded.

    Attributes:
        codec: A Python codec in its canonical name.
        source: Who named it: bom, http, declared, utf-8 or detected.
        confidence: How sure it is, 0 to 1; 1 where the bytes themselves prove it.
    """

    codec: str
    source: str
    confidence: float = 1.0


class Record(NamedTuple):
    """A record that was read.

    Attributes:
        number: Its position in its container, from 1; None: the file is the record.
        content: Its bytes, as hashed into `doc_id`.
        text: Its text, free of lone surrogates; `replaced_chars` of them are U+FFFD for
            what could not be decoded.
        record_fields: Its other fields as JSON.
        within: Names of the archive's member that it stands in, the outermost archive first.
        inner: Its position in the object at `number`, which holds several; None: it is alone.
        format: The name of its format; readers leave it to `formats.read_records`.
    """

    number: int | None
    content: bytes
    text: str
    is_markup: bool
    encoding: Encoding
    replaced_chars: int
    source_id: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    site: str | None = None
    published_at: datetime | None = None
    fetched_at: datetime | None = None
    declared_language: str | None = None
    record_fields: str | None = None
    within: tuple[str, ...] = ()
    inner: int | None = None
    format: str = ""


class Flaw(NamedTuple):
    """A record that could not be read, with a reason of `expectations.reasons`."""

    number: int | None
    reason: str
    detail: str | None = None
    within: tuple[str, ...] = ()
    inner: int | None = None


@dataclass(frozen=True)
class Rejection:
    """A flaw, and where it stands in the source."""

    source_uri: str
    reason: str
    detail: str | None = None


class ReadError(Exception):
    """Nothing more can be read, for a reason of `expectations.reasons`."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def size_detail(limit_bytes: int) -> str:
    """Return what is said of a record that is too large."""
    return f"more than {limit_bytes} bytes"


def printable_uri(path: str) -> str:
    r"""Return a name in a form that is text, harmless to print, and no other name's.

    Backslashes are doubled; bytes that are not UTF-8 become `\xNN`, control characters
    `\uNNNN`; `#` after a suffix, where it would stand before what is inside a file, `\#`.
    """
    escaped = "".join(_escaped(character) for character in path)
    return _AFTER_SUFFIX.sub(r"\1\\#", escaped)


def joined_uri(
    file: str, within: tuple[str, ...], number: int | None, inner: int | None = None
) -> str:
    """Return the `source_uri` of a record: `file`, `file#member`, `file#number` and so on."""
    numbers = [str(position) for position in (number, inner) if position is not None]
    return _SEPARATOR.join([file, *within, *numbers])


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    hidden = unicodedata.category(character) in {"Cc", "Cs"}
    return f"\\u{ord(character):04x}" if hidden else character
