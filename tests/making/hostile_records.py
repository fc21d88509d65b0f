"""Make the files of a hostile folder that hold records, or other files."""

import gzip
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.making.containers import http_response, response, tar_of, warc_record, zip_of
from tests.making.hostile_expectation import (
    HostileExpectation,
    bad_file,
    good_file,
    json_lines,
    numbered,
    story,
)

LARGE_BYTES = 50 * 2**20
_HUGE_FIELD_BYTES = 11 * 2**20


def add_compressed(folder: Path, expected: HostileExpectation) -> None:
    """Compressed files that are cut, damaged, misnamed or bombs."""
    text = story(13).encode()
    good_file(folder, expected, "really-gzip.txt", gzip.compress(text))
    good_file(folder, expected, "really-plain.txt.gz", story(14).encode())
    halves = story(15).encode()[:200], story(15).encode()[200:]
    good_file(folder, expected, "members.txt.gz", b"".join(gzip.compress(half) for half in halves))
    frames = b"".join(zstandard.compress(half) for half in halves)
    good_file(folder, expected, "frames.txt.zst", zstandard.compress(story(16).encode()) + frames)
    bad_file(folder, expected, "cut.txt.gz", gzip.compress(text)[:-20], "truncated")
    bad_file(folder, expected, "cut.txt.zst", zstandard.compress(text)[:-5], "truncated")
    damaged = bytearray(gzip.compress(text))
    damaged[-6] ^= 0xFF
    bad_file(folder, expected, "damaged.txt.gz", bytes(damaged), "corrupt")
    bad_file(folder, expected, "bomb.txt.gz", gzip.compress(b"0" * LARGE_BYTES), "too_large")
    records = json_lines(*({"text": story(n)} for n in (17, 18)))
    whole = gzip.compress(records + b'{"text": "' + random.Random(1).randbytes(999).hex().encode())
    (folder / "cut.jsonl.gz").write_bytes(whole[:-200])
    numbered(expected, "cut.jsonl.gz", "ok", "ok", "truncated")


def add_jsonl(folder: Path, expected: HostileExpectation) -> None:
    """Lines that are no records, in between those that are."""
    (folder / "middle.jsonl").write_bytes(
        json_lines({"text": story(22)}, b'{"text": "never closed\n', b"\n", {"text": story(23)})
    )
    numbered(expected, "middle.jsonl", "ok", "malformed_record", "", "ok")
    same = [{"id": "a", "text": story(n)} for n in (24, 25)]
    (folder / "same-id.jsonl").write_bytes(json_lines(*same))
    numbered(expected, "same-id.jsonl", "ok", "ok")
    lone = b'{"text": "\\ud83d ' + story(26).encode() + b' \\udc00", "title": "\\udfff"}\n'
    nested = {"text": story(27), "meta": {"tags": [1, {"deep": [None]}], "nan": float("nan")}}
    bomb = b"[" * 200_000 + b"]" * 200_000 + b"\n"
    deep = b'{"text": "x", "deep": ' + b"[" * 500 + b"]" * 500 + b"}\n"
    others = json_lines(
        None, 5, ["text"], "text", {"body": 5}, {"text": " "}, {}, b"\xff\xfe\xfd\n"
    )
    (folder / "odd.jsonl").write_bytes(json_lines(lone, nested, bomb, deep, others))
    malformed = ["malformed_record"] * 6
    rest = ["no_text_field", "empty", "no_text_field"]
    numbered(expected, "odd.jsonl", "ok", "ok", *malformed, *rest, "malformed_record")


def add_large(folder: Path, expected: HostileExpectation) -> None:
    """A line larger than a record may be."""
    with (folder / "large.jsonl").open("wb") as file:
        file.write(json_lines({"text": story(28)}))
        file.write(b'{"text": "' + b"large " * (LARGE_BYTES // 6) + b'"}\n')
        file.write(json_lines({"text": story(29)}))
    numbered(expected, "large.jsonl", "ok", "too_large", "ok")


def add_csv(folder: Path, expected: HostileExpectation) -> None:
    """Rows with too few fields, too many, or too large ones."""
    rows = [
        "id;text;date",
        f'1;"{story(30)}\nwith a second line, and ""quotes""";2025-02-11',
        f"2;{story(31)}\0;2025-02-12;;",
        "3;too few",
        f"4;{story(32)};2025-02-13;too;many",
        "5;" + "x" * _HUGE_FIELD_BYTES + ";2025-02-14",
        f'6;"a stray " quote";{story(33)}',
        f"7;{story(34)};no date",
    ]
    (folder / "table.csv").write_text("\n".join(rows), "utf-8")
    bad = "malformed_record"
    numbered(expected, "table.csv", "ok", "ok", bad, bad, "too_large", "ok", "ok")


def add_parquet(folder: Path, expected: HostileExpectation) -> None:
    """Tables without a text, and one that is cut."""
    good = pa.table({"content": [story(35), None, story(36)], "n": [1, 2, 3]})
    pq.write_table(good, folder / "table.parquet")
    numbered(expected, "table.parquet", "ok", "no_text_field", "ok")
    pq.write_table(pa.table({"n": [1, 2]}), folder / "no-text.parquet")
    numbered(expected, "no-text.parquet", "no_text_field", "no_text_field")
    whole = (folder / "table.parquet").read_bytes()
    bad_file(folder, expected, "cut.parquet", whole[:-30], "corrupt")
    (folder / "packed.parquet.gz").write_bytes(gzip.compress(whole))
    numbered(expected, "packed.parquet.gz", "ok", "no_text_field", "ok")


def add_archives(folder: Path, expected: HostileExpectation) -> None:
    """Archives within archives, with names that lead out of them, and cut ones."""
    members = {
        "../../above.txt": story(40).encode(),
        "a.jsonl": json_lines({"text": story(41)}, b"{"),
        "inner.zip": zip_of({"b.txt": story(42).encode(), "c.exe": b"MZ"}),
    }
    for name, content in (("archive.zip", zip_of(members)), ("archive.tar", tar_of(members))):
        (folder / name).write_bytes(content)
        expected.documents.update(f"{name}#{m}" for m in ("../../above.txt", "inner.zip#b.txt"))
        numbered(expected, f"{name}#a.jsonl", "ok", "malformed_record")
        expected.rejections[f"{name}#inner.zip#c.exe"] = "unsupported_format"
    bad_file(folder, expected, "cut.zip", zip_of(members)[:-30], "corrupt")
    (folder / "cut.tar.gz").write_bytes(gzip.compress(tar_of({"a.txt": story(43).encode()}))[:-99])
    expected.rejections |= {"cut.tar.gz": "truncated", "cut.tar.gz#a.txt": "truncated"}


def add_warc(folder: Path, expected: HostileExpectation) -> None:
    """A web archive with noise between its records."""
    pages = [f"<html><body><article><h1>T</h1><p>{story(n)}</p></article>" for n in (44, 45)]
    first, second = (response(f"http://example.com/{n}", page) for n, page in enumerate(pages))
    image = warc_record("response", "http://example.com/i", http_response(b"PNG", "image/png"))
    (folder / "web.warc").write_bytes(first + b"noise\n" + image + second + second[:-80])
    fates = ("ok", "malformed_record", "unsupported_format", "ok", "truncated")
    numbered(expected, "web.warc", *fates)
