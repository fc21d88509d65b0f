"""Check WARC and WET: responses are records, damage costs itself, a record bounds the memory."""

import gzip
import json
import resource
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard

from tasks.reading.ingest import ingest_files
from tasks.reading.source import list_source
from tasks.settings import IngestSettings
from tests.making.containers import http_response, response, warc_record
from tests.making.reading import fates, rows

TEXT = "Городской совет собрался во вторник вечером."
PAGE = f"<p>{TEXT}</p>"


def one_row(path: Path, content: bytes) -> dict[str, object]:
    path.write_bytes(content)
    [row] = rows(path)
    return row


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_responses_are_records_with_address_and_time(tmp_path: Path, pack: object) -> None:
    parts = [
        warc_record("warcinfo", "", b"software: test"),
        response("http://a.example/1", PAGE),
        warc_record("request", "http://a.example/1", b"GET / HTTP/1.1\r\n\r\n"),
        response("http://a.example/2", PAGE, headers="Content-Language: ru-ru\r\n"),
    ]
    content = b"".join(pack(part) for part in parts)  # type: ignore[operator]
    (tmp_path / "a.warc.gz").write_bytes(content)
    first, second = rows(tmp_path / "a.warc.gz")
    assert (first["source_uri"], second["source_uri"]) == ("a.warc.gz#2", "a.warc.gz#4")
    assert (first["url"], first["text"]) == ("http://a.example/1", PAGE)
    assert first["fetched_at"] == datetime(2024, 3, 12, 10, 22, tzinfo=UTC)
    assert (first["source_id"], first["format"]) == ("urn:uuid:http://a.example/1", "warc")
    assert (first["is_markup"], second["declared_language"]) == (True, "ru-RU")


def test_a_wet_file_gives_its_conversions(tmp_path: Path) -> None:
    headers = "WARC-Identified-Content-Language: rus\r\nContent-Type: text/plain\r\n"
    record = warc_record("conversion", "http://a.example/1", TEXT.encode(), headers)
    row = one_row(tmp_path / "a.warc.wet.gz", gzip.compress(record))
    assert (row["text"], row["url"], row["is_markup"]) == (TEXT, "http://a.example/1", False)
    assert json.loads(str(row["record_fields"])) == {"warc-identified-content-language": "rus"}


def test_the_charset_of_the_server_goes_before_that_of_the_page(tmp_path: Path) -> None:
    page = f"<html><meta charset=koi8-r>{PAGE}"
    block = http_response(page.encode("cp1251"), 'text/html; charset="windows-1251"')
    row = one_row(tmp_path / "a.warc", warc_record("response", "http://a", block))
    assert row["text"] == page
    assert (row["encoding"], row["encoding_source"]) == ("cp1251", "http")


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
        ("gzip", bytes),
        ("br", bytes),
        ("identity", bytes),
    ],
)
def test_a_body_is_decoded_unless_the_crawler_did(
    tmp_path: Path, coding: str, encode: object
) -> None:
    body: bytes = encode(PAGE.encode())  # type: ignore[operator]
    block = http_response(body, headers=f"Content-Encoding: {coding}\r\n")
    row = one_row(tmp_path / "a.warc", warc_record("response", "http://a", block))
    assert row["text"] == PAGE


@pytest.mark.parametrize("body", [b"5\r\n<p>ab\r\n6;x=y\r\ncd</p>\r\n0\r\n\r\n", b"<p>abcd</p>"])
def test_a_chunked_body_is_put_together(tmp_path: Path, body: bytes) -> None:
    block = http_response(body, headers="Transfer-Encoding: chunked\r\n")
    row = one_row(tmp_path / "a.warc", warc_record("response", "http://a", block))
    assert row["text"] == "<p>abcd</p>"


def test_responses_without_a_text_are_rejected_with_the_reason(tmp_path: Path) -> None:
    blocks = [
        http_response(b"gone", status=404),
        http_response(b"\x89PNG", "image/png"),
        http_response(b""),
        b"no response at all",
        http_response(b"\x00\x01\x02" * 50, "text/plain"),
    ]
    content = b"".join(warc_record("response", "http://a", block) for block in blocks)
    (tmp_path / "a.warc").write_bytes(content)
    reasons = ["http_status", "unsupported_format", "empty", "malformed_record", "binary"]
    expected = {f"a.warc#{n}": f"!{reason}" for n, reason in enumerate(reasons, 1)}
    assert fates(tmp_path) == expected


