"""Stage `ingest`: files become raw documents, and what cannot be read becomes rejects.

Reads: the files of a source. Writes: raw_documents, ingest_rejects.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.readers.formats import format_of, read_records
from tasks.readers.records import Flaw, Record
from tasks.readers.source import SourceFile
from tasks.settings import IngestSettings

# A batch ends with the record that reaches one of these: enough rows for Polars to be worth
# it, and few enough bytes for several workers at once.
_BATCH_ROWS = 1024
_BATCH_BYTES = 32 * 2**20
_DOC_ID_DIGITS = 32

Row = dict[str, Any]


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
        Rows of `raw_documents` and of `ingest_rejects`; nothing if there are no files.
    """
    documents, rejects, content_bytes = list[Row](), list[Row](), 0
    for row in (row for file in files for row in _rows(file, settings)):
        if row["doc_id"] is None:
            rejects.append(row)
        else:
            documents.append(row)
            content_bytes += int(row["content_bytes"])
        if len(documents) + len(rejects) >= _BATCH_ROWS or content_bytes >= _BATCH_BYTES:
            yield RAW_DOCUMENTS.frame(documents), INGEST_REJECTS.frame(rejects)
            documents, rejects, content_bytes = [], [], 0
    if documents or rejects:
        yield RAW_DOCUMENTS.frame(documents), INGEST_REJECTS.frame(rejects)


def _rows(file: SourceFile, settings: IngestSettings) -> Iterator[Row]:
    known = format_of(file.uri)
    if known is None:
        yield _reject(file, Flaw(None, "unsupported_format"))
        return
    for item in read_records(file.path, known, settings):
        if isinstance(item, Record):
            yield _document(file, known.name, item)
        else:
            yield _reject(file, item)


def _source_uri(file: SourceFile, number: int | None) -> str:
    return file.uri if number is None else f"{file.uri}#{number}"


def _document(file: SourceFile, format_name: str, record: Record) -> Row:
    source_uri = _source_uri(file, record.number)
    return {
        "doc_id": _doc_id(source_uri, record.content),
        "source_uri": source_uri,
        "source_id": record.source_id,
        "url": record.url,
        "title": record.title,
        "published_at": record.published_at,
        "format": format_name,
        "is_markup": record.is_markup,
        "content_sha256": hashlib.sha256(record.content).hexdigest(),
        "content_bytes": len(record.content),
        "encoding": record.encoding.codec,
        "encoding_source": record.encoding.source,
        "replaced_chars": record.replaced_chars,
        "text": record.text,
        "text_chars": len(record.text),
        "record_fields": record.record_fields,
    }


def _doc_id(source_uri: str, content: bytes) -> str:
    return hashlib.sha256(source_uri.encode() + b"\0" + content).hexdigest()[:_DOC_ID_DIGITS]


def _reject(file: SourceFile, flaw: Flaw) -> Row:
    return {
        "source_uri": _source_uri(file, flaw.number),
        "stage": "ingest",
        "reason": flaw.reason,
        "detail": flaw.detail,
        "doc_id": None,
    }
