"""Clean documents: repair their text, cut it into segments, and judge each.

Reads `raw_documents`; writes `cut_segments` and `page_metadata`. A document's rows depend on
that document alone. Judged later are lines that recur over a site
(`tasks.clean.find_site_lines`) and, when languages are known, foreign boilerplate
(`tasks.clean.foreign`).
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.cut import cut_pages, cut_texts
from tasks.clean.judge import judged_documents
from tasks.clean.segment import segment_rows
from tasks.settings import CleanSettings
from tasks.steps.stage import stage

if TYPE_CHECKING:
    from tasks.pages.metadata import PageMetadata


@stage(
    reads=[RAW_DOCUMENTS.only("doc_id", "is_markup", "text")],
    writes=[CUT_SEGMENTS, PAGE_METADATA],
    packages=[
        "babel",
        "charset-normalizer",
        "ftfy",
        "lxml",
        "python-dateutil",
        "regex",
        "trafilatura",
    ],
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
    documents = raw_documents.select("doc_id", "is_markup", "text").sort("doc_id")
    pages, plain = documents.filter("is_markup"), documents.filter(~pl.col("is_markup"))
    read = [_read(html) for html in pages["text"]]
    cut = dict(zip(pages["doc_id"], cut_pages([lines for lines, _ in read]), strict=True))
    cut.update(zip(plain["doc_id"], cut_texts(plain["text"].to_list()), strict=True))
    judged = judged_documents([cut[doc_id] for doc_id in documents["doc_id"]], settings)
    said = PAGE_METADATA.frame(
        {"doc_id": doc_id, **asdict(metadata)}
        for doc_id, (_, metadata) in zip(pages["doc_id"], read, strict=True)
    )
    metadata = documents.select("doc_id").join(said, on="doc_id", how="left", maintain_order="left")
    return segment_rows(zip(documents["doc_id"], judged, strict=True)), metadata


def _read(html: str) -> tuple[tuple[str, ...], "PageMetadata"]:
    """Return the lines of a page's main text and what it says of itself; it is parsed once."""
    # Plain text need not wait for the readers of pages.
    from tasks.pages.metadata import NO_METADATA, read_metadata  # noqa: PLC0415
    from tasks.pages.page import parsed_page, read_page  # noqa: PLC0415

    tree = parsed_page(html)
    if tree is None:
        return (), NO_METADATA
    metadata = read_metadata(tree)  # read_page takes the tree apart
    return read_page(tree).lines, metadata
