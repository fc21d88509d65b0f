"""Read files that are one document: text and HTML."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from tasks.reading.content import Content
from tasks.reading.dates import parse_date
from tasks.reading.encodings import declared_encoding, decode, without_surrogates
from tasks.reading.front_matter import with_front_matter
from tasks.reading.markup import is_markup_document
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

_BEGIN_BYTES = 1024
_BEGIN_CHARS = 1024
# What browsers ("saved from"), SingleFile and HTTrack ("Mirrored from") leave in saved pages.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*|Mirrored from )"
    r"(?P<url>\S{1,2000})(?:\s+saved date:\s*(?P<date>[^\n]{1,80}))?"
)
MARKUP_TYPES = {"text/html", "application/xhtml+xml"}


def read_text(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the file as a record; one that begins like an HTML document is markup."""
    item = document(whole_content(content, settings), (), settings, is_markup=False)
    yield with_front_matter(item, settings) if isinstance(item, Record) else item


def read_html(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the file as a record of markup, decoded as its `meta` or XML declaration says."""
    item = document(whole_content(content, settings), (), settings, is_markup=True)
    yield _with_origin(item) if isinstance(item, Record) else item


def whole_content(content: Content, settings: IngestSettings) -> bytes:
    """Return all bytes.

    Raises:
        ReadError: As `byte_chunks`; too_large also for a plain file.
    """
    whole = bytearray()
    for chunk in byte_chunks(content):
        whole += chunk
        if len(whole) > settings.max_record_bytes:
            raise ReadError("too_large", size_detail(settings.max_record_bytes))
    return bytes(whole)


def document(
    content: bytes, hints: Sequence[Encoding], settings: IngestSettings, *, is_markup: bool
) -> Record | Flaw:
    """Return a text or a page as a record without a number.

    Args:
        content: Its bytes.
        hints: The encodings that whoever gave it names; what the page declares comes after.
        settings: How much may be damaged.
        is_markup: Whether it is known to be HTML; otherwise its beginning shows it.

    Raises:
        ReadError: binary or undecodable.
    """
    if not content:
        return Flaw(None, "empty", "no bytes")
    begins_as_markup = is_markup_document(content[:_BEGIN_BYTES].decode("latin-1"))
    declared = declared_encoding(content) if is_markup or begins_as_markup else None
    all_hints = (*hints, declared) if declared else hints
    raw_text, encoding = decode(content, all_hints, settings)
    text, replaced_chars = without_surrogates(raw_text)
    if not text.strip():
        return Flaw(None, "empty", "white space only")
    return Record(
        number=None,
        content=content,
        text=text,
        is_markup=is_markup or is_markup_document(text),
        encoding=encoding,
        replaced_chars=replaced_chars,
    )


def _with_origin(record: Record) -> Record:
    """Return a saved page with the address and the time that the program that saved it noted."""
    found = _SAVED_FROM.search(record.text[:_BEGIN_CHARS])
    if found is None:
        return record
    url = found["url"] if "://" in found["url"] else f"http://{found['url']}"
    return record._replace(url=url, fetched_at=_moment(found["date"]))


def _moment(words: str | None) -> datetime | None:
    """Return the moment of JavaScript's notation: `Tue Mar 12 2024 10:22:00 GMT+0100 (CET)`."""
    return parse_date(words.split(" (")[0].replace("GMT", "")) if words else None
