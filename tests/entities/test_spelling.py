"""Check the alignment of words against the plain recursion; places and forms looked up in bulk."""

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tasks.entities.inflection import bases, is_form_of, kept_letters, may_be_forms, words_of
from tasks.entities.places import find_place, find_places, place_names
from tasks.entities.spelling import SEGMENTS, features, learned, similarity, spelt
from tasks.writing.forms import comparable_form
from tasks.writing.romanize import name_script

LATIN, CYRILLIC = st.text("abcdeghklmnorsuz'-", max_size=9), st.text("авдеиклмнорсуш", max_size=9)


def best_segmentation(one: str, other: str) -> float:
    """What Jiampojamarn's alignment of two spellings is worth, word by word."""
    weights = {(a, b): weight for a, b, weight in learned("Cyrl", "Latn").weights}

    @cache
    def best(i: int, j: int) -> float:
        if i == j == 0:
            return 0.0
        ways = [
            best(i - a, j - b) + weights.get((one[i - a : i], other[j - b : j]), -99.0)
            for a, b in SEGMENTS
            if a <= i and b <= j
        ]
        return max(ways)

    return best(len(one), len(other))


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(CYRILLIC, LATIN), min_size=1, max_size=12))
def test_many_words_are_aligned_as_each_alone(pairs: list[tuple[str, str]]) -> None:
    known = learned("Cyrl", "Latn")
    mutual = features(pairs, known)[:, 0]
    for (one, other), found in zip(pairs, mutual, strict=True):
        spellings = spelt(one, known.information[0]), spelt(other, known.information[1])
        expected = best_segmentation(*spellings) if all(spellings) else 0.0
        assert found == pytest.approx(expected, abs=1e-3)


@given(st.lists(st.tuples(st.one_of(CYRILLIC, LATIN), st.one_of(CYRILLIC, LATIN)), max_size=12))
def test_the_likeness_of_a_pair_does_not_depend_on_its_company(
    pairs: list[tuple[str, str]],
) -> None:
    alone = [similarity([pair])[0] for pair in pairs]
    assert similarity(pairs).tolist() == alone
    assert np.round(alone, 6).tolist() == alone


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*place_names()["name"].gather_every(997), "Mr", "Xyz"]),
            st.sampled_from(["ru", "en", "ja", "mul", "und"]),
        )
    )
)
def test_places_are_found_together_as_one_by_one(names: list[tuple[str, str]]) -> None:
    forms, languages = [comparable_form(name) for name, _ in names], [lang for _, lang in names]
    assert find_places(forms, languages) == [find_place(*name) for name in names]


def test_the_gazetteer_holds_the_words_of_its_names_for_every_language_that_inflects() -> None:
    some = place_names().gather_every(97).select("name", "language", "words")
    for name, language, words in some.iter_rows():
        languages = ("ru", "ar", "de", "ko", "he", "hu") if language == "mul" else (language,)
        assert {words_of(name, "LOC", spoken) for spoken in languages} == {tuple(words.split(" "))}


INFLECTED = st.sampled_from(["ru", "pl", "fi", "ko", "de", "ar", "he", "hu", "lt"])
STEMS = st.sampled_from(["маск", "ab", "abcd", "москв", "머스", "ماسك", "ומאסק", "a", "ال"])
TAILS = st.sampled_from(["", "а", "ом", "s", "em", "는", "에서", "lla", "ssa", "as", "n"])
HEADS = st.sampled_from(["", "و", "وال", "ب", "ה", "ול"])
FORMS = st.builds("{}{}{}".format, HEADS, STEMS, TAILS)


@hypothesis_settings(max_examples=400)
@given(FORMS, FORMS, INFLECTED)
def test_forms_of_one_word_are_never_ruled_out(one: str, other: str, language: str) -> None:
    if set(bases(one, language)) & set(bases(other, language)):
        words = pl.DataFrame({"one": [one], "other": [other]})
        kept = words.select(kept_letters(pl.col("one"), pl.lit(language)), "other").select(
            "one", kept_letters(pl.col("other"), pl.lit(language))
        )
        assert kept["one"].equals(kept["other"].alias("one"))
        assert words.select(may_be_forms(pl.col("one"), pl.col("other"))).item()
        assert is_form_of(one, other, frozenset({language}))


def test_a_word_of_two_scripts_has_the_script_of_neither() -> None:
    assert name_script("маsk") == "Zzzz"
    assert name_script("渡辺マリ") == "Hani"
    assert name_script("") == "Latn"
