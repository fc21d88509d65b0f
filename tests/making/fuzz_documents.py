"""Real documents in every format, damaged by chance: in their text, in their fields, in their bytes."""

import io
import json
from collections.abc import Callable, Sequence
from random import Random

import pyarrow as pa
from pyarrow import parquet

from tests.making.containers import response, tar_of, zip_of
from tests.making.fuzz_files import damaged
from tests.making.release_breakers import BLANK_LINES, DATES, ODD_WORDS, TAGS

#: Characters that are put into a text, one after another or far apart.
_INTRUDERS = (
    "\0", "\x1b[31m", "\ufeff", "\ufffd", "\u202e", "\u200d", "\u0301", "\n", "\r", "\x0c", "\x85", "\u2028",
    "\xa0", "&nbsp;", "&#x1b;", "<", ">", "</p>", "<!--", "]]>", '"', "\\", "\ud83d", "\U000e0041", "Ã©",
    "😀", "9" * 30, "(" * 40, "@", "http://", "\t", "=", ",", ";", "…", "«", "ｱ", "ﬀ", "\ue000", "\u0378",
)  # fmt: skip
Fields = dict[str, object]


def damaged_document(chance: Random, texts: Sequence[str]) -> tuple[str, bytes]:
    """Return a suffix and the bytes of a file of one to three documents."""
    rows = [_fields(chance, _damaged_text(chance, chance.choice(texts))) for _ in range(3)]
    suffix = chance.choice(sorted(_PACKED))
    content = _PACKED[suffix](rows[: chance.randint(1, 3)])
    return suffix, content if chance.randrange(3) else damaged(chance, content)


def _damaged_text(chance: Random, text: str) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(lines) + 1)
        lines[place:place] = chance.choices(BLANK_LINES, k=chance.randint(1, 3))
    for _ in range(chance.randint(0, 12)):
        place = chance.randrange(len(lines))
        within = chance.randint(0, len(lines[place]))
        new = chance.choice(_INTRUDERS) * chance.choice([1, 1, 1, 2, 50])
        lines[place] = lines[place][:within] + new + lines[place][within:]
    first, last = sorted((chance.randrange(len(lines)), chance.randrange(len(lines))))
    kept = lines if chance.randrange(3) else lines[first : last + 1]
    return "\n".join(kept * chance.choice([1, 1, 1, 1, 2, 3]))


def _fields(chance: Random, text: str) -> Fields:
    fields: Fields = {
        "text": text,
        "title": chance.choice([text[:60], *ODD_WORDS]),
        "url": chance.choice(["https://a.example/1", *ODD_WORDS]),
        "author": chance.choice(["Ann Lee", *ODD_WORDS]),
        "date": chance.choice(DATES),
        "lang": chance.choice(TAGS),
        "id": chance.choice([1, -1, "a", *ODD_WORDS]),
    }
    names = chance.sample(sorted(fields), chance.randint(0, len(fields)))
    return {name: fields[name] for name in ("text", *names)}


def _text(rows: Sequence[Fields]) -> bytes:
    return "\n".join(str(row["text"]) for row in rows).encode(errors="replace")


def _page(fields: Fields) -> str:
    shown = {name: str(value).replace("'", "") for name, value in fields.items()}
    paragraphs = "".join(f"<p>{line}</p>" for line in shown["text"].split("\n"))
    return (
        f"<html lang='{shown.get('lang', '')}'><head><title>{shown.get('title', '')}</title>"
        f"<link rel='canonical' href='{shown.get('url', '')}'>"
        f"<meta name='author' content='{shown.get('author', '')}'>"
        f"<meta property='article:published_time' content='{shown.get('date', '')}'></head>"
        f"<body><nav>Home | News</nav><article>{paragraphs}</article></body></html>"
    )


def _html(rows: Sequence[Fields]) -> bytes:
    return _page(rows[0]).encode(errors="replace")


def _json_lines(rows: Sequence[Fields]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _csv(rows: Sequence[Fields]) -> bytes:
    names = sorted({name for row in rows for name in row})
    cells = [[f'"{row.get(name, "")}"' for name in names] for row in rows]
    return "\n".join(",".join(line) for line in [names, *cells]).encode(errors="replace")


def _parquet(rows: Sequence[Fields]) -> bytes:
    names = sorted({name for row in rows for name in row})
    columns = {
        name: [str(row.get(name)).encode(errors="replace").decode() for row in rows]
        for name in names
    }
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def _warc(rows: Sequence[Fields]) -> bytes:
    pages = (_page(row).encode(errors="replace").decode() for row in rows)
    return b"".join(response(f"http://a.example/{n}", page) for n, page in enumerate(pages))


def _feed(rows: Sequence[Fields]) -> bytes:
    items = "".join(
        f"<item><title>{row.get('title')}</title><pubDate>{row.get('date')}</pubDate>"
        f"<description><![CDATA[{row['text']}]]></description></item>"
        for row in rows
    )
    return f"<rss><channel>{items}</channel></rss>".encode(errors="replace")


def _members(rows: Sequence[Fields]) -> dict[str, bytes]:
    return {"a.txt": _text(rows), "b.html": _html(rows), "c.jsonl": _json_lines(rows)}


_PACKED: dict[str, Callable[[Sequence[Fields]], bytes]] = {
    ".txt": _text,
    ".html": _html,
    ".jsonl": _json_lines,
    ".json": lambda rows: json.dumps(rows).encode(),
    ".csv": _csv,
    ".parquet": _parquet,
    ".warc": _warc,
    ".xml": _feed,
    ".zip": lambda rows: zip_of(_members(rows)),
    ".tar": lambda rows: tar_of(_members(rows)),
}
