"""Read the front matter of a text: the fields that Jekyll, Hugo, Hexo and Obsidian write above it.

YAML between two lines of `---`, or TOML between two of `+++`.
"""

import tomllib
from collections.abc import Mapping

import regex
import yaml

from tasks.reading.fields import Row, read_row
from tasks.reading.records import Record
from tasks.settings import IngestSettings

#: Longer ones are none: a few hundred characters are usual, and no reader of YAML should get more.
_MAX_CHARS = 16_384
_BLOCK = regex.compile(
    r"\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<fields>.*?\n)(?P=mark)[ \t]*(?:\r?\n|\Z)",
    regex.DOTALL,
)
#: What refers to another value could say it a million times.
_REFERENCE = regex.compile(r"[:,\[{-]\s*[&*]\w")
_FAILURES = (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError)


def with_front_matter(record: Record, settings: IngestSettings) -> Record:
    """Return a text without the fields above it, which become the record's; else as it is.

    A block of which no field is known, below which no text stands, or that cannot be read stays
    text.
    """
    block = _BLOCK.match(record.text, endpos=_MAX_CHARS)
    if block is None or not record.text[block.end() :].strip():
        return record
    body = record.text[block.end() :]
    row = Row(0, record.content, {**_fields(block), "text": body}, record.encoding)
    # Of a text file the text is what stands below, whatever field is named for tables.
    found = read_row(row, settings.model_copy(update={"text_field": "text"}))
    if not isinstance(found, Record) or not _is_told(found):
        return record
    return found._replace(
        number=record.number,
        text=body,
        is_markup=record.is_markup,
        replaced_chars=min(record.replaced_chars, body.count("\ufffd")),
    )


def _fields(block: "regex.Match[str]") -> Mapping[str, object]:
    """Return the fields of a block; none if it is not one of fields."""
    text = block["fields"]
    if _REFERENCE.search(text) is not None:
        return {}
    try:
        found = yaml.safe_load(text) if block["mark"] == "---" else tomllib.loads(text)
    except _FAILURES:
        return {}
    is_fields = isinstance(found, dict) and all(isinstance(name, str) for name in found)
    return found if is_fields else {}


def _is_told(record: Record) -> bool:
    return any((record.title, record.author, record.published_at, record.url))