def test_damage_costs_itself(tmp_path: Path) -> None:
    good = response("http://a", PAGE)
    bad_length = good.replace(b"Content-Length", b"Content-Depth", 1)
    content = good + b"noise\r\nand more\r\n" + good + bad_length + good
    (tmp_path / "a.warc").write_bytes(content)
    fate = {1: PAGE, 2: "!malformed_record", 3: PAGE, 4: "!malformed_record", 5: PAGE}
    assert fates(tmp_path) == {f"a.warc#{n}": what for n, what in fate.items()}


@pytest.mark.parametrize("cut", [1, 30, 100])
def test_a_file_that_breaks_off_says_where(tmp_path: Path, cut: int) -> None:
    good = response("http://a", PAGE)
    (tmp_path / "a.warc").write_bytes(good + good[: -cut - 4])
    assert fates(tmp_path) == {"a.warc#1": PAGE, "a.warc#2": "!truncated"}


def test_a_large_record_is_rejected_alone_and_so_is_a_bomb(tmp_path: Path) -> None:
    settings = IngestSettings(max_record_bytes=100_000)
    headers = "Content-Encoding: br\r\n"
    bomb = http_response(brotli.compress(b"x" * 10**7), headers=headers)
    content = response("http://a", PAGE) + response("http://b", "x" * 300_000)
    content += warc_record("response", "http://c", bomb) + response("http://d", PAGE)
    (tmp_path / "a.warc").write_bytes(content)
    assert list(fates(tmp_path, settings).values()) == [PAGE, PAGE, "!too_large", "!too_large"]


def _written(path: Path, records: int) -> Path:
    record = response("http://a.example", "<p>" + "слово " * 3000)
    packed = zlib.compressobj(1, wbits=31)
    with path.open("wb") as file:
        for _ in range(records):
            file.write(packed.compress(record))
        file.write(packed.flush())
    return path


def _peak_bytes(path: Path) -> int:
    tracemalloc.start()
    for _ in ingest_files(list_source(str(path)).files, IngestSettings()):
        pass
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak_bytes


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.reading.ingest._BATCH_ROWS", 16)
    few = _peak_bytes(_written(tmp_path / "few.warc.gz", 32))
    many = _peak_bytes(_written(tmp_path / "many.warc.gz", 160))
    assert many < 1.3 * few


@pytest.mark.slow
def test_a_warc_of_gigabytes_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    def resident_kilobytes() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    list(_heights(_written(tmp_path / "small.warc.gz", 3_000)))
    before = resident_kilobytes()
    assert sum(_heights(_written(tmp_path / "large.warc.gz", 60_000))) == 60_000
    assert resident_kilobytes() - before < 100_000


def _heights(path: Path) -> list[int]:
    files = list_source(str(path)).files
    return [documents.height for documents, _ in ingest_files(files, IngestSettings())]


def test_resources_are_records_and_what_is_no_text_has_a_row(tmp_path: Path) -> None:
    kinds = {"text/html": PAGE, "text/plain": TEXT, "image/png": "x", "application/json": "{}"}
    parts = [
        warc_record("resource", "urn:text:https://a/1", text.encode(), f"Content-Type: {kind}\r\n")
        for kind, text in kinds.items()
    ]
    parts.append(
        warc_record(
            "resource",
            "https://a/2",
            http_response(PAGE.encode()),
            "Content-Type: application/http; msgtype=response\r\n",
        )
    )
    (tmp_path / "a.warc").write_bytes(b"".join(parts))
    assert fates(tmp_path) == {
        "a.warc#1": PAGE,
        "a.warc#2": TEXT,
        "a.warc#3": "!unsupported_format",
        "a.warc#4": "!unsupported_format",
        "a.warc#5": PAGE,
    }
    assert [row["url"] for row in rows(tmp_path)] == ["https://a/1", "https://a/1", "https://a/2"]
