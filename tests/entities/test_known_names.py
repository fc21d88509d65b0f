"""Organisations and places are known by what ships, in many languages, inflected and in context."""

import json

import polars as pl
import pytest

from tasks.entities.known_names import ENTITIES_FILE, NAMES_FILE, Sought, meanings
from tasks.entities.places import ANY_LANGUAGE
from tasks.releases.assemble import with_entities
from tasks.settings import ResolveSettings
from tasks.writing.languages import KNOWN_TAGS
from tests.making.mentions import Mention, mentions, resolve_entities
from training.known_sources import KNOWN_NAMES, written

SHIPPED = ResolveSettings(alias_table=None)
UNITED_STATES = [("en", "U.S."), ("de", "Vereinigten Staaten"), ("tr", "ABD'nin"), ("ja", "米国")]


def wikidata_of(*found: Mention) -> dict[str, str | None]:
    """Return the Wikidata id of the entity of each surface."""
    entities, names = resolve_entities(mentions(*found), SHIPPED)
    rows = names.join(entities, on="entity_id").select("surface", "wikidata_id").iter_rows()
    return dict(rows)


@pytest.mark.parametrize(
    ("wikidata_id", "label", "names"),
    [
        ("Q30", "LOC", UNITED_STATES),
        ("Q145", "LOC", [("de", "Vereinigten Königreich"), ("ru", "Великобританией")]),
        ("Q21", "LOC", [("ru", "Англии"), ("fr", "Angleterre")]),
        ("Q458", "ORG", [("ru", "Европейского Союза"), ("tr", "AB'den"), ("ar", "والاتحاد الأوروبي")]),
        ("Q458", "LOC", [("ru", "ЕС"), ("fr", "Union européenne")]),
        ("Q8333", "ORG", [("ru", "ФБР"), ("zh", "联邦调查局"), ("en", "FBI")]),
        ("Q7184", "ORG", [("fr", "OTAN"), ("hi", "नाटो")]),
        ("Q35525", "LOC", [("de", "Weißen Hauses"), ("ja", "ホワイトハウス")]),
        ("Q34433", "ORG", [("en", "University of Oxford"), ("fr", "université d'Oxford")]),
        ("Q99", "LOC", [("en", "California"), ("ru", "Калифорнии"), ("ar", "كاليفورنيا")]),
    ],
)  # fmt: skip
def test_a_known_thing_is_known_in_many_languages(
    wikidata_id: str, label: str, names: list[tuple[str, str]]
) -> None:
    found = wikidata_of(*((f"d{i}", lang, label, name) for i, (lang, name) in enumerate(names)))
    assert found == {name: wikidata_id for _, name in names}


@pytest.mark.parametrize(
    ("language", "label", "name"),
    [
        ("en", "LOC", "Georgia"), ("en", "PER", "Boeing"), ("en", "ORG", "Ministry of Health"),
        ("en", "ORG", "Target"), ("en", "ORG", "Supreme Court"), ("sv", "ORG", "AB"),
    ],
)  # fmt: skip
def test_an_ambiguous_name_has_no_wikidata_id(language: str, label: str, name: str) -> None:
    assert wikidata_of(("d", language, label, name)) == {name: None}


def test_an_ambiguous_name_tells_what_it_may_mean() -> None:
    found = mentions(("d1", "en", "ORG", "Supreme Court"), ("d2", "en", "ORG", "Deep Court"))
    entities, _ = resolve_entities(found, SHIPPED)
    rows = entities.select("canonical_name", "wikidata_candidates").iter_rows()
    assert dict(rows) == {"Supreme Court": ["Q11201"], "Deep Court": []}


def test_a_name_whose_meaning_the_document_tells_has_no_candidates() -> None:
    found = mentions(("d1", "en", "LOC", "U.S."), ("d1", "en", "ORG", "Supreme Court"))
    entities, _ = resolve_entities(found, SHIPPED)
    assert entities["wikidata_candidates"].list.len().to_list() == [0, 0]


def test_a_body_of_a_country_is_known_where_the_document_is_about_the_country() -> None:
    about_us = [("d1", "en", "LOC", "U.S."), ("d1", "en", "ORG", "Supreme Court")]
    about_kenya = [("d2", "en", "LOC", "Kenya"), ("d2", "en", "LOC", "Kenya"),
                   ("d2", "en", "LOC", "U.S."), ("d2", "en", "ORG", "Supreme Court")]  # fmt: skip
    entities, names = resolve_entities(mentions(*about_us, *about_kenya), SHIPPED)
    courts = names.filter(pl.col("surface") == "Supreme Court").join(entities, on="entity_id")
    assert dict(courts.select("doc_id", "wikidata_id").iter_rows()) == {"d1": "Q11201", "d2": None}
    evidence = courts.filter(pl.col("doc_id") == "d1")["evidence"].item()
    assert evidence == "known_name_in_context"


def test_what_the_user_says_of_a_thing_goes_before_what_ships() -> None:
    found = mentions(("d1", "en", "LOC", "U.S."), ("d2", "tr", "LOC", "ABD"))
    entities, _ = resolve_entities(found, ResolveSettings())
    assert entities["entity_id"].to_list() == ["united-states"]
    assert entities["canonical_name"].to_list() == ["United States"]


