"""The cleaning stage: repair text, cut it into segments, and judge each.

Reads `raw_documents`; writes `cut_segments` and `page_metadata`. A document's rows depend on
that document alone. Judged later are lines that recur over a site
(`tasks.clean.find_site_lines`) and, when languages are known, foreign boilerplate
(`tasks.clean.foreign`).
"""

from dataclasses import asdict

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.judge import judged
from tasks.clean.rows import segment_rows
from tasks.pages.metadata import NO_METADATA, PageMetadata, read_metadata
from tasks.pages.page import EMPTY_PAGE, parsed_page, read_page
from tasks.settings import CleanSettings
from tasks.steps.stage import stage


@stage(
    reads=[RAW_DOCUMENTS],
    writes=[CUT_SEGMENTS, PAGE_METADATA],
)
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
    cut: list[dict[str, object]] = []
    metadata_rows: list[dict[str, object]] = []
    columns = raw_documents.select("doc_id", "is_markup", "text").sort("doc_id")
    for doc_id, is_markup, text in columns.iter_rows():
        tree = parsed_page(text) if is_markup else None
        metadata = NO_METADATA if tree is None else read_metadata(tree)
        page = EMPTY_PAGE if tree is None else read_page(tree)
        metadata_rows.append(_metadata_row(doc_id, metadata))
        segments = cut_lines(page.lines) if is_markup else cut_text(text)
        cut.extend(segment_rows(doc_id, judged(segments, settings)))
    return CUT_SEGMENTS.frame(cut), PAGE_METADATA.frame(metadata_rows)


def _metadata_row(doc_id: str, metadata: PageMetadata) -> dict[str, object]:
    return {"doc_id": doc_id, **asdict(metadata)}
