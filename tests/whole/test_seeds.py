"""Check what must come out when the five seeds go through the real flow."""

import json
from pathlib import Path

import polars as pl
import pytest

from expectations.working_tables import NAME_SCORES
from tasks.entities.resolve_entities import resolve_entities
from tasks.releases.releases import read_release, release_tables
from tasks.settings import ResolveSettings
from tasks.steps.store import Store
from tests.conftest import SEEDS
from tests.making.golden import golden_lines, read_golden

Tables = dict[str, pl.LazyFrame]


@pytest.fixture(scope="module")
def tables(seed_store: Path) -> Tables:
    store = Store(seed_store)
    return release_tables(store, read_release(store))


def _document(tables: Tables, number: str) -> dict[str, object]:
    rows = tables["documents"].filter(pl.col("source_uri").str.starts_with(number))
    return rows.collect().row(0, named=True)


def _text(tables: Tables, number: str) -> str:
    return str(_document(tables, number)["text"])


def _dropped(tables: Tables, number: str) -> dict[str, str]:
    names = tables["documents"].select("doc_id", "source_uri")
    rows = tables["segments"].filter(~pl.col("kept")).join(names, on="doc_id")
    found = rows.filter(pl.col("source_uri").str.starts_with(number)).select("text", "reason")
    return dict(found.collect().iter_rows())


def _source(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "table", ["documents", "segments", "mentions", "entities", "stories", "rejects", "ledger"]
)
def test_the_seeds_give_the_golden_tables(tables: Tables, table: str) -> None:
    assert golden_lines(tables)[table] == read_golden(table)


@pytest.mark.parametrize(
    ("number", "language"),
    [("000", "ru"), ("001", "ja"), ("002", "ar"), ("003", "fr"), ("004", "ja")],
)
def test_the_language_of_each_seed_is_found(tables: Tables, number: str, language: str) -> None:
    assert _document(tables, number)["language"] == language


def test_the_ledger_has_a_row_for_each_seed_and_all_are_published(tables: Tables) -> None:
    assert tables["ledger"].collect()["fate"].to_list() == ["published"] * 5


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("000", "2015 год. Сэм Альтман, молодой и амбициозный предприниматель"),
        ("002", 'كلاهما بنى "التحالف" لمنع تسلط Google'),
    ],
)
def test_a_body_that_stands_twice_is_kept_once(tables: Tables, number: str, sentence: str) -> None:
    assert _source(number).count(sentence) == 2
    assert _text(tables, number).count(sentence) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Telegram Group & Telegram Channel",
        "group-telegram.com/contentreview/9952",
        "Create:",
        "Last Update:",
        "BY Content Review",
        "Share with your friend now:",
        "View MORE",
        "Open in Telegram",
        "Telegram | DID YOU KNOW?",
        "Date: |",
        "from it",
        "Telegram Content Review",
        "FROM American",
    ],
)
def test_the_chrome_of_the_channel_is_dropped_with_a_reason(tables: Tables, line: str) -> None:
    assert line in _source("000")
    assert line not in _text(tables, "000").splitlines()
    assert _dropped(tables, "000")[line] in {"chrome", "link", "foreign_boilerplate"}


@pytest.mark.parametrize(
    ("number", "beginning"),
    [
        ("000", '"For Telegram, accountability has always been a problem'),
        ("002", "This page may contain third-party content"),
        ("004", "This page may contain third-party content"),
    ],
)
def test_the_english_boilerplate_is_dropped_as_foreign(
    tables: Tables, number: str, beginning: str
) -> None:
    reasons = [r for text, r in _dropped(tables, number).items() if text.startswith(beginning)]
    assert reasons == ["foreign_boilerplate"]


#: The lines of each seed that are its article; all else is chrome, copy or boilerplate.
_ARTICLE_LINES = {
    "000": slice(1, 18),
    "001": slice(0, 18),
    "002": slice(0, 29),
    "003": slice(0, None),
    "004": slice(1, None),
}


