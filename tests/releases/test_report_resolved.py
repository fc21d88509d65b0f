"""Check what a report shows of entities and stories, and that it shows no personal data."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.tables import ENTITIES, PERSONAL_DATA, STORIES, TABLES
from tasks.releases.report import entity_samples, story_samples
from tasks.releases.report.entity_samples import sample_entities
from tasks.releases.report.samples import holds_part_of, masked_start
from tasks.releases.report.story_samples import FIRST_CHARS, sample_stories
from tests.making.release_records import MUSK, RECORDS, Piece, Record
from tests.making.release_tables import release_tables
from tests.making.reports import report_on

Tables = dict[str, pl.LazyFrame]
RUSSIAN, JAPANESE, ARABIC, FRENCH, COPY = RECORDS
EMPTY = {name: table.empty().lazy() for name, table in TABLES.items()}
HOSTILE = "'\"><script>alert(1)</script>{{ 7*7 }}"
MAIL, PHONE = "anna.petrova@example.org", "0221 4701234"


def told_as_one(
    records: tuple[Record, ...], shared: tuple[str, ...] = (), title: str | None = None
) -> Tables:
    """Return a release in which all records tell one story, the first its representative."""
    tables = release_tables(records, ())
    first, *others = [record.doc_id for record in records]
    links = [
        {"doc_id": first, "linked_doc_id": other, "score": 0.9, "shared": list(shared)}
        for other in others
    ]
    story: dict[str, object] = {
        "story_id": "s", "representative": first, "title": title,
        "languages": sorted({record.pieces[-1].language for record in records}),
        "document_count": len(records), "documents": sorted([first, *others]),
        "evidence": "translations", "links": links,
    }  # fmt: skip
    is_other = pl.col("doc_id") != first
    documents = tables["documents"].with_columns(
        story_id=pl.lit("s"),
        translation_of=pl.when(is_other).then(pl.lit(first)),
        translation_score=pl.when(is_other).then(0.93),
    )
    return tables | {"documents": documents, "stories": STORIES.frame([story]).lazy()}


def entity_named(entity_id: str, names: list[tuple[str, str, str]]) -> dict[str, object]:
    return {
        "entity_id": entity_id, "canonical_name": entity_id, "label": "PER",
        "names": [
            {
                "name": name, "language": language, "script": script, "count": 1,
                "evidence": "inflected", "score": 0.95, "joined_to": None,
            }
            for name, language, script in names
        ],
        "mention_count": 9, "document_count": 1, "documents": ["d"],
        "evidence": "inflected", "score": 0.95, "wikidata_id": None,
    }  # fmt: skip


def test_an_entity_has_its_names_by_script_its_documents_and_its_stories() -> None:
    musk = next(row for row in sample_entities(release_tables()) if row["entity_id"] == MUSK[1])
    assert {group["script"]: [n["name"] for n in group["names"]] for group in musk["scripts"]} == {
        "Cyrl": ["Маск"], "Jpan": ["マスク"], "Arab": ["ماسك"], "Latn": ["Elon Musk"],
    }  # fmt: skip
    assert {row["source_uri"] for row in musk["documents"]} == {
        record.source_uri for record in (RUSSIAN, JAPANESE, ARABIC, FRENCH)
    }
    assert musk["documents"][0]["mentions"] == 2
    assert (musk["story_count"], len(musk["stories"])) == (4, 4)
    assert FRENCH.source_uri in {story["title"] for story in musk["stories"]}


def test_a_name_is_told_once_with_its_languages_and_its_least_sure_join() -> None:
    row = entity_named(
        "e", [("Musk", "fr", "Latn"), ("Musk", "de", "Latn"), ("Маск", "ru", "Cyrl")]
    )
    row["names"][0] |= {"score": 0.7, "evidence": "rare_name", "joined_to": "Elon Musk"}  # type: ignore[index]
    [entity] = sample_entities(EMPTY | {"entities": ENTITIES.frame([row]).lazy()})
    latin, cyrillic = entity["scripts"]
    assert latin["names"] == [
        {
            "name": "Musk", "languages": ["de", "fr"], "count": 2,
            "evidence": "rare_name", "score": 0.7, "joined_to": "Elon Musk",
        }
    ]  # fmt: skip
    assert cyrillic["name_count"] == 1


def test_entities_of_most_scripts_come_first_and_no_more_than_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entity_samples, "SHOWN_ENTITIES", 2)
    two = [("Musk", "en", "Latn"), ("Маск", "ru", "Cyrl")]
    rows = [entity_named("c", two[:1]), entity_named("a", two[:1]), entity_named("b", two)]
    for order in (rows, rows[::-1]):
        tables = EMPTY | {"entities": ENTITIES.frame(order).lazy()}
        assert [row["entity_id"] for row in sample_entities(tables)] == ["b", "a"]


def test_a_release_of_nothing_shows_no_entity_and_no_story() -> None:
    assert sample_entities(EMPTY) == []
    assert sample_stories(EMPTY) == []


def test_a_story_told_once_is_not_shown() -> None:
    stories = sample_stories(release_tables())
    assert [[row["source_uri"] for row in story["documents"]] for story in stories] == [
        [FRENCH.source_uri, COPY.source_uri]
    ]


def test_a_storys_representative_comes_first_then_a_document_of_each_language() -> None:
    more = tuple(replace(ARABIC, source_uri=f"ar/{n}") for n in range(9))
    [story] = sample_stories(told_as_one((JAPANESE, *more, FRENCH, COPY)))
    shown = story["documents"]
    assert [row["language"] for row in shown] == ["ja", "ar", "fr", "ar", "fr", "ar"]
    assert (shown[2]["source_uri"], shown[4]["source_uri"]) == (FRENCH.source_uri, COPY.source_uri)
    assert (shown[0]["translation_score"], shown[1]["translation_score"]) == (None, 0.93)
    assert (story["link_count"], len(story["links"])) == (11, story_samples.LINKS_PER_STORY)
    assert shown[0]["first_lines"] == JAPANESE.text


def test_the_page_shows_a_story_side_by_side() -> None:
    html = report_on(told_as_one((JAPANESE, ARABIC), ("number:312", "sound:MSK")))
    stories = html[html.index('id="stories"') :]
    assert stories.index(JAPANESE.text) < stories.index("translation of the first 0.93")
    assert f'<div class="text" lang="ar" dir="rtl">{ARABIC.text}</div>' in stories
    assert '<div class="text" lang="ja" dir="auto">' in stories
    assert "<small>number</small> <bdi>312</bdi>" in stories


def test_nothing_in_an_entity_or_story_becomes_markup() -> None:
    hostile = Record(HOSTILE, (Piece(HOSTILE, "fr", "Latn"),), {HOSTILE: MUSK}, title=HOSTILE)
    html = report_on(told_as_one((hostile, ARABIC), (f"word:{HOSTILE}",), HOSTILE))
    assert html.count("<script>") == 1
    assert "{{ 7*7 }}" in html


def test_personal_data_is_shown_neither_in_texts_nor_titles_nor_in_what_is_shared() -> None:
    text = f"{'я' * (FIRST_CHARS - 30)} {PHONE} {MAIL}"
    record = replace(RUSSIAN, pieces=(Piece(text, "ru", "Cyrl"),), title=f"Пишите: {PHONE}")
    tables = told_as_one((ARABIC, record), ("number:4701234", "word:petrova", "number:312"))
    spans: list[dict[str, object]] = [
        {
            "doc_id": record.doc_id, "start_char": text.index(value),
            "end_char": text.index(value) + len(value), "kind": kind, "detail": None,
        }
        for value, kind in ((PHONE, "phone"), (MAIL, "email"))
    ]  # fmt: skip
    stories = sample_stories(tables | {"personal_data": PERSONAL_DATA.frame(spans).lazy()})
    assert not any(part in str(stories) for part in ("4701234", "anna", "petrova"))
    assert stories[0]["links"][0]["shared"][-1] == ("number", "312")


def test_the_order_of_rows_changes_nothing() -> None:
    tables = told_as_one(RECORDS, ("number:312",))
    turned = {name: frame.reverse() for name, frame in tables.items()}
    assert sample_entities(turned) == sample_entities(tables)
    assert sample_stories(turned) == sample_stories(tables)


def test_of_a_long_document_only_the_beginning_is_shown() -> None:
    long = replace(ARABIC, pieces=(Piece("م" * 50_000, "ar", "Arab"),))
    [story] = sample_stories(told_as_one((JAPANESE, long)))
    assert story["documents"][1]["first_lines"] == "م" * FIRST_CHARS
    assert "م" * (FIRST_CHARS + 1) not in str(story)


@given(st.text(max_size=60), st.integers(0, 60))
def test_a_masked_start_has_the_length_that_is_shown(text: str, shown_chars: int) -> None:
    assert len(masked_start(text, "und", shown_chars)) == min(shown_chars, len(text))


@pytest.mark.parametrize(
    ("value", "is_part"),
    [("anna", True), ("4701234", True), ("221", True), ("312", False), ("musk", False)],
)
def test_a_part_of_personal_data_is_known_by_letters_or_digits(value: str, is_part: bool) -> None:
    assert holds_part_of(["Anna@example.org", "+49 221 470-1234"], value) == is_part
