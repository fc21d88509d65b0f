"""HTTP responses as crawlers archive them: head and body, undone of transfer and compression.

Crawlers often decode a body and leave the header that says how it was encoded: a body that
is not what its header says is taken as it is.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import brotli
import zstandard

from tasks.reading.content import Budget
from tasks.reading.records import ReadError, size_detail

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_LINE_END = re.compile(rb"(?:\r?\n)?")
# Real responses have one; each multiplies what a bomb can grow to.
_MAX_CODINGS = 2
# Brotli's worst bombs grow 800,000 times: so much of one becomes 200 MB.
_INPUT_BYTES = 256


@dataclass(frozen=True)
class Response:
    """A response: its status, its headers by lower-case name, its decoded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


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
    place = 0
    while (size := _CHUNK_SIZE.match(body, place)) is not None:
        length = int(size[1], 16)
        pieces.append(body[size.end() : size.end() + length])
        place = _LINE_END.match(body, size.end() + length).end()  # type: ignore[union-attr]
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
            budget.charge(len(piece))
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
        for place in range(0, len(body), _INPUT_BYTES):
            yield decode(body[place : place + _INPUT_BYTES])


def _deflate_bits(body: bytes) -> int:
    """Return zlib's window bits: servers send zlib data (RFC 9110), or bare deflate data."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
