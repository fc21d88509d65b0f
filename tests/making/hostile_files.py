"""Make the files of a hostile folder that hold one text at most."""

import gzip
import json
import os
import random
from pathlib import Path

from tests.making.hostile_expectation import (
    HostileExpectation,
    bad_file,
    good_file,
    numbered,
    story,
)


def add_empty(folder: Path, expected: HostileExpectation) -> None:
    """Files without a text."""
    bad_file(folder, expected, "empty.txt", b"", "empty")
    bad_file(folder, expected, "blank.txt", " \n\t\u3000\n".encode(), "empty")
    bad_file(folder, expected, "empty.jsonl", b"", "empty")
    bad_file(folder, expected, "blank.jsonl", b"\n\n", "empty")
    bad_file(folder, expected, "empty.csv.gz", gzip.compress(b""), "empty")
    bad_file(folder, expected, "empty.parquet", b"", "empty")


def add_binary(folder: Path, expected: HostileExpectation) -> None:
    """Files that are no text, and names that say nothing."""
    noise = random.Random(0).randbytes(20_000)
    bad_file(folder, expected, "picture.txt", b"\x89PNG\r\n\x1a\n" + noise, "binary")
    bad_file(folder, expected, "noise.jsonl", noise, "binary")
    bad_file(folder, expected, "report.pdf", b"%PDF-1.7\n", "corrupt")
    bad_file(folder, expected, ".DS_Store", b"\0\0\0\1Bud1", "unsupported_format")
    bad_file(folder, expected, "logo.png", b"\x89PNG\r\n\x1a\n", "unsupported_format")
    bad_file(folder, expected, "noise", noise, "unsupported_format")
    good_file(folder, expected, "README", story(0).encode())
    good_file(folder, expected, "nul.txt", story(1).replace(". ", ".\0 ").encode())


def add_encodings(folder: Path, expected: HostileExpectation) -> None:
    """Texts in encodings that no one names."""
    russian = "Вчера вечером в старой библиотеке Тарту открылась выставка карт и писем. " * 3
    japanese = "昨日の夜、札幌の古い図書館で地図と手紙の展覧会が始まりました。" * 3
    french = "Hier soir, la bibliothèque de Genève a rouvert ses portes après des années d'arrêt. "
    good_file(folder, expected, "utf16-mark.txt", russian.encode("utf-16"))
    good_file(folder, expected, "utf16-no-mark.txt", japanese.encode("utf-16-be"))
    good_file(folder, expected, "windows-1251.txt", ("Новость: " + russian).encode("cp1251"))
    good_file(folder, expected, "shift-jis.txt", ("記事。" + japanese).encode("shift_jis"))
    damaged = (french * 4).encode().replace(b"rouvert", b"r\xffouvert", 1)
    good_file(folder, expected, "invalid-utf8.txt", damaged)
    lines = "".join(json.dumps({"text": story(n)}) + "\n" for n in (2, 3))
    (folder / "utf16.jsonl").write_bytes(lines.encode("utf-16"))
    numbered(expected, "utf16.jsonl", "ok", "ok")


def add_scripts(folder: Path, expected: HostileExpectation) -> None:
    """Emoji, marks of direction, letters under dozens of diacritics."""
    good_file(folder, expected, "emoji.txt", f"👩‍👩‍👧‍👦🏳️‍🌈 {story(4)} 🇯🇵👍🏿".encode())
    arabic = "افتتح المتحف الوطني في تونس مساء أمس معرضا للخرائط القديمة والرسائل. " * 3
    good_file(
        folder, expected, "marks.txt", f"\u202b\u200f{arabic}\u200f\u202c\u2066x\u2069".encode()
    )
    flood = "".join(c + "\u0301\u0334\u0489" * 30 for c in story(5)[:60])
    good_file(folder, expected, "combining.txt", f"{flood}\n{story(6)}".encode())


def add_names(folder: Path, expected: HostileExpectation) -> None:
    """File names with signs that mean something elsewhere."""
    good_file(folder, expected, "-rf *.txt", story(7).encode())
    good_file(folder, expected, "記事/ملف.TXT", story(8).encode())
    (folder / "line\nbreak.txt").write_bytes(story(9).encode())
    expected.documents.add("line\\u000abreak.txt")
    (folder / "back\\slash.txt").write_bytes(story(10).encode())
    expected.documents.add("back\\\\slash.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_bytes(story(11).encode())
    expected.documents.add("caf\\xe9.txt")
    (folder / "middle.jsonl#1").write_bytes(b"no record of middle.jsonl")
    expected.documents.add("middle.jsonl\\#1")


def add_links(folder: Path, expected: HostileExpectation) -> None:
    """Links that lead round, away or nowhere, and a pipe."""
    (folder / "deep").mkdir()
    outside = folder.with_name(folder.name + "-outside.txt")
    outside.write_text(story(12), "utf-8")
    for name, target, reason in (
        ("deep/loop", folder, "symlink_loop"),
        ("deep/itself.txt", Path("itself.txt"), "symlink_loop"),
        ("deep/nowhere.txt", Path("nothing.txt"), "unreadable"),
        ("deep/outside.txt", outside, "outside_source"),
        ("folder-link", folder / "deep", "linked_folder"),
    ):
        (folder / name).symlink_to(target)
        expected.rejections[name] = reason
    os.mkfifo(folder / "pipe.txt")
    expected.rejections["pipe.txt"] = "unreadable"
    (folder / "deep" / "link.txt").symlink_to(folder / "-rf *.txt")
    expected.documents.add("deep/link.txt")


def add_html(folder: Path, expected: HostileExpectation) -> None:
    """Pages that are broken, or name their encoding."""
    broken = f"<html><body><div><p>{story(19)}<p><b><i>{story(20)}</div></b><table><tr><p"
    good_file(folder, expected, "broken.html", broken.encode())
    page = f"<html><head><meta charset=windows-1251></head><body><p>Газета. {story(21)}</p>"
    good_file(folder, expected, "declared.html", page.encode("cp1251"))
