"""Draw files of every format by chance, and damage them, for the fuzz tests."""

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from functools import partial
from random import Random

import pyarrow as pa
import zstandard
from pyarrow import parquet

from tests.making.containers import (
    ATOM,
    MHTML,
    RSS,
    http_response,
    response,
    tar_of,
    warc_record,
    zip_of,
)
from tests.making.packages import docx_of, epub_of, odt_of, pdf_of
from tests.making.texts_in_many_scripts import PARAGRAPHS


def _arrow(*, stream: bool) -> bytes:
    buffer = io.BytesIO()
    table = pa.table({"text": ["one", "два"], "list": [[1], [2, 3]]})
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"text": ["one", "два"]}), buffer)
    return buffer.getvalue()


_JSON = '{"text": "один", "id": 1, "date": "2024-03-12", "x": [1, {"y": null}]}'
_MAIL = (
    b"From: Ann <ann@a.example>\nSubject: =?utf-8?q?S=C3=A9?=\nDate: Tue, 11 Feb 2025 08:30:00 +0000\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; format=flowed\n\n"
    b"One \ntwo.\n-- \nAnn\n> quoted\n--b\nContent-Type: text/html\n\n<p>three</p>\n--b--\n"
)
_CUES = "1\n00:00:01,000 --> 00:00:02,000\nодин\n\n2\n00:00:02,000 --> 00:00:03,000\nдва.\n"
_PAGE = f"<html lang=ru><head><meta charset=windows-1251><title>T</title></head><p>{_JSON}"
_WARC = (
    warc_record("warcinfo", "", b"x: y")
    + response("http://a", _PAGE)
    + warc_record(
        "response",
        "http://b",
        http_response(gzip.compress(b"<p>x"), headers="Content-Encoding: gzip\r\n"),
    )
    + warc_record("conversion", "http://c", "текст".encode())
)
#: By suffix, what is whole of its kind.
SAMPLES: dict[str, bytes] = {
    ".txt": "Просто текст. Just a text. 本文。".encode(),
    ".html": _PAGE.encode("cp1251"),
    ".mhtml": MHTML,
    ".jsonl": f"{_JSON}\n{_JSON}\n".encode(),
    ".json": f"[{_JSON}, {_JSON}]".encode(),
    ".csv": "id;text\n1;\"один\nдва\"\n2;три\n".encode(),
    ".tsv": b"id\ttext\n1\tone\n",
    ".parquet": _parquet(),
    ".arrow": _arrow(stream=False),
    ".arrows": _arrow(stream=True),
    ".warc": _WARC,
    ".xml": RSS.encode("cp1251"),
    ".atom": ATOM.encode(),
    ".eml": _MAIL,
    ".mbox": b"From a@b.c Tue Feb 11 08:30:00 2025\n" + _MAIL,
    ".srt": _CUES.encode(),
    ".vtt": f"WEBVTT\n\n{_CUES.replace(',', '.')}".encode(),
    ".pdf": pdf_of([["A line of text, which goes", "on."], ["Another."]]),
    ".docx": docx_of("<w:p><w:r><w:t>text</w:t></w:r></w:p>"),
    ".odt": odt_of("<text:p>text</text:p>"),
    ".epub": epub_of(["<p>one</p>", "<p>two</p>"]),
    "": f'{{"items": [{_JSON}, {_JSON}]}}'.encode(),
    ".zip": zip_of({"a.txt": b"one", "b/c.jsonl": _JSON.encode(), "d.zip": zip_of({"e.txt": b"x"})}),
    ".tar": tar_of({"a.txt": b"one", "b" * 150 + ".json": _JSON.encode(), "w.warc.gz": gzip.compress(_WARC)}),
}  # fmt: skip
# The least preset of xz: the usual one takes ten times as long as reading the file.
_PACKS: list[Callable[[bytes], bytes]] = [
    gzip.compress,
    bz2.compress,
    partial(lzma.compress, preset=0),
    zstandard.compress,
]
#: What means something to one of the readers.
_SIGNS = [b"\0", b"\xff" * 4, b'"', b"{", b"]", b"\r\n\r\n", b"<", b"-1", b"9" * 20, b"PK\3\4",
          b"\x1b$B", b"\n"]  # fmt: skip
