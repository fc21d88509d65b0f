"""Names of one person, organisation or place are joined across scripts, from the names alone."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tasks.settings import ResolveSettings
from tests.making.mentions import (
    AFFAIR,
    ALONE,
    POOL,
    STRANGERS,
    Mention,
    affair,
    mentions,
    resolve_entities,
)

ONE_ENTITY = {
    "Elon Musk": ["Musk", "Musk's", "Илон Маск", "Илона Маска", "Маску", "Маском",
                  "イーロン・マスク", "マスク氏", "إيلون ماسك", "ماسك"],
    "Sam Altman": ["Altman", "Сэм Альтман", "Альтмана", "サム・アルトマン", "アルトマン",
                   "سام ألتمان", "وألتمان"],
    "Donald Trump": ["Trump", "Дональд Трамп", "Трампу", "ドナルド・トランプ", "トランプ",
                     "دونالد ترامب", "ترامب"],
    "OpenAI": [],
    "Microsoft": ["Майкрософт", "マイクロソフト", "مايكروسوفت"],
    "Tesla": ["Tesla Inc.", "Тесла", "Теслы", "テスラ", "تسلا"],
    "Moscow": ["Москве", "モスクワ", "موسكو", "Moscou"],
}  # fmt: skip


def entity_of(
    found: list[Mention], settings: ResolveSettings = ALONE
) -> dict[tuple[str, str], str]:
    """Return the entity of each (document, surface)."""
    _, names = resolve_entities(mentions(*found), settings)
    rows = names.select("doc_id", "surface", "entity_id").iter_rows()
    return {(doc_id, surface): entity_id for doc_id, surface, entity_id in rows}


@pytest.fixture(scope="module")
def resolved() -> dict[tuple[str, str], str]:
    return entity_of(affair(*AFFAIR))


@pytest.mark.parametrize("name", ONE_ENTITY)
def test_names_in_four_scripts_are_one_entity_without_an_alias_table(
    name: str, resolved: dict[tuple[str, str], str]
) -> None:
    ids = {id_ for (_, surface), id_ in resolved.items() if surface in {name, *ONE_ENTITY[name]}}
    assert ids == {resolved["doc-en", name]}


def test_there_are_no_other_entities(resolved: dict[tuple[str, str], str]) -> None:
    assert len(set(resolved.values())) == len(ONE_ENTITY)


@pytest.mark.parametrize(("one", "other"), list(combinations(["en", "ru", "ja", "ar"], 2)))
def test_two_scripts_are_enough(one: str, other: str) -> None:
    found = entity_of(affair(one, other))
    assert len(set(found.values())) == len(ONE_ENTITY)


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("PER", ("en", "John Smith"), ("ru", "Джон Смитсон")),
        ("PER", ("en", "John Smith"), ("ru", "Джек Смит")),
        ("PER", ("en", "Jane Smith"), ("ru", "Джон Смит")),
        ("PER", ("en", "Olga Ivanova"), ("ja", "オレグ・イワノフ")),
        ("PER", ("en", "George H. W. Bush"), ("en", "George W. Bush")),
        ("PER", ("en", "Martin Luther King Jr."), ("en", "Martin Luther King Sr.")),
        ("PER", ("en", "Elon Musk"), ("ru", "Кимбал Маск")),
        ("PER", ("ru", "Иван Петров"), ("ja", "イワン・ペトレンコ")),
        ("PER", ("en", "Hunter Biden"), ("ar", "جو بايدن")),
        ("ORG", ("en", "Barcelona"), ("es", "Espanyol")),
        ("ORG", ("en", "Real Madrid"), ("ru", "Мадрид")),
        ("LOC", ("en", "Georgia"), ("ru", "Грузия")),
        ("LOC", ("ru", "Иран"), ("en", "Iraq")),
        ("LOC", ("en", "Niger"), ("ru", "Нигерия")),
        ("LOC", ("en", "Austria"), ("ja", "オーストラリア")),
        ("ORG", ("en", "UN"), ("ru", "ООН")),
    ],
)
def test_names_that_are_only_alike_stay_apart(
    label: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    found = entity_of([("d1", one[0], label, one[1]), ("d2", other[0], label, other[1])])
    assert len(set(found.values())) == 2


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("PER", ("en", "Angela Merkel"), ("ru", "Ангелой Меркель")),
        ("PER", ("fr", "Emmanuel Macron"), ("ar", "إيمانويل ماكرون")),
        ("PER", ("ru", "Владимир Путин"), ("ja", "ウラジーミル・プーチン")),
        ("PER", ("ar", "جو بايدن"), ("ja", "ジョー・バイデン")),
        ("PER", ("en", "Barack Obama"), ("ko", "버락 오바마")),
        ("PER", ("en", "Donald Trump"), ("en", "Donald J. Trump")),
        ("PER", ("tr", "Elon Musk"), ("tr", "Elon Musk'ın")),
        ("PER", ("pl", "Donald Tusk"), ("pl", "Donaldem Tuskiem")),
        ("ORG", ("en", "Siemens"), ("de", "Siemens AG")),
        ("ORG", ("ru", "Яндекс"), ("ru", "ООО «Яндекс»")),
        ("ORG", ("ja", "トヨタ自動車"), ("ja", "トヨタ自動車株式会社")),
        ("LOC", ("en", "Germany"), ("ru", "Германии")),
        ("LOC", ("en", "United States"), ("ja", "アメリカ合衆国")),
        ("LOC", ("fr", "Londres"), ("ar", "لندن")),
    ],
)
def test_forms_of_one_name_are_joined(
    label: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    found = entity_of([("d1", one[0], label, one[1]), ("d2", other[0], label, other[1])])
    assert len(set(found.values())) == 1


def _in_three_documents(
    label: str, latin: str, language: str, one: str, other: str
) -> tuple[bool, bool]:
    """Whether each of two names of a language is the entity of one in Latin letters."""
    found = entity_of([("d1", "en", label, latin), ("d2", language, label, one),
                       ("d3", language, label, other)])  # fmt: skip
    return found["d2", one] == found["d1", latin], found["d3", other] == found["d1", latin]


@pytest.mark.parametrize(
    ("label", "latin", "language", "one", "other"),
    [
        ("PER", "Sam Altman", "ja", "サム・アルトマン", "サム・オルトマン"),
        ("PER", "Lindsey Graham", "ar", "ليندسي جراهام", "ليندسي غراهام"),
        ("PER", "Brett Kavanaugh", "ja", "ブレット・カバノー", "ブレット・カヴァノー"),
        ("PER", "Dyteon Simpson", "hi", "डायटॉन सिंपसन", "डायटन सिंपसन"),
        ("PER", "Zoran Zaev", "zh", "佐兰·扎埃夫", "佐兰·扎耶夫"),
        ("ORG", "Livingston", "ja", "リビングストン", "リヴィングストン"),
    ],
)
def test_a_language_may_have_two_spellings_of_a_name_in_latin_letters(
    label: str, latin: str, language: str, one: str, other: str
) -> None:
    assert _in_three_documents(label, latin, language, one, other) == (True, True)


@pytest.mark.parametrize(
    ("label", "latin", "language", "one", "other"),
    [
        ("PER", "Robert Mueller", "ru", "Роберт Мюллер", "Роберт Миллер"),
        ("PER", "Gary Hart", "ja", "ゲイリー・ハート", "ガリー・ホルト"),
        ("PER", "Chris Harris", "zh", "克里斯·哈里斯", "克里斯·华莱士"),
        ("PER", "Maria Rossi", "ru", "Мария Росси", "Марио Росси"),
        ("PER", "Ivan Petrov", "ja", "イワン・ペトロフ", "イワン・ペトロワ"),
        ("LOC", "Moscow", "ja", "モスクワ", "モスク"),
    ],
)
def test_of_two_names_of_a_language_that_are_only_alike_one_stays_apart(
    label: str, latin: str, language: str, one: str, other: str
) -> None:
    assert _in_three_documents(label, latin, language, one, other) == (True, False)


def test_two_names_in_latin_letters_are_not_one_because_another_script_spells_them_alike() -> None:
    found = entity_of([("d1", "en", "PER", "John Smith"), ("d2", "en", "PER", "John Smyth"),
                       ("d3", "ja", "PER", "ジョン・スミス")])  # fmt: skip
    assert found["d1", "John Smith"] != found["d2", "John Smyth"]


def _in_context(one: Mention, other: Mention, settings: ResolveSettings = ALONE) -> bool:
    """Whether two names are one entity in documents that share two organisations."""
    shared = [(mention[0], mention[1], "ORG", name) for mention in (one, other)
              for name in ("Acme Mining", "Zorro Bank")]  # fmt: skip
    found = entity_of([*shared, one, other], settings)
    return found[one[0], one[3]] == found[other[0], other[3]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("d1", "en", "PER", "John Kennedy"), ("d2", "hi", "PER", "जॉन केनेडी")),
        (("d1", "en", "ORG", "Riverside Church"), ("d2", "hi", "LOC", "रिवरसाइड चर्च")),
        (("d1", "en", "ORG", "Boston Globe"), ("d2", "ar", "PER", "بوسطن جلوب")),
    ],
)
def test_a_word_or_label_may_differ_in_documents_that_share_names(
    one: Mention, other: Mention
) -> None:
    assert len(set(entity_of([one, other]).values())) == 2
    assert _in_context(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("d1", "en", "PER", "John Kennedy"), ("d2", "hi", "PER", "जैक केनेडी")),
        (("d1", "en", "PER", "Robert Smith"), ("d2", "ru", "PER", "Джек Смит")),
        (("d1", "en", "LOC", "Barcelona"), ("d2", "ru", "ORG", "Барселона")),
    ],
)
def test_other_names_stay_apart_in_documents_that_share_names(one: Mention, other: Mention) -> None:
    assert not _in_context(one, other)


def test_a_known_city_and_its_club_are_two_in_documents_that_share_names() -> None:
    city, club = ("d1", "en", "LOC", "San Diego"), ("d2", "ru", "ORG", "Сан-Диего")
    assert not _in_context(city, club, ResolveSettings())


@pytest.mark.parametrize(
    ("latin", "hindi"),
    [
        ("Rowan Atkinson", "रोवन एटकिंसन"),
        ("Chris Wallace", "क्रिस वालेस"),
        ("Grant Anderson", "ग्रांट एंडरसन"),
    ],
)
def test_hindi_writes_w_as_v_and_a_nasal_as_a_sign(latin: str, hindi: str) -> None:
    found = entity_of([("d1", "en", "PER", latin), ("d2", "hi", "PER", hindi)])
    assert len(set(found.values())) == 1


def test_a_surname_means_neither_of_two_that_have_it_in_a_document() -> None:
    found = entity_of([("d", "en", "PER", n) for n in ("Elon Musk", "Kimbal Musk", "Musk")])
    assert len(set(found.values())) == 3


def test_a_full_name_that_is_hardly_one_does_not_make_a_surname_ambiguous() -> None:
    found = mentions(*(("d", "en", "PER", n) for n in ("Elon Musk", "Blunder Musk", "Musk")))
    unsure = pl.when(pl.col("surface") == "Blunder Musk").then(0.5).otherwise(0.9)
    _, names = resolve_entities(found.with_columns(confidence=unsure), ALONE)
    ids = dict(names.select("surface", "entity_id").iter_rows())
    assert ids["Musk"] == ids["Elon Musk"] != ids["Blunder Musk"]


def test_a_surname_means_another_in_each_document_that_names_another() -> None:
    found = entity_of([
        ("d1", "en", "PER", "John Smith"), ("d1", "en", "PER", "Smith"),
        ("d2", "en", "PER", "Jane Smith"), ("d2", "en", "PER", "Smith"),
        ("d3", "en", "PER", "Smith"), ("d4", "en", "PER", "Smith"),
    ])  # fmt: skip
    assert found["d1", "Smith"] == found["d1", "John Smith"]
    assert found["d2", "Smith"] == found["d2", "Jane Smith"]
    assert len(set(found.values())) == 4


def test_a_common_surname_is_joined_across_documents_that_share_other_names() -> None:
    shared = [
        (d, "en", "ORG", name) for d in ("d1", "d2") for name in ("Acme Mining", "Zorro Bank")
    ]
    found = entity_of([*shared, ("d1", "en", "PER", "John Smith"), ("d2", "en", "PER", "Smith")])
    assert found["d1", "John Smith"] == found["d2", "Smith"]


def test_a_city_and_its_club_are_two() -> None:
    found = entity_of([("d", "en", "LOC", "Barcelona"), ("d", "ru", "ORG", "Барселона")])
    assert len(set(found.values())) == 2


def test_a_name_that_models_label_differently_is_one_unless_it_is_a_city() -> None:
    labels = [("d1", "en", "ORG"), ("d2", "fr", "LOC"), ("d3", "ar", "MISC")]
    assert len(set(entity_of([(*place, "OpenAI") for place in labels]).values())) == 1
    assert len(set(entity_of([(*place, "Barcelona") for place in labels]).values())) == 3


def test_a_mistaken_label_of_a_person_is_outvoted() -> None:
    found = [(f"d{i}", "en", "PER", "Greg Brockman") for i in range(3)]
    assert len(set(entity_of([*found, ("d9", "ar", "LOC", "Greg Brockman")]).values())) == 1
    assert len(set(entity_of([found[0], ("d9", "ar", "LOC", "Greg Brockman")]).values())) == 2


def test_a_mistaken_label_of_a_surname_is_outvoted_in_the_document_of_its_bearer() -> None:
    found = [(f"d{i}", "en", "PER", "Greg Brockman") for i in range(3)]
    assert len(set(entity_of([*found, ("d1", "ar", "LOC", "Brockman")]).values())) == 1
    company = [("d1", "en", "ORG", "Brockman"), ("d2", "en", "ORG", "Brockman")]
    assert len(set(entity_of([*found, *company]).values())) == 2


def test_a_country_is_not_the_person_whose_surname_it_is() -> None:
    found = [(f"d{i}", "en", "PER", "Michael Jordan") for i in range(9)]
    assert len(set(entity_of([*found, ("d1", "en", "LOC", "Jordan")]).values())) == 2


def test_every_join_says_what_it_rests_on() -> None:
    entities, _ = resolve_entities(mentions(*affair(*AFFAIR)), ALONE)
    names = entities.explode("names").unnest("names", separator="_")
    joined = names.filter(pl.col("names_joined_to").is_not_null())
    assert set(joined["names_evidence"]) == {
        "transliteration", "inflected", "full_name_in_document", "gazetteer", "rare_name",
        "same_name_other_label",
    }  # fmt: skip
    assert joined["names_score"].is_between(0, 1).all()
    roots = names.filter(pl.col("names_joined_to").is_null())
    assert set(roots["entity_id"]) == set(entities["entity_id"])
    assert (entities["score"] == entities["names"].list.eval(
        pl.element().struct.field("score")).list.min()).all()  # fmt: skip


def test_an_entity_keeps_its_id_when_it_gets_more_names() -> None:
    some = entity_of(affair("en", "ru"))
    more = entity_of(affair(*AFFAIR))
    assert {key: more[key] for key in some} == some


@hypothesis_settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(POOL), max_size=25), st.lists(st.sampled_from(STRANGERS)))
def test_an_unrelated_document_changes_no_entity(
    found: list[Mention], strangers: list[Mention]
) -> None:
    before = entity_of(found)
    after = entity_of([*strangers, *found])
    assert {key: after[key] for key in before} == before


@hypothesis_settings(max_examples=3, deadline=None)
@given(st.permutations(affair("ru", "ja", "fr")))
def test_entities_do_not_depend_on_the_order_of_documents(found: list[Mention]) -> None:
    assert entity_of(found) == entity_of(affair("ru", "ja", "fr"))
