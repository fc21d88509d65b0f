r"""Take personal data out of the addresses and names of records.

A name must stay one: what stood in it is replaced, and after `\~` stands what tells it from other
names, the record's `doc_id` or, where it has none, a number. No name that is as it came has `\~`
in it (`tasks.reading.records.printable_uri`).
"""

import re
import string
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote, unquote

import polars as pl

from tasks.clean.personal_data import Span, find_spans, redact
from tasks.clean.personal_data.patterns import without_overlaps
from tasks.settings.clean import PersonalDataKind

MARK = "\\~"
#: What an address may be written with besides letters and digits, to be read as it was.
_PLAIN = string.punctuation.replace("%", "")
Value = TypeVar("Value", str, None)
_PIECE = re.compile(r"[^/?&=#;_]+")


def redacted_text(text: Value, regions: Sequence[str], kinds: Sequence[PersonalDataKind]) -> Value:
    """Return a text, or None, with its personal data replaced by its kinds in brackets.

    Args:
        text: A title, a name, a message.
        regions: The countries that it may be of.
        kinds: What to look for.
    """
    if text is None:
        return text
    return redact(text, find_spans(text, regions, kinds, thorough=True))[0]


def redacted_address(address: Value, kinds: Sequence[PersonalDataKind]) -> Value:
    """Return an address, a name, or None, without personal data, even if it is percent-encoded.

    A telephone number counts with its country's code only: dates and ids of articles are numbers,
    too.
    """
    if address is None:
        return address
    spans, decoded = _spans(address, kinds), unquote(address)
    hidden = _spans(decoded, kinds) if decoded != address else []
    if len(hidden) > len(spans):
        return quote(redact(decoded, hidden)[0], safe=_PLAIN)
    return redact(address, spans)[0]


def _spans(address: str, kinds: Sequence[PersonalDataKind]) -> list[Span]:
    """Return the personal data in an address: in running text, no number stands beside a `/`."""
    within = (
        span._replace(start=span.start + piece.start(), end=span.end + piece.start())
        for piece in _PIECE.finditer(address)
        for span in find_spans(piece[0], (), kinds)
    )
    return without_overlaps([*find_spans(address, (), kinds), *within])


def redacted_names(
    names: pl.Series, doc_ids: pl.Series, kinds: Sequence[PersonalDataKind]
) -> pl.Series:
    """Return names of records without personal data, no two the same.

    Args:
        names: `source_uri`s, no two the same.
        doc_ids: The `doc_id` of each, or null: it is numbered among those that look like it, in
            the order of their names.
        kinds: What to look for.
    """
    seen: dict[str, int] = {}
    new: dict[str, str] = {}
    for name, doc_id in sorted(zip(names, doc_ids, strict=True)):
        redacted = redacted_address(name, kinds)
        if redacted != name:
            seen[redacted] = number = seen.get(redacted, 0) + 1
            redacted += f"{MARK}{doc_id or number}"
        new[name] = redacted
    return pl.Series(names.name, [new[name] for name in names], pl.String)
