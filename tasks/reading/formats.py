"""Choose the reader of a file by its suffix, before that of a compression, and read with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tasks.reading.archives import tar_members, zip_members
from tasks.reading.content import Content
from tasks.reading.delimited import read_csv, read_tsv
from tasks.reading.documents import read_html, read_text
from tasks.reading.json_lines import read_json, read_jsonl
from tasks.reading.mhtml import read_mhtml
from tasks.reading.records import Flaw, ReadError, Record
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
    Format("zip", (".zip",), opener=zip_members),
    Format("tar", (".tar", ".tgz", ".tbz2", ".txz"), opener=tar_members),
)
COMPRESSION_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}


def format_of(file_name: str) -> Format | None:
    """Return the format that a file's name implies; None: no reader knows it."""
    name = PurePosixPath(file_name.lower())
    if name.suffix in COMPRESSION_SUFFIXES:
        name = name.with_suffix("")
    return _BY_SUFFIX.get(name.suffix)


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
        ReadError: unsupported_format, too_deep; as the reader of its format.
    """
    known = format_of(content.name)
    if known is None:
        raise ReadError("unsupported_format")
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
