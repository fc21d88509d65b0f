"""Find the records within an object: programs answer with `{"status": "ok", "articles": [...]}`.

An object that has a text of its own is a record, whatever lists it has besides.
"""

from collections.abc import Iterator, Mapping

from tasks.reading.field_names import (
    DATE_NAMES,
    LANGUAGE_NAMES,
    LESSER_LIST_NAMES,
    LIST_NAMES,
    SITE_NAMES,
    TEXT_NAMES,
    TITLE_NAMES,
    URL_NAMES,
)
from tasks.reading.found_text import Fields, found_text, names_by_standard, standard, value_at
from tasks.settings import IngestSettings

#: Objects within one another that are looked into for a list: `data.articles.edges`.
_MAX_LEVELS = 4
#: A shorter text beside a list of records is a message of the program: `"message": "success"`.
_MIN_OWN_CHARS = 40
#: Records that are looked at to know a list.
_SAMPLE = 20
#: What a record has besides a text, and a hashtag, a label or a paragraph has not.
#: `data` is a date in four languages, but here rather what a part of a text holds.
_OF_RECORDS = {*TITLE_NAMES, *URL_NAMES, *DATE_NAMES} - {"data"}
_SHARED_NAMES = (*LANGUAGE_NAMES, *SITE_NAMES)


def records_within(fields: Fields, settings: IngestSettings) -> list[object] | None:
    """Return what the lists of records in an object hold, in order; None: it is a record itself.

    What the object says of language and site is said of each record that does not say it.
    """
    if not any(isinstance(value, list | dict) for value in fields.values()):
        return None
    if settings.records_field is not None:
        found = value_at(fields, settings.records_field.split("."))
        lists = [found] if isinstance(found, list) and found else []
    else:
        lists = [] if _has_own_text(fields, settings) else _record_lists(fields, settings)
    shared = _shared(fields) if lists else {}
    return [_with_shared(item, shared) for items in lists for item in items] or None


def _has_own_text(fields: Fields, settings: IngestSettings) -> bool:
    if settings.text_field is not None:
        return found_text(fields, settings) is not None
    names = names_by_standard(fields)
    values = (fields[names[known]] for known in TEXT_NAMES if known in names)
    return any(isinstance(value, str) and len(value) >= _MIN_OWN_CHARS for value in values)


def _record_lists(fields: Fields, settings: IngestSettings) -> list[list[object]]:
    """Return the lists under usual names; if there are none, those that look like records."""
    usual: list[list[object]] = []
    others: list[list[object]] = []
    for name, items in _lists({"": fields}, _MAX_LEVELS):
        sample = items[:_SAMPLE]
        has_text = any(found_text(item, settings) for item in sample if isinstance(item, Mapping))
        if name in LIST_NAMES and has_text:
            usual.append(items)
        elif has_text and all(map(_looks_like_record, sample)):
            (usual if name in LESSER_LIST_NAMES else others).append(items)
    return usual or others


def _lists(fields: Fields, levels: int) -> Iterator[tuple[str, list[object]]]:
    """Yield the lists in an object and in the objects within it, with their names."""
    for name, value in fields.items():
        if isinstance(value, list):
            yield standard(name), value
        elif isinstance(value, Mapping) and value and _is_by_number(value):
            yield standard(name), list(value.values())
        elif isinstance(value, Mapping) and levels:
            yield from _lists(value, levels - 1)


def _is_by_number(value: Fields) -> bool:
    """Tell whether an object is a list of objects by their numbers."""
    return all(name.isdigit() and isinstance(item, Mapping) for name, item in value.items())


def _looks_like_record(item: object) -> bool:
    """Tell whether an object, or one right in it, has a title, an address or a date."""
    if not isinstance(item, Mapping):
        return False
    around = [item, *(value for value in item.values() if isinstance(value, Mapping))]
    return any(_OF_RECORDS & names_by_standard(fields).keys() for fields in around)


def _shared(fields: Fields) -> dict[str, object]:
    names = names_by_standard(fields)
    shared = {known: fields[names[known]] for known in _SHARED_NAMES if known in names}
    if "jsonfeed" in str(fields.get("version")) and fields.get("title"):
        shared.setdefault("site", fields["title"])
    return {name: value for name, value in shared.items() if isinstance(value, str)}


def _with_shared(item: object, shared: Mapping[str, object]) -> object:
    if not isinstance(item, Mapping):
        return item
    known = names_by_standard(item)
    groups = [names for names in (LANGUAGE_NAMES, SITE_NAMES) if not set(names) & set(known)]
    missing = {name for names in groups for name in names}
    return {**{name: shared[name] for name in shared if name in missing}, **item}
