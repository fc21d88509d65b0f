"""What a model marked, without the white space and punctuation around the name."""

import regex

from tasks.mentions.entity_model import Span

#: White space, punctuation, controls, joiners and pictures; `.` and `&` may be part of a name.
_LEADING = regex.compile(r"[\s\p{P}\p{C}\p{M}\p{So}--[&]]*+", regex.VERSION1)
_TRAILING = regex.compile(r"(?r)[\s\p{P}\p{C}\p{So}\uFE0F--[.&]]*+", regex.VERSION1)
_NAMING = regex.compile(r"[\p{L}\p{N}]")
_BRACKETS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“", "）": "（", "」": "「", "』": "『"}


def trimmed(text: str, span: Span) -> Span | None:
    """Return a span without what stands around the name; None if no letter or digit is left.

    A bracket is kept at the end if the name opens it: `Bank (UK)`.
    """
    leading = _LEADING.match(text, span.start, span.end)
    start = leading.end() if leading else span.start
    end = _end_of_name(text, start, span.end)
    return Span(start, end, span.label) if _NAMING.search(text, start, end) else None


def _end_of_name(text: str, start: int, end: int) -> int:
    trailing = _TRAILING.match(text, start, end)
    bare_end = trailing.start() if trailing else end
    closing = text[bare_end : bare_end + 1] if bare_end < end else ""
    opening = _BRACKETS.get(closing)
    return bare_end + 1 if opening and opening in text[start:bare_end] else bare_end


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Return spans sorted by place; of overlapping ones the first, of equal starts the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, span.label)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
