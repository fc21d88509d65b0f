"""Make a source with personal data wherever a record can hold some, each piece another value."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tests.making.containers import response, zip_of
from tests.making.hostile_expectation import story

#: By place: an address, and numbers that are valid (a German line, and Visa's by Luhn's check).
PLACES = (
    "name", "folder", "member", "listed", "read", "field", "body", "dropped", "title", "author",
    "site", "id", "url", "query", "other", "heading", "byline", "canonical", "warc", "repeat",
)  # fmt: skip


def email(place: str) -> str:
    """Return the address that stands in a place."""
    return f"zq{place}@example.org"


def phone(place: str) -> str:
    """Return the number that stands in a place, without blanks."""
    return f"+492214709{100 + PLACES.index(place)}"


def card(place: str) -> str:
    """Return the card number that stands in a place."""
    digits = f"411111111111{100 + PLACES.index(place)}"
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[::-2])
    return f"{digits}{-(doubled + sum(map(int, digits[-2::-2]))) % 10}"


def all_of(place: str) -> str:
    """Return a text with everything that stands in a place."""
    return f"{email(place)}, {phone(place)}, {card(place)}"


def private_files() -> dict[str, bytes]:
    """Return the files by name."""
    body = story(1) + "\n" + f"Ask Angela Merkel in Berlin: {all_of('body')}. " + story(2)
    fields = {place: all_of(place) for place in ("title", "author", "site", "id", "other")}
    url = f"https://example.com/{phone('url')}/{email('url')}/{card('url')}"
    record = {**fields, "text": story(3), "url": url}
    query = "&".join(v.replace("@", "%40").replace("+", "%2B") for v in all_of("query").split(", "))
    page = (
        f"<html><head><title>{all_of('heading')}</title>"
        f"<meta name='author' content='{all_of('byline')}'>"
        f"<link rel='canonical' href='https://example.com/?q={email('canonical')}'></head>"
        f"<body><article><h1>{all_of('heading')}</h1><p>{story(4)}</p><p>{story(5)}</p></article>"
        "</body></html>"
    )
    return {
        f"{email('name')}_{phone('name')}_{card('name')}.txt": body.encode(),
        f"{email('folder')}/{phone('folder')}/{card('folder')}/a.txt": story(6).encode(),
        "box.zip": zip_of({f"{email('member')}/{phone('member')}.txt": story(7).encode()}),
        **{f"{email('listed')}.{kind}": b"x" for kind in ("png", "jpg")},
        f"{phone('read')}.zip": b"PK\x03\x04 broken",
        f"{phone('read')}.jsonl": b"{\n{\n",
        "fields.jsonl": _lines(
            {all_of("field")[:39]: 1}, record, {**record, "url": f"{url}?{query}"}
        ),
        "page.html": page.encode(),
        "pages.warc": response(f"https://example.com/?mail={email('warc')}", page),
        "repeat.txt": "\n".join([f"{all_of('repeat')} {story(8)}"] * 2 + [story(9)]).encode(),
        "rest.txt": f"{story(10)}\n\nContact us | {all_of('dropped')} | Share\n".encode(),
    }


def _lines(*records: Mapping[str, object]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def write_files(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write files into a folder, with the folders in their names, and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def leaks_in(text: str) -> set[str]:
    """Return which of the planted values a text holds, however they are written."""
    plain = text.casefold().replace("%40", "@").replace("%2b", "+")
    planted = {f"{make.__name__} {place}": make(place) for make in _MAKERS for place in PLACES}
    return {name for name, value in planted.items() if _core(value) in plain}


def _core(value: str) -> str:
    """Return the part of a value that gives it away."""
    return value.partition("@")[0] if "@" in value else value.removeprefix("+49")


_MAKERS = (email, phone, card)


def leaks_below(folder: Path) -> dict[str, set[str]]:
    """Return what the files below a folder hold, links followed, by the file's name in it."""
    found = {}
    for parent, _, names in os.walk(folder, followlinks=True):
        for path in (Path(parent) / name for name in names):
            name = str(path.relative_to(folder))
            found[name] = leaks_in(_text_of(path)) | leaks_in(name)
    return {name: values for name, values in sorted(found.items()) if values}


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(b"PAR1"):
        return json.dumps(
            pl.read_parquet(path, glob=False).to_dicts(), default=str, ensure_ascii=False
        )
    return content.decode("utf-8", errors="replace")
