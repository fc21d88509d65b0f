"""The cleaning stage: repair text, cut it into segments, and judge each.

Reads `raw_documents`; writes `cut_segments` and `page_metadata`. A document's rows depend on
that document alone. Foreign boilerplate is judged later, when languages are known
(`tasks.clean.foreign`).
"""

from collections.abc import Iterable, Iterator

import polars as pl

from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.debris import count_debris
from tasks.clean.judge import judged
from tasks.clean.segment import Segment
from tasks.readers.page import EMPTY_PAGE, Page, read_page
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
        metadata_rows.append(_metadata_row(doc_id, page))
        segments = cut_lines(page.lines) if is_markup else cut_text(text)
        segment_rows.extend(_segment_rows(doc_id, judged(segments, settings)))
    return CUT_SEGMENTS.frame(segment_rows), PAGE_METADATA.frame(metadata_rows)


def _metadata_row(doc_id: str, page: Page) -> dict[str, object]:
    return {
        "doc_id": doc_id,
        "url": page.url,
        "title": page.title,
        "published_at": page.published_at,
    }


def _segment_rows(doc_id: str, segments: Iterable[Segment]) -> Iterator[dict[str, object]]:
    for index, segment in enumerate(segments):
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
            "is_repaired": segment.is_repaired,
            "debris_count": count_debris(segment.text),
        }
