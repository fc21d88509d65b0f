"""Check records of lines and files: encodings, limits, compression."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reading import mixed_lines
from tasks.reading.detection import Reading, readings
from tasks.reading.formats import format_of
from tasks.reading.lines import LINES_BY_ALL
from tasks.reading.records import Encoding, Record
from tasks.settings import IngestSettings
from tests.making.reading import numbered_fates, read_file


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
        ("a.pdf", "pdf"),
        ("index.html?p=21", "html"),
        ("page.html.1", "html"),
        ("a.csv (2)", "csv"),
        ("news.php", None),
        ("logo.png?v=3", None),
    ],
)
def test_the_name_tells_the_format(name: str, format_name: str | None) -> None:
    known = format_of(name)
    assert (known.name if known else None) == format_name


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_lines_across_chunks_are_whole_and_numbered(tmp_path: Path, pack: object) -> None:
    texts = [f"текст {n} " + "й" * (n * 37 % 5000) for n in range(300)]
    content = "\r\n".join(json.dumps({"text": t}, ensure_ascii=False) for t in texts).encode()
    items = read_file(tmp_path / "a.jsonl", pack(content))  # type: ignore[operator]
    assert numbered_fates(items) == list(enumerate(texts, 1))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1251"])
def test_json_lines_and_csv_may_be_in_any_encoding(tmp_path: Path, codec: str) -> None:
    texts = ["Вчера в Тарту открылась выставка карт.", "Завтра в Риге закроют старый мост."]
    lines = "".join(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in texts * 5)
    table = "id,text\n" + "".join(f"1,{t}\n" for t in texts * 5)
    for name, content in (("a.jsonl", lines), ("a.csv", table)):
        items = read_file(tmp_path / name, content.encode(codec))
        assert numbered_fates(items) == list(enumerate(texts * 5, 1))


def test_a_line_in_another_encoding_than_its_file_is_read_too(tmp_path: Path) -> None:
    text = "Вчера вечером в старой библиотеке Тарту открылась выставка карт и писем."
    lines = [json.dumps({"text": text}, ensure_ascii=False).encode(c) for c in ("utf-8", "cp1251")]
    items = read_file(tmp_path / "a.jsonl", b"\n".join(lines * 3))
    assert numbered_fates(items) == [(n, text) for n in range(1, 7)]
    assert [i.encoding.codec for i in items[:2] if isinstance(i, Record)] == ["utf-8", "cp1251"]


def test_very_many_lines_in_another_encoding_are_read_in_that_of_the_first_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To try every encoding on each took a minute for three thousand lines."""
    tried: list[object] = []

    def counted(data: bytes, only: Iterable[str] | None = None) -> list[Reading]:
        tried.append(only)
        return readings(data, only)

    monkeypatch.setattr(mixed_lines, "readings", counted)
    texts = [
        f"В городе номер {number} вчера вечером открылась выставка карт и писем из {2 * number} домов."
        for number in range(600)
    ]
    records = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    head = b"\n".join(record.encode() for record in records * 4)
    items = read_file(tmp_path / "a.jsonl", head + b"\n" + "\n".join(records).encode("cp1251"))
    assert numbered_fates(items)[-600:] == list(enumerate(texts, 4 * 600 + 1))
    assert len(tried) == 600
    assert tried.count(None) == LINES_BY_ALL


def test_a_bad_emoji_costs_one_character(tmp_path: Path) -> None:
    [item] = read_file(
        tmp_path / "a.jsonl", b'{"text": "a \\ud83d b \xff c \xef\xbf\xbd \xe2\x82\xac"}\n'
    )
    assert isinstance(item, Record)
    assert (item.text, item.replaced_chars) == ("a \ufffd b \ufffd c \ufffd €", 2)


def test_the_bytes_of_a_line_are_without_its_ending(tmp_path: Path) -> None:
    [item] = read_file(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"text": "a"}\r\n')
    assert isinstance(item, Record)
    assert (item.content, item.encoding) == (b'{"text": "a"}', Encoding("utf-8", "bom"))


def test_a_line_may_have_just_the_limit(tmp_path: Path) -> None:
    line = b'{"text": "a"}\n'
    for limit, expected in ((len(line), "a"), (len(line) - 1, "too_large")):
        items = read_file(tmp_path / "a.jsonl", line * 2, IngestSettings(max_record_bytes=limit))
        assert numbered_fates(items) == [(1, expected), (2, expected)]


def test_a_quoted_field_of_many_lines_has_a_limit_and_the_next_rows_are_read(
    tmp_path: Path,
) -> None:
    content = 'text\n"' + "never closed\n" * 100 + "good\nbetter\n"
    items = read_file(tmp_path / "a.csv", content.encode(), IngestSettings(max_record_bytes=1300))
    assert numbered_fates(items) == [(1, "too_large"), (2, "good"), (3, "better")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    content = f'id{delimiter}text{delimiter}id\n1{delimiter}"a{delimiter} b"{delimiter}2\n'
    [item] = read_file(tmp_path / "a.csv", content.encode())
    assert isinstance(item, Record)
    assert item.text == f"a{delimiter} b"
    assert (item.source_id, item.record_fields) == ("1", '{"id_3":"2"}')


def test_a_table_without_rows_is_empty(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    assert numbered_fates(read_file(tmp_path / "a.parquet")) == [(None, "empty")]
    assert numbered_fates(read_file(tmp_path / "a.csv", b"id,text\n")) == [(None, "empty")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_given_up(tmp_path: Path, pack: object) -> None:
    content = pack(b'{"text": "a"}\n') + pack(b" " * 2**23)  # type: ignore[operator]
    settings = IngestSettings(min_expansion_bytes=2**20)
    items = read_file(tmp_path / "a.jsonl.gz", content, settings)
    assert numbered_fates(items) == [(1, "a"), (2, "too_large")]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_wherever_compressed_lines_are_cut_the_whole_ones_before_are_kept(
    tmp_path: Path, pack: object
) -> None:
    texts = [f"text {n}" for n in range(9)]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    content: bytes = pack(lines)  # type: ignore[operator]
    for cut in range(4, len(content)):
        items = numbered_fates(read_file(tmp_path / "a.jsonl", content[:cut]))
        whole = len(items) - 1
        assert items == [*enumerate(texts[:whole], 1), (whole + 1 if whole else None, "truncated")]


def test_zstd_frames_that_are_to_be_skipped_are_skipped(tmp_path: Path) -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    [item] = read_file(tmp_path / "a.txt.zst", skipped + zstandard.compress(b"text") + skipped)
    assert numbered_fates([item]) == [(None, "text")]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.csv", "a.html", "a.parquet"]))
def test_any_bytes_in_any_format_give_records_or_flaws(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    items = read_file(tmp_path_factory.getbasetemp() / name, content)
    assert items
    assert len({item.number for item in items}) == len(items)
