"""Reader of saved pages with all their parts in one file (MHTML): the page is the record."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from tasks.reading.content import Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import document
from tasks.reading.encodings import named_encoding, without_surrogates
from tasks.reading.records import Flaw, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

_MARKUP_TYPES = {"text/html", "application/xhtml+xml"}
# A page comes before its pictures; in base64 or quoted-printable it grows by half at most,
# beyond ASCII threefold.
_READ_TIMES = 3


def read_mhtml(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the first page in the file; its pictures and frames are not looked at.

    Raises:
        ReadError: binary, undecodable; as `byte_chunks`.
    """
    data, is_whole = _beginning(content, _READ_TIMES * settings.max_record_bytes)
    if not data:
        return
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    pages = [part for part in parts if part.get_content_type() in _MARKUP_TYPES]
    if not pages:
        yield Flaw(None, "malformed_record", "no page in it")
        return
    body = pages[0].get_payload(decode=True)
    page = body if isinstance(body, bytes) else b""
    is_cut = not is_whole and pages[0] is parts[-1]
    if is_cut or len(page) > settings.max_record_bytes:
        yield Flaw(None, "too_large", size_detail(settings.max_record_bytes))
        return
    yield _record(page, pages[0], message, settings)


def _beginning(content: Content, limit_bytes: int) -> tuple[bytes, bool]:
    """Return the first bytes, and whether they are all."""
    data = bytearray()
    for chunk in byte_chunks(content):
        data += chunk
        if len(data) > limit_bytes:
            return bytes(data[:limit_bytes]), False
    return bytes(data), True


def _record(
    page: bytes, part: Message, message: Message, settings: IngestSettings
) -> Record | Flaw:
    charset = part.get_content_charset()
    hint = named_encoding(charset, "http") if charset else None
    item = document(page, [hint] if hint else [], settings, is_markup=True)
    if isinstance(item, Flaw):
        return item
    url = _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")
    return replace(item, url=url, fetched_at=parse_date(_header(message, "Date")))


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    return without_surrogates(" ".join(str(value).split()))[0] or None if value else None
