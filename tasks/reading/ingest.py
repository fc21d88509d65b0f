"""Turn files into raw documents, and what cannot be read into rejects.

Reads: the files of a source. Writes: raw_documents, ingest_rejects.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import polars as pl

from expectations.reasons import OUTSIDE_PERIOD
from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.reading.formats import read_records
from tasks.reading.records import Flaw, Record, joined_uri
from tasks.reading.source import SourceFile, content_of
from tasks.settings import IngestSettings

# A batch ends with the record that reaches one of these: enough rows for Polars to be worth
# it, and few enough bytes for several workers at once: who writes a batch holds it five times, and
# the largest record is 10 MiB.
_BATCH_ROWS = 1024
_BATCH_BYTES = 8 * 2**20
_DOC_ID_DIGITS = 32

Row = dict[str, Any]

#: What the rows of raw documents depend on besides the code.
PACKAGES = (
    "babel",
    "brotli",
    "charset-normalizer",
    "fsspec",
    "lxml",
    "mammoth",
    "pypdfium2",
    "pysubs2",
    "pyyaml",
    "python-dateutil",
    "regex",
    "zstandard",
)


def ingest_files(
    files: Sequence[SourceFile], settings: IngestSettings
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Read files, in their order, in batches of bounded size.

    Every record gives one row in one of the two frames; a file gives at least one. No two
    rejects have the same `source_uri`.

    Args:
        files: As `list_source` lists them.
        settings: Limits, the name of the text field, how much damage is tolerated.

    Yields:
        Rows of `raw_documents`, sorted by `doc_id`, and of `ingest_rejects`; nothing if there are
        no files.
    """
    documents, rejects, held_bytes = list[Row](), list[Row](), 0
    for row in (row for file in files for row in _rows(file, settings)):
        if row["doc_id"] is None:
            rejects.append(row)
        else:
            documents.append(row)
            # The text of a file that is compressed within (.docx) is larger than the file.
            held_bytes += max(row["content_bytes"], row["text_chars"])
        if len(documents) + len(rejects) >= _BATCH_ROWS or held_bytes >= _BATCH_BYTES:
            frames = _frames(documents, rejects)
            # Before they are written, which holds them several times more.
            documents, rejects, held_bytes = [], [], 0
            yield frames
    if documents or rejects:
        yield _frames(documents, rejects)


def _frames(documents: list[Row], rejects: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    # Sorted before there is a frame: another one would hold the texts once more.
    documents.sort(key=itemgetter("doc_id"))
    return RAW_DOCUMENTS.frame(documents), INGEST_REJECTS.frame(rejects)


def _rows(file: SourceFile, settings: IngestSettings) -> Iterator[Row]:
    """Yield a row for each record and flaw of a file, but of too many flaws one row for the rest.

    It stands where the first of the rest does, so that its `source_uri` is no other's.
    """
    listed, rest, rest_uri = 0, Counter[str](), ""
    records = read_records(content_of(file, settings), settings)
    for item in (_within_period(record, settings) for record in records):
        source_uri = joined_uri(file.uri, item.within, item.number, item.inner)
        if isinstance(item, Record):
            yield _document(source_uri, item)
        elif listed < settings.max_file_rejects:
            listed += 1
            yield _reject(source_uri, item)
        else:
            rest_uri = rest_uri or source_uri
            rest[item.reason] += 1
    if rest:
        said = ", ".join(f"{count} {reason}" for reason, count in rest.most_common())
        yield _reject(rest_uri, Flaw(None, "too_many_rejects", f"from here on: {said}"))


def _within_period(item: Record | Flaw, settings: IngestSettings) -> Record | Flaw:
    """Return a record of the period that is asked for; of others, that they are not."""
    since, until = settings.since, settings.until
    if isinstance(item, Flaw) or (since is None and until is None):
        return item
    dates = [item.fetched_at, item.published_at]
    if settings.dated_by == "published_at":
        dates.reverse()
    date = next(filter(None, dates), None)
    is_within = date is not None and (since or date) <= date and (until is None or date < until)
    if is_within:
        return item
    detail = "no date" if date is None else date.isoformat()
    return Flaw(item.number, OUTSIDE_PERIOD, detail, item.within, item.inner)


def _document(source_uri: str, record: Record) -> Row:
    return {
        "doc_id": _doc_id(source_uri, record.content),
        "source_uri": source_uri,
        "source_id": record.source_id,
        "url": record.url,
        "title": record.title,
        "author": record.author,
        "site": record.site,
        "published_at": record.published_at,
        "fetched_at": record.fetched_at,
        "declared_language": record.declared_language,
        "format": record.format,
        "is_markup": record.is_markup,
        "content_sha256": hashlib.sha256(record.content).hexdigest(),
        "content_bytes": len(record.content),
        "encoding": record.encoding.codec,
        "encoding_source": record.encoding.source,
        "encoding_confidence": record.encoding.confidence,
        "replaced_chars": record.replaced_chars,
        "text": record.text,
        "text_chars": len(record.text),
        "record_fields": record.record_fields,
    }


def _doc_id(source_uri: str, content: bytes) -> str:
    return hashlib.sha256(source_uri.encode() + b"\0" + content).hexdigest()[:_DOC_ID_DIGITS]


def _reject(source_uri: str, flaw: Flaw) -> Row:
    return {
        "source_uri": source_uri,
        "stage": "ingest",
        "reason": flaw.reason,
        "detail": flaw.detail,
        "doc_id": None,
    }
