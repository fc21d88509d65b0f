"""What a story is, while only duplicates join documents."""

import polars as pl
import pytest

from expectations.tables import STORIES
from expectations.working_tables import CLEAN_DOCUMENTS, DOCUMENT_STORIES, DUPLICATES
from tasks.resolve_stories import resolve_stories

TITLES = {"a": "First", "b": "Second", "c": None}
LANGUAGES = {"a": "fr", "b": "en", "c": "en"}


def documents(*doc_ids: str) -> pl.LazyFrame:
    rows = [
        {"doc_id": doc_id, "title": TITLES[doc_id], "language": LANGUAGES[doc_id]}
        for doc_id in doc_ids
    ]
    schema = {name: CLEAN_DOCUMENTS.polars_schema[name] for name in ("doc_id", "title", "language")}
    return pl.LazyFrame(rows, schema=schema)


def copies(**duplicate_of: str) -> pl.LazyFrame:
    return DUPLICATES.frame(
        {"doc_id": doc_id, "duplicate_of": original, "duplicate_kind": "near"}
        for doc_id, original in duplicate_of.items()
    ).lazy()


def resolved(
    clean_documents: pl.LazyFrame, duplicates: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    return resolve_stories(clean_documents, duplicates)


def test_a_document_that_nothing_repeats_is_a_story_of_its_own() -> None:
    stories, document_stories = resolved(documents("a", "c"), copies())
    assert stories["evidence"].to_list() == ["single", "single"]
    assert sorted(stories["documents"].to_list()) == [["a"], ["c"]]
    assert document_stories["story_id"].n_unique() == 2


def test_a_cluster_is_one_story_with_the_title_of_its_representative() -> None:
    stories, document_stories = resolved(documents("a", "b", "c"), copies(a="b", c="b"))
    story = stories.row(0, named=True)
    assert len(stories) == 1
    assert story["representative"] == "b"
    assert story["title"] == "Second"
    assert story["languages"] == ["en", "fr"]
    assert story["documents"] == ["a", "b", "c"]
    assert story["document_count"] == 3
    assert story["evidence"] == "duplicates"
    assert set(document_stories["story_id"]) == {story["story_id"]}


def test_a_representative_without_a_title_leaves_the_story_without_one() -> None:
    stories, _ = resolved(documents("a", "c"), copies(a="c"))
    assert stories["title"].to_list() == [None]


def test_a_story_keeps_its_id_when_a_copy_comes() -> None:
    before, _ = resolved(documents("b"), copies())
    after, _ = resolved(documents("a", "b"), copies(a="b"))
    assert before["story_id"].to_list() == after["story_id"].to_list()


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")])
def test_the_order_of_the_documents_plays_no_part(order: tuple[str, ...]) -> None:
    stories, document_stories = resolved(documents(*order), copies(c="a"))
    expected_stories, expected = resolved(documents("a", "b", "c"), copies(c="a"))
    assert stories.equals(expected_stories)
    assert document_stories.equals(expected)


def test_no_documents_make_no_stories_of_the_right_schema() -> None:
    stories, document_stories = resolved(documents(), copies())
    assert stories.schema == STORIES.polars_schema
    assert document_stories.schema == DOCUMENT_STORIES.polars_schema
    assert len(stories) == len(document_stories) == 0
