"""Choose the stories that a report shows with their documents side by side.

Those with more than one document: of most languages, then of most documents; ties go to the
smaller id. Of a story, its representative comes first, then a document of each language by
turns, originals before duplicates. Reads of a release: stories, documents, personal_data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tasks.releases.report.samples import (
    MARGIN_CHARS,
    holds_part_of,
    masked_start,
    with_masked_title,
)

Tables = Mapping[str, pl.LazyFrame]
Row = dict[str, Any]
Values = Mapping[str, list[str]]

SHOWN_STORIES = 10
# Columns that stand side by side on a wide screen without becoming too narrow to read.
DOCUMENTS_PER_STORY = 6
LINKS_PER_STORY = 8
# A headline and a first sentence or two.
FIRST_CHARS = 320
_HIDDEN = "•••"
_SHOWN_COLUMNS = (
    "doc_id", "source_uri", "title", "language", "script", "text_chars", "published_at",
    "duplicate_of", "duplicate_kind", "superseded_by", "contained_share", "story_id",
    "translation_of", "translation_score",
)  # fmt: skip


def sample_stories(tables: Tables) -> list[Row]:
    """Choose some stories of several documents and describe them; no such story: no rows."""
    order = story_order()
    several = told_more_than_once(tables["stories"])
    return describe_stories(tables, several.bottom_k(SHOWN_STORIES, by=order).sort(order).collect())


def told_more_than_once(stories: pl.LazyFrame) -> pl.LazyFrame:
    """Return STORIES of several documents, without these."""
    return stories.filter(pl.col("document_count") > 1).drop("documents")


def story_order() -> list[pl.Expr]:
    """Return what stories are sorted by: most languages first, then most documents."""
    languages = pl.col("languages").list.len().cast(pl.Int64)
    return [-languages, -pl.col("document_count"), pl.col("story_id")]


def describe_stories(tables: Tables, chosen: pl.DataFrame) -> list[Row]:
    """Return stories, each with some of its documents and what they share.

    Args:
        tables: The release's tables.
        chosen: Rows of `told_more_than_once`, in the order of being shown.

    Returns:
        These rows with the first `documents` (with `first_lines` for `text`), and the
        likeliest of `links`, their `documents` instead of their ids and `shared` as pairs of
        kind and value; and `link_count`. Personal data is masked.
    """
    told = _tellers(chosen, tables["documents"]).collect(engine="streaming")
    shown = told.group_by("story_id", maintain_order=True).head(DOCUMENTS_PER_STORY)
    stories = [_with_likeliest_links(row) for row in chosen.iter_rows(named=True)]
    tellers = {row["doc_id"]: row for row in told.iter_rows(named=True)}
    linked = {doc_id for story in stories for link in story["links"] for doc_id in _pair(link)}
    known = _personal_data(tables, sorted({*shown["doc_id"], *linked}))
    starts = _starts(tables, shown["doc_id"].to_list())
    by_story = shown.rows_by_key("story_id", named=True, include_key=True)
    return [
        {
            **story,
            "documents": [_document(row, starts, known) for row in by_story[story["story_id"]]],
            "links": [_link(link, tellers, known) for link in story["links"]],
        }
        for story in stories
    ]


def _tellers(stories: pl.DataFrame, documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return all documents of stories, without their texts, in the order of being shown."""
    is_copy = pl.any_horizontal(pl.col("duplicate_of", "superseded_by").is_not_null())
    is_other = pl.col("doc_id") != pl.col("representative")
    return (
        documents.select(_SHOWN_COLUMNS)
        .join(stories.lazy().select("story_id", "representative"), on="story_id")
        .sort("story_id", is_copy, "doc_id")
        .with_columns(turn=pl.int_range(pl.len()).over("story_id", "language"))
        .sort("story_id", is_other, "turn", "language")
    )


def _with_likeliest_links(story: Row) -> Row:
    links = sorted(story["links"], key=lambda link: (-link["score"], *_pair(link)))
    return {**story, "links": links[:LINKS_PER_STORY], "link_count": len(links)}


def _pair(link: Row) -> tuple[str, str]:
    return link["doc_id"], link["linked_doc_id"]


def _starts(tables: Tables, doc_ids: Sequence[str]) -> dict[str, str]:
    start = pl.col("text").str.head(FIRST_CHARS + MARGIN_CHARS)
    texts = tables["documents"].filter(pl.col("doc_id").is_in(doc_ids)).select("doc_id", start)
    return dict(texts.collect(engine="streaming").iter_rows())


def _personal_data(tables: Tables, doc_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of the personal data of documents: what must not be shown."""
    start, end = pl.col("start_char"), pl.col("end_char")
    found = (
        tables["personal_data"]
        .filter(pl.col("doc_id").is_in(doc_ids))
        .join(tables["documents"].select("doc_id", "text"), on="doc_id")
        .select("doc_id", value=pl.col("text").str.slice(start, end - start))
        .group_by("doc_id")
        .agg(pl.col("value").unique().sort())
    )
    return dict(found.collect(engine="streaming").iter_rows())


def _document(row: Row, starts: Mapping[str, str], known: Values) -> Row:
    values = known.get(row["doc_id"], [])
    start = masked_start(starts[row["doc_id"]], row["language"], FIRST_CHARS, values)
    return {**with_masked_title(row, values), "first_lines": start}


def _link(link: Row, tellers: Mapping[str, Row], known: Values) -> Row:
    values = [value for doc_id in _pair(link) for value in known.get(doc_id, [])]
    shared = [feature.partition(":") for feature in link["shared"]]
    return {
        "documents": [with_masked_title(tellers[doc_id], values) for doc_id in _pair(link)],
        "score": link["score"],
        "shared": [
            (kind, _HIDDEN if holds_part_of(values, value) else value) for kind, _, value in shared
        ],
    }
