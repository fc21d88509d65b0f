"""Which reader reads a file: told by the suffix, before that of a compression."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tasks.readers.delimited import read_csv, read_tsv
from tasks.readers.documents import read_html, read_text
from tasks.readers.jsonl import read_jsonl
from tasks.readers.parquet import read_parquet
from tasks.readers.records import Flaw, ReadError, Record
from tasks.settings import IngestSettings

Reader = Callable[[str, IngestSettings], Iterator[Record | Flaw]]


@dataclass(frozen=True)
class Format:
    """A name for `raw_documents.format`, the suffixes of such files, and their reader."""

    name: str
    suffixes: tuple[str, ...]
    reader: Reader


FORMATS = (
    Format("text", (".txt", ".text", ".md"), read_text),
    Format("html", (".html", ".htm", ".xhtml"), read_html),
    Format("jsonl", (".jsonl", ".ndjson"), read_jsonl),
    Format("csv", (".csv",), read_csv),
    Format("csv", (".tsv",), read_tsv),
    Format("parquet", (".parquet",), read_parquet),
)
COMPRESSION_SUFFIXES = (".gz", ".zst")
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}


def format_of(file_name: str) -> Format | None:
    """Return the format that a file's name tells; None: no reader knows it."""
    name = PurePosixPath(file_name.lower())
    if name.suffix in COMPRESSION_SUFFIXES:
        name = name.with_suffix("")
    return _BY_SUFFIX.get(name.suffix)


def read_records(path: str, known: Format, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield all records of a file; at least one record or flaw.

    What ends the reading early is the last flaw: at the record after the last one seen,
    or of the file as a whole if none was.
    """
    number, is_empty = None, True
    try:
        for item in known.reader(path, settings):
            number, is_empty = item.number, False
            yield item
    except ReadError as failure:
        yield Flaw(None if number is None else number + 1, failure.reason, failure.detail)
    else:
        if is_empty:
            yield Flaw(None, "empty", "no records")
