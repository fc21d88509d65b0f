"""Files are known by their first bytes where the name says nothing, and names are made readable."""

import gzip
import zipfile
from pathlib import Path

import pytest

from tasks.reading.member_names import real_names
from tests.making.containers import RSS, tar_of, warc_record, zip_of
from tests.making.packages import pdf_of
from tests.making.reading import fates, rows

PAGE = "<!DOCTYPE html><html><body><p>A page.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("index.html?p=21", PAGE, "html"),
        ("page.html.1", PAGE, "html"),
        ("news.php", PAGE, "html"),
        ("news.php?id=7", f"<!-- saved -->\n{PAGE}", "html"),
        ("about", "<div class=x><p>Fragment</p></div>", "html"),
        ("about.xml", f'<?xml version="1.0"?>\n{PAGE}', "html"),
        ("feed", RSS.replace("windows-1251", "utf-8"), "feed"),
        ("data", '[{"text": "a"}]', "json"),
        ("data.php", '{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("talk", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n", "subtitles"),
        ("talk.de", "1\n00:00:01,000 --> 00:00:02,000\nHallo.\n", "subtitles"),
        (
            "letter",
            "From: a@b.c\nSubject: s\nDate: Tue, 11 Feb 2025 08:30:00 +0000\n\nHi.\n",
            "email",
        ),
        ("README", "A plain text.\nIn two lines, From: here.", "text"),
        ("story.dat", "Ein Text über Fähren.", "text"),
    ],
)
def test_a_file_is_known_by_its_beginning(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "z.tar").write_bytes(tar_of({name: content.encode(), "y.txt": b"y"}))
    found = rows(tmp_path)
    assert {row["format"] for row in found} == {kind, "text"}


def test_packed_and_binary_files_are_known_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(pdf_of([["Hi there."]])))
    (tmp_path / "b.php").write_bytes(
        warc_record("resource", "http://a/1", b"<p>x", "Content-Type: text/html\r\n")
    )
    (tmp_path / "c").write_bytes(zip_of({"d.txt": b"one"}))
    assert fates(tmp_path) == {"a": "Hi there.", "b.php#1": "<p>x", "c#d.txt": "one"}


@pytest.mark.parametrize(
    "name", ["a.png", "style.css", "logo.png?v=2", "x.js", "a.mp4", ".hidden", "a.py"]
)
def test_a_name_that_says_what_a_file_is_is_believed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PAGE, "utf-8")
    (tmp_path / "z.zip").write_bytes(zip_of({name: PAGE.encode()}))
    assert set(fates(tmp_path).values()) == {"!unsupported_format"}


def test_bytes_of_no_kind_and_no_bytes_say_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "b").write_bytes(b"")
    assert fates(tmp_path) == {"a": "!unsupported_format", "b": "!empty"}


@pytest.mark.parametrize(
    ("code_page", "names"),
    [
        ("cp866", ["отчёт-о-пароме.txt"]),
        ("cp866", ["новости/Статья 1.html", "Москва.txt"]),
        ("cp1251", ["Новости дня.txt"]),
        ("cp437", ["größe.txt", "Übung.txt"]),
        ("cp850", ["résumé.txt", "niño.txt"]),
        ("cp852", ["zażółć gęślą jaźń.txt"]),
        ("cp932", ["日本語の記事.txt"]),
        ("gbk", ["新闻/文章.txt"]),
        ("big5", ["新聞文章.txt"]),
        ("cp949", ["뉴스 기사.txt"]),
        ("cp737", ["ειδήσεις.txt", "Αθήνα.txt"]),
        ("cp862", ["חדשות.txt"]),
        ("utf-8", ["ñandú.txt", "ça va.txt"]),
        ("ascii", ["plain.txt"]),
    ],
)
def test_names_of_members_are_read_in_their_code_page(code_page: str, names: list[str]) -> None:
    members = []
    for name in names:
        member = zipfile.ZipInfo("x")
        member.filename = member.orig_filename = name.encode(code_page).decode("cp437")
        members.append(member)
    assert real_names(members) == names


def test_the_second_name_of_a_member_is_believed_if_it_belongs_to_the_first() -> None:
    member = zipfile.ZipInfo("caf?.txt")
    import struct
    import zlib

    path = struct.pack("<BL", 1, zlib.crc32(b"caf?.txt")) + "café.txt".encode()
    member.extra = struct.pack("<HH", 0x7075, len(path)) + path
    assert real_names([member]) == ["café.txt"]
    member.filename = member.orig_filename = "other.txt"
    assert real_names([member]) == ["other.txt"]
