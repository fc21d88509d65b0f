"""Find where a record's text stands among its fields: at the top, in an object, or in a list.

`article.body`, `content.rendered` and a list of paragraphs are texts like any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tasks.reading.field_names import (
    INNER_TEXT_NAMES,
    LESSER_TEXT_NAMES,
    MARKUP_NAMES,
    RECORD_NAMES,
    TEXT_NAMES,
)
from tasks.settings import IngestSettings

Fields = Mapping[str, object]

#: Objects within one another that are looked into for a text: an answer's data's attributes.
_MAX_LEVELS = 3
#: Records of more fields, or with a longer name, are looked through each time: what is remembered
#: is small whatever comes.
_MAX_REMEMBERED, _MAX_REMEMBERED_CHARS = 64, 100
#: With the point that is left of a Turkish `İ` when its case is folded.
_SEPARATORS = str.maketrans("", "", "_-.@ \u0307")


@dataclass(frozen=True)
class FoundText:
    """The text of a record.

    Attributes:
        path: Names of the fields that lead to it, from the top.
        value: The text; bytes are still to be decoded.
        is_markup: Whether a name on the path says that it is HTML.
    """

    path: tuple[str, ...]
    value: str | bytes
    is_markup: bool

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but white space."""
        return not self.value.strip()


def standard(name: str) -> str:
    """Return a field's name as names are compared."""
    return _short_standard(name) if len(name) <= _MAX_REMEMBERED_CHARS else _standard(name)


def _standard(name: str) -> str:
    return name.casefold().translate(_SEPARATORS)


_short_standard = lru_cache(maxsize=4096)(_standard)


def names_by_standard(fields: Fields) -> dict[str, str]:
    """Return the first field of each standard name."""
    names: dict[str, str] = {}
    for name in fields:
        names.setdefault(standard(name), name)
    return names


def known_fields(fields: Fields, known_names: tuple[str, ...]) -> Sequence[str]:
    """Return the fields that have a known name, the most telling first.

    Records of a file mostly have the same fields: those of few are remembered.
    """
    if len(fields) > _MAX_REMEMBERED or max(map(len, fields), default=0) > _MAX_REMEMBERED_CHARS:
        return _known(tuple(fields), known_names)
    return _remembered(tuple(fields), known_names)


def _known(names: tuple[str, ...], known_names: tuple[str, ...]) -> Sequence[str]:
    by_standard = names_by_standard(dict.fromkeys(names))
    return [by_standard[known] for known in known_names if known in by_standard]


_remembered = lru_cache(maxsize=512)(_known)


def found_text(fields: Fields, settings: IngestSettings) -> FoundText | None:
    """Return the first text of a record that is not blank, else the first blank one, or None."""
    is_named = settings.text_field is not None
    candidates = _named(fields, settings) if is_named else _usual(fields, _MAX_LEVELS)
    blank = None
    for found in candidates:
        if not found.is_blank:
            return found
        blank = blank or found
    return blank


def _named(fields: Fields, settings: IngestSettings) -> Iterator[FoundText]:
    """Yield the texts under the names that the settings give, which may be dotted paths."""
    named = settings.text_field or ()
    for name in (named,) if isinstance(named, str) else named:
        path = (name,) if name in fields else tuple(name.split("."))
        value = _value(value_at(fields, path))
        if value is not None:
            yield FoundText(path, value, standard(path[-1]) in MARKUP_NAMES)


def value_at(value: object, path: Sequence[str]) -> object:
    """Return what stands at the end of a path; of a list on the way, of each item; else None."""
    if not path:
        return value
    if isinstance(value, Mapping):
        return value_at(value.get(path[0]), path[1:])
    if isinstance(value, list):
        return [value_at(item, path) for item in value]
    return None


def _usual(fields: Fields, levels: int) -> Iterator[FoundText]:
    """Yield the texts under usual names: at the top, within objects, then what is less telling."""
    for known_names in (TEXT_NAMES, LESSER_TEXT_NAMES):
        yield from _on_levels(fields, known_names, levels)


def _on_levels(fields: Fields, known_names: tuple[str, ...], levels: int) -> Iterator[FoundText]:
    yield from _under(fields, known_fields(fields, known_names))
    for name in known_fields(fields, RECORD_NAMES) if levels > 1 else ():
        inner = fields[name]
        if isinstance(inner, Mapping):
            for found in _on_levels(inner, known_names, levels - 1):
                yield FoundText((name, *found.path), found.value, found.is_markup)


def _under(fields: Fields, present: Sequence[str]) -> Iterator[FoundText]:
    for name in present:
        value = fields[name]
        if isinstance(value, str | bytes):
            yield FoundText((name,), value, standard(name) in MARKUP_NAMES)
    for name in present:
        value = fields[name]
        if isinstance(value, Mapping):
            yield from _inner(name, value)
        elif isinstance(value, list) and (text := _joined(value)) is not None:
            yield FoundText((name,), text, is_markup=False)


def _inner(name: str, value: Fields) -> Iterator[FoundText]:
    """Yield the text of an object that is a text with something said of it."""
    names = names_by_standard(value)
    for known in INNER_TEXT_NAMES:
        text = _text_of(value[names[known]]) if known in names else None
        if text is not None:
            yield FoundText((name, names[known]), text, known in MARKUP_NAMES)


def _value(value: object) -> str | bytes | None:
    if isinstance(value, Mapping):
        return next((found.value for found in _inner("", value)), None)
    return _text_of(value)


def _text_of(value: object) -> str | bytes | None:
    if isinstance(value, list):
        return _joined(value)
    return value if isinstance(value, str | bytes) else None


def _joined(items: list[object]) -> str | None:
    """Return a list of paragraphs as lines, or of pieces as one; None: it holds something else."""
    texts = [_piece(item) for item in items]
    pieces = [text for text in texts if text is not None]
    if not pieces or len(pieces) < len(texts):
        return None
    is_one_line = len({isinstance(item, str) for item in items}) > 1
    return ("" if is_one_line else "\n").join(pieces)


def _piece(item: object) -> str | None:
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    inner = _value(item)
    if inner is None and isinstance(data := item.get("data"), Mapping):  # Editor.js
        inner = _value(data)
    return inner if isinstance(inner, str) else None
