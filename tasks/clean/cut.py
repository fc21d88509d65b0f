"""Cut plain text into segments: each line that is not blank, trimmed.

Every character that is not white space lies in exactly one segment, and
`text[start_char:end_char]` is the untouched slice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex
from ftfy.badness import is_bad

from tasks.clean.repair import has_visible_text, repaired
from tasks.clean.segment import Judgement, Segment, dropped

#: U+0085 is missing on purpose: in practice it is mojibake of an ellipsis, which ftfy mends.
_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1e\u2028\u2029]+")
_SPACES_OF_MOJIBAKE = "\xa0\x85"


def cut_text(text: str) -> list[Segment]:
    """Return the segments of a plain text, repaired, in order; none if it is blank."""
    segments, before = [], 0
    for start, end in _spans(text):
        segments.append(_segment(text, start, end, text[before:start]))
        before = end
    return segments


def cut_lines(lines: Sequence[str]) -> list[Segment]:
    """Return the segments of lines that a reader found in markup: repaired, without a place."""
    return [_blank_dropped(_mended_line(line)) for line in lines]


def _mended_line(line: str) -> Segment:
    mended = repaired(line)
    return Segment(mended, is_repaired=mended != line)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _LINE.finditer(text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            yield start, end + _mojibake_tail(text, end)


def _mojibake_tail(text: str, end: int) -> int:
    """Return 1 if the space after `end` is half of a broken letter: `Ã` and U+00A0 were `à`."""
    follows = text[end : end + 1]
    return int(follows != "" and follows in _SPACES_OF_MOJIBAKE and is_bad(text[end - 1 : end + 1]))


def _segment(text: str, start: int, end: int, space: str) -> Segment:
    raw = text[start:end]
    mended = repaired(raw)
    breaks = space.count("\n")
    indent = len(space) - space.rfind("\n") - 1
    gap = max(0, breaks - 1)
    segment = Segment(mended, start, end, indent=indent, gap=gap)
    if mended != raw:
        segment = replace(segment, is_repaired=True, raw=raw)
    return _blank_dropped(segment)


def _blank_dropped(segment: Segment) -> Segment:
    if has_visible_text(segment.text):
        return segment
    return dropped(segment, Judgement("blank"))
