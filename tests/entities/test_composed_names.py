"""Check names that a name and a kind are composed of, in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.entities.composed_names import KINDS_FILE, composed_of
from tasks.entities.inflection import words_of
from tests.entities.test_across_scripts import entity_of
from tests.making.mentions import ALONE, Mention


@pytest.mark.parametrize(
    ("surface", "language", "kind", "rest"),
    [
        ("University of Michigan", "en", "university", ("michigan",)),
        ("Carnegie Mellon Üniversitesi'nde", "tr", "university", ("carnegie", "mellon")),
        ("университете Карнеги-Меллона", "ru", "university", ("карнеги", "меллона")),
        ("Michigan State University", "en", "state-university", ("michigan",)),
        ("西弗吉尼亚州立大学", "zh", "state-university", ("西弗吉尼亚",)),
        ("ニューポート警察署", "ja", "police", ("ニューポート",)),
        ("Baton Rouge 警察局", "zh", "police", ("baton", "rouge")),
        ("शिकागो विश्वविद्यालय", "hi", "university", ("शिकागो",)),
        ("جامعة ميشيغان", "ar", "university", ("ميشيغان",)),
        ("Departamento de Policía de Baton Rouge", "es", "police", ("baton", "rouge")),
    ],
)
def test_a_name_is_parted_into_a_kind_and_what_is_left(
    surface: str, language: str, kind: str, rest: tuple[str, ...]
) -> None:
    assert composed_of(words_of(surface, "ORG", language), "ORG", language) == (kind, rest)


@pytest.mark.parametrize(
    ("surface", "language"),
    [
        ("University", "en"),
        ("National University", "en"),
        ("Национальный университет", "ru"),
        ("国立大学", "ja"),
        ("中央银行", "zh"),
        ("Supreme Court", "en"),
        ("最高法院", "zh"),
        ("University of Michigan", "xx"),
        ("Universal Pictures", "en"),
    ],
)
def test_what_tells_no_body_is_not_parted(surface: str, language: str) -> None:
    assert composed_of(words_of(surface, "ORG", language), "ORG", language) is None


def names(*found: tuple[str, str], label: str = "ORG") -> list[Mention]:
    return [(f"doc-{language}", language, label, surface) for language, surface in found]


@pytest.mark.parametrize(
    "found",
    [
        names(("en", "University of Zaluzia"), ("es", "Universidad de Zaluzia")),
        names(("en", "Baton Rouge Police"), ("ja", "バトンルージュ警察")),
        names(("en", "Indonesian Red Cross"), ("zh", "印尼红十字会")),
        names(("fr", "Croix-Rouge indonésienne"), ("ru", "Красный Крест Индонезии")),
        names(("en", "Bank of Jordan"), ("fr", "Banque de Jordanie")),
        names(("en", "Telma TV"), ("zh", "Telma 电视台"), ("hi", "टेल्मा टीवी")),
        names(("en", "Newport Police"), ("en", "Newport Police Department")),
        names(("en", "Zaluzia News"), ("ja", "ザルジアニュース")),
        names(("en", "Nias Island"), ("tr", "Nias Adası"), ("ja", "ニアス島"), label="LOC"),
        names(("en", "Bestwood Street"), ("tr", "Bestwood Caddesi"), label="LOC"),
        names(("es", "lago Michigan"), ("ja", "ミシガン湖"), label="LOC"),
        names(("ru", "Институт Брукингса"), ("tr", "Brookings Enstitüsü")),
    ],
)
def test_bodies_of_one_kind_and_name_are_one(found: list[Mention]) -> None:
    assert len(set(entity_of(found, ALONE).values())) == 1


@pytest.mark.parametrize(
    "found",
    [
        names(("en", "University of Zaluzia"), ("es", "Hospital de Zaluzia")),
        names(("en", "Zaluzia University"), ("ja", "ミシガン大学")),
        names(("en", "National University"), ("ru", "Национальный университет")),
        names(("en", "Germantown Police"), ("fr", "police allemande")),
        names(("en", "Bank of China"), ("fr", "banque chinoise")),
        names(("en", "American University"), ("es", "Universidad Americana")),
        names(("en", "Telma TV"), ("ja", "テルマラジオ")),
        names(("en", "Nias Island"), ("ja", "ニアス川"), label="LOC"),
        names(("ja", "広島"), ("en", "Hiro Island"), label="LOC"),
    ],
)
def test_others_are_not(found: list[Mention]) -> None:
    assert len(set(entity_of(found, ALONE).values())) == len(found)


def test_where_a_language_has_two_that_are_composed_alike_neither_is_joined() -> None:
    two = names(("en", "University of Zaluzia"), ("en", "Zaluzia University"))
    entities = entity_of([*two, *names(("es", "Universidad de Zaluzia"))], ALONE)
    assert len(set(entities.values())) == 3


@given(st.lists(st.text(min_size=1), min_size=1), st.sampled_from(["en", "ja", "ru", "ar", "xx"]))
def test_any_words_can_be_asked_about(words: list[str], language: str) -> None:
    found = composed_of(tuple(words), "LOC", language)
    assert found is None or all(found[1])


def test_each_kind_and_language_has_one_row() -> None:
    _, *rows = KINDS_FILE.read_text(encoding="utf-8").splitlines()
    keys = [tuple(row.split("\t")[:2]) for row in rows]
    assert len(set(keys)) == len(keys)
