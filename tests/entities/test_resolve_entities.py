"""Check how mentions are joined into entities: forms, alias table, order of rows."""

from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from expectations.tables import ENTITIES
from expectations.working_tables import ENTITY_NAMES, FOUND_MENTIONS
from tasks.entities.alias_table import AliasTableError, alias_table_digest, read_aliases
from tasks.settings import ResolveSettings, Settings
from tasks.writing.forms import comparable_form
from tests.making.mentions import ALONE, Mention, ids, mentions, resolve_entities

HEADER = "entity_id,label,language,name,wikidata_id\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OpenAI", "OPENAI"),
        ("Straße", "STRASSE"),
        ("New  York", "New\u00a0York"),
        ("J. K. Rowling", "J.K. Rowling"),
        ("U.S.", "US"),
        ("イーロン・マスク", "イーロン マスク"),
        ("イーロン・マスク", "イーロンマスク"),
        ("ﾏｲｸﾛｿﾌﾄ", "マイクロソフト"),
        ("ООО «Яндекс»", 'ООО "Яндекс"'),
        ("O’Brien", "O'Brien"),
        ("Jean‑Luc", "Jean-Luc"),
        ("أحمد", "احمد"),
        ("مُحَمَّد", "محمد"),
        ("علی", "علي"),
        ("Королёв", "Королев"),
    ],
)
def test_spellings_that_differ_in_type_only_are_one_name(one: str, other: str) -> None:
    _, names = resolve_entities(mentions(("d", "ar", "PER", one), ("d", "ar", "PER", other)), ALONE)
    assert len(set(ids(names).values())) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Иран", "Ирак"), ("東京", "京都"), ("Tesla", "Tesla Energy"), ("C", "D")]
)
def test_other_names_are_other_entities(one: str, other: str) -> None:
    _, names = resolve_entities(mentions(("d", "ru", "LOC", one), ("d", "ru", "LOC", other)), ALONE)
    assert len(set(ids(names).values())) == 2


def test_one_name_in_two_languages_is_joined_and_in_two_labels_is_not() -> None:
    found = mentions(("d", "fr", "ORG", "Nokia"), ("d", "en", "ORG", "Nokia"))
    assert resolve_entities(found, ALONE)[0].height == 1
    found = mentions(("d", "fr", "LOC", "Paris"), ("d", "fr", "PER", "Paris"))
    assert resolve_entities(found, ALONE)[0].height == 2


@pytest.mark.parametrize(
    ("entity", "label", "names"),
    [
        ("elon-musk", "PER", [("ru", "Маску"), ("ja", "マスク"), ("ar", "ماسك"), ("fr", "Musk")]),
        ("sam-altman", "PER", [("ru", "Сэма Альтмана"), ("ja", "アルトマン"), ("en", "Altman")]),
        ("openai", "ORG", [("ru", "OpenAI"), ("ja", "OpenAI"), ("fr", "OpenAI")]),
        ("microsoft", "ORG", [("ja", "マイクロソフト"), ("zh", "微软"), ("de", "Microsoft")]),
        ("tesla", "ORG", [("ar", "تسلا"), ("ko", "테슬라"), ("es", "Tesla")]),
        ("donald-trump", "PER", [("ru", "Трампом"), ("ar", "ترامب"), ("zh", "特朗普")]),
        ("united-states", "LOC", [("ru", "США"), ("ja", "米国"), ("en", "U.S."), ("de", "USA")]),
    ],
)
def test_the_alias_table_joins_names_across_scripts(
    entity: str, label: str, names: list[tuple[str, str]]
) -> None:
    found = mentions(*((f"d{i}", lang, label, name) for i, (lang, name) in enumerate(names)))
    entities, entity_names = resolve_entities(found, ResolveSettings())
    assert set(ids(entity_names).values()) == {entity}
    row = entities.row(0, named=True)
    assert (row["evidence"], row["document_count"]) == ("alias_table", len(names))
    assert {name["name"] for name in row["names"]} == {name for _, name in names}
    assert row["wikidata_id"].startswith("Q")


def test_an_entity_is_called_by_its_commonest_name_and_counts_its_mentions() -> None:
    found = mentions(
        ("d2", "fr", "ORG", "ONU"), ("d1", "fr", "ORG", "Onu"), ("d1", "fr", "ORG", "ONU")
    )
    entities, _ = resolve_entities(found, ALONE)
    row = entities.row(0, named=True)
    assert (row["canonical_name"], row["mention_count"], row["document_count"]) == ("ONU", 3, 2)
    assert row["documents"] == ["d1", "d2"]
    assert [(name["name"], name["count"]) for name in row["names"]] == [("ONU", 2), ("Onu", 1)]
    assert (row["evidence"], row["wikidata_id"]) == ("normalised_name", None)


def test_an_entity_is_as_sure_as_its_mentions_in_the_mean() -> None:
    found = mentions(("d1", "fr", "ORG", "ONU"), ("d2", "fr", "ORG", "ONU"))
    unsure = found.with_columns(confidence=pl.Series([0.9, 0.25]))
    entities, _ = resolve_entities(unsure, ALONE)
    assert entities["confidence"].to_list() == [0.575]


