"""One person is one in any order, with and without patronymic and particle; two are two."""

import pytest

from tasks.entities.inflection import words_of
from tests.entities.test_across_scripts import entity_of

DOCUMENT = "d"


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        ("PUTIN Vladimir", "vladimir putin"), ("VON DER LEYEN Ursula", "ursula von der leyen"),
        ("XI Jinping", "jinping xi"), ("Putin, Vladimir", "vladimir putin"),
        ("ПУТИН Владимир Владимирович", "владимир владимирович путин"),
        ("Путин Владимир Владимирович", "владимир владимирович путин"),
        ("JK Rowling", "jk rowling"), ("BTS Jimin", "bts jimin"), ("ELON MUSK", "elon musk"),
        ("Sammy Davis, Jr.", "sammy davis jr"), ("Elon MUSK", "elon musk"),
    ],
)  # fmt: skip
def test_a_surname_that_is_marked_as_standing_first_stands_last(surface: str, words: str) -> None:
    assert " ".join(words_of(surface, "PER", "ru")) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ru", "Владимир Владимирович Путин"), ("en", "Vladimir Putin")),
        (("ru", "Владимира Владимировича Путина"), ("ru", "Владимир Путин")),
        (("ru", "Сергей Лавров"), ("ru", "Лавров Сергей Викторович")),
        (("hu", "Bartók Béla"), ("en", "Béla Bartók")),
        (("hu", "Orbán Viktor"), ("en", "Viktor Orban")),
        (("hu", "Orbán Viktor"), ("ru", "Виктор Орбан")),
        (("en", "Kim Jong Un"), ("en", "Jong-un Kim")),
        (("en", "Recep Tayyip Erdogan"), ("tr", "Recep Tayyip Erdoğan")),
    ],
)
def test_one_person_is_one_in_two_documents(one: tuple[str, str], other: tuple[str, str]) -> None:
    found = entity_of([("d1", one[0], "PER", one[1]), ("d2", other[0], "PER", other[1])])
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Thomas James", "James Thomas"),
        ("ru", "Иван Петрович Иванов", "Иван Сергеевич Иванов"),
        ("en", "John Adams", "John Quincy Adams"),
        ("en", "George Bush", "George W. Bush"),
        ("en", "Martin Luther", "Martin Luther King"),
        ("en", "Van Morrison", "Jim Morrison"),
        ("en", "Charles de Gaulle", "Van Gaulle"),
    ],
)
def test_two_persons_of_a_document_are_two(language: str, one: str, other: str) -> None:
    found = entity_of([(DOCUMENT, language, "PER", name) for name in (one, other)])
    assert len(set(found.values())) == 2


@pytest.mark.parametrize(
    ("language", "full", "short"),
    [
        ("nl", "Vincent van Gogh", "Van Gogh"),
        ("en", "Charles de Gaulle", "de Gaulle"),
        ("en", "Charles de Gaulle", "Gaulle"),
        ("de", "Ursula von der Leyen", "von der Leyen"),
        ("es", "Gabriel García Márquez", "García Márquez"),
        ("es", "Pedro Sánchez Pérez-Castejón", "Pedro Sánchez"),
        ("en", "Queen Elizabeth II", "Elizabeth II"),
        ("ru", "Владимир Владимирович Путин", "Владимир Владимирович"),
    ],
)
def test_a_short_name_is_the_person_of_its_document(language: str, full: str, short: str) -> None:
    found = entity_of([(DOCUMENT, language, "PER", name) for name in (full, short)])
    assert len(set(found.values())) == 1


def test_a_short_name_that_two_documents_explain_in_two_ways_is_neither() -> None:
    pairs = [("d1", "Gabriel García Márquez"), ("d2", "Rodrigo García Márquez")]
    names = [(d, "es", "PER", n) for d, full in pairs for n in (full, "García Márquez")]
    assert len(set(entity_of(names).values())) == 3


def test_a_person_with_and_without_a_middle_name_in_two_documents_is_one() -> None:
    names = [("d1", "en", "PER", "John Adams"), ("d2", "en", "PER", "John Quincy Adams")]
    assert len(set(entity_of(names).values())) == 1


@pytest.mark.parametrize(
    ("language", "long", "acronym"),
    [
        ("en", "International Monetary Fund", "IMF"),
        ("en", "Bank of Foreign Trade", "BFT"),
        ("ru", "Международный валютный фонд", "МВФ"),
        ("fr", "Organisation du traité de l'Atlantique nord", "OTAN"),
    ],
)
def test_an_acronym_is_what_its_document_explains(language: str, long: str, acronym: str) -> None:
    found = [(DOCUMENT, language, "ORG", name) for name in (long, acronym)]
    assert len(set(entity_of(found).values())) == 1
    apart = [("d1", language, "ORG", long), ("d2", language, "ORG", acronym)]
    assert len(set(entity_of(apart).values())) == 2


def test_a_word_that_is_no_acronym_is_not_explained() -> None:
    found = [(DOCUMENT, "en", "ORG", name) for name in ("Integrated Materials Fund", "Imf")]
    assert len(set(entity_of(found).values())) == 2


def test_a_country_is_no_person_unless_the_document_says_so_more_often() -> None:
    once = [(DOCUMENT, "en", "PER", name) for name in ("Michael Jordan", "Jordan")]
    assert len(set(entity_of(once).values())) == 2
    names = [*once, (DOCUMENT, "en", "PER", "Jordan")]
    assert len(set(entity_of(names).values())) == 1
