"""Choose the reader of a file by its name, or else by its first bytes, and read with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from itertools import chain
from typing import BinaryIO, cast

from tasks.reading.archives import tar_members, zip_members
from tasks.reading.content import ChunkFile, Content
from tasks.reading.delimited import read_csv, read_tsv
from tasks.reading.documents import read_html, read_text
from tasks.reading.json_lines import read_json, read_jsonl
from tasks.reading.mail import read_mail, read_mailbox
from tasks.reading.mhtml import read_mhtml
from tasks.reading.recognised import HEAD_BYTES, recognised, says_otherwise, suffixes_of
from tasks.reading.records import Flaw, ReadError, Record
from tasks.reading.streams import byte_chunks
from tasks.reading.subtitles import read_subtitles
from tasks.reading.warc import read_warc
from tasks.settings import IngestSettings

Reader = Callable[[Content, IngestSettings], Iterator[Record | Flaw]]
Opener = Callable[[Content, IngestSettings], Iterator[Content]]


@dataclass(frozen=True)
class Format:
    """A name for `raw_documents.format`, the suffixes of such files, and what reads them.

    `reader` gives records; of an archive, `opener` gives its members instead.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Reader | None = None
    opener: Opener | None = None


# PyArrow and lxml take .2 s each to import: when a file asks for them.


def _read_parquet(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.parquet import read_parquet  # noqa: PLC0415

    return read_parquet(content, settings)


def _read_arrow(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.arrow import read_arrow  # noqa: PLC0415

    return read_arrow(content, settings)


def _read_feed(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.feeds import read_feed  # noqa: PLC0415

    return read_feed(content, settings)


def _read_pdf(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.pdf import read_pdf  # noqa: PLC0415

    return read_pdf(content, settings)


def _read_docx(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.office import read_docx  # noqa: PLC0415

    return read_docx(content, settings)


def _read_odt(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.office import read_odt  # noqa: PLC0415

    return read_odt(content, settings)


def _read_epub(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    from tasks.reading.epub import read_epub  # noqa: PLC0415

    return read_epub(content, settings)


FORMATS = (
    Format("text", (".txt", ".text", ".md"), read_text),
    Format("html", (".html", ".htm", ".xhtml"), read_html),
    Format("mhtml", (".mhtml", ".mht"), read_mhtml),
    Format("jsonl", (".jsonl", ".ndjson"), read_jsonl),
    Format("json", (".json",), read_json),
    Format("csv", (".csv",), read_csv),
    Format("csv", (".tsv",), read_tsv),
    Format("parquet", (".parquet",), _read_parquet),
    Format("arrow", (".arrow", ".arrows", ".feather", ".ipc"), _read_arrow),
    Format("warc", (".warc", ".wet"), read_warc),
    Format("feed", (".rss", ".atom", ".xml"), _read_feed),
    Format("email", (".eml",), read_mail),
    Format("mbox", (".mbox", ".mbx"), read_mailbox),
    Format("subtitles", (".srt", ".vtt"), read_subtitles),
    Format("pdf", (".pdf",), _read_pdf),
    Format("docx", (".docx", ".docm"), _read_docx),
    Format("odt", (".odt", ".ott"), _read_odt),
    Format("epub", (".epub",), _read_epub),
    Format("zip", (".zip",), opener=zip_members),
    Format("tar", (".tar", ".tgz", ".tbz2", ".txz"), opener=tar_members),
)
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}
_BY_NAME = {known.name: known for known in reversed(FORMATS)}
_PAGE = _BY_NAME["html"]


def format_of(file_name: str) -> Format | None:
    """Return the format that a file's name implies; None: it says nothing that is known."""
    known = (_BY_SUFFIX.get(suffix) for suffix in suffixes_of(file_name))
    return next((found for found in known if found), None)


def may_be_read(file_name: str) -> bool:
    """Tell whether a file of that name may be of a known format, once its bytes are seen."""
    return format_of(file_name) is not None or not says_otherwise(file_name)


def read_records(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield all records of a file or of an archive's member; at least one record or flaw.

    What ends the reading early is the last flaw: at the record after the last one seen,
    or of the file as a whole if none was.
    """
    number, is_empty = None, True
    try:
        for item in _items(content, settings):
            is_empty = False
            if len(item.within) == len(content.within):
                number = item.number
            yield item
    except ReadError as failure:
        position = None if number is None else number + 1
        yield Flaw(position, failure.reason, failure.detail, content.within)
    else:
        if is_empty:
            yield Flaw(None, "empty", "no records", content.within)


def _items(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the items of a file, told where they stand and in what format.

    Raises:
        ReadError: unsupported_format, empty, too_deep; as the reader of its format.
    """
    known = format_of(content.name)
    if known is None or suffixes_of(content.name)[0] == ".xml":
        found, content = _recognised(content, settings)
        known = found if known is None or found is _PAGE else known
    if known.opener is not None:
        if len(content.within) >= settings.max_archive_depth:
            limit = settings.max_archive_depth
            raise ReadError("too_deep", f"an archive within more than {limit - 1} others")
        for member in known.opener(content, settings):
            yield from read_records(member, settings)
    if known.reader is not None:
        for item in known.reader(content, settings):
            content.budget.charge_record()
            if isinstance(item, Record):
                yield item._replace(within=content.within, format=known.name)
            else:
                yield item._replace(within=content.within)


def _recognised(content: Content, settings: IngestSettings) -> tuple[Format, Content]:
    """Return the format of a file by its first bytes, and the file to be read from its start.

    Raises:
        ReadError: unsupported_format, empty; as `byte_chunks`.
    """
    if not may_be_read(content.name):
        raise ReadError("unsupported_format")
    chunks = byte_chunks(content)
    first: list[bytes] = []
    while sum(map(len, first)) < HEAD_BYTES and (chunk := next(chunks, b"")):
        first.append(chunk)
    head = b"".join(first)
    if not head:
        raise ReadError("empty", "no bytes")
    name = recognised(head[:HEAD_BYTES], settings)
    if name is None:
        raise ReadError("unsupported_format", "its first bytes are of no known kind")
    if content.within:  # a member of an archive may be read only once

        def opened() -> BinaryIO:
            return cast("BinaryIO", BufferedReader(ChunkFile(chain(first, chunks))))

        content = replace(content, opened=opened)
    return _BY_NAME[name], content
