"""Find the headline of a plain text, and the byline and date beside it.

A text that was copied or flattened from a page has its headline above its body, often among menus,
buttons and captions. A small network compares the lines there that may be it, and says which of
them is, or that none is (`headline_lines`). Weights: `headline_model.json`, written by
`python -m training.train_headline`.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex

from tasks.clean.headline_lines import Above, choices, features_above, is_worded, lines_above
from tasks.clean.line_features import Matrix
from tasks.clean.segment import Segment
from tasks.pages.bylines import (
    CHANGED,
    MAX_DATELINE_CHARS,
    dateline_parts,
    is_byline,
    name_in_byline,
)
from tasks.reading.dates import parse_date
from tasks.writing.characters import batches
from tasks.writing.network import Layers, layers_of, logits

#: Where the weights stand.
FILE = Path(__file__).parent / "headline_model.json"
#: The network's largest output; zero is what speaks for no line.
MAX_LOGIT = 30.0
#: A menu of so few lines leaves no doubt where the body begins.
_FEW_LINES = 16
#: How Markdown marks a heading.
_HEADING_MARK = regex.compile(r"^#{1,6}\s+|(?<=\S)\s+#{1,6}$")
#: Bylines and dates are looked for in so many lines around the headline.
_LINES_BESIDE = 5


class Headline(NamedTuple):
    """What stands above a body: the headline, which of the lines it is, and what is beside it."""

    segment_index: int
    title: str
    author: str | None = None
    published_at: datetime | None = None


def find_headlines(documents: Sequence[Sequence[Segment]]) -> list[Headline | None]:
    """Return the headline of each of many plain texts; None where no line is like one.

    Args:
        documents: All lines of each, kept or dropped; the body is what is kept.
    """
    found: list[Headline | None] = []
    for batch in batches(sum(len(line.text) for line in lines) for lines in documents):
        above = lines_above(documents[batch])
        only = list(map(_only, above))
        doubtful = [
            text
            for text, number in zip(above, only, strict=True)
            if number is None and text.candidates
        ]
        seen = map(choices, doubtful, features_above(doubtful))
        chosen = iter([_likeliest(text, rows) for text, rows in zip(doubtful, seen, strict=True)])
        for text, number in zip(above, only, strict=True):
            place = next(chosen) if number is None and text.candidates else number
            found.append(None if place is None else _with_lines_beside(text.top, place))
    return found


def _only(text: Above) -> int | None:
    """Return the one line above a text that may be its headline, below a menu of few lines."""
    above = [number for number in text.candidates if number < text.first_text]
    if text.first_text > _FEW_LINES or len(above) != 1 or not is_worded(text.top[above[0]]):
        return None
    return above[0]


def _likeliest(text: Above, seen: Matrix) -> int | None:
    """Return the line that the network chooses, of equal ones the last; None if it chooses none."""
    scored = zip(logits(seen, layers(), MAX_LOGIT), text.candidates, strict=True)
    score, number = max(scored)
    return number if score > 0 else None


def _with_lines_beside(lines: Sequence[Segment], index: int) -> Headline:
    around = range(max(0, index - _LINES_BESIDE), min(len(lines), index + _LINES_BESIDE + 1))
    beside = [lines[number].text for number in around if number != index]
    title = _HEADING_MARK.sub("", lines[index].text)
    return Headline(index, title, _author(beside), _date(beside))


def with_headline(segments: Sequence[Segment], headline: Headline) -> list[Segment]:
    """Return the lines, the headline kept whatever it looked like."""
    kept = segments[headline.segment_index]._replace(reason=None, detail=None)
    return [*segments[: headline.segment_index], kept, *segments[headline.segment_index + 1 :]]


@cache
def layers() -> Layers:
    """Return the weights of the network."""
    return layers_of(json.loads(FILE.read_text(encoding="utf-8")))


def _date(lines: Sequence[str]) -> datetime | None:
    dates = (
        moment
        for line in lines
        if len(line) <= MAX_DATELINE_CHARS and not CHANGED.search(line)
        for part in dateline_parts(line)
        if (moment := parse_date(part))
    )
    return next(dates, None)


def _author(lines: Sequence[str]) -> str | None:
    bylines = (line for line in lines if is_byline(line))
    return next((name for line in bylines if (name := name_in_byline(line))), None)
