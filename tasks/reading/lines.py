"""Cut a file into decoded lines, none larger than a record may be."""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tasks.reading.content import Content
from tasks.reading.detection import MARK_UNDECODED
from tasks.reading.encodings import byte_order_mark, declared_encoding, decode
from tasks.reading.records import Encoding, Flaw, ReadError, size_detail
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

# The beginning that shows the encoding of a file: some hundred lines of news.
_HEAD_BYTES = 256 * 1024
_CUT_CHARACTER = re.compile(rb"[\x80-\xff]{1,3}\Z")
#: So many lines of a file are each tried in every encoding, ten milliseconds each; the others in
#: those that most of these had: files are put together from two or three.
LINES_BY_ALL = 256
_ENCODINGS_TRIED = 3
_NONE = ""
_WIDE_UNITS = ("utf-16", "utf-32")


@dataclass(frozen=True)
class Line:
    """A line with its ending.

    Attributes:
        number: Its position in the file, from 1.
        content: Its bytes; of a UTF-16 or UTF-32 file, in UTF-8.
        text: Its text, with a lone surrogate for what could not be decoded.
        encoding: How the file had it.
    """

    number: int
    content: bytes
    text: str
    encoding: Encoding


def text_lines(
    content: Content, settings: IngestSettings, *, may_end_in_returns: bool = False
) -> Iterator[Line | Flaw]:
    """Yield the lines of a file, and a flaw for each that is too large or undecodable.

    Memory is bounded by `max_record_bytes`, whatever the length of a line. The last line
    of truncated data is not yielded.

    Args:
        content: The file.
        settings: How large a line may be, and how much may be damaged.
        may_end_in_returns: Whether carriage returns end lines where the beginning has no other.

    Raises:
        ReadError: The file cannot be read, or not further.
    """
    chunks, encoding = text_chunks(content, settings)
    if may_end_in_returns:
        chunks = _with_line_feeds(chunks)
    lines = _bounded_lines(chunks, settings.max_record_bytes)
    yield from decoded_lines(lines, encoding, settings)


def decoded_lines(
    lines: Iterable[bytes | None], encoding: Encoding | None, settings: IngestSettings
) -> Iterator[Line | Flaw]:
    """Number and decode the lines of a file, or other pieces of one; None: one too large."""
    decoded = _line_decoder(encoding, settings)
    for number, line in enumerate(lines, 1):
        if line is None:
            yield Flaw(number, "too_large", size_detail(settings.max_record_bytes))
            continue
        try:
            text, line_encoding = decoded(line)
        except ReadError as failure:
            yield Flaw(number, failure.reason, failure.detail)
        else:
            yield Line(number, line, text, line_encoding)


def text_chunks(
    content: Content, settings: IngestSettings
) -> tuple[Iterator[bytes], Encoding | None]:
    """Return bytes in which ASCII stands for itself, without a mark, and their encoding.

    UTF-16 and UTF-32 come as UTF-8. None as encoding: each line is judged by itself.

    Raises:
        ReadError: binary; as `byte_chunks`, when the chunks are read.
    """
    head, chunks = _with_head(byte_chunks(content))
    mark, encoding = _file_encoding(head, settings)
    chunks = _without_mark(chunks, mark)
    if encoding is not None and encoding.codec.startswith(_WIDE_UNITS):
        chunks = _transcoded(chunks, encoding.codec)
    return chunks, encoding


def utf8_chunks(content: Content, settings: IngestSettings) -> tuple[Iterator[bytes], Encoding]:
    """Return the bytes of an XML file as UTF-8, and the encoding that they had.

    U+FFFD stands for what cannot be decoded.

    Raises:
        ReadError: binary, undecodable; as `byte_chunks`, when the chunks are read.
    """
    head, chunks = _with_head(byte_chunks(content))
    declared = declared_encoding(head)
    mark, encoding = byte_order_mark(head) or (b"", None)
    if encoding is None:
        encoding = decode(_whole_lines(head), [declared] if declared else [], settings)[1]
    chunks = _transcoded(_without_mark(chunks, mark), encoding.codec, "replace")
    return chunks, encoding


def _with_line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Return the bytes, carriage returns as line feeds if the first ones have no others."""
    head, chunks = _with_head(chunks)
    if b"\n" in head or b"\r" not in head:
        return chunks
    return (chunk.replace(b"\r", b"\n") for chunk in chunks)


def _with_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes, and all chunks again; a failure comes in its place."""
    first: list[bytes] = []
    failures: list[ReadError] = []
    try:
        while sum(map(len, first)) < _HEAD_BYTES and (chunk := next(chunks, b"")):
            first.append(chunk)
    except ReadError as failure:
        failures.append(failure)

    def again() -> Iterator[bytes]:
        yield b"".join(first)
        for failure in failures:
            raise failure
        yield from chunks

    return b"".join(first)[:_HEAD_BYTES], again()


def _file_encoding(head: bytes, settings: IngestSettings) -> tuple[bytes, Encoding | None]:
    """Return the byte order mark and the encoding; None: each line is judged by itself.

    Raises:
        ReadError: binary: these are no lines.
    """
    if marked := byte_order_mark(head):
        return marked
    try:
        return b"", decode(_whole_lines(head), (), settings)[1]
    except ReadError as failure:
        if failure.reason == "binary":
            raise
        return b"", None


def _whole_lines(head: bytes) -> bytes:
    return head[: head.rfind(b"\n") + 1] or _CUT_CHARACTER.sub(b"", head)


def _without_mark(chunks: Iterator[bytes], mark: bytes) -> Iterator[bytes]:
    yield next(chunks)[len(mark) :]
    yield from chunks


def _transcoded(
    chunks: Iterator[bytes], codec: str, errors: str = MARK_UNDECODED
) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)(errors)
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


def _line_decoder(
    encoding: Encoding | None, settings: IngestSettings
) -> Callable[[bytes], tuple[str, Encoding]]:
    """Return what decodes a line of a file in that encoding; it raises as `decode`."""
    if encoding is not None and encoding.codec.startswith(_WIDE_UNITS):
        return lambda content: (content.decode("utf-8", "surrogatepass"), encoding)

    detected: Counter[str] = Counter()

    def decoded(content: bytes) -> tuple[str, Encoding]:
        if encoding is not None and encoding.codec == "utf-8":
            try:
                return content.decode(), encoding
            except UnicodeDecodeError:
                pass  # judged below: damaged, or a line of another encoding
        hints = (encoding,) if encoding else ()
        try:
            text, found = decode(content, hints, settings, _worth_trying(detected))
        except ReadError as failure:
            detected[_NONE] += failure.reason == "undecodable"
            raise
        if found.source == "detected" and found is not encoding:
            detected[found.codec] += 1
        return text, found

    return decoded


def _worth_trying(detected: Counter[str]) -> tuple[str, ...] | None:
    """Return the encodings to try on a line, by those of the lines before it; None: all."""
    if detected.total() < LINES_BY_ALL:
        return None
    commonest = sorted(detected.keys() - {_NONE}, key=lambda codec: (-detected[codec], codec))
    return ("utf-8", *commonest[:_ENCODINGS_TRIED])


def _bounded_lines(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Yield lines with their endings; None for one that is too large."""
    pending = bytearray()
    for chunk in chunks:
        begin = 0
        while end := chunk.find(b"\n", begin) + 1:
            line = bytes(pending) + chunk[begin:end]
            yield line if len(line) <= max_bytes else None
            pending.clear()
            begin = end
        if len(pending) <= max_bytes:
            pending += chunk[begin:]
    if pending:
        yield bytes(pending) if len(pending) <= max_bytes else None
