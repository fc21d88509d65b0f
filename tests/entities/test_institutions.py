"""An institution of a country is one in all languages, by the country's name or its adjective."""

import pytest

from tasks.entities.institutions import Institution, institution_of
from tasks.settings import ResolveSettings
from tests.making.mentions import mentions, resolve_entities

SHIPPED = ResolveSettings(alias_table=None)


@pytest.mark.parametrize(
    ("language", "name", "country"),
    [
        ("en", "Russian Ministry of Defence", "RU"),
        ("en", "Ministry of Defence of the Russian Federation", "RU"),
        ("ru", "Министерством обороны России", "RU"),
        ("ru", "Минобороны РФ", "RU"),
        ("ar", "ووزارة الدفاع الروسية", "RU"),
        ("ja", "ロシア国防省", "RU"),
        ("zh", "俄罗斯国防部", "RU"),
        ("ko", "러시아 국방부", "RU"),
        ("fr", "ministère russe de la Défense", "RU"),
        ("es", "Ministerio de Defensa de Rusia", "RU"),
        ("de", "russischen Verteidigungsministeriums", "RU"),
        ("de", "US-Verteidigungsministerium", "US"),
        ("tr", "Rusya Savunma Bakanlığı'nın", "RU"),
        ("hi", "रूस के रक्षा मंत्रालय", "RU"),
        ("pl", "Ministerstwa Obrony", None),
        ("en", "Ministry of Defence", None),
    ],
)
def test_a_ministry_is_read_in_many_languages(
    language: str, name: str, country: str | None
) -> None:
    assert institution_of(name, language) == Institution("defence-ministry", country)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "People's Bank of China"),
        ("zh", "中国人民银行"),
        ("ja", "中国人民銀行"),
        ("ko", "중국 인민은행"),
        ("zh", "中国央行"),
    ],
)
def test_the_bank_of_china_is_its_central_bank(language: str, name: str) -> None:
    assert institution_of(name, language) == Institution("central-bank", "CN")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Russian Guards"),
        ("en", "Ministry of Silly Walks"),
        ("en", "Russia Ukraine Ministry of Defence"),
        ("de", "Britische Zentralbankiers"),
        ("zh", "国防部长"),
        ("sw", "Wizara ya Ulinzi"),
        ("en", "..."),
    ],
)
def test_what_says_more_or_less_is_no_institution(language: str, name: str) -> None:
    assert institution_of(name, language) is None


def entity_of(*found: tuple[str, str, str, str]) -> dict[tuple[str, str], str]:
    """Return the canonical name of the entity of each surface in each document."""
    entities, names = resolve_entities(mentions(*found), SHIPPED)
    rows = names.join(entities, on="entity_id").select("doc_id", "surface", "canonical_name")
    return {(doc_id, surface): name for doc_id, surface, name in rows.iter_rows()}


def test_language_versions_share_the_institution() -> None:
    found = mentions(
        ("d1", "en", "ORG", "Russian Ministry of Defence"),
        ("d2", "ru", "ORG", "Министерство обороны России"),
        ("d3", "ar", "LOC", "وزارة الدفاع الروسية"),
    )
    entities, _ = resolve_entities(found, SHIPPED)
    rows = entities.select("entity_id", "canonical_name", "label", "evidence").rows()
    assert rows == [
        ("org-defence-ministry-RU", "Ministry of Defence of Russia", "ORG",
         "country_and_institution"),
    ]  # fmt: skip


def test_what_ships_as_known_is_the_institution_of_its_country() -> None:
    found = mentions(
        ("d1", "fr", "ORG", "département américain de la Justice"),
        ("d2", "en", "ORG", "U.S. Department of Justice"),
    )
    entities, _ = resolve_entities(found, SHIPPED)
    assert entities["wikidata_id"].to_list() == ["Q1553390"]


def test_a_document_that_names_an_institution_in_full_means_it_by_its_kind() -> None:
    about_ukraine = [("d", "en", "LOC", "Ukraine")] * 3
    found = entity_of(
        *about_ukraine,
        ("d", "en", "ORG", "Russian Defence Ministry"),
        ("d", "en", "ORG", "Ministry of Defence"),
    )
    assert found["d", "Ministry of Defence"] == "Ministry of Defence of Russia"


def test_a_kind_alone_is_of_the_country_that_its_document_is_clearly_about() -> None:
    two, one = [("clear", "en", "LOC", "Kenya")] * 2, [("clear", "en", "LOC", "Uganda")]
    even = [("even", "en", "LOC", "Kenya")] * 3 + [("even", "en", "LOC", "Uganda")] * 2
    found = entity_of(
        *two, *one, *even,
        ("clear", "en", "ORG", "Ministry of Health"), ("even", "en", "ORG", "Ministry of Health"),
    )  # fmt: skip
    assert found["clear", "Ministry of Health"] == "Ministry of Health of Kenya"
    assert found["even", "Ministry of Health"] == "Ministry of Health"
