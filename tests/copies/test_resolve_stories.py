"""Check stories: what joins documents, which of them stands for all, and what is said of them."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.tables import STORIES
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    CLEAN_SEGMENTS,
    DOCUMENT_STORIES,
    DUPLICATES,
    STORY_FEATURES,
)
from tasks.copies import likeness, traces
from tasks.copies.resolve_stories import resolve_stories
from tasks.copies.trace_stories import trace_stories
from tasks.settings import StorySettings
from tests.making.story_in_languages import FERRY, OTHERS, SIBLING, traced_alone
from tests.making.texts_in_many_scripts import PARAGRAPHS

READ = ("doc_id", "title", "language", "published_at")
SCHEMA = {name: CLEAN_DOCUMENTS.polars_schema[name] for name in READ}
SETTINGS = StorySettings()
TITLES = {"a": "First", "b": "Second", "c": None}
LANGUAGES = {"a": "fr", "b": "en", "c": "en"}


def documents(*doc_ids: str) -> pl.LazyFrame:
    rows = [
        {"doc_id": doc_id, "title": TITLES[doc_id], "language": LANGUAGES[doc_id]}
        for doc_id in doc_ids
    ]
    return pl.LazyFrame(rows, schema=SCHEMA)


def copies(**duplicate_of: str) -> pl.LazyFrame:
    return DUPLICATES.frame(
        {"doc_id": doc_id, "duplicate_of": original, "duplicate_kind": "near"}
        for doc_id, original in duplicate_of.items()
    ).lazy()


def resolved(
    clean_documents: pl.LazyFrame, duplicates: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    return resolve_stories(clean_documents, duplicates, STORY_FEATURES.empty().lazy(), SETTINGS)


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


def told(
    texts: dict[str, tuple[str, str]],
    dates: dict[str, datetime] | None = None,
    copied: dict[str, str] | None = None,
    settings: StorySettings = SETTINGS,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Resolve texts given as doc_id: (language, text)."""
    rows = [
        {"doc_id": doc_id, "language": language, "published_at": (dates or {}).get(doc_id)}
        for doc_id, (language, _) in texts.items()
    ]
    documents = pl.DataFrame(rows, SCHEMA)
    bodies = pl.Series("text", [text for _, text in texts.values()])
    features = traced_alone(documents.with_columns(bodies), settings)
    return resolve_stories(documents.lazy(), copies(**(copied or {})), features.lazy(), settings)


def texts_of(*names: str) -> dict[str, tuple[str, str]]:
    known = FERRY | SIBLING | OTHERS
    return {name: (name.split("_")[0], known[name]) for name in names}


ALL = texts_of(*FERRY, *SIBLING, *OTHERS)
DAY = datetime(2020, 1, 1, tzinfo=UTC)


def test_translations_are_one_story_and_other_articles_are_not() -> None:
    stories, _ = told(ALL)
    assert sorted(stories["documents"].to_list(), key=len)[-1] == sorted(FERRY)
    assert stories["document_count"].to_list().count(1) == len(SIBLING) + len(OTHERS)


@pytest.mark.parametrize("pair", list(combinations(FERRY, 2)))
def test_two_languages_are_enough(pair: tuple[str, str]) -> None:
    stories, _ = told(texts_of(*pair, *SIBLING, *OTHERS))
    assert sorted(pair) in stories["documents"].to_list()


def test_a_story_says_what_its_documents_share() -> None:
    stories, _ = told(ALL)
    story = stories.filter(evidence="translations").row(0, named=True)
    linked = {link[end] for link in story["links"] for end in ("doc_id", "linked_doc_id")}
    assert linked == set(FERRY)
    assert len(story["links"]) == len(FERRY) - 1
    assert all(0.5 <= link["score"] <= 1 and link["shared"] for link in story["links"])
    assert any("number:312" in link["shared"] for link in story["links"])


def test_the_others_are_translations_of_the_earliest_document() -> None:
    dates = {"ru_ferry": DAY, "en_ferry": DAY + timedelta(days=1)}
    stories, documents = told(ALL, dates)
    translations = documents.filter(pl.col("translation_of").is_not_null())
    assert set(translations["translation_of"]) == {"ru_ferry"}
    assert set(translations["doc_id"]) == set(FERRY) - {"ru_ferry"}
    assert translations["translation_score"].is_between(0, 1).all()
    assert "ru_ferry" in stories["representative"]


