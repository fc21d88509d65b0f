"""Contained documents are found: a teaser in its article, in every script and in any order."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.prose import LANGUAGES, edited, write_article
from expectations.working_tables import CONTAINMENTS, VERSIONS
from tasks.copies.find_contained import find_contained
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.sign import WINDOW, fingerprints, read_fingerprints, sign_documents
from tasks.settings import DuplicateSettings
from tests.making.texts_in_many_scripts import KHMER, PARAGRAPHS, SCRIPTS, THAI

SETTINGS = DuplicateSettings()


def _documents(texts: dict[str, str]) -> pl.DataFrame:
    rows = [(doc_id, f"{doc_id}.txt", text, len(text)) for doc_id, text in texts.items()]
    schema = {
        "doc_id": pl.String,
        "source_uri": pl.String,
        "text": pl.String,
        "text_chars": pl.Int64,
    }
    return pl.DataFrame(rows, schema, orient="row")


def _contained(documents: pl.DataFrame) -> pl.DataFrame:
    signatures = sign_documents(documents, SETTINGS).lazy()
    duplicates = find_duplicates(signatures, VERSIONS.empty().lazy(), SETTINGS).lazy()
    return find_contained(signatures, duplicates, documents.lazy(), SETTINGS)


def _found(texts: dict[str, str]) -> dict[str, tuple[str, float]]:
    return {
        doc_id: (outer, share) for doc_id, outer, share in _contained(_documents(texts)).iter_rows()
    }


def _article(tag: str, seed: int) -> str:
    return write_article(tag, random.Random(seed)).text


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_teaser_is_contained_in_its_article_and_in_no_other(tag: str) -> None:
    article = _article(tag, 3)
    texts = {"a": article, "b": article[: len(article) // 4], "c": _article(tag, 4)}
    found = _found(texts)
    assert set(found) == {"b"}
    assert found["b"][0] == "a"
    assert found["b"][1] > 0.95


@pytest.mark.parametrize("script", SCRIPTS)
def test_one_paragraph_of_three_is_contained_in_every_script(script: str) -> None:
    paragraphs = [*PARAGRAPHS[script], f"{PARAGRAPHS[script][1][::-1]} {script}"]
    texts = {"a": "\n".join(paragraphs), "b": paragraphs[2]}
    assert _found(texts) == {"b": ("a", 1.0)}


@pytest.mark.parametrize("text", [THAI, KHMER])
def test_scripts_without_spaces_are_compared_by_letters(text: str) -> None:
    whole = text + text[::-1] + text[5:40][::-1]
    assert _found({"a": whole, "b": text[:40]}) == {"b": ("a", 1.0)}


def test_an_edited_teaser_is_contained_with_a_smaller_share() -> None:
    article = write_article("fr", random.Random(3))
    teaser = edited(article, 0.05, random.Random(4)).text[: len(article.text) // 3]
    outer, share = _found({"a": article.text, "b": teaser})["b"]
    assert outer == "a"
    assert SETTINGS.min_contained_share <= share < 1


def test_a_copy_is_a_duplicate_and_not_contained() -> None:
    article = write_article("ru", random.Random(3))
    near = edited(article, 0.05, random.Random(4)).text
    assert _found({"a": article.text, "b": near, "c": article.text}) == {}


def test_a_text_in_several_is_contained_in_the_longest_of_those_that_hold_most() -> None:
    teaser = _article("en", 1)[:300]
    texts = {
        "teaser": teaser,
        "long": f"{teaser}\n{_article('en', 2)}\n{_article('en', 3)}",
        "short": f"{_article('en', 4)[:900]}\n{teaser}",
    }
    assert _found(texts) == {"teaser": ("long", 1.0)}


def test_a_text_too_short_for_a_signature_is_contained_in_none() -> None:
    article = _article("en", 1)
    assert _found({"a": article, "b": " ".join(article.split()[:6])}) == {}


def test_a_phrase_of_a_hundred_documents_leads_nowhere() -> None:
    phrase = "we use cookies to make this site work well for all of you here every day"
    texts = {f"{seed:03d}": f"{_article('en', seed)[:400]}\n{phrase}" for seed in range(100)}
    assert _found({**texts, "phrase": phrase}) == {}


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_what_is_contained_does_not_depend_on_the_order(chance: random.Random) -> None:
    texts = {f"{tag}{seed}": _article(tag, seed) for tag in ("en", "ja") for seed in range(4)}
    excerpts = {f"{doc_id}-excerpt": text[100:250] for doc_id, text in texts.items()}
    documents = _documents({**texts, **excerpts})
    order = list(range(len(documents)))
    chance.shuffle(order)
    expected = _contained(documents)
    assert len(expected) >= 6
    assert _contained(documents[order]).equals(expected)


def test_nothing_is_contained_in_nothing() -> None:
    found = _contained(_documents({}))
    assert found.schema == CONTAINMENTS.polars_schema
    assert found.is_empty()


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_fingerprints_are_the_smallest_of_each_window(texts: list[list[int]]) -> None:
    joined = np.array([value for text in texts for value in text], np.uint64)
    offsets = np.cumsum([0, *map(len, texts)])
    expected = [
        sorted({min(text[n : n + WINDOW]) >> 32 for n in range(len(text) - WINDOW + 1)})
        for text in texts
    ]
    assert [read_fingerprints(each).tolist() for each in fingerprints(joined, offsets)] == expected
