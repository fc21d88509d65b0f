"""Check the fields of a record: which is its text, and what becomes of the others."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.fields import Row, canonical_json, read_row
from tasks.reading.found_text import known_fields
from tasks.reading.records import Encoding, Flaw, Record
from tasks.settings import IngestSettings

SETTINGS = IngestSettings()

UTF8 = Encoding("utf-8", "utf-8")


def row(fields: dict[str, object], chosen: IngestSettings = SETTINGS) -> Record:
    record = read_row(Row(1, b"", fields, UTF8), chosen)
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "c", "text": "t"}, "t"),
        ({"Body": "b", "summary": "s"}, "b"),
        ({"raw_html": "<p>"}, "<p>"),
        ({"articleBody": "a", "headline": "h"}, "a"),
        ({"text": "  ", "content": "c"}, "c"),
        ({"text": None, "content": "c"}, "c"),
        ({"text": ["a"], "content": b"caf\xc3\xa9"}, "café"),
    ],
)
def test_the_text_is_found_under_its_usual_names(fields: dict[str, object], text: str) -> None:
    assert row(fields).text == text


def test_a_text_field_named_in_settings_is_the_only_one() -> None:
    chosen = IngestSettings(text_field="entry")
    assert row({"entry": "e", "text": "t"}, chosen).text == "e"
    flaw = read_row(Row(1, b"", {"text": "t"}, UTF8), chosen)
    assert flaw == Flaw(1, "no_text_field", "its fields: text")


@pytest.mark.parametrize(
    "names",
    ["Titel Inhalt Datum Autor", "titre contenu date auteur", "Título Texto Fecha Autor",
     "Tytuł Treść Data Autor", "Заголовок Текст Дата Автор", "Başlık İçerik Tarih Yazar",
     "标题 正文 日期 作者", "제목 본문 날짜 저자", "Τίτλος Κείμενο Ημερομηνία author",
     "عنوان متن تاریخ نویسنده"],
)  # fmt: skip
def test_tables_have_their_names_in_other_languages(names: str) -> None:
    title, text, day, author = names.split()
    record = row({"Описание": "x", title: "T", text: "t", day: "2025-02-11", author: "A"})
    assert (record.text, record.title, record.author) == ("t", "T", "A")
    assert record.published_at == datetime(2025, 2, 11, tzinfo=UTC)


def test_a_headline_may_be_an_object() -> None:
    record = row({"headline": {"main": "H"}, "byline": {"original": "By A"}, "lead_paragraph": "t"})
    assert (record.title, record.author, record.text) == ("H", "By A", "t")


def test_a_record_keeps_its_own_id_address_title_and_date() -> None:
    record = row(
        {"_id": 7, "Link": "http://a", "headline": " H ", "pubDate": "2025-02-11", "text": "t"}
    )
    assert (record.source_id, record.url, record.title) == ("7", "http://a", "H")
    assert record.published_at == datetime(2025, 2, 11, tzinfo=UTC)
    assert record.record_fields is None


def test_what_is_not_understood_is_kept_as_json() -> None:
    record = row({"text": "t", "date": "March", "id": [1], "url": 5, "z": {"b": 1, "a": "\ud83d"}})
    assert record.record_fields == '{"date":"March","id":[1],"url":5,"z":{"a":"\ufffd","b":1}}'
    assert record.published_at is None


def test_the_second_name_serves_if_the_first_has_no_value() -> None:
    record = row({"text": "t", "id": None, "guid": "g", "title": "", "headline": "h"})
    assert (record.source_id, record.title, record.record_fields) == (
        "g",
        "h",
        '{"id":null,"title":""}',
    )


@pytest.mark.parametrize(
    ("fields", "is_markup"),
    [
        ({"html": "plain"}, True),
        ({"text": " <!DOCTYPE html><p>"}, True),
        ({"text": '<?xml version="1.0"?>\n<html lang="ru">'}, True),
        ({"text": "<p>a fragment</p>"}, True),
        ({"text": "The tag <html> begins a page"}, False),
    ],
)
def test_markup_is_what_is_named_so_or_has_tags_that_work(
    fields: dict[str, object], is_markup: bool
) -> None:
    assert row(fields).is_markup is is_markup


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_canonical_json_is_json_and_utf8(value: object) -> None:
    text = canonical_json(value)
    assert text.encode()
    assert canonical_json(json.loads(text)) == text


def test_canonical_json_has_no_nan() -> None:
    assert canonical_json({"b": math.nan, "a": [math.inf, 1.5]}) == '{"a":["inf",1.5],"b":"nan"}'


@pytest.mark.parametrize("others", [{}, {f"f{n}": n for n in range(99)}, {"n" * 500: 1}])
def test_known_fields_are_those_of_known_names_the_most_telling_first(
    others: dict[str, object],
) -> None:
    fields = {"Body": "a", **others, "TEXT": "b", "text": "c", "content ": "d"}
    assert list(known_fields(fields, ("text", "content", "body"))) == ["TEXT", "content ", "Body"]