@pytest.mark.parametrize("number", sorted(_ARTICLE_LINES))
def test_not_one_sentence_of_an_article_is_lost(tables: Tables, number: str) -> None:
    lines = [line.strip() for line in _source(number).split("\n")[_ARTICLE_LINES[number]]]
    kept = set(_text(tables, number).split("\n"))
    assert [line for line in lines if line and line not in kept] == []


def test_the_title_above_both_russian_bodies_is_kept_above_the_first(tables: Tables) -> None:
    assert _text(tables, "000").startswith("Что не поделили Маск и Альтман?")
    assert _text(tables, "000").count("Что не поделили Маск и Альтман?") == 1


def test_the_title_between_the_two_arabic_bodies_is_kept(tables: Tables) -> None:
    assert "غضب إيلون ماسك الشديد تجاه سام ألتمان" in _text(tables, "002")


def test_placeholders_of_machine_translation_are_counted_and_left_as_they_are(
    tables: Tables,
) -> None:
    assert int(str(_document(tables, "001")["debris_count"])) >= 2
    assert "XNUMX" in _text(tables, "001")


def test_every_segment_in_a_language_has_a_model(tables: Tables) -> None:
    segments = tables["segments"].filter(pl.col("kept"), pl.col("language") != "und").collect()
    assert set(segments["analysis"]) == {"analysed"}
    assert set(segments["language"]) >= {"ar", "fr", "ja", "ru"}


def test_every_mention_stands_where_it_says(tables: Tables) -> None:
    texts = tables["documents"].select("doc_id", "text")
    mentions = tables["mentions"].join(texts, on="doc_id").collect()
    assert mentions.height > 100
    for row in mentions.iter_rows(named=True):
        assert row["text"][row["start_char"] : row["end_char"]] == row["surface"]


@pytest.fixture(scope="module")
def entities_without_alias_table(tables: Tables) -> pl.DataFrame:
    found = tables["mentions"].drop("entity_id")
    nothing = NAME_SCORES.empty().lazy()
    _, names, _ = resolve_entities(found, nothing, ResolveSettings(alias_table=None))
    return names


@pytest.mark.parametrize(
    ("spellings", "languages"),
    [
        ("Elon Musk, Musk, Маск, Маска, マスク, イーロン・マスク, ماسك, إيلون ماسك", "ar fr ja ru"),
        ("Sam Altman, Altman, Альтман, Сэм Альтман, アルトマン, ألتمان, سام ألتمان", "ar fr ja ru"),
        ("OpenAI", "ar fr ja ru"),
        ("Microsoft, マイクロソフト", "fr ja ru"),
        ("Tesla, テスラ", "ar fr ja ru"),
        ("Trump, Трампом, トランプ, ترامب", "ar ja ru"),
    ],
)
def test_a_name_is_one_entity_in_all_its_languages_without_the_alias_table(
    entities_without_alias_table: pl.DataFrame, spellings: str, languages: str
) -> None:
    named = entities_without_alias_table.filter(pl.col("surface").is_in(spellings.split(", ")))
    assert set(named["surface"]) == set(spellings.split(", "))
    assert named["entity_id"].n_unique() == 1
    assert set(named["language"]) == set(languages.split())


def test_the_alias_table_gives_an_entity_its_wikidata_id(tables: Tables) -> None:
    musk = tables["entities"].filter(pl.col("wikidata_id") == "Q317521").collect()
    assert musk.height == 1
    assert {name["language"] for name in musk["names"][0]} == {"ar", "fr", "ja", "ru"}


def test_the_release_record_is_json_that_says_what_made_it(seed_store: Path) -> None:
    release = read_release(Store(seed_store))
    record = json.loads((seed_store / "releases" / f"{release.release_id}.json").read_bytes())
    assert record["verdict"]["results"]
    assert record["source"].endswith("seeds/documents")
    assert {"natasha", "babelmill_latin"} <= {m.split("=")[1].split()[0] for m in record["models"]}
