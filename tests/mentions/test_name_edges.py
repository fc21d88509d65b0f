"""A name ends where the name ends: no title, article, suffix or second sentence belongs to it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.labels import LABELS, Label
from tasks.mentions.backends import READABLE_TAGS
from tasks.mentions.edge_words import WORDS
from tasks.mentions.entity_model import Span
from tasks.mentions.name_edges import names_in


def names(text: str, language: str, label: str = "PER") -> list[tuple[str, str]]:
    found = names_in(text, Span(0, len(text), label), language)
    return [(text[name.start : name.end], name.label) for name in found]


def bare(text: str, language: str, label: str = "PER") -> list[str]:
    return [name for name, _ in names(text, language, label)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kim Jong Un. Queen Elizabeth II", ["Kim Jong Un", "Queen Elizabeth II"]),
        ("George W. Bush", ["George W. Bush"]),
        ("Martin Luther King Jr. Day", ["Martin Luther King Jr. Day"]),
        ("Kim Jong Un.", ["Kim Jong Un"]),
    ],
)
def test_a_name_does_not_run_over_the_end_of_a_sentence(text: str, found: list[str]) -> None:
    assert bare(text, "en") == found


@pytest.mark.parametrize(
    "text", ["St. Petersburg", "U.S. Virgin Islands", "EE. UU.", "Acme Inc.", "กกต."]
)
def test_the_point_of_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert bare(text, "en", "LOC") == [text]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("克里斯·哈里斯，阿伯克龙比", "zh", ["克里斯·哈里斯", "阿伯克龙比"]),
        ("Chris Harris'e Abercrombie", "tr", ["Chris Harris", "Abercrombie"]),
        ("O'Neill Brown", "tr", ["O'Neill Brown"]),
    ],
)
def test_two_persons_are_two(text: str, language: str, found: list[str]) -> None:
    assert bare(text, language) == found


def test_a_work_may_be_called_by_sentences() -> None:
    assert bare("Dude. Where's My Car", "en", "MISC") == ["Dude. Where's My Car"]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Mr. Bean", "en", "Bean"),
        ("President Joe Biden", "en", "Joe Biden"),
        ("Intel Chief Executive Pat Gelsinger", "en", "Pat Gelsinger"),
        ("Frau Dr. Angela Merkel", "de", "Angela Merkel"),
        ("Père Johnson", "fr", "Johnson"),
        ("Г-н Пак", "ru", "Пак"),
        ("Bay Kavanaugh'un", "tr", "Kavanaugh"),
        ("السيدة أمينة محمد", "ar", "أمينة محمد"),
        ("マスク氏", "ja", "マスク"),
        ("トランプ大統領", "ja", "トランプ"),
        ("拜登总统", "zh", "拜登"),
        ("埃隆·马斯克周二", "zh", "埃隆·马斯克"),
        ("普京昨天", "zh", "普京"),
        ("李周一", "zh", "李周一"),
        ("周一围", "zh", "周一围"),
        ("이정재 씨", "ko", "이정재"),
        ("김모 씨", "ko", "김"),
    ],
)
def test_titles_and_words_of_address_stay_outside(text: str, language: str, name: str) -> None:
    assert bare(text, language) == [name]


@pytest.mark.parametrize("text", ["John Mayor", "Charles de Gaulle", "Ursula von der Leyen"])
def test_surnames_and_particles_stay_whole(text: str) -> None:
    assert bare(text, "en") == [text]


@pytest.mark.parametrize(
    ("text", "language"), [("Reverend", "en"), ("the", "en"), ("г-н", "ru"), ("さん", "ja")]
)
def test_a_title_or_an_article_alone_is_no_name(text: str, language: str) -> None:
    assert bare(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "label", "name"),
    [
        ("İstanbul'da", "tr", "LOC", "İstanbul"),
        ("Elon Musk’s", "en", "PER", "Elon Musk"),
        ("McDonald's", "en", "ORG", "McDonald's"),
        ("Shaquille O'Neal", "en", "PER", "Shaquille O'Neal"),
        ("Côte d'Ivoire", "fr", "LOC", "Côte d'Ivoire"),
    ],
)
def test_what_is_written_onto_a_name_after_an_apostrophe_stays_outside(
    text: str, language: str, label: str, name: str
) -> None:
    assert bare(text, language, label) == [name]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("the European Union", "en", "European Union"),
        ("The European Union", "en", "European Union"),
        ("The Hague", "en", "The Hague"),
        ("Great Lawn del", "es", "Great Lawn"),
        ("Nationale Vergadering van", "nl", "Nationale Vergadering"),
        ("le Sud", "fr", "Sud"),
    ],
)
def test_articles_and_prepositions_at_the_edges_stay_outside(
    text: str, language: str, name: str
) -> None:
    assert bare(text, language, "LOC") == [name]


def test_an_english_article_with_a_capital_within_a_sentence_is_part_of_the_name() -> None:
    text = "He told The Guardian."
    (name,) = names_in(text, Span(8, 20, "ORG"), "en")
    assert text[name.start : name.end] == "The Guardian"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("周六", "zh"),
        ("週六", "zh"),
        ("星期天", "zh"),
        ("土曜日", "ja"),
        ("토요일", "ko"),
        ("Saturday", "en"),
        ("五月", "zh"),
    ],
)
def test_a_weekday_or_a_month_is_no_name(text: str, language: str) -> None:
    assert bare(text, language) == []


def test_may_and_april_may_be_persons() -> None:
    assert bare("May", "en") == ["May"]


@pytest.mark.parametrize(
    ("text", "language"), [("Israeli", "en"), ("South Korean", "en"), ("Walisischen", "de")]
)
def test_a_demonym_is_no_place(text: str, language: str) -> None:
    assert names(text, language, "LOC") == [(text, "MISC")]


def test_a_word_in_small_letters_is_no_name_where_there_are_capitals() -> None:
    text = "Die britische Regierung"
    assert names_in(text, Span(4, 13, "ORG"), "de") == []
    assert bare("elon musk", "en") == ["elon musk"]
    assert bare("ifニーベルングの宝冠", "ja", "MISC") == ["ifニーベルングの宝冠"]


def test_all_words_are_of_known_languages_and_in_small_letters() -> None:
    table = json.loads(WORDS.read_text(encoding="utf-8"))
    by_language = [table[kind] for kind in ("titles_before", "function_words", "demonyms")]
    for words in by_language:
        assert set(words) <= READABLE_TAGS
        assert all(word == word.lower() for own in words.values() for word in own)


PIECES = st.sampled_from(
    [
        "Mr.",
        "the",
        "Kim",
        "Jong",
        "Un.",
        "de",
        "'s",
        "氏",
        "周六",
        "…",
        " ",
        "U.S.",
        "May",
        "“",
        ")",
    ]
)


@given(
    st.lists(PIECES | st.text(max_size=3), max_size=8).map(" ".join),
    st.sampled_from(LABELS),
    st.sampled_from(["en", "de", "fr", "tr", "ja", "zh", "ko", "ru", "ar", "xx"]),
    st.data(),
)
def test_names_lie_in_what_was_marked_and_have_names_of_their_own_no_more(
    text: str, label: Label, language: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    marked = Span(start, data.draw(st.integers(start, len(text))), label, 0.7)
    reached = marked.start
    for name in names_in(text, marked, language):
        assert reached <= name.start < name.end <= marked.end
        assert name.score == marked.score
        reached = name.end
