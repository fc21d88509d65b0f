"""Clean documents: repair their text, cut it into segments, and judge each.

Reads `raw_documents`; writes `cut_segments` and `page_metadata`. A document's rows depend on
that document alone. Judged later are lines that recur over a site
(`tasks.clean.find_site_lines`) and, when languages are known, foreign boilerplate
(`tasks.clean.foreign`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.cut import cut_pages, cut_texts, with_left_out
from tasks.clean.headline import Headline, find_headlines, with_headline
from tasks.clean.judge import judged_documents
from tasks.clean.mail import without_foreign_parts
from tasks.clean.segment import Segment, segment_rows
from tasks.settings import CleanSettings
from tasks.steps.stage import stage

if TYPE_CHECKING:
    from tasks.pages.metadata import PageMetadata
    from tasks.pages.page import Page

#: Formats of `raw_documents` whose markup is a page; that of other formats is one if it has what
#: only pages have.
_FORMATS_OF_PAGES = frozenset({"html", "mhtml", "text", "warc"})
_FORMATS_OF_MAIL = ["email", "mbox"]
_FORMATS_WITHOUT_FURNITURE = frozenset({*_FORMATS_OF_MAIL, "docx", "epub", "odt"})
#: A page with more tags, and fewer characters for each, was written to cost time: 1,851 real ones
#: have 19,629 tags at most, and 17 characters for each at least. All of its text is taken, since
#: to judge a block takes 2 KB and a tenth of a millisecond (`python -m benchmarks.hostile`).
_MAX_DENSE_TAGS = 50_000
_DENSE_CHARS_PER_TAG = 10
_OF_PAGE = re.compile(r"<(?:!doctype|html|head|body|nav)[\s>]", re.IGNORECASE)


@stage(
    reads=[RAW_DOCUMENTS.only("doc_id", "format", "is_markup", "text")],
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
    """Cut every raw document into judged segments, and read what it says of itself.

    Args:
        raw_documents: Rows of `raw_documents`, in any order.
        settings: How to cut and judge.

    Returns:
        `cut_segments` (none for a blank text or a page without main text) and
        `page_metadata` (one row per document), both sorted by key.
    """
    documents = raw_documents.select("doc_id", "format", "is_markup", "text").sort("doc_id")
    pages, plain = documents.filter("is_markup"), documents.filter(~pl.col("is_markup"))
    read = [_read(html, kind) for html, kind in pages.select("text", "format").iter_rows()]
    found = [page for page, _ in read]
    lines = cut_pages([page.lines for page in found], [page.literal for page in found])
    cut = dict(zip(pages["doc_id"], lines, strict=True))
    cut.update(zip(plain["doc_id"], cut_texts(plain["text"].to_list()), strict=True))
    for doc_id in documents.filter(pl.col("format").is_in(_FORMATS_OF_MAIL))["doc_id"]:
        cut[doc_id] = without_foreign_parts(cut[doc_id])
    if settings.list_left_out:
        for doc_id, page in zip(pages["doc_id"], found, strict=True):
            cut[doc_id] = with_left_out(cut[doc_id], page.left_out)
    judged = judged_documents([cut[doc_id] for doc_id in documents["doc_id"]], settings)
    segments = dict(zip(documents["doc_id"], judged, strict=True))
    headlines = _headlines(segments, plain["doc_id"])
    for doc_id, headline in headlines.items():
        segments[doc_id] = with_headline(segments[doc_id], headline)
    said = _said([*zip(pages["doc_id"], (page for _, page in read), strict=True)], headlines)
    metadata = documents.select("doc_id").join(said, on="doc_id", how="left", maintain_order="left")
    return segment_rows(segments.items()), metadata


def _said(
    pages: Iterable[tuple[str, "PageMetadata"]], headlines: Mapping[str, Headline]
) -> pl.DataFrame:
    """Return `page_metadata` of what pages, and texts with a headline, say of themselves."""
    rows = [{"doc_id": doc_id, **asdict(metadata)} for doc_id, metadata in pages]
    rows += [{"doc_id": doc_id, **_said_beside(found)} for doc_id, found in headlines.items()]
    return PAGE_METADATA.frame(rows)


def _headlines(
    segments: Mapping[str, Sequence[Segment]], plain: Iterable[str]
) -> dict[str, Headline]:
    """Return the headlines of those plain texts that have one, by `doc_id`."""
    texts = list(plain)
    found = find_headlines([segments[doc_id] for doc_id in texts])
    return {doc_id: headline for doc_id, headline in zip(texts, found, strict=True) if headline}


def _said_beside(headline: Headline) -> dict[str, object]:
    """Return the columns of `page_metadata` that a headline and what is beside it fill."""
    said = headline._asdict()
    del said["segment_index"]
    return dict.fromkeys(PAGE_METADATA.column_names[1:]) | said


def _read(markup: str, kind: str) -> tuple["Page", "PageMetadata"]:
    """Return the main text of a page and what it says of itself; it is parsed once.

    A fragment in a field of a record is all text, and says nothing of itself.
    """
    # Plain text need not wait for the readers of pages.
    from tasks.pages.metadata import NO_METADATA, read_metadata  # noqa: PLC0415
    from tasks.pages.page import (  # noqa: PLC0415
        EMPTY_PAGE,
        parsed_page,
        read_dense,
        read_fragment,
        read_page,
    )

    if _is_dense(markup):
        return read_dense(markup), NO_METADATA
    if kind in _FORMATS_WITHOUT_FURNITURE or (
        kind not in _FORMATS_OF_PAGES and not _OF_PAGE.search(markup)
    ):
        return read_fragment(markup, is_mail=kind in _FORMATS_OF_MAIL), NO_METADATA
    tree = parsed_page(markup)
    if tree is None:
        return EMPTY_PAGE, NO_METADATA
    metadata = read_metadata(tree)  # read_page takes the tree apart
    page = read_page(tree)
    return page, replace(metadata, title=page.title) if page.title else metadata


def _is_dense(markup: str) -> bool:
    return markup.count("<") > max(_MAX_DENSE_TAGS, len(markup) // _DENSE_CHARS_PER_TAG)