def test_without_dates_the_smallest_id_stands_for_the_story() -> None:
    stories, _ = told(ALL)
    assert min(FERRY) in stories["representative"]


def test_a_copy_of_a_translation_is_one_too() -> None:
    texts = texts_of(*FERRY) | {"a_copy": ("ja", FERRY["ja_ferry"])}
    stories, documents = told(texts, {"en_ferry": DAY}, {"a_copy": "ja_ferry"})
    assert stories["evidence"].to_list() == ["both"]
    copy = documents.filter(doc_id="a_copy").row(0, named=True)
    original = documents.filter(doc_id="ja_ferry").row(0, named=True)
    assert copy["translation_of"] == original["translation_of"] == "en_ferry"
    assert copy["translation_score"] == original["translation_score"]


def test_documents_in_one_language_are_left_to_duplicates() -> None:
    stories, _ = told({"a": ("en", FERRY["en_ferry"]), "b": ("en", FERRY["en_ferry"] + " More.")})
    assert stories["document_count"].to_list() == [1, 1]


def test_translations_can_be_switched_off() -> None:
    stories, documents = told(ALL, settings=StorySettings(translations=False))
    assert set(stories["evidence"]) == {"single"}
    assert documents["translation_of"].null_count() == len(ALL)


def test_however_few_documents_are_in_memory_at_once_stories_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = told(ALL)
    monkeypatch.setattr(traces, "DOCUMENTS_AT_ONCE", 2)
    monkeypatch.setattr(likeness, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(likeness, "PAIRS_AT_ONCE", 4)
    for apart, expected in zip(told(ALL), together, strict=True):
        assert apart.equals(expected)


@given(st.permutations(sorted(ALL)))
@settings(max_examples=5, deadline=None)
def test_stories_do_not_depend_on_the_order_of_documents(order: list[str]) -> None:
    assert told({name: ALL[name] for name in order})[0].equals(told(ALL)[0])


def test_the_beginning_of_a_translation_is_found_and_the_two_halves_are_not_one() -> None:
    lines = FERRY["fr_ferry"].split("\n")
    middle = len(lines) // 2 + 1
    halves = {
        "fr_first": ("fr", "\n".join(lines[:middle])),
        "ru_second": ("ru", "\n".join(FERRY["ru_ferry"].split("\n")[middle:])),
    }
    stories, _ = told(texts_of(*SIBLING, *OTHERS) | halves)
    assert ["fr_first", "ru_second"] not in stories["documents"].to_list()


def _with_disclaimer(language: str, script: str, body: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a document and its segments: a body, and an English text that others have, too."""
    shared = FERRY["en_ferry"].replace("\n", " ")
    document = {"doc_id": language, "language": language, "script": script}
    document["text"] = f"{body}\n{shared}"
    told = [(body, language, script), (shared, "en", "Latn")]
    segments = [
        {"doc_id": language, "segment_index": index, "text": text, "kept": True, "language": tag}
        | {"language_confidence": 0.95, "script": writing}
        for index, (text, tag, writing) in enumerate(told)
    ]
    return pl.DataFrame([document]), pl.DataFrame(segments)


def test_a_disclaimer_that_two_documents_share_makes_no_story_of_them() -> None:
    hindi, japanese = PARAGRAPHS["Deva"][0] * 2, PARAGRAPHS["Jpan"][1] * 2
    parts = [_with_disclaimer("hi", "Deva", hindi), _with_disclaimer("ja", "Jpan", japanese)]
    documents, segments = (pl.concat(frames) for frames in zip(*parts, strict=True))
    for listed, stories in ((segments, 2), (CLEAN_SEGMENTS.empty(), 1)):
        features = trace_stories(documents, listed, SETTINGS).lazy()
        known = documents.with_columns(title=None, published_at=None).select(READ).cast(SCHEMA)
        found = resolve_stories(known.lazy(), copies(), features, SETTINGS)[0]
        assert len(found) == stories  # with its text read as a whole the two are one
