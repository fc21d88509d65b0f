"""Records and texts are found one level down, and what only looks like them is not."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.settings import IngestSettings
from tests.making.reading import fates, rows

LONG = "The council agreed on Tuesday to rebuild the old ferry landing by the quay."


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (
            {"status": "ok", "message": "done", "articles": [{"title": "A", "content": LONG}]},
            [LONG],
        ),
        (
            {"data": {"children": [{"kind": "t3", "data": {"title": "x", "selftext": LONG}}]}},
            [LONG],
        ),
        ({"hits": {"total": 1, "hits": [{"_source": {"body": LONG, "title": "T"}}]}}, [LONG]),
        ({"data": {"posts": {"edges": [{"node": {"title": "q", "bodyText": LONG}}]}}}, [LONG]),
        ({"response": {"results": [{"webTitle": "W", "fields": {"bodyText": LONG}}]}}, [LONG]),
        ({"1": {"text": LONG, "title": "x"}, "2": {"text": "b", "title": "y"}}, [LONG, "b"]),
        ({"items": [{"text": "a"}, {"text": "b"}]}, ["a", "b"]),
        (
            {"title": "Real", "body": LONG, "comments": [{"body": "Nice", "date": "2024-01-01"}]},
            [LONG],
        ),
        (
            {"title": "E", "body": {"blocks": [{"data": {"text": "1"}}, {"data": {"text": "2"}}]}},
            ["1\n2"],
        ),
        ({"article": {"headline": "H", "body": ["One.", "Two."]}}, ["One.\nTwo."]),
        ({"text": ["Hi ", {"type": "link", "text": "x.y"}, " there"]}, ["Hi x.y there"]),
        ({"title": {"rendered": "T"}, "content": {"rendered": LONG}}, [LONG]),
        (
            {"source": {"name": "B", "description": "A broadcaster"}, "description": "A teaser"},
            ["A teaser"],
        ),
        ({"id": 1, "entities": {"hashtags": [{"text": "boats"}]}}, ["!no_text_field"]),
        ({"articles": []}, ["!no_text_field"]),
        ({"title": "Poll", "answers": [{"id": 1, "text": "Yes"}]}, ["!no_text_field"]),
    ],
)
def test_texts_of_an_object(tmp_path: Path, value: object, texts: list[str]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value), "utf-8")
    expected = {f"a.json#{number}": text for number, text in enumerate(texts, 1)}
    assert fates(tmp_path) == expected


def test_records_within_a_line_are_numbered_within_it(tmp_path: Path) -> None:
    answer = json.dumps(
        {"language": "de", "items": [{"text": "a"}, 5, {"text": "b", "lang": "fr"}]}
    )
    (tmp_path / "a.jsonl").write_text(f'{{"text": "own"}}\n{answer}\n', "utf-8")
    assert fates(tmp_path) == {
        "a.jsonl#1": "own",
        "a.jsonl#2#1": "a",
        "a.jsonl#2#2": "!malformed_record",
        "a.jsonl#2#3": "b",
    }
    assert [row["declared_language"] for row in rows(tmp_path)] == [None, "de", "fr"]


def test_what_stands_around_a_text_is_read_or_kept(tmp_path: Path) -> None:
    value = {"article": {"body": "t", "author": [{"name": "Ann"}, "Bo"], "x": 1}, "id": 5, "y": 2}
    (tmp_path / "a.json").write_text(json.dumps(value), "utf-8")
    [row] = rows(tmp_path)
    assert (row["source_id"], row["author"]) == ("5", "Ann; Bo")
    assert row["record_fields"] == '{"article":{"x":1},"y":2}'


def test_settings_lead_to_texts_and_records(tmp_path: Path) -> None:
    value = {"out": {"rows": [{"a": {"b": [{"c": "one"}, {"c": "two"}]}}, {"d.e": "three"}]}}
    (tmp_path / "a.json").write_text(json.dumps(value), "utf-8")
    chosen = IngestSettings(records_field="out.rows", text_field=("a.b.c", "d.e"))
    assert fates(tmp_path, chosen) == {"a.json#1": "one\ntwo", "a.json#2": "three"}


def test_structs_and_lists_of_parquet_are_texts(tmp_path: Path) -> None:
    table = pa.table({"content": [{"rendered": "<p>a</p>", "x": 1}], "id": [1]})
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(pa.table({"paragraphs": [["a", "b"]]}), tmp_path / "b.parquet")
    assert fates(tmp_path) == {"a.parquet#1": "<p>a</p>", "b.parquet#1": "a\nb"}