def test_an_entity_is_of_the_kind_that_it_is_known_to_be() -> None:
    found = mentions(("d1", "ar", "LOC", "Reddit"), ("d2", "en", "ORG", "ChatGPT"))
    entities, _ = resolve_entities(found, SHIPPED)
    kinds = dict(entities.select("canonical_name", "label").iter_rows())
    assert kinds == {"Reddit": "ORG", "ChatGPT": "MISC"}


def test_an_acronym_is_no_person_whatever_the_model_says() -> None:
    assert wikidata_of(("d", "zh", "PER", "FBI"), ("d", "en", "PER", "Boeing")) == {
        "FBI": "Q8333", "Boeing": None,
    }  # fmt: skip


def test_known_names_can_be_switched_off() -> None:
    off = ResolveSettings(alias_table=None, known_names=False)
    entities, _ = resolve_entities(mentions(("d", "en", "ORG", "FBI")), off)
    assert entities["wikidata_id"].to_list() == [None]


def test_the_tables_that_ship_fit_each_other() -> None:
    things, names = pl.read_parquet(ENTITIES_FILE), pl.read_parquet(NAMES_FILE)
    assert things["entity_id"].is_unique().all()
    assert things["wikidata_id"].drop_nulls().is_unique().all()
    assert things["wikidata_id"].drop_nulls().str.contains(r"^Q[1-9]\d*$").all()
    assert set(names["entity_id"]) <= set(things["entity_id"])
    assert set(names["language"]) <= {*KNOWN_TAGS, ANY_LANGUAGE}
    assert names["form"].is_sorted()
    assert ENTITIES_FILE.stat().st_size + NAMES_FILE.stat().st_size < 15 * 2**20


def test_what_this_project_wrote_ships() -> None:
    entities, names = written()
    lines = KNOWN_NAMES.read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == len(entities)
    certain = [name for name in names if not name.in_context]
    found = meanings([Sought(n.language, n.label, n.name.casefold(), "") for n in certain[:200]])
    for name, meant in zip(certain, found, strict=False):
        assert meant.certain is None or meant.certain.entity_id == name.entity_id


def test_nothing_sought_means_nothing() -> None:
    assert meanings([]) == []


def test_a_mention_of_a_known_thing_has_its_label_and_says_that_a_list_says_so() -> None:
    found = mentions(
        ("d1", "en", "MISC", "United Nations"),
        ("d1", "en", "ORG", "World Bank"),
        ("d1", "en", "MISC", "Zorro Bank"),
    ).with_columns(evidence=pl.lit("model"))
    _, names = resolve_entities(found, SHIPPED)
    told = with_entities(found.collect(), names)
    assert dict(told.select("surface", pl.struct("label", "evidence")).iter_rows()) == {
        "United Nations": {"label": "ORG", "evidence": "list"},
        "World Bank": {"label": "ORG", "evidence": "model"},
        "Zorro Bank": {"label": "MISC", "evidence": "model"},
    }
    assert told["confidence"].to_list() == found.collect()["confidence"].to_list()


@pytest.mark.parametrize(
    ("language", "surface", "entity_id"),
    [
        ("fr", "Séoul", "place-1835848"),
        ("tr", "Atina", "place-264371"),
        ("ja", "ミシシッピ", "Q1494"),
        ("zh", "Instagram", "Q209330"),
        ("zh", "卢旺达", "place-RW"),
    ],
)
def test_a_known_place_or_body_that_a_model_is_not_sure_to_be_a_person_is_none(
    language: str, surface: str, entity_id: str
) -> None:
    unsure = mentions(("d", language, "PER", surface)).with_columns(confidence=pl.lit(0.6))
    entities, _ = resolve_entities(unsure, ResolveSettings())
    assert entities["entity_id"].to_list() == [entity_id]
    sure = mentions(("d", language, "PER", surface)).with_columns(confidence=pl.lit(0.95))
    entities, _ = resolve_entities(sure, ResolveSettings())
    assert entities["label"].to_list() == ["PER"]


@pytest.mark.parametrize(
    ("language", "surface"),
    [("en", "Warren"), ("ar", "وارين"), ("zh", "汉斯"), ("de", "Johnsons"), ("ru", "Стерлинг")],
)
def test_a_place_that_people_are_called_like_stays_a_person(language: str, surface: str) -> None:
    unsure = mentions(("d", language, "PER", surface)).with_columns(confidence=pl.lit(0.6))
    entities, _ = resolve_entities(unsure, ResolveSettings())
    assert entities["label"].to_list() == ["PER"]


def test_a_country_that_acts_or_plays_is_the_country_and_a_city_s_club_is_not_the_city() -> None:
    found = mentions(
        ("d1", "en", "ORG", "Portugal"), ("d2", "es", "LOC", "Portugal"),
        ("d3", "en", "ORG", "Barcelona"), ("d4", "en", "LOC", "Barcelona"),
    )  # fmt: skip
    _, names = resolve_entities(found, ResolveSettings())
    ids = dict(names.select("doc_id", "entity_id").iter_rows())
    assert ids["d1"] == ids["d2"] == "place-PT"
    assert ids["d3"] != ids["d4"]
