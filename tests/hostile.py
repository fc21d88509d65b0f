"""A folder with everything that a source can have wrong, and what must become of it."""

import gzip
import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.containers import http_response, response, tar_of, warc_record, zip_of

LARGE_BYTES = 50 * 2**20
_HUGE_FIELD_BYTES = 11 * 2**20

_THINGS = (  # noqa: SIM905
    "harbour museum bakery tunnel library orchard station market theatre quarry lighthouse mill "
    "bridge school factory garden palace stadium vineyard cinema chapel archive windmill pier"
).split()
_DEEDS = (  # noqa: SIM905
    "replaced bought painted moved closed praised inspected sold rebuilt surveyed flooded renamed"
).split()
_PLACES = (  # noqa: SIM905
    "Lisbon Aarhus Tbilisi Quito Nairobi Hobart Graz Pune Lagos Cork Sapporo Tartu Bergen Oran"
).split()


@dataclass
class HostileExpectation:
    """What must come of the folder.

    Attributes:
        documents: `source_uri`s that become raw documents.
        rejections: Reasons by the `source_uri`s that are rejected.
    """

    documents: set[str] = field(default_factory=set)
    rejections: dict[str, str] = field(default_factory=dict)


def story(number: int) -> str:
    """Return an English text of some sentences, different for each number."""
    choice = random.Random(number).choice
    sentences = [
        f"In {choice(_PLACES)} the {choice(_THINGS)} was {choice(_DEEDS)} by the owner of a "
        f"{choice(_THINGS)} and a {choice(_THINGS)} near {choice(_PLACES)}."
        for _ in range(6)
    ]
    return " ".join(sentences)


def make_hostile_folder(folder: Path) -> HostileExpectation:
    """Fill a folder, which is made, and return what to expect of it.

    One link leads to a file that is made beside the folder.
    """
    folder.mkdir(parents=True)
    expected = HostileExpectation()
    for add in (
        _add_empty,
        _add_binary,
        _add_encodings,
        _add_scripts,
        _add_names,
        _add_links,
        _add_compressed,
        _add_html,
        _add_jsonl,
        _add_large,
        _add_csv,
        _add_parquet,
        _add_archives,
        _add_warc,
    ):
        add(folder, expected)
    return expected


