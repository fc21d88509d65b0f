"""Find the text, the id, the address, the title, the dates and so on among a record's fields.

Names are compared without case, `_`, `-`, `.`, `@` and spaces: `pubDate` is `pub_date`.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeVar

from tasks.reading.dates import parse_date
from tasks.reading.encodings import decode, without_surrogates
from tasks.reading.records import Encoding, Flaw, ReadError, Record
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

#: Names of fields, the most telling first: those of corpora (C4, OSCAR, CC-News), of feeds and of
#: schema.org. `description` and `summary` are not the text; `name` and `created` mean too much.
TEXT_NAMES = (  # noqa: SIM905
    "text content body html rawhtml rawcontent article message fulltext plaintext maintext "
    "articletext articlebody bodytext pagecontent contenthtml bodyhtml"
).split()
MARKUP_NAMES = {"html", "rawhtml", "contenthtml", "bodyhtml"}
ID_NAMES = (  # noqa: SIM905
    "id docid documentid articleid uuid guid sourceid recordid uid identifier"
).split()
URL_NAMES = (  # noqa: SIM905
    "url link uri sourceurl pageurl articleurl canonicalurl weburl permalink href warctargeturi"
).split()
TITLE_NAMES = ["title", "headline", "heading", "articletitle", "pagetitle"]
DATE_NAMES = (  # noqa: SIM905
    "publishedat published datepublished publicationdate publishdate pubdate publishedon "
    "publishedtime date datetime timestamp"
).split()

FETCH_NAMES = (  # noqa: SIM905
    "fetchedat crawledat retrievedat fetchdate crawldate datedownload downloadedat warcdate"
).split()
AUTHOR_NAMES = "author authors byline creator dccreator".split()  # noqa: SIM905
SITE_NAMES = "site sitename website publisher".split()  # noqa: SIM905
LANGUAGE_NAMES = "language lang languagecode inlanguage".split()  # noqa: SIM905

_MARKUP = re.compile(r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.I)
T = TypeVar("T")
_SEPARATORS = str.maketrans("", "", "_-.@ ")


@dataclass(frozen=True)
class Row:
    """A record of a container: its fields by name, its bytes, and how these were decoded."""

    number: int
    content: bytes
    fields: Mapping[str, object]
    encoding: Encoding


def is_markup_document(text: str) -> bool:
    """Tell whether a text is evidently an HTML document: it begins like one."""
    return _MARKUP.match(text) is not None


def canonical_json(value: object) -> str:
    """Return a value as JSON: keys sorted, no spaces, U+FFFD for lone surrogates.

    NaN and infinity, which JSON does not have, become strings; bytes become base64.
    """
    try:
        text = _dumps(value)
    except ValueError:
        text = _dumps(_finite(value))
    return without_surrogates(text)[0]


def _dumps(value: object) -> str:
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=_plain,
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)  # Decimal, UUID, timedelta: what else Arrow has


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def read_row(row: Row, settings: IngestSettings) -> Record | Flaw:
    """Make a record of a row, or say why there is none: empty, no_text_field, undecodable."""
    names = _names_by_standard(row.fields)
    text_name = _text_name(row.fields, names, settings)
    if text_name is None:
        return Flaw(row.number, "no_text_field", _field_list(row.fields))
    try:
        raw_text, encoding = _decoded_field(row, text_name, settings)
    except ReadError as failure:
        return Flaw(row.number, failure.reason, failure.detail)
    if not raw_text.strip():
        return Flaw(row.number, "empty", f"the field {_shown(text_name)}")
    return _record(row, text_name, raw_text, encoding, names)


def _record(
    row: Row, text_name: str, raw_text: str, encoding: Encoding, names: Mapping[str, str]
) -> Record:
    others = {name: value for name, value in row.fields.items() if name != text_name}
    taken: set[str | None] = set()

    def first(known_names: list[str], parsed: Callable[[object], T | None]) -> T | None:
        name, value = _first(others, names, known_names, parsed)
        taken.add(name)
        return value

    text, replaced_chars = without_surrogates(raw_text)
    record = Record(
        number=row.number,
        content=row.content,
        text=text,
        is_markup=_standard(text_name) in MARKUP_NAMES or is_markup_document(text),
        encoding=encoding,
        replaced_chars=replaced_chars,
        source_id=first(ID_NAMES, _identifier),
        url=first(URL_NAMES, _string),
        title=first(TITLE_NAMES, _string),
        author=first(AUTHOR_NAMES, _names),
        site=first(SITE_NAMES, _string),
        published_at=first(DATE_NAMES, parse_date),
        fetched_at=first(FETCH_NAMES, parse_date),
        declared_language=first(LANGUAGE_NAMES, language_tag),
    )
    rest = {name: value for name, value in others.items() if name not in taken}
    return record._replace(record_fields=canonical_json(rest) if rest else None)


def _first(
    fields: Mapping[str, object],
    names: Mapping[str, str],
    known_names: list[str],
    parsed: Callable[[object], T | None],
) -> tuple[str | None, T | None]:
    """Return the first known field that has a value of the kind, and the value."""
    for known in known_names:
        name = names.get(known, "")
        value = parsed(fields[name]) if name in fields else None
        if value is not None:
            return name, value
    return None, None


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names of columns, a repeated one with its position, so that none is lost."""
    unique: list[str] = []
    for position, name in enumerate(names, 1):
        unique.append(f"{name}_{position}" if name in unique else name)
    return unique


@lru_cache(maxsize=4096)
def _standard(name: str) -> str:
    return name.casefold().translate(_SEPARATORS)


def _names_by_standard(fields: Mapping[str, object]) -> dict[str, str]:
    """Return the first field of each standard name."""
    names: dict[str, str] = {}
    for name in fields:
        names.setdefault(_standard(name), name)
    return names


def _text_name(
    fields: Mapping[str, object], names: Mapping[str, str], settings: IngestSettings
) -> str | None:
    """Return the name of the first text field with text, or else of the first text field."""
    if settings.text_field is not None:
        candidates = [settings.text_field] if settings.text_field in fields else []
    else:
        candidates = [names[known] for known in TEXT_NAMES if known in names]
    textual = [name for name in candidates if isinstance(fields[name], str | bytes)]
    filled = [name for name in textual if fields[name].strip()]  # type: ignore[attr-defined]
    return next(iter(filled or textual), None)


def _decoded_field(row: Row, name: str, settings: IngestSettings) -> tuple[str, Encoding]:
    value = row.fields[name]
    return decode(value, (), settings) if isinstance(value, bytes) else (str(value), row.encoding)


def _shown(name: str) -> str:
    return without_surrogates(name[:40])[0]


def _field_list(fields: Mapping[str, object]) -> str:
    names = sorted(_shown(name) for name in fields)
    return "its fields: " + (", ".join(names[:20]) or "none")


def _string(value: object) -> str | None:
    text = without_surrogates(value.strip())[0] if isinstance(value, str) else ""
    return text or None


def _names(value: object) -> str | None:
    """Return a name, or a list of names joined by `; `."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return _string("; ".join(name.strip() for name in value if name.strip()))
    return _string(value)


def _identifier(value: object) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value)