def test_joining_can_be_switched_off() -> None:
    found = mentions(("d", "ru", "PER", "Маск"), ("d", "ru", "PER", "МАСК"))
    entities, names = resolve_entities(found, ResolveSettings(entities=False))
    assert set(entities["evidence"]) == {"surface"}
    assert len(set(ids(names).values())) == 2


def test_no_mentions_give_no_entities() -> None:
    entities, names = resolve_entities(FOUND_MENTIONS.empty().lazy(), ResolveSettings())
    assert entities.equals(ENTITIES.empty())
    assert names.equals(ENTITY_NAMES.empty())


SURFACES = st.sampled_from(["Musk", "MUSK", "Маск", "Илон Маск", "Tesla", "ماسك", "Ünal", "X"])
FOUND = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2"]),
        st.sampled_from(["ru", "en", "ar"]),
        st.sampled_from(["PER", "ORG"]),
        SURFACES,
    ),
    max_size=12,
)


@hypothesis_settings(max_examples=6, deadline=None)
@given(FOUND, st.randoms(use_true_random=False))
def test_entities_do_not_depend_on_the_order_of_mentions(
    found: list[Mention], chance: Random
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    one = resolve_entities(mentions(*found), ResolveSettings())
    other = resolve_entities(mentions(*shuffled), ResolveSettings())
    assert one[0].equals(other[0])
    assert one[1].equals(other[1])
    assert one[0].schema == ENTITIES.polars_schema
    assert one[1].height == len(set(found))
    assert one[0]["mention_count"].sum() == len(found)


@hypothesis_settings(max_examples=6, deadline=None)
@given(FOUND)
def test_an_unrelated_mention_changes_no_entity(found: list[Mention]) -> None:
    _, before = resolve_entities(mentions(*found), ResolveSettings())
    more = mentions(("a0", "de", "LOC", "Nirgendheim"), ("a0", "ru", "PER", "Борис Жуков"), *found)
    _, after = resolve_entities(more, ResolveSettings())
    assert after.filter(pl.col("doc_id") != "a0").equals(before)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_comparable_form_is_never_empty(name: str) -> None:
    assert comparable_form(name)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("x,PERSON,en,Ann,\n", "line 2: the label 'PERSON' is none of PER"),
        ("x,PER,english,Ann,\n", "line 2: 'english' is not a language tag"),
        ("x,PER,en,,\n", "line 2: must have entity_id"),
        ("x,PER,en,Ann,Q1,more\n", "line 2: must have entity_id"),
        ("x,PER,en,Ann,12\n", "line 2: '12' is not a Wikidata id"),
        ("name-x,PER,en,Ann,\n", "line 2: an entity_id must not begin with 'name-'"),
        ("x,PER,en,Ann,\ny,PER,en,ANN,\n", "line 3: 'ANN' .en. means 'y' here and 'x' in line 2"),
        ("x,PER,mul,Ann,\ny,PER,en,Ann,\n", "line 3: .* means 'y' here and 'x' in line 2"),
        ("x,PER,en,Ann,\nx,ORG,en,Ann Ltd,\n", "line 3: 'x' has another label"),
    ],
)
def test_a_wrong_alias_is_refused_with_its_line(tmp_path: Path, lines: str, complaint: str) -> None:
    table = tmp_path / "aliases.csv"
    table.write_text(HEADER + lines, encoding="utf-8")
    with pytest.raises(AliasTableError, match=complaint):
        read_aliases(ResolveSettings(alias_table=str(table)))


@pytest.mark.parametrize("content", [b"id,name\n1,Ann\n", b"", HEADER.encode("utf-16")])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "aliases.csv"
    table.write_bytes(content)
    with pytest.raises(AliasTableError, match=r"aliases\.csv"):
        read_aliases(ResolveSettings(alias_table=str(table)))


def test_a_missing_alias_table_is_told_with_the_remedy() -> None:
    settings = ResolveSettings(alias_table="nowhere/aliases.csv")
    with pytest.raises(AliasTableError, match=r"resolve.alias_table: nowhere/aliases.csv cannot"):
        read_aliases(settings)


def test_an_unknown_entity_gets_the_same_names_in_two_languages_from_mul(tmp_path: Path) -> None:
    table = tmp_path / "aliases.csv"
    table.write_text(HEADER + "x,ORG,mul,Ann Ltd,\n", encoding="utf-8")
    found = mentions(("d", "ru", "ORG", "Ann Ltd"), ("d", "ja", "ORG", "ANN LTD."))
    entities, _ = resolve_entities(found, ResolveSettings(alias_table=str(table)))
    assert entities["entity_id"].to_list() == ["x"]
    assert entities["canonical_name"].to_list() == ["Ann Ltd"]


def test_the_digest_follows_the_content_of_the_alias_table(tmp_path: Path) -> None:
    table = tmp_path / "aliases.csv"
    settings = Settings(resolve=ResolveSettings(alias_table=str(table)))
    digests = set()
    for content in (HEADER, HEADER + "x,ORG,mul,Ann Ltd,\n"):
        table.write_text(content, encoding="utf-8")
        digests.add(alias_table_digest(settings))
    assert len(digests) == 2
    assert alias_table_digest(Settings(resolve=ALONE)) == ""
