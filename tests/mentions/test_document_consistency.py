"""Names of a document that the model saw elsewhere in it are found everywhere in it."""

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tasks.mentions.document_consistency import _UNSPACED, _Occurrences, consistent
from tasks.mentions.entity_model import Span

WORDS = st.sampled_from(["Musk", "Paris", "said", "Elon Musk", "マスク", "氏", ".", "OpenAI"])


def named(texts: list[str], found: list[list[Span]]) -> list[list[tuple[str, str]]]:
    result = consistent(texts, found)
    return [
        [(text[s.start : s.end], s.label) for s in spans]
        for text, spans in zip(texts, result, strict=True)
    ]


def test_a_name_that_was_found_once_is_found_everywhere_in_the_document() -> None:
    texts = ["Musk left.", "Then Musk spoke, Musketeers too."]
    assert named(texts, [[Span(0, 4, "PER")], []]) == [[("Musk", "PER")], [("Musk", "PER")]]


def test_the_label_of_most_occurrences_holds() -> None:
    texts = ["Tesla", "Tesla", "Tesla"]
    found = [[Span(0, 5, "PER")], [Span(0, 5, "ORG")], [Span(0, 5, "ORG")]]
    assert named(texts, found) == [[("Tesla", "ORG")]] * 3


def test_in_a_tie_a_name_is_a_person_and_anything_rather_than_misc() -> None:
    texts = ["Tesla", "Tesla"]
    found = [[Span(0, 5, "ORG")], [Span(0, 5, "PER")]]
    assert named(texts, found) == [[("Tesla", "PER")]] * 2
    assert named(texts, [[Span(0, 5, "MISC")], [Span(0, 5, "LOC")]]) == [[("Tesla", "LOC")]] * 2


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Elon Musk and Sam Altman", "Elon Musk", "Sam Altman"),
        ("إيلون ماسك وسام ألتمان", "إيلون ماسك", "سام ألتمان"),
    ],
)
def test_two_persons_marked_as_one_are_two_if_the_document_has_both(
    text: str, first: str, second: str
) -> None:
    found = [[Span(0, len(name), "PER")] for name in (text, first, second)]
    (one, other), *_ = named([text, first, second], found)
    assert (one[0], other[0].removeprefix("و")) == (first, second)


def test_a_name_with_a_particle_is_one() -> None:
    texts = ["Juan de Borbón", "Juan", "Borbón"]
    found = [[Span(0, len(text), "PER")] for text in texts]
    assert named(texts, found)[0] == [("Juan de Borbón", "PER")]


@pytest.mark.parametrize(
    ("full", "last"),
    [
        ("Elon Musk", "Musk"),
        ("Илон Маск", "Маск"),
        ("イーロン・マスク", "マスク"),
        ("إيلون ماسك", "ماسك"),
    ],
)
def test_the_last_part_of_a_full_name_is_found_everywhere(full: str, last: str) -> None:
    found = [[Span(0, len(full), "PER")], []]
    assert named([full, f"({last})"], found)[1] == [(last, "PER")]


def test_a_full_name_speaks_for_its_last_part_against_another_label() -> None:
    texts = ["Elon Musk", "Elon Musk", "Musk"]
    found = [[Span(0, 9, "PER")], [Span(0, 9, "PER")], [Span(0, 4, "LOC")]]
    assert named(texts, found)[2] == [("Musk", "PER")]


@pytest.mark.parametrize(("full", "last"), [("Kim Jo", "Jo"), ("Otto der große", "große")])
def test_a_last_part_that_is_short_or_a_word_is_not_looked_for(full: str, last: str) -> None:
    found = [[Span(0, len(full), "PER")], []]
    assert named([full, f"({last})"], found)[1] == []


def test_the_last_word_of_an_organisation_is_not_looked_for() -> None:
    assert named(["Deutsche Bank", "Bank"], [[Span(0, 13, "ORG")], []])[1] == []


def test_a_longer_name_is_left_whole() -> None:
    texts = ["Musk", "Elon Musk"]
    found = [[Span(0, 4, "PER")], [Span(0, 9, "PER")]]
    assert named(texts, found)[1] == [("Elon Musk", "PER")]


def test_in_scripts_without_spaces_a_name_is_found_among_letters() -> None:
    assert named(["マスク氏", "同マスク氏"], [[Span(0, 3, "PER")], []])[1] == [("マスク", "PER")]


def test_a_name_of_two_letters_is_not_looked_for() -> None:
    assert named(["EU", "the EU"], [[Span(0, 2, "ORG")], []])[1] == []


def test_no_text_gives_no_names() -> None:
    assert consistent([], []) == []


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=4), st.data())
def test_names_never_overlap_and_lie_in_their_text(texts: list[str], data: st.DataObject) -> None:
    found = []
    for text in texts:
        length = len(text)
        start = data.draw(st.integers(0, max(0, length - 1)))
        end = data.draw(st.integers(start, length))
        found.append([Span(start, end, "PER")] if end > start else [])
    for text, spans in zip(texts, consistent(texts, found), strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))


NAMES = st.sampled_from(
    ["Musk", "Elon Musk", "Musk Inc.", "マスク", "スク氏", "(UK)", "a_b", "½ x"]
)


@given(st.lists(NAMES, unique=True), st.lists(NAMES | st.sampled_from([*" _.x氏½-"])).map("".join))
def test_names_are_found_where_a_pattern_finds_them(names: list[str], text: str) -> None:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    expected = []
    if names:
        pattern = regex.compile("|".join(map(_whole, ordered)))
        expected = [(m.start(), m.end(), m.group()) for m in pattern.finditer(text)]
    assert list(_Occurrences(names).find(text)) == expected


def _whole(name: str) -> str:
    before = "" if _UNSPACED.match(name[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    return before + regex.escape(name) + after
