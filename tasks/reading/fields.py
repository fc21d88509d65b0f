"""Make a record of fields: its text, id, address, title, dates and so on; the rest as JSON."""

import base64
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from tasks.reading.dates import parse_date
from tasks.reading.encodings import decode, without_surrogates
from tasks.reading.field_names import (
    AUTHOR_NAMES,
    DATE_NAMES,
    FETCH_NAMES,
    ID_NAMES,
    INNER_TEXT_NAMES,
    LANGUAGE_NAMES,
    SITE_NAMES,
    TITLE_NAMES,
    URL_NAMES,
)
from tasks.reading.found_text import FoundText, found_text, known_fields, names_by_standard
from tasks.reading.markup import is_fragment, is_markup_document, plain_line, unescaped_fragment
from tasks.reading.records import Encoding, Flaw, ReadError, Record
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A record of a container: its fields by name, its bytes, and how these were decoded."""

    number: int
    content: bytes
    fields: Mapping[str, object]
    encoding: Encoding


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
    """Make a record of a row, or say why there is none: empty, no_text_field and so on."""
    if len(row.fields) > settings.max_record_fields:
        detail = f"{len(row.fields)} fields, more than {settings.max_record_fields}"
        return Flaw(row.number, "too_large", detail)
    found = found_text(row.fields, settings)
    if found is None:
        return Flaw(row.number, "no_text_field", _field_list(row.fields))
    try:
        raw_text, encoding = _decoded(found.value, row, settings)
    except ReadError as failure:
        return Flaw(row.number, failure.reason, failure.detail)
    if not raw_text.strip():
        return Flaw(row.number, "empty", f"the field {_shown('.'.join(found.path))}")
    return _record(row, found, raw_text, encoding)


def _decoded(value: str | bytes, row: Row, settings: IngestSettings) -> tuple[str, Encoding]:
    return decode(value, (), settings) if isinstance(value, bytes) else (value, row.encoding)


def _record(row: Row, found: FoundText, raw_text: str, encoding: Encoding) -> Record:
    others = _Others(row.fields, found.path)
    text, replaced_chars = without_surrogates(raw_text)
    is_markup = found.is_markup or is_markup_document(text) or is_fragment(text)
    unescaped = None if is_markup else unescaped_fragment(text)
    record = Record(
        number=row.number,
        content=row.content,
        text=unescaped or text,
        is_markup=is_markup or unescaped is not None,
        encoding=encoding,
        replaced_chars=replaced_chars,
        source_id=others.first(ID_NAMES, _identifier),
        url=others.first(URL_NAMES, _string),
        title=others.first(TITLE_NAMES, _line),
        author=others.first(AUTHOR_NAMES, _people),
        site=others.first(SITE_NAMES, _line),
        published_at=others.first(DATE_NAMES, parse_date),
        fetched_at=others.first(FETCH_NAMES, parse_date),
        declared_language=others.first(LANGUAGE_NAMES, language_tag),
    )
    rest = others.rest()
    return record._replace(record_fields=canonical_json(rest) if rest else None)


class _Others:
    """The fields of a record but for its text: those beside it first, then those around."""

    def __init__(self, fields: Mapping[str, object], path: Sequence[str]) -> None:
        """Hold the fields of each object on the way to the text, the innermost first."""
        self._path = path
        self._levels: list[dict[str, object]] = []
        inner: object = fields
        for name in path:
            if not isinstance(inner, Mapping):
                break
            self._levels.insert(0, {key: inner[key] for key in inner if key != name})
            inner = inner[name]
        self._taken: set[tuple[int, str]] = set()

    def first(self, known_names: tuple[str, ...], parsed: Callable[[object], T | None]) -> T | None:
        """Return the first known field that has a value of the kind, and take it."""
        for number, level in enumerate(self._levels):
            for name in known_fields(level, known_names):
                value = parsed(level[name])
                if value is not None:
                    self._taken.add((number, name))
                    return value
        return None

    def rest(self) -> dict[str, object]:
        """Return what was not taken, where it stood."""
        rest: dict[str, object] = {}
        for number, level in enumerate(self._levels):
            around = {
                name: value for name, value in level.items() if (number, name) not in self._taken
            }
            name = self._path[len(self._levels) - 1 - number] if number else ""
            rest = {**around, name: rest} if rest else around
        return rest


def require_few_fields(count: int, settings: IngestSettings) -> None:
    """Refuse a table of more columns than a record may have fields.

    Raises:
        ReadError: too_large.
    """
    if count > settings.max_record_fields:
        raise ReadError("too_large", f"{count} columns, more than {settings.max_record_fields}")


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names of columns, a repeated one with its position, so that none is lost."""
    unique: dict[str, None] = {}  # a list would be looked through for each name
    for position, original in enumerate(names, 1):
        name = original
        while name in unique:
            name = f"{name}_{position}"
        unique[name] = None
    return list(unique)


def _shown(name: str) -> str:
    return without_surrogates(name[:40])[0]


def _field_list(fields: Mapping[str, object]) -> str:
    names = sorted(_shown(name) for name in fields)
    return "its fields: " + (", ".join(names[:20]) or "none")


def _string(value: object) -> str | None:
    text = without_surrogates(value.strip())[0] if isinstance(value, str) else ""
    return text or None


def _line(value: object) -> str | None:
    """Return a title or a name without tags and entities; of an object, what it says."""
    if isinstance(value, Mapping):
        names = names_by_standard(value)
        inner = (
            value[names[known]]
            for known in (*INNER_TEXT_NAMES, "main", "original", "name")
            if known in names
        )
        return next((line for line in map(_line, inner) if line), None)
    return _string(plain_line(value)) if isinstance(value, str) else None


def _people(value: object) -> str | None:
    """Return a name, or the names of a list joined by `; `."""
    if not isinstance(value, list):
        return _line(value)
    names = [_line(item) for item in value if item != ""]
    known = [name for name in names if name]
    return "; ".join(known) if known and len(known) == len(names) else None


def _identifier(value: object) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value)
