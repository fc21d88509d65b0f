"""Read WARC and WET: a response, a resource, or a page converted to text, is a record.

Requests, metadata, revisits and the like are not records of the source; responses and resources
without a text are rejects. A record that is damaged costs itself: reading goes on at the next
header. Crawlers often decode a body and leave the header that says how it was encoded: a body that
is not what its header says is taken as it is.

Not FastWARC or warcio: FastWARC 2.0.1 ends at the first damaged header and aborts where the
stream cannot seek; warcio 1.8 holds lines of any length and writes to the error output.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO, cast

import brotli
import zstandard

from tasks.reading.content import Budget, ChunkFile, Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import document
from tasks.reading.encodings import named_encoding, without_surrogates
from tasks.reading.fields import canonical_json
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_LINE_END = re.compile(rb"(?:\r?\n)?")
# Real responses have one; each multiplies what a bomb can grow to.
_MAX_CODINGS = 2
# Brotli's worst bombs grow 800,000 times: this much of one becomes 200 MB.
_DECODED_BYTES = 256
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
_RECORD_TYPES = {"response", "resource", "conversion"}
#: What browser crawlers put before the address of a page whose text they took.
_TEXT_OF_PAGE = re.compile(r"urn:[a-z-]{1,20}:(?=https?://)")
#: Headers that columns hold, or that only the file itself is read by.
_TAKEN = {"warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length"}
_TAKEN |= {"content-type", "warc-block-digest", "warc-payload-digest"}

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Response:
    """A response: its status, its headers by lower-case name, its decoded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_warc(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each response, resource or conversion, numbered among all.

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
                yield item._replace(number=number)


def _item(file: BinaryIO, content: Content, settings: IngestSettings) -> Record | Flaw | None:
    """Return what stands after a record's first line; None: not what is looked for."""
    headers = _headers(file)
    if headers is None:
        return _BAD_HEADER
    length_bytes = int(headers["content-length"])
    is_wanted = headers.get("warc-type", "").lower() in _RECORD_TYPES
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
    kind, content_type = headers["warc-type"].lower(), headers.get("content-type", "")
    if kind == "conversion":  # always UTF-8 in WET
        return document(block, [Encoding("utf-8", "declared")], settings, is_markup=False)
    if kind == "resource" and not content_type.lower().startswith("application/http"):
        return _page(Response(200, {"content-type": content_type}, block), settings)
    response = parse_response(block, settings.max_record_bytes, content.budget)
    if response is None:
        return Flaw(None, "malformed_record", "no HTTP response")
    if not 200 <= response.status < 300:
        return Flaw(None, "http_status", str(response.status))
    return _page(response, settings)


def _page(response: Response, settings: IngestSettings) -> Record | Flaw:
    """Return the text or page of a response; without a type, its beginning shows which."""
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
    return item._replace(declared_language=language_tag(response.headers.get("content-language")))


def _with_headers(item: Record | Flaw, headers: Headers) -> Record | Flaw:
    if isinstance(item, Flaw):
        return item
    others = {name: value for name, value in headers.items() if name not in _TAKEN}
    return item._replace(
        source_id=headers.get("warc-record-id", "").strip("<>") or None,
        url=_TEXT_OF_PAGE.sub("", headers.get("warc-target-uri", "").strip("<>"), 1) or None,
        fetched_at=parse_date(headers.get("warc-date")),
        record_fields=canonical_json(others) if others else None,
    )


def parse_headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Return `name: value` lines by lower-case name, the first of a name; others are ignored."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def parse_response(block: bytes, max_bytes: int, budget: Budget) -> Response | None:
    """Return the response that a block of bytes holds; None: it holds none.

    Args:
        block: Status line, headers and body.
        max_bytes: How large the decoded body may be.
        budget: What the decoding is counted in.

    Raises:
        ReadError: too_large.
    """
    status = _STATUS.match(block)
    if status is None:
        return None
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    headers = parse_headers(head.splitlines()[1:])
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    codings = [name.strip() for name in headers.get("content-encoding", "").lower().split(",")]
    for coding in reversed(codings[:_MAX_CODINGS]):
        body = _decoded(body, coding, max_bytes, budget)
    return Response(int(status[1]), headers, body)


def _dechunked(body: bytes) -> bytes:
    """Return the body without its chunks' sizes; as it is, if it does not begin with one."""
    pieces: list[bytes] = []
    position = 0
    while (size := _CHUNK_SIZE.match(body, position)) is not None:
        length = int(size[1], 16)
        pieces.append(body[size.end() : size.end() + length])
        position = _LINE_END.match(body, size.end() + length).end()  # type: ignore[union-attr]
        if length == 0:
            break
    return b"".join(pieces) if pieces else body


def _decoded(body: bytes, coding: str, max_bytes: int, budget: Budget) -> bytes:
    """Return the body without a content coding.

    Raises:
        ReadError: too_large.
    """
    output = bytearray()
    try:
        for piece in _decoded_pieces(body, coding):
            budget.charge(piece)
            output += piece
            if len(output) > max_bytes:
                raise ReadError("too_large", size_detail(max_bytes))
    except (zlib.error, brotli.error, zstandard.ZstdError):
        return bytes(output) or body
    return bytes(output) or body


def _decoded_pieces(body: bytes, coding: str) -> Iterator[bytes]:
    decoders: dict[str, Callable[[], Callable[[bytes], bytes]]] = {
        "gzip": lambda: zlib.decompressobj(zlib.MAX_WBITS | 32).decompress,
        "x-gzip": lambda: zlib.decompressobj(zlib.MAX_WBITS | 32).decompress,
        "deflate": lambda: zlib.decompressobj(_deflate_bits(body)).decompress,
        "br": lambda: brotli.Decompressor().process,
        "zstd": lambda: zstandard.ZstdDecompressor().decompressobj().decompress,
    }
    if coding in decoders:
        decode = decoders[coding]()
        for start in range(0, len(body), _DECODED_BYTES):
            yield decode(body[start : start + _DECODED_BYTES])


def _deflate_bits(body: bytes) -> int:
    """Return zlib's window bits: servers send zlib data (RFC 9110), or bare deflate data."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
