"""Records of text, HTML, JSON Lines, CSV and Parquet."""

import gzip
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.readers import content as content_module
from tasks.readers.fields import Row, canonical_json, read_row
from tasks.readers.formats import format_of, read_records
from tasks.readers.records import Encoding, Flaw, Record
from tasks.readers.source import content_of, list_source
from tasks.settings import IngestSettings

SETTINGS = IngestSettings()
UTF8 = Encoding("utf-8", "utf-8")


def read(
    path: Path, content: bytes | None = None, chosen: IngestSettings = SETTINGS
) -> list[Record | Flaw]:
    if content is not None:
        path.write_bytes(content)
    [file] = list_source(str(path)).files
    return list(read_records(content_of(file, chosen), chosen))


def fates(items: list[Record | Flaw]) -> list[tuple[int | None, str]]:
    return [(item.number, item.reason if isinstance(item, Flaw) else item.text) for item in items]


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
        ({"text": "<p>a fragment, or a text on HTML</p>"}, False),
        ({"text": "The tag <html> begins a page"}, False),
    ],
)
def test_markup_is_what_is_named_so_or_begins_as_a_page(
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


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.txt", "text"),
        ("a.MD.GZ", "text"),
        ("a.b/c.xhtml", "html"),
        ("a.ndjson.zst", "jsonl"),
        ("a.tsv", "csv"),
        ("a.parquet", "parquet"),
        ("a.gz", None),
        ("txt", None),
        (".txt", None),
        ("a.tar.gz", "tar"),
        ("a.tgz", "tar"),
        ("a.zip", "zip"),
        ("a.warc.gz", "warc"),
        ("a.warc.wet.gz", "warc"),
        ("a.rss", "feed"),
        ("a.json", "json"),
        ("a.pdf", None),
    ],
)
def test_the_name_tells_the_format(name: str, format_name: str | None) -> None:
    known = format_of(name)
    assert (known.name if known else None) == format_name


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_lines_across_chunks_are_whole_and_numbered(tmp_path: Path, pack: object) -> None:
    texts = [f"текст {n} " + "й" * (n * 37 % 5000) for n in range(300)]
    content = "\r\n".join(json.dumps({"text": t}, ensure_ascii=False) for t in texts).encode()
    items = read(tmp_path / "a.jsonl", pack(content))  # type: ignore[operator]
    assert fates(items) == list(enumerate(texts, 1))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1251"])
def test_json_lines_and_csv_may_be_in_any_encoding(tmp_path: Path, codec: str) -> None:
    texts = ["Вчера в Тарту открылась выставка карт.", "Завтра в Риге закроют старый мост."]
    lines = "".join(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in texts * 5)
    table = "id,text\n" + "".join(f"1,{t}\n" for t in texts * 5)
    for name, content in (("a.jsonl", lines), ("a.csv", table)):
        items = read(tmp_path / name, content.encode(codec))
        assert fates(items) == list(enumerate(texts * 5, 1))


def test_a_line_in_another_encoding_than_its_file_is_read_too(tmp_path: Path) -> None:
    text = "Вчера вечером в старой библиотеке Тарту открылась выставка карт и писем."
    lines = [json.dumps({"text": text}, ensure_ascii=False).encode(c) for c in ("utf-8", "cp1251")]
    items = read(tmp_path / "a.jsonl", b"\n".join(lines * 3))
    assert fates(items) == [(n, text) for n in range(1, 7)]
    assert [i.encoding.codec for i in items[:2] if isinstance(i, Record)] == ["utf-8", "cp1251"]


def test_a_bad_emoji_costs_one_character(tmp_path: Path) -> None:
    [item] = read(
        tmp_path / "a.jsonl", b'{"text": "a \\ud83d b \xff c \xef\xbf\xbd \xe2\x82\xac"}\n'
    )
    assert isinstance(item, Record)
    assert (item.text, item.replaced_chars) == ("a \ufffd b \ufffd c \ufffd €", 2)


def test_the_bytes_of_a_line_are_without_its_ending(tmp_path: Path) -> None:
    [item] = read(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"text": "a"}\r\n')
    assert isinstance(item, Record)
    assert (item.content, item.encoding) == (b'{"text": "a"}', Encoding("utf-8", "bom"))


def test_a_line_may_have_just_the_limit(tmp_path: Path) -> None:
    line = b'{"text": "a"}\n'
    for limit, expected in ((len(line), "a"), (len(line) - 1, "too_large")):
        items = read(tmp_path / "a.jsonl", line * 2, IngestSettings(max_record_bytes=limit))
        assert fates(items) == [(1, expected), (2, expected)]