_LINES = [line for lines in PARAGRAPHS.values() for line in lines]
#: What means something to one of the cleaners.
_FURNITURE = [
    "Read more", "Share:", "Date: |", "example.com/a/1", "続きを読む", "", "  ", "12.03.2024",
    "Home | News | Sport", "Подписывайтесь на наш канал", "[1] (2) （3）", "&amp;nbsp; &lt;b&gt;",
    "a@example.com", "+44 20 7946 0958", "4111 1111 1111 1111", "192.0.2.1", "\u200f\u200b\ufeff",
    "Ð¢ÐµÐºÑÑ‚", "РўРµРєСЃС‚ Рё С‚РµРєСЃС‚", "Ã©tÃ©\xa0", "\x85\x00\x1c", "(( 12 )) {{3}}", "* " * 30,
]  # fmt: skip
_CODECS = ["utf-8"] * 4 + ["utf-16", "cp1251", "shift_jis", "gb18030", "iso2022_jp"]
_TAGS = ["p", "p", "p", "div", "li", "h1", "td", "article", "nav", "footer", "a href='/x'",
         "script"]  # fmt: skip
#: This many of seven files are not packed.
_UNPACKED = 3
_SURROGATES = 0xD800, 0xE000
_MAX_LINES = 12


def damaged_file(chance: Random) -> tuple[str, bytes]:
    """Return a file name and bytes: of its kind or of another, changed here and there."""
    suffix = chance.choice(sorted(SAMPLES))
    kind = chance.choice([suffix, suffix, suffix, *sorted(SAMPLES)])
    content = damaged(chance, SAMPLES[kind])
    if chance.randrange(len(_PACKS) + _UNPACKED) < _UNPACKED:
        return f"a{suffix}", content
    return f"a{suffix}", damaged(chance, chance.choice(_PACKS)(content))


def file_of_text(chance: Random) -> tuple[str, bytes]:
    """Return a file name and bytes: running text, furniture and debris, as text or as a page."""
    lines = _lines(chance)
    codec = chance.choice(_CODECS)
    kind = chance.choice(["txt", "html", "jsonl"])
    if kind == "jsonl":
        row = {"text": "\n".join(lines), "url": f"https://a.example/{chance.randrange(10**6)}"}
        return "a.jsonl", json.dumps(row, ensure_ascii=False).encode("utf-8")
    text = _page(chance, lines) if kind == "html" else "\n".join(lines)
    content = text.encode(codec, "replace")
    return f"a.{kind}", content if chance.randrange(4) else damaged(chance, content)


def _lines(chance: Random) -> list[str]:
    lines = [_line(chance) for _ in range(chance.randint(0, _MAX_LINES))]
    copy = chance.choice(["none", "none", "after", "each", "joined"])
    if copy == "after":
        return lines + lines
    if copy == "each":
        return [line for line in lines for _ in range(2)]
    return [" ".join(lines + lines)] if copy == "joined" else lines


def _line(chance: Random) -> str:
    kind = chance.randrange(8)
    if kind < 4:
        return chance.choice(_LINES)
    if kind < 7:
        return chance.choice(_FURNITURE)
    tops = chance.choices([0x80, 0x800, 0xD800, 0x30000], k=chance.randint(0, 30))
    codes = (chance.randrange(top) for top in tops)
    return "".join(chr(code) for code in codes if not _SURROGATES[0] <= code < _SURROGATES[1])


def _page(chance: Random, lines: list[str]) -> str:
    address = f"https://a.example/{chance.randrange(10**6)}"
    head = f"<link rel=canonical href={address}><title>{_line(chance)}</title>"
    tags = [chance.choice(_TAGS) for _ in lines]
    closed = [f"</{tag.split()[0]}>" if chance.randrange(5) else "" for tag in tags]
    return head + "".join(
        f"<{tag}>{line}{end}" for tag, line, end in zip(tags, lines, closed, strict=True)
    )


def damaged(chance: Random, content: bytes) -> bytes:
    """Return the bytes, changed here and there."""
    for _ in range(chance.randint(0, 3)):
        place = chance.randint(0, len(content))
        length = chance.choice([0, 0, 1, 4, 50, 1000])
        drawn = bytes(chance.choices(range(256), k=chance.randint(0, 4)))
        new = drawn if chance.randrange(2) else chance.choice(_SIGNS)
        content = content[:place] + new + content[place + length :]
    return content
