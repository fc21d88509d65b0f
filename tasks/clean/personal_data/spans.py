"""What all searches for personal data share: spans, and texts in which digits are ASCII."""

from collections.abc import Iterable
from typing import NamedTuple

from tasks.writing.digits import with_ascii_digits

#: Fullwidth forms and dashes that stand between digits, as the character they stand for.
_SAME = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "‐‑‒–−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
}


class Span(NamedTuple):
    """A piece of personal data: where in the text, of which kind, and what it tells of it."""

    start: int
    end: int
    kind: str
    detail: str | None


def plain_digits(text: str) -> str:
    """Return the text with ASCII digits, hyphens and blanks; every character keeps its place."""
    return text if text.isascii() else with_ascii_digits(text.translate(_SAME))


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, of those that overlap the first in the given order."""
    taken: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return sorted(taken)