def _good(folder: Path, expected: HostileExpectation, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    expected.documents.add(name)


def _bad(
    folder: Path, expected: HostileExpectation, name: str, content: bytes, reason: str
) -> None:
    (folder / name).write_bytes(content)
    expected.rejections[name] = reason


def _lines(*records: object) -> bytes:
    return b"".join(
        record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n"
        for record in records
    )


def _number(expected: HostileExpectation, uri: str, *fates: str) -> None:
    """Expect of each numbered record what is said: `ok` or a reason; blank: no record."""
    for number, fate in enumerate(fates, 1):
        if fate == "ok":
            expected.documents.add(f"{uri}#{number}")
        elif fate:
            expected.rejections[f"{uri}#{number}"] = fate


def _add_empty(folder: Path, expected: HostileExpectation) -> None:
    _bad(folder, expected, "empty.txt", b"", "empty")
    _bad(folder, expected, "blank.txt", " \n\t\u3000\n".encode(), "empty")
    _bad(folder, expected, "empty.jsonl", b"", "empty")
    _bad(folder, expected, "blank.jsonl", b"\n\n", "empty")
    _bad(folder, expected, "empty.csv.gz", gzip.compress(b""), "empty")
    _bad(folder, expected, "empty.parquet", b"", "empty")


def _add_binary(folder: Path, expected: HostileExpectation) -> None:
    noise = random.Random(0).randbytes(20_000)
    _bad(folder, expected, "picture.txt", b"\x89PNG\r\n\x1a\n" + noise, "binary")
    _bad(folder, expected, "noise.jsonl", noise, "binary")
    _bad(folder, expected, "report.pdf", b"%PDF-1.7\n", "unsupported_format")
    _bad(folder, expected, ".DS_Store", b"\0\0\0\1Bud1", "unsupported_format")
    _bad(folder, expected, "README", b"no suffix", "unsupported_format")
    _good(folder, expected, "nul.txt", story(1).replace(". ", ".\0 ").encode())


def _add_encodings(folder: Path, expected: HostileExpectation) -> None:
    russian = "Вчера вечером в старой библиотеке Тарту открылась выставка карт и писем. " * 3
    japanese = "昨日の夜、札幌の古い図書館で地図と手紙の展覧会が始まりました。" * 3
    french = "Hier soir, la bibliothèque de Genève a rouvert ses portes après des années d'arrêt. "
    _good(folder, expected, "utf16-mark.txt", russian.encode("utf-16"))
    _good(folder, expected, "utf16-no-mark.txt", japanese.encode("utf-16-be"))
    _good(folder, expected, "windows-1251.txt", ("Новость: " + russian).encode("cp1251"))
    _good(folder, expected, "shift-jis.txt", ("記事。" + japanese).encode("shift_jis"))
    damaged = (french * 4).encode().replace(b"rouvert", b"r\xffouvert", 1)
    _good(folder, expected, "invalid-utf8.txt", damaged)
    lines = "".join(json.dumps({"text": story(n)}) + "\n" for n in (2, 3))
    (folder / "utf16.jsonl").write_bytes(lines.encode("utf-16"))
    _number(expected, "utf16.jsonl", "ok", "ok")


def _add_scripts(folder: Path, expected: HostileExpectation) -> None:
    _good(folder, expected, "emoji.txt", f"👩‍👩‍👧‍👦🏳️‍🌈 {story(4)} 🇯🇵👍🏿".encode())
    arabic = "افتتح المتحف الوطني في تونس مساء أمس معرضا للخرائط القديمة والرسائل. " * 3
    _good(folder, expected, "marks.txt", f"\u202b\u200f{arabic}\u200f\u202c\u2066x\u2069".encode())
    flood = "".join(c + "\u0301\u0334\u0489" * 30 for c in story(5)[:60])
    _good(folder, expected, "combining.txt", f"{flood}\n{story(6)}".encode())


def _add_names(folder: Path, expected: HostileExpectation) -> None:
    _good(folder, expected, "-rf *.txt", story(7).encode())
    _good(folder, expected, "記事/ملف.TXT", story(8).encode())
    (folder / "line\nbreak.txt").write_bytes(story(9).encode())
    expected.documents.add("line\\u000abreak.txt")
    (folder / "back\\slash.txt").write_bytes(story(10).encode())
    expected.documents.add("back\\\\slash.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_bytes(story(11).encode())
    expected.documents.add("caf\\xe9.txt")
    (folder / "middle.jsonl#1").write_bytes(b"no record of middle.jsonl")
    expected.rejections["middle.jsonl\\#1"] = "unsupported_format"


def _add_links(folder: Path, expected: HostileExpectation) -> None:
    (folder / "deep").mkdir()
    outside = folder.with_name(folder.name + "-outside.txt")
    outside.write_text(story(12))
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


def _add_compressed(folder: Path, expected: HostileExpectation) -> None:
    text = story(13).encode()
    _good(folder, expected, "really-gzip.txt", gzip.compress(text))
    _good(folder, expected, "really-plain.txt.gz", story(14).encode())
    halves = story(15).encode()[:200], story(15).encode()[200:]
    _good(folder, expected, "members.txt.gz", b"".join(gzip.compress(half) for half in halves))
    frames = b"".join(zstandard.compress(half) for half in halves)
    _good(folder, expected, "frames.txt.zst", zstandard.compress(story(16).encode()) + frames)
    _bad(folder, expected, "cut.txt.gz", gzip.compress(text)[:-20], "truncated")
    _bad(folder, expected, "cut.txt.zst", zstandard.compress(text)[:-5], "truncated")
    damaged = bytearray(gzip.compress(text))
    damaged[-6] ^= 0xFF
    _bad(folder, expected, "damaged.txt.gz", bytes(damaged), "corrupt")
    _bad(folder, expected, "bomb.txt.gz", gzip.compress(b"0" * LARGE_BYTES), "too_large")
    records = _lines(*({"text": story(n)} for n in (17, 18)))
    whole = gzip.compress(records + b'{"text": "' + random.Random(1).randbytes(999).hex().encode())
    (folder / "cut.jsonl.gz").write_bytes(whole[:-200])
    _number(expected, "cut.jsonl.gz", "ok", "ok", "truncated")


def _add_html(folder: Path, expected: HostileExpectation) -> None:
    broken = f"<html><body><div><p>{story(19)}<p><b><i>{story(20)}</div></b><table><tr><p"
    _good(folder, expected, "broken.html", broken.encode())
    page = f"<html><head><meta charset=windows-1251></head><body><p>Газета. {story(21)}</p>"
    _good(folder, expected, "declared.html", page.encode("cp1251"))


def _add_jsonl(folder: Path, expected: HostileExpectation) -> None:
    (folder / "middle.jsonl").write_bytes(
        _lines({"text": story(22)}, b'{"text": "never closed\n', b"\n", {"text": story(23)})
    )
    _number(expected, "middle.jsonl", "ok", "malformed_record", "", "ok")
    same = [{"id": "a", "text": story(n)} for n in (24, 25)]
    (folder / "same-id.jsonl").write_bytes(_lines(*same))
    _number(expected, "same-id.jsonl", "ok", "ok")
    lone = b'{"text": "\\ud83d ' + story(26).encode() + b' \\udc00", "title": "\\udfff"}\n'
    nested = {"text": story(27), "meta": {"tags": [1, {"deep": [None]}], "nan": float("nan")}}
    bomb = b"[" * 200_000 + b"]" * 200_000 + b"\n"
    deep = b'{"text": "x", "deep": ' + b"[" * 500 + b"]" * 500 + b"}\n"
    others = _lines(None, 5, ["text"], "text", {"body": 5}, {"text": " "}, {}, b"\xff\xfe\xfd\n")
    (folder / "odd.jsonl").write_bytes(_lines(lone, nested, bomb, deep, others))
    malformed = ["malformed_record"] * 6
    rest = ["no_text_field", "empty", "no_text_field"]
    _number(expected, "odd.jsonl", "ok", "ok", *malformed, *rest, "malformed_record")


def _add_large(folder: Path, expected: HostileExpectation) -> None:
    with (folder / "large.jsonl").open("wb") as file:
        file.write(_lines({"text": story(28)}))
        file.write(b'{"text": "' + b"large " * (LARGE_BYTES // 6) + b'"}\n')
        file.write(_lines({"text": story(29)}))
    _number(expected, "large.jsonl", "ok", "too_large", "ok")


def _add_csv(folder: Path, expected: HostileExpectation) -> None:
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
    (folder / "table.csv").write_text("\n".join(rows))
    bad = "malformed_record"
    _number(expected, "table.csv", "ok", "ok", bad, bad, "too_large", bad, "ok")


def _add_parquet(folder: Path, expected: HostileExpectation) -> None:
    good = pa.table({"content": [story(35), None, story(36)], "n": [1, 2, 3]})
    pq.write_table(good, folder / "table.parquet")
    _number(expected, "table.parquet", "ok", "no_text_field", "ok")
    pq.write_table(pa.table({"n": [1, 2]}), folder / "no-text.parquet")
    _number(expected, "no-text.parquet", "no_text_field", "no_text_field")
    whole = (folder / "table.parquet").read_bytes()
    _bad(folder, expected, "cut.parquet", whole[:-30], "corrupt")
    (folder / "packed.parquet.gz").write_bytes(gzip.compress(whole))
    _number(expected, "packed.parquet.gz", "ok", "no_text_field", "ok")


def _add_archives(folder: Path, expected: HostileExpectation) -> None:
    members = {
        "../../above.txt": story(40).encode(),
        "a.jsonl": _lines({"text": story(41)}, b"{"),
        "inner.zip": zip_of({"b.txt": story(42).encode(), "c.exe": b"MZ"}),
    }
    for name, content in (("archive.zip", zip_of(members)), ("archive.tar", tar_of(members))):
        (folder / name).write_bytes(content)
        expected.documents.update(f"{name}#{m}" for m in ("../../above.txt", "inner.zip#b.txt"))
        _number(expected, f"{name}#a.jsonl", "ok", "malformed_record")
        expected.rejections[f"{name}#inner.zip#c.exe"] = "unsupported_format"
    _bad(folder, expected, "cut.zip", zip_of(members)[:-30], "corrupt")
    (folder / "cut.tar.gz").write_bytes(gzip.compress(tar_of({"a.txt": story(43).encode()}))[:-99])
    expected.rejections |= {"cut.tar.gz": "truncated", "cut.tar.gz#a.txt": "truncated"}


def _add_warc(folder: Path, expected: HostileExpectation) -> None:
    pages = [f"<html><body><article><h1>T</h1><p>{story(n)}</p></article>" for n in (44, 45)]
    first, second = (response(f"http://example.com/{n}", page) for n, page in enumerate(pages))
    image = warc_record("response", "http://example.com/i", http_response(b"PNG", "image/png"))
    (folder / "web.warc").write_bytes(first + b"noise\n" + image + second + second[:-80])
    fates = ("ok", "malformed_record", "unsupported_format", "ok", "truncated")
    _number(expected, "web.warc", *fates)
