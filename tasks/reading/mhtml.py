"""Read pages that were saved with all their parts (MHTML): the first page is the record.

Not by Python's parser of whole messages, which takes 800 MB for 100,000 parts: parts are looked at
one after the other, up to the page, and only their headers are parsed.
"""

import email.parser
import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from tasks.reading.content import Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import MARKUP_TYPES, document
from tasks.reading.encodings import named_encoding, without_surrogates
from tasks.reading.records import Flaw, ReadError, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

# A page comes before its pictures; in base64 or quoted-printable it grows by half at most,
# beyond ASCII threefold.
_READ_TIMES = 3
# Headers are a few lines; what stands beyond is not looked at.
_HEAD_BYTES = 16 * 1024
_HEAD_END = re.compile(rb"(?:\A|\r?\n)\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
# Mail programs nest three deep.
_MAX_DEPTH = 8


class _Part(NamedTuple):
    """A part of a message: its headers, and where its body stands in the file."""

    headers: Message
    begin: int
    end: int


def read_mhtml(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the first page in the file; its pictures and frames are not looked at.

    Raises:
        ReadError: binary, undecodable, too_large: too many parts, or too deep; as `byte_chunks`.
    """
    limit_bytes = _READ_TIMES * settings.max_record_bytes
    data, is_whole = _beginning(content, limit_bytes)
    if not data:
        return
    message = _part(data, 0, len(data))
    page = next(filter(_is_page, _leaves(data, message, settings)), None)
    if page is None:
        yield Flaw(None, "malformed_record", "no page in it")
        return
    body = _decoded(data, page)
    is_cut = not is_whole and page.end == len(data)
    if is_cut or len(body) > settings.max_record_bytes:
        yield Flaw(None, "too_large", size_detail(settings.max_record_bytes))
        return
    yield _saved_page(body, page.headers, message.headers, settings)


def _beginning(content: Content, limit_bytes: int) -> tuple[bytes, bool]:
    """Return the first bytes, and whether they are all."""
    data = bytearray()
    for chunk in byte_chunks(content):
        data += chunk
        if len(data) > limit_bytes:
            return bytes(data[:limit_bytes]), False
    return bytes(data), True


def _part(data: bytes, begin: int, end: int) -> _Part:
    """Return the part that stands in some bytes: headers, a blank line, the body."""
    head = data[begin : min(end, begin + _HEAD_BYTES)]
    found = _HEAD_END.search(head)
    headers = head[: found.start()] if found else head
    parser = email.parser.BytesHeaderParser(policy=email.policy.compat32)
    body = begin + found.end() if found else _after_blank_line(data, begin, end)
    return _Part(parser.parsebytes(headers), body, end)


def _after_blank_line(data: bytes, begin: int, end: int) -> int:
    found = _BLANK_LINE.search(data, begin, end)
    return found.end() if found else end


def _leaves(data: bytes, message: _Part, settings: IngestSettings) -> Iterator[_Part]:
    """Yield the parts that have none in them, in their order.

    Raises:
        ReadError: too_large.
    """
    pending, count = [iter([message])], 0
    while pending:
        part = next(pending[-1], None)
        if part is None:
            pending.pop()
            continue
        count += 1
        if count > settings.max_message_parts or len(pending) > _MAX_DEPTH:
            limit = settings.max_message_parts
            raise ReadError("too_large", f"more than {limit} parts, or {_MAX_DEPTH} in one another")
        parts = _parts_of(data, part)
        if parts is None:
            yield part
        else:
            pending.append(parts)


def _parts_of(data: bytes, part: _Part) -> Iterator[_Part] | None:
    """Return the parts of a part; None: it has none."""
    kind, boundary = part.headers.get_content_maintype(), part.headers.get_boundary()
    if kind == "message":
        return iter([_part(data, part.begin, part.end)])
    if kind != "multipart" or not boundary or not boundary.isascii():
        return None
    return _between(data, part, boundary.encode())


def _between(data: bytes, part: _Part, boundary: bytes) -> Iterator[_Part]:
    """Yield what stands between lines of a boundary; the last line ends with two hyphens."""
    line = _boundary_line(boundary)
    found = line.search(data, max(0, part.begin - 1), part.end)
    while found is not None and found[1] is None:
        # The end of the line may be what the next one begins with.
        after = line.search(data, max(part.begin, found.end() - 1), part.end)
        yield _part(data, found.end(), after.start() if after else part.end)
        found = after


def _boundary_line(boundary: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\r?\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")


def _is_page(part: _Part) -> bool:
    return part.headers.get_content_type() in MARKUP_TYPES


def _decoded(data: bytes, part: _Part) -> bytes:
    """Return the body of a part without its transfer encoding."""
    part.headers.set_payload(data[part.begin : part.end].decode("ascii", "surrogateescape"))
    body = part.headers.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _saved_page(
    page: bytes, part: Message, message: Message, settings: IngestSettings
) -> Record | Flaw:
    charset = part.get_content_charset()
    hint = named_encoding(charset, "http") if charset else None
    item = document(page, [hint] if hint else [], settings, is_markup=True)
    if isinstance(item, Flaw):
        return item
    url = _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")
    return item._replace(url=url, fetched_at=parse_date(_header(message, "Date")))


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    return without_surrogates(" ".join(str(value).split()))[0] or None if value else None
