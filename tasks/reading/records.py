"""What readers give: records, and flaws where a record should be."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True)
class Record:
    """A record that was read.

    Attributes:
        number: Its place in its container, from 1; None: the file is the record.
        content: Its bytes, as hashed into `doc_id`.
        text: Its text, free of lone surrogates; `replaced_chars` of them are U+FFFD for
            what could not be decoded.
        record_fields: Its other fields as JSON.
        within: Names of the archive's member that it stands in, the outermost archive first.
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
    format: str = ""


@dataclass(frozen=True)
class Flaw:
    """A record that could not be read, with a reason of `expectations.reasons`."""

    number: int | None
    reason: str
    detail: str | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejection:
    """A flaw with its place in the source."""

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
