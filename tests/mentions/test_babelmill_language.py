"""Check the tokens and lists of our own models."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from tasks.mentions.babelmill_language import ScriptTokenizer, folded, words_and_spaces
from tasks.mentions.gazetteer import Gazetteer


def tokens(text: str) -> list[str]:
    return [word for word in words_and_spaces(text)[0] if not word.isspace()]


NLP = spacy.blank("bml")
NLP.tokenizer = ScriptTokenizer(NLP.vocab)


def document(text: str) -> spacy.tokens.Doc:
    return NLP.make_doc(text)


@given(st.text())
def test_tokens_and_spaces_rebuild_any_text(text: str) -> None:
    words, spaces = words_and_spaces(text)
    assert "".join(w + " " * s for w, s in zip(words, spaces, strict=True)) == text


@given(st.text(min_size=1))
def test_a_document_has_the_text_it_was_made_of(text: str) -> None:
    assert document(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'Armée d'Otto", ["l'", "Armée", "d'", "Otto"]),
        ("Trump's and Rowling’s", ["Trump", "'s", "and", "Rowling", "’s"]),
        ("J.K. Rowling, G20", ["J.K.", "Rowling", ",", "G20"]),
        ("Türkiye'nin", ["Türkiye", "'nin"]),
        ("삼성전자는 서울에서", ["삼성전자", "는", "서울", "에서"]),
        ("是方电讯成立", ["是", "方", "电", "讯", "成", "立"]),
        ("イーロン・マスクは", ["イーロン", "・", "マスク", "は"]),
        ("2,5 и 1.000", ["2,5", "и", "1.000"]),
        ("می‌خواهم", ["می‌خواهم"]),
    ],
)
def test_names_begin_and_end_at_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_letter_forms_and_digits_are_one_for_the_model() -> None:
    assert folded("إيلون") == folded("ايلون")
    assert folded("Ｇ２０") == folded("g19") == "g00"


def test_a_listed_name_marks_its_tokens_with_their_place() -> None:
    gazetteer = Gazetteer({"new york": "city", "york": "person"})
    marks = [token.lemma_ for token in gazetteer(document("In New York now"))]
    assert marks == ["", "cityB", "cityI person", ""]


def test_a_listed_arabic_name_is_marked_together_with_what_is_written_with_it() -> None:
    gazetteer = Gazetteer({"رياض": "city", "بوش": "person"})
    marks = [token.lemma_ for token in gazetteer(document("وبالرياض قال بوش"))]
    assert marks == ["city", "", "person"]


@pytest.mark.parametrize(
    ("word", "stem"),
    [("وبالرياض", "رياض"), ("للصين", "صين"), ("وماسك", "ماسك"), ("بون", "بون"), ("Bonn", "bonn")],
)
def test_a_stem_is_an_arabic_word_without_what_is_written_with_it(word: str, stem: str) -> None:
    assert document(word)[0].lower_ == stem


def test_a_listed_name_in_lower_case_is_not_marked() -> None:
    gazetteer = Gazetteer({"nice": "city"})
    assert [token.lemma_ for token in gazetteer(document("nice Nice"))] == ["", "city"]


@given(st.lists(st.sampled_from(["New", "York", "City", "in", " ", ", ", "U.S.", "-"])))
def test_every_listed_name_is_found_where_it_stands(words: list[str]) -> None:
    lists = {"new york": "a", "new york city": "b", "york": "c", "u.s. city": "d", "newyork": "e"}
    doc = document(" ".join(words))
    found = {(start, end) for start, end, _ in Gazetteer(lists).matches(doc)}
    ends = range(1, len(doc) + 1)
    spans = [(start, end) for end in ends for start in range(max(0, end - 5), end)]
    expected = {
        span
        for span in spans
        if folded(doc[slice(*span)].text) in lists
        if not doc[span[0]].is_lower
    }
    assert found == expected


def test_lists_survive_being_written() -> None:
    lists = {"nice": "city", "москва": "metropolis", "new york": "city person"}
    assert Gazetteer().from_bytes(Gazetteer(lists).to_bytes()).lists == lists
