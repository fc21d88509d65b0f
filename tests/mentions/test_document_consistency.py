"""Names of a document that the model saw elsewhere in it are found everywhere in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import Span
from tasks.mentions.name_occurrences import Occurrences, stands_alone

WORDS = st.sampled_from(["Musk", "Paris", "said", "Elon Musk", "マスク", "氏", ".", "OpenAI"])


def named(
    texts: list[str], found: list[list[Span]], language: str = "en"
) -> list[list[tuple[str, str]]]:
    result = consistent(texts, found, language)
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
    assert consistent([], [], "en") == []


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=4), st.data())
def test_names_never_overlap_and_lie_in_their_text(texts: list[str], data: st.DataObject) -> None:
    found = []
    for text in texts:
        length = len(text)
        start = data.draw(st.integers(0, max(0, length - 1)))
        end = data.draw(st.integers(start, length))
        found.append([Span(start, end, "PER")] if end > start else [])
    for text, spans in zip(texts, consistent(texts, found, "en"), strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))


NAMES = st.sampled_from(
    ["Musk", "Elon Musk", "Musk Inc.", "マスク", "スク氏", "(UK)", "a_b", "½ x", "테슬라"]
)


@given(
    st.lists(NAMES, unique=True), st.lists(NAMES | st.sampled_from([*" _.x氏½-는"])).map("".join)
)
def test_names_are_found_as_if_each_was_looked_for_by_itself(names: list[str], text: str) -> None:
    expected, reached = [], 0
    for start in range(len(text)):
        ends = [
            (start + len(name), name)
            for name in names
            if text.startswith(name, start) and stands_alone(text, start, start + len(name))
        ]
        if ends and start >= reached:
            reached, name = max(ends)
            expected.append((start, reached, name))
    assert list(Occurrences(names).find(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "OpenAIは",
        "「OpenAI」と",
        "OpenAI는",
        "同OpenAI社",
        "OpenAIที่",
        "OpenAI's",
        "l'OpenAI",
        "(OpenAI)",
    ],
)
def test_a_name_is_found_whatever_script_it_stands_among(text: str) -> None:
    assert [name for *_, name in Occurrences(["OpenAI"]).find(text)] == ["OpenAI"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("OpenAI", "OpenAIs"),
        ("OpenAI", "OpenAI5"),
        ("マスク", "マスクメロン"),
        ("マスク", "デスマスク"),
        ("테슬라", "테슬라모터스"),
        ("테슬라", "니콜라테슬라"),
    ],
)
def test_a_part_of_a_longer_word_is_no_name(name: str, text: str) -> None:
    assert list(Occurrences([name]).find(text)) == []


@pytest.mark.parametrize("text", ["테슬라는", "테슬라에서 ", "테슬라, ", "테슬라"])
def test_a_korean_name_is_found_before_a_particle(text: str) -> None:
    assert [name for *_, name in Occurrences(["테슬라"]).find(text)] == ["테슬라"]


def test_a_half_of_a_name_gives_way_to_the_whole() -> None:
    texts = ["Y Combinator", "of Y Combinator"]
    found = [[Span(0, 12, "ORG")], [Span(3, 4, "MISC"), Span(5, 15, "LOC")]]
    assert named(texts, found)[1] == [("Y Combinator", "ORG")]


@pytest.mark.parametrize(
    ("full", "text", "language", "name"),
    [
        ("Ursula von der Leyen", "(von der Leyen)", "de", "von der Leyen"),
        ("Charles de Gaulle", "of de Gaulle", "en", "de Gaulle"),
        ("Vincent van Gogh", "Van Gogh painted", "en", "Van Gogh"),
        ("Juan de Borbón", "palacio de Borbón", "es", "Borbón"),
    ],
)
def test_particles_belong_to_a_surname_unless_the_language_has_the_word(
    full: str, text: str, language: str, name: str
) -> None:
    found = [[Span(0, len(full), "PER", 0.9)], []]
    assert named([full, text], found, language)[1] == [(name, "PER")]


def test_a_name_in_capitals_means_what_it_means_in_other_letters() -> None:
    texts = ["Openai", "OpenAI", "OPENAI"]
    found = [[Span(0, 6, label, 0.8)] for label in ("ORG", "ORG", "LOC")]
    assert named(texts, found)[2] == [("OPENAI", "ORG")]


def test_what_the_model_is_surer_of_holds() -> None:
    texts = ["Loopt", "Loopt"]
    found = [[Span(0, 5, "PER", 0.3)], [Span(0, 5, "ORG", 0.9)]]
    assert named(texts, found) == [[("Loopt", "ORG")]] * 2


def test_a_country_that_is_called_like_a_person_stays_a_country() -> None:
    texts = ["Michael Jordan", "in Jordan"]
    found = [[Span(0, 14, "PER", 0.9)], [Span(3, 9, "LOC", 0.7)]]
    assert named(texts, found)[1] == [("Jordan", "LOC")]


def test_what_the_model_hardly_believes_is_not_looked_for_elsewhere() -> None:
    assert named(["Musk", "Musk"], [[Span(0, 4, "PER", 0.2)], []])[1] == []


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("آلتمان ماسك", "سام ألتمان", "إيلون ماسك"),
        ("Altman Musk", "Sam Altman", "Elon Musk"),
        ("Sam Altman Elon Musk", "Sam Altman", "Elon Musk"),
    ],
)
def test_two_persons_side_by_side_are_two(text: str, one: str, other: str) -> None:
    found = [[Span(0, len(name), "PER")] for name in (text, one, other)]
    assert len(named([text, one, other], found)[0]) == 2


def test_what_is_hardly_a_name_does_not_keep_two_persons_together() -> None:
    texts = ["آلتمان ماسك", "سام ألتمان", "إيلون ماسك", "ألتمان فيميل"]
    sure = [0.8, 0.95, 0.95, 0.6]
    found = [[Span(0, len(text), "PER", s)] for text, s in zip(texts, sure, strict=True)]
    assert len(named(texts, found)[0]) == 2
    surer = [*found[:3], [found[3][0]._replace(score=0.9)]]
    assert len(named(texts, surer)[0]) == 1


@pytest.mark.parametrize("others", [["Elon", "Musk"], ["Elon Reeve", "Justine Musk"], []])
def test_a_first_and_a_last_name_are_one(others: list[str]) -> None:
    texts = ["Elon Musk", *others]
    found = [[Span(0, len(name), "PER")] for name in texts]
    assert named(texts, found)[0] == [("Elon Musk", "PER")]
