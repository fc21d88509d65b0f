"""Reader of JSON Lines: one JSON object per line; blank lines are no records."""

import json
from collections.abc import Iterator

from tasks.reading.content import Content
from tasks.reading.fields import Row, read_row
from tasks.reading.lines import Line, text_lines
from tasks.reading.records import Flaw, Record
from tasks.settings import IngestSettings

# Deeper than any record of a person; a fixed limit far below Python's own, which depends on
# how deep the caller is.
_MAX_DEPTH = 100


def read_jsonl(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each line that is not blank, numbered as in the file.

    Raises:
        ReadError: The file cannot be read, or not further.
    """
    for line in text_lines(content, settings):
        if isinstance(line, Flaw):
            yield line
        elif line.text.strip():
            yield read_object(line, settings)


def read_object(line: Line, settings: IngestSettings) -> Record | Flaw:
    """Return the record that a line, or another piece of JSON, holds, or what is wrong."""
    try:
        # strict=False: control characters in strings, NUL too, are no reason to lose a record.
        # A byte order mark begins each part of a file that was put together from several.
        fields = json.loads(line.text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError as error:
        return Flaw(line.number, "malformed_record", f"{error.msg} at column {error.colno}")
    except ValueError:
        return Flaw(line.number, "malformed_record", "a number of too many digits")
    except RecursionError:
        return _too_deep(line)
    if not isinstance(fields, dict):
        return Flaw(line.number, "malformed_record", f"a JSON {_kind(fields)}, not an object")
    if _is_deep(line.text) and _depth(fields) > _MAX_DEPTH:
        return _too_deep(line)
    content = line.content.rstrip(b"\r\n")
    return read_row(Row(line.number, content, fields, line.encoding), settings)


def _too_deep(line: Line) -> Flaw:
    return Flaw(line.number, "malformed_record", f"nested more than {_MAX_DEPTH} deep")


def _is_deep(text: str) -> bool:
    return text.count("{") + text.count("[") > _MAX_DEPTH


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [inner for outer in level for inner in _children(outer)]
    return depth - 1


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _kind(value: object) -> str:
    kinds = {str: "string", bool: "boolean", list: "list", type(None): "null"}
    return kinds.get(type(value), "number")
