"""The cleaning stage: repair text, cut it into segments, and judge each.

Reads `raw_documents`; writes `cut_segments` and `page_metadata`. A document's rows depend on
that document alone. Foreign boilerplate is judged later, when languages are known
(`tasks.clean.foreign`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import polars as pl

from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.debris import find_debris
from tasks.clean.judge import judged
from tasks.clean.segment import Segment
from tasks.readers.page import EMPTY_PAGE, read_page
from tasks.readers.page_metadata import NO_METADATA, PageMetadata, read_metadata
from tasks.settings import CleanSettings


def clean_documents(
    raw_documents: pl.DataFrame, settings: CleanSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut every raw document into judged segments, and read what its markup says of it.

    Args:
        raw_documents: Rows of `raw_documents`, in any order.
        settings: How to cut and judge.

    Returns:
        `cut_segments` (none for a blank text or a page without main text) and
        `page_metadata` (one row per document), both sorted by key.
    """
    segment_rows: list[dict[str, object]] = []
    metadata_rows: list[dict[str, object]] = []
    columns = raw_documents.select("doc_id", "is_markup", "text").sort("doc_id")
    for doc_id, is_markup, text in columns.iter_rows():
        page = read_page(text) if is_markup else EMPTY_PAGE
        metadata = read_metadata(text) if is_markup else NO_METADATA
        metadata_rows.append(_metadata_row(doc_id, metadata))
        segments = cut_lines(page.lines) if is_markup else cut_text(text)
        segment_rows.extend(_segment_rows(doc_id, judged(segments, settings)))
    return CUT_SEGMENTS.frame(segment_rows), PAGE_METADATA.frame(metadata_rows)


def _metadata_row(doc_id: str, metadata: PageMetadata) -> dict[str, object]:
    return {"doc_id": doc_id, **asdict(metadata)}


def _segment_rows(doc_id: str, segments: Iterable[Segment]) -> Iterator[dict[str, object]]:
    for index, segment in enumerate(segments):
        debris = find_debris(segment.text)
        yield {
            "doc_id": doc_id,
            "segment_index": index,
            "text": segment.text,
            "text_chars": len(segment.text),
            "start_char": segment.start_char,
            "end_char": segment.end_char,
            "kept": segment.is_kept,
            "reason": segment.reason,
            "detail": segment.detail,
            "chrome_score": segment.chrome_score,
            "is_repaired": segment.is_repaired,
            "debris": [asdict(trace) for trace in debris],
            "debris_count": sum(trace.count for trace in debris),
        }
