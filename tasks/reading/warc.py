"""Reader of WARC and WET: a response, or a page converted to text, is a record.

Requests, metadata, revisits and the like are not records of the source; responses without a
text are rejects. A record that is damaged costs itself: reading goes on at the next header.

Not FastWARC or warcio: FastWARC 2.0.1 ends at the first damaged header and aborts where the
stream cannot seek; warcio 1.8 holds lines of any length and writes to the error output.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BufferedReader
from typing import BinaryIO, cast

from tasks.reading.content import ChunkFile, Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import document
from tasks.reading.encodings import named_encoding, without_surrogates
from tasks.reading.fields import canonical_json
from tasks.reading.http_messages import Response, parse_headers, parse_response
from tasks.reading.language_tags import language_tag
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

_BUFFER_BYTES = 64 * 1024
_LINE_BYTES = 64 * 1024
_MAX_HEADERS = 1000
# What a response may have before its body.
_HEAD_BYTES = 64 * 1024
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_NO_HEADER = Flaw(None, "malformed_record", "no WARC header where one must be")
_BAD_HEADER = Flaw(None, "malformed_record", "a WARC header that cannot be read")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKUP_TYPES = {"text/html", "application/xhtml+xml"}
#: Headers that columns hold, or that only the file itself is read by.
_TAKEN = {"warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length"}
_TAKEN |= {"content-type", "warc-block-digest", "warc-payload-digest"}

Headers = Mapping[str, str]


def read_warc(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each response or conversion, numbered among all records.

    Raises:
        ReadError: truncated; as `byte_chunks`.
    """
    file = cast("BinaryIO", BufferedReader(ChunkFile(byte_chunks(content)), _BUFFER_BYTES))
    number, is_damaged = 0, False
    while line := file.readline(_LINE_BYTES):
        is_header = line.startswith(b"WARC/")
        if is_header or (line.strip() and not is_damaged):
            number += 1
            item = _item(file, content, settings) if is_header else _NO_HEADER
            is_damaged = item in {_NO_HEADER, _BAD_HEADER}
            if item is not None:
                yield replace(item, number=number)


def _item(file: BinaryIO, content: Content, settings: IngestSettings) -> Record | Flaw | None:
    """Return what stands after a record's first line; None: not what is looked for."""
    headers = _headers(file)
    if headers is None:
        return _BAD_HEADER
    length_bytes = int(headers["content-length"])
    is_wanted = headers.get("warc-type", "").lower() in {"response", "conversion"}
    if not is_wanted or length_bytes > settings.max_record_bytes + _HEAD_BYTES:
        _skip(file, length_bytes)
        return (
            Flaw(None, "too_large", size_detail(settings.max_record_bytes)) if is_wanted else None
        )
    block = _read(file, length_bytes)
    try:
        return _with_headers(_document(headers, block, content, settings), headers)
    except ReadError as failure:
        return Flaw(None, failure.reason, failure.detail)


def _headers(file: BinaryIO) -> Headers | None:
    """Return the headers up to the blank line; None: they cannot be what a record has."""
    lines: list[bytes] = []
    while (line := file.readline(_LINE_BYTES)).strip():
        lines.append(line)
        if len(lines) > _MAX_HEADERS or not line.endswith(b"\n"):
            return None
    headers = parse_headers(lines)
    return headers if _LENGTH.fullmatch(headers.get("content-length", "")) else None


def _read(file: BinaryIO, size_bytes: int) -> bytes:
    data = file.read(size_bytes)
    if len(data) < size_bytes:
        raise ReadError("truncated", "the file ends within a record")
    return data


def _skip(file: BinaryIO, size_bytes: int) -> None:
    while size_bytes > 0:
        size_bytes -= len(_read(file, min(size_bytes, _BUFFER_BYTES)))


def _document(
    headers: Headers, block: bytes, content: Content, settings: IngestSettings
) -> Record | Flaw:
    if headers["warc-type"].lower() == "conversion":  # always UTF-8 in WET
        return document(block, [Encoding("utf-8", "declared")], settings, is_markup=False)
    response = parse_response(block, settings.max_record_bytes, content.budget)
    if response is None:
        return Flaw(None, "malformed_record", "no HTTP response")
    if not 200 <= response.status < 300:
        return Flaw(None, "http_status", str(response.status))
    return _page(response, settings)


def _page(response: Response, settings: IngestSettings) -> Record | Flaw:
    """Return the text or page of a response; without a type, its beginning tells."""
    content_type = response.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and media_type not in _MARKUP_TYPES and media_type != "text/plain":
        return Flaw(None, "unsupported_format", without_surrogates(media_type[:100])[0])
    charset = _CHARSET.search(content_type)
    hint = named_encoding(charset[1], "http") if charset else None
    is_markup = media_type in _MARKUP_TYPES
    item = document(response.body, [hint] if hint else [], settings, is_markup=is_markup)
    if isinstance(item, Flaw):
        return item
    return replace(item, declared_language=language_tag(response.headers.get("content-language")))


def _with_headers(item: Record | Flaw, headers: Headers) -> Record | Flaw:
    if isinstance(item, Flaw):
        return item
    others = {name: value for name, value in headers.items() if name not in _TAKEN}
    return replace(
        item,
        source_id=headers.get("warc-record-id", "").strip("<>") or None,
        url=headers.get("warc-target-uri", "").strip("<>") or None,
        fetched_at=parse_date(headers.get("warc-date")),
        record_fields=canonical_json(others) if others else None,
    )