def test_a_quoted_field_of_many_lines_has_a_limit_and_the_next_rows_are_read(
    tmp_path: Path,
) -> None:
    content = 'text\n"' + "never closed\n" * 100 + "good\nbetter\n"
    items = read(tmp_path / "a.csv", content.encode(), IngestSettings(max_record_bytes=1300))
    assert fates(items) == [(1, "too_large"), (2, "good"), (3, "better")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    content = f'id{delimiter}text{delimiter}id\n1{delimiter}"a{delimiter} b"{delimiter}2\n'
    [item] = read(tmp_path / "a.csv", content.encode())
    assert isinstance(item, Record)
    assert item.text == f"a{delimiter} b"
    assert (item.source_id, item.record_fields) == ("1", '{"id_3":"2"}')


def test_a_table_without_rows_is_empty(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    assert fates(read(tmp_path / "a.parquet")) == [(None, "empty")]
    assert fates(read(tmp_path / "a.csv", b"id,text\n")) == [(None, "empty")]


def test_parquet_values_of_all_kinds_are_kept(tmp_path: Path) -> None:
    day = datetime(2025, 2, 11, 8, 30)
    table = pa.table(
        {
            "text": ["a"],
            "date": pa.array([day], pa.timestamp("ns")),
            "tags": [[1.5, math.nan]],
            "raw": [b"\xff"],
            "day": [day.date()],
            "map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    [item] = read(tmp_path / "a.parquet")
    assert isinstance(item, Record)
    assert item.published_at == day.replace(tzinfo=UTC)
    expected = {"tags": [1.5, "nan"], "raw": "/w==", "day": "2025-02-11", "map": [["k", 1]]}
    assert json.loads(item.record_fields or "") == expected


def test_a_bad_value_in_parquet_costs_its_own_row_at_most(tmp_path: Path) -> None:
    cells = [b"good", b"caf\xc3\xa9 \xff", b"late"]
    texts = pa.array(cells).view(pa.string())
    days = pa.array([1, 2, 10**9], pa.int32()).view(pa.date32())
    pq.write_table(pa.table({"text": texts, "day": days}), tmp_path / "a.parquet")
    assert fates(read(tmp_path / "a.parquet")) == [
        (1, "good"),
        (2, "café \udcff".replace("\udcff", "\ufffd")),
        (3, "malformed_record"),
    ]


def test_a_damaged_row_group_ends_the_reading_after_the_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"text {n}" for n in range(40)]}), path, row_group_size=20)
    offset = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    content = bytearray(path.read_bytes())
    content[offset : offset + 40] = b"\xff" * 40
    items = fates(read(path, bytes(content)))
    assert items[-1] == (21, "corrupt")
    assert [number for number, _ in items[:-1]] == list(range(1, 21))


def test_a_large_parquet_row_is_rejected_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a", "b" * 100, "c"]}), tmp_path / "a.parquet")
    items = read(tmp_path / "a.parquet", chosen=IngestSettings(max_record_bytes=50))
    assert fates(items) == [(1, "a"), (2, "too_large"), (3, "c")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: object) -> None:
    monkeypatch.setattr(content_module, "_EXPANSION_FREE_BYTES", 2**20)
    content = pack(b'{"text": "a"}\n') + pack(b" " * 2**23)  # type: ignore[operator]
    items = read(tmp_path / "a.jsonl.gz", content)
    assert fates(items) == [(1, "a"), (2, "too_large")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_wherever_compressed_lines_are_cut_the_whole_ones_before_are_kept(
    tmp_path: Path, pack: object
) -> None:
    texts = [f"text {n}" for n in range(9)]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    content: bytes = pack(lines)  # type: ignore[operator]
    for cut in range(4, len(content)):
        items = fates(read(tmp_path / "a.jsonl", content[:cut]))
        whole = len(items) - 1
        assert items == [*enumerate(texts[:whole], 1), (whole + 1 if whole else None, "truncated")]


def test_zstd_frames_that_are_to_be_skipped_are_skipped(tmp_path: Path) -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    [item] = read(tmp_path / "a.txt.zst", skipped + zstandard.compress(b"text") + skipped)
    assert fates([item]) == [(None, "text")]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.csv", "a.html", "a.parquet"]))
def test_any_bytes_in_any_format_give_records_or_flaws(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    items = read(tmp_path_factory.getbasetemp() / name, content)
    assert items
    assert len({item.number for item in items}) == len(items)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 10_000), st.integers(0, 255), min_size=1, max_size=5))
def test_parquet_with_changed_bytes_gives_records_or_flaws(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[int, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.parquet"
    table = pa.table({"text": [f"text {n}" for n in range(30)], "list": [[n] for n in range(30)]})
    pq.write_table(table, path, row_group_size=10)
    content = bytearray(path.read_bytes())
    for place, value in changes.items():
        content[place % len(content)] = value
    items = read(path, bytes(content))
    assert items
    assert len({item.number for item in items}) == len(items)
