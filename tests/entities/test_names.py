"""Check romanisation, the gazetteer, sounds and likeness of names."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.entities.inflection import bases, words_of
from tasks.entities.places import ANY_LANGUAGE, find_place, place_names
from tasks.entities.spelling import learned_scripts, similarity
from tasks.entities.spelling_candidates import candidate_pairs
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS
from tasks.writing.romanize import name_script, romanized

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Илон Маск", "ilon mask"), ("シュミット", "shumitto"), ("ヴィッサリオン", "vissarion"),
        ("チェ", "che"), ("とうきょう", "toukyou"), ("馬斯克", "masike"), ("Łódź", "lodz"),
        ("Зеленський", "zelenskiy"), ("ﾏｽｸ", "masuku"), ("", ""),
    ],
)  # fmt: skip
def test_every_script_is_romanised(text: str, expected: str) -> None:
    assert romanized(text) == expected


@given(ANY_TEXT)
def test_a_romanisation_is_lower_case_ascii(text: str) -> None:
    assert romanized(text).isascii()
    assert romanized(text) == romanized(text).lower()


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("place-RU", [("ru", "Россия"), ("en", "Russia"), ("ja", "ロシア"), ("ar", "روسيا")]),
        ("place-US", [("en", "United States"), ("fr", "États-Unis"), ("ja", "アメリカ合衆国")]),
        ("place-1850147", [("ja", "東京"), ("en", "Tokyo"), ("ru", "Токио"), ("ar", "طوكيو")]),
        ("place-2643743", [("en", "London"), ("fr", "Londres"), ("ru", "Лондон")]),
        ("place-GE", [("ru", "Грузия"), ("de", "Georgien")]),
    ],
)
def test_a_place_has_its_names_in_many_languages(place: str, names: list[tuple[str, str]]) -> None:
    assert {find_place(name, language) for language, name in names} == {place}


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Georgia"), ("ja", "ジョージア"), ("en", "Mr")]
)
def test_an_ambiguous_or_unknown_name_is_no_place(language: str, name: str) -> None:
    assert find_place(name, language) is None


def test_the_gazetteer_is_sorted_and_speaks_the_vocabulary() -> None:
    places = place_names()
    assert places.equals(places.unique().sort(places.columns))
    assert set(places["kind"]) == {"continent", "country", "capital", "city"}
    assert set(places["language"]) <= {*KNOWN_TAGS, ANY_LANGUAGE}
    assert places.select("language", "form").is_unique().all()
    some = places.gather_every(500)
    assert [comparable_form(name) for name in some["name"]] == some["form"].to_list()


@pytest.mark.parametrize(
    ("one", "other", "rival"),
    [
        ("musk", "маск", "моск"), ("putin", "بوتين", "بوتر"), ("merkel", "メルケル", "マーケル"),
        ("biden", "байден", "бадин"), ("trump", "трамп", "тромп"), ("tesla", "تسلا", "طاسيلي"),
    ],
)  # fmt: skip
def test_the_spelling_of_a_name_is_liker_than_another(one: str, other: str, rival: str) -> None:
    likely, unlikely = similarity([(one, other), (one, rival)])
    assert likely > unlikely
    assert likely >= 0.4


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=4))
def test_likeness_is_symmetric_and_between_0_and_1(pairs: list[tuple[str, str]]) -> None:
    there = similarity(pairs)
    assert there.shape == (len(pairs),)
    assert ((there >= 0) & (there <= 1)).all()
    assert (there == similarity([pair[::-1] for pair in pairs])).all()


def test_all_pairs_of_scripts_with_letters_of_their_own_are_learned() -> None:
    scripts = ["Arab", "Cyrl", "Hang", "Hani", "Hebr", "Kana", "Latn"]
    assert set(combinations(scripts, 2)) <= learned_scripts()


def test_candidates_are_found_by_sound_and_never_within_a_script() -> None:
    words = ["masque", "musk", "smith", "маск", "смит", "чехов"]
    found = {(words[a], words[b]) for a, b in candidate_pairs(words).iter_rows()}
    assert {("musk", "маск"), ("smith", "смит")} <= found
    assert all(name_script(a) != name_script(b) for a, b in found)
    assert candidate_pairs([]).is_empty()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "маска", "маском"), ("ru", "россии", "россией"), ("pl", "tuska", "tuskiem"),
        ("ar", "وماسك", "ماسك"), ("cs", "babiše", "babišem"), ("fi", "niinistön", "niinistö"),
        ("ko", "머스크는", "머스크가"), ("de", "merkels", "merkel"),
    ],
)  # fmt: skip
def test_inflected_forms_have_a_base_in_common(language: str, one: str, other: str) -> None:
    assert set(bases(one, language)) & set(bases(other, language))


@pytest.mark.parametrize(
    ("language", "one", "other"), [("ru", "иванов", "иван"), ("en", "maria", "mario")]
)
def test_other_names_have_no_base_in_common(language: str, one: str, other: str) -> None:
    assert not set(bases(one, language)) & set(bases(other, language))


@pytest.mark.parametrize(
    ("surface", "label", "language", "words"),
    [
        ("Musk's", "PER", "en", ("musk",)), ("O'Brien", "PER", "en", ("o'brien",)),
        ("Tesla, Inc.", "ORG", "en", ("tesla",)), ("イーロン・マスク氏", "PER", "ja", ("イーロン", "マスク")),
        ("株式会社トヨタ", "ORG", "ja", ("トヨタ",)), ("Musk'ın", "PER", "tr", ("musk",)),
        ("GmbH", "ORG", "de", ("gmbh",)), ("...", "PER", "en", ("...",)),
    ],
)  # fmt: skip
def test_a_name_is_compared_by_its_words(
    surface: str, label: str, language: str, words: tuple[str, ...]
) -> None:
    assert words_of(surface, label, language) == words


@given(ANY_TEXT.filter(bool), st.sampled_from(["PER", "ORG", "LOC", "MISC"]))
def test_a_name_always_has_a_word(surface: str, label: str) -> None:
    assert all(words_of(surface, label, "tr"))
