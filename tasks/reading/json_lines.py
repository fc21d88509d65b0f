"""Read JSON Lines and JSON: a line, the item of an array, or each value of a file is a record.

An object around a list of records is none (`tasks.reading.wrapped`). Blank lines are no records.
The values of a JSON file are cut out of the bytes before any is parsed, so that memory is bounded
by a record and a bad one costs itself; parsers of whole files (ijson) hold a string of any length.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice

from tasks.reading.content import Content
from tasks.reading.fields import Row, canonical_json, read_row
from tasks.reading.lines import Line, decoded_lines, text_chunks, text_lines
from tasks.reading.records import Flaw, ReadError, Record
from tasks.reading.wrapped import records_within
from tasks.settings import IngestSettings

# Deeper than any record of a person; a fixed limit far below Python's own, which depends on
# how deep the caller is.
_MAX_DEPTH = 100
#: How many bytes of a value that is no record are looked at together.
_COUNTED_BYTES = 1024
_STRUCTURE = re.compile(rb'["{}\[\],]')
_STRING_SIGN = re.compile(rb'["\\]')
_SPACE = b" \t\r\n"


def read_jsonl(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each line that is not blank, numbered as in the file.

    Raises:
        ReadError: The file cannot be read, or not further.
    """
    for line in text_lines(content, settings):
        if isinstance(line, Flaw):
            yield line
        elif line.text.strip():
            yield from read_object(line, settings)


def read_object(line: Line, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the record that a line, or another piece of JSON, holds, or what is wrong.

    Of an object that holds several each is numbered within it.
    """
    fields = _object(line)
    if isinstance(fields, Flaw):
        yield fields
        return
    items = records_within(fields, settings)
    if items is None:
        content = line.content.rstrip(b"\r\n")
        yield read_row(Row(line.number, content, fields, line.encoding), settings)
        return
    for inner, item in enumerate(items, 1):
        yield _inner_record(line, item, settings)._replace(inner=inner)


def _inner_record(line: Line, item: object, settings: IngestSettings) -> Record | Flaw:
    if not isinstance(item, dict):
        return _no_object(line, item)
    content = canonical_json(item).encode()
    return read_row(Row(line.number, content, item, line.encoding), settings)


def _object(line: Line) -> dict[str, object] | Flaw:
    """Return the object that a line holds, or what is wrong with it."""
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
        return _no_object(line, fields)
    if _is_deep(line.text) and _depth(fields) > _MAX_DEPTH:
        return _too_deep(line)
    return fields


def _no_object(line: Line, value: object) -> Flaw:
    return Flaw(line.number, "malformed_record", f"a JSON {_kind(value)}, not an object")


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


def read_json(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each item of the array, or for each value of the file.

    Of a file that is one object around records, these are the items.

    Raises:
        ReadError: truncated: it ends within a value; as `text_chunks`.
    """
    chunks, encoding = text_chunks(content, settings)
    values = _cut(_Values(settings.max_record_bytes), chunks)
    for value, is_only in _with_company(decoded_lines(values, encoding, settings)):
        items = iter([value]) if isinstance(value, Flaw) else read_object(value, settings)
        for item in items:
            is_inner = is_only and item.inner is not None
            yield item._replace(number=item.inner, inner=None) if is_inner else item


def _with_company(values: Iterator[Line | Flaw]) -> Iterator[tuple[Line | Flaw, bool]]:
    """Yield each value of a file, and whether it is the only one."""
    for first in islice(values, 1):
        failures: list[ReadError] = []
        others: list[Line | Flaw] = []
        try:
            others.extend(islice(values, 1))
        except ReadError as failure:
            failures.append(failure)
        yield first, not others and not failures
        yield from ((other, False) for other in others)
        if failures:
            raise failures[0]
    yield from ((value, False) for value in values)


def _cut(values: "_Values", chunks: Iterator[bytes]) -> Iterator[bytes | None]:
    for chunk in chunks:
        yield from values.cut(chunk)
    yield from values.end()


class _Values:
    """Cuts bytes into values: of an array, if they begin with one; None: one too large."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pending = bytearray()
        self._value_bytes = 0
        self._depth = 0
        self._base: int | None = None  # the depth at which values stand; None: not known yet
        self._in_string = False
        self._escaped = False

    def cut(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield the values that end in the chunk."""
        begin = position = 0
        if self._escaped:  # the chunk before ended with a backslash in a string
            position, self._escaped = 1, False
        while (sign := self._next_sign(chunk, self._after_lost(chunk, position))) is not None:
            position = sign + 1
            if self._in_string:
                position = self._leave_string(chunk, sign)
                continue
            ends_before, ends_after = self._count(chunk[sign : sign + 1], chunk[begin:sign])
            if ends_before or ends_after:
                self._keep(chunk[begin : sign + ends_after])
                yield from self._taken()
                begin = sign + 1
        self._keep(chunk[begin:])

    def end(self) -> Iterator[bytes | None]:
        """Yield what is left; an array that is not closed is truncated.

        Raises:
            ReadError: truncated.
        """
        yield from self._taken()
        if self._depth or self._in_string:
            raise ReadError("truncated", "the JSON text ends within a value")

    def _after_lost(self, chunk: bytes, position: int) -> int:
        """Return where to go on in a value that is no record any more.

        Signs outside of strings are counted by the kilobyte where they cannot end the value: 64 MB
        of brackets, which a kilobyte of bzip2 holds, would take a minute one by one.
        """
        is_lost = self._depth > _MAX_DEPTH or self._value_bytes > self._max_bytes
        while is_lost and not self._in_string and self._base is not None and position < len(chunk):
            window = chunk[position : position + _COUNTED_BYTES].partition(b'"')[0]
            opened = window.count(b"{") + window.count(b"[")
            closed = window.count(b"}") + window.count(b"]")
            if not window or self._depth - closed <= self._base:
                break
            self._depth += opened - closed
            position += len(window)
        return position

    def _next_sign(self, chunk: bytes, position: int) -> int | None:
        found = (_STRING_SIGN if self._in_string else _STRUCTURE).search(chunk, position)
        return found.start() if found else None

    def _leave_string(self, chunk: bytes, sign: int) -> int:
        """Return where to go on after a quote, or after a backslash and what it escapes."""
        if chunk[sign : sign + 1] == b'"':
            self._in_string = False
            return sign + 1
        self._escaped = sign + 1 == len(chunk)
        return sign + 2

    def _count(self, sign: bytes, before: bytes) -> tuple[bool, bool]:
        """Take note of a sign; tell whether a value ends before it, or with it."""
        if self._base is None:
            is_array = sign == b"[" and not (self._pending + before).strip(_SPACE)
            self._base = 1 if is_array else 0
            if is_array:
                self._depth = 1
                return True, False
        if sign == b'"':
            self._in_string = True
        elif sign in b"{[":
            self._depth += 1
        elif sign in b"}]":
            self._depth = max(0, self._depth - 1)
            return self._depth < self._base, self._depth == self._base == 0
        return sign == b"," and self._depth == self._base, False

    def _keep(self, data: bytes) -> None:
        self._value_bytes += len(data)
        if self._value_bytes <= self._max_bytes:
            self._pending += data

    def _taken(self) -> Iterator[bytes | None]:
        is_large = self._value_bytes > self._max_bytes
        value = bytes(self._pending).strip(_SPACE)
        self._pending.clear()
        self._value_bytes = 0
        if is_large or value:
            yield None if is_large else value
