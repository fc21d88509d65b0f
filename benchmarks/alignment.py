"""Find the lines of a flattened page that stand in the article extracted from its markup."""

from collections.abc import Sequence

import numpy as np

from benchmarks.pages import words_of
from tasks.clean.line_features import Matrix

#: A line of this many words is looked for anywhere; a shorter one only between two that were found.
_LONG_WORDS = 8
_RUN_WORDS = 3
#: How far from the one long line found beside it a short one may stand, where it is the last.
_REACH_WORDS = 400
#: Share of a long line that must be found for the line to be placed.
_PLACED_SHARE = 0.6


def shares_within(lines: Sequence[str], article: str) -> Matrix:
    """Return for each line the share of its words that stand in the article, 0 or 1 if short."""
    words = words_of(article)
    positions: dict[tuple[str, ...], list[int]] = {}
    for position in range(len(words) - _RUN_WORDS + 1):
        positions.setdefault(tuple(words[position : position + _RUN_WORDS]), []).append(position)
    found = [_long_line(words_of(line), positions) for line in lines]
    shares = np.array([share for share, _ in found], dtype=np.float64)
    bounds = _bounds([spot for _, spot in found], len(words))
    used: set[int] = set()
    for index, (line, bound) in enumerate(zip(lines, bounds, strict=True)):
        short = words_of(line)
        if 0 < len(short) < _LONG_WORDS:
            shares[index] = float(_found_between(short, words, bound, used))
    return shares


def _long_line(
    line: Sequence[str], positions: dict[tuple[str, ...], list[int]]
) -> tuple[float, tuple[int, int] | None]:
    """Return the share of a long line that is found, and its first and last certain position."""
    if len(line) < _LONG_WORDS:
        return 0.0, None
    is_found = np.zeros(len(line), dtype=bool)
    certain = []
    for start in range(len(line) - _RUN_WORDS + 1):
        at = positions.get(tuple(line[start : start + _RUN_WORDS]), [])
        is_found[start : start + _RUN_WORDS] |= bool(at)
        certain += at if len(at) == 1 else []
    share = float(is_found.mean())
    return share, (certain[0], certain[-1]) if certain and share > _PLACED_SHARE else None


def _bounds(spots: Sequence[tuple[int, int] | None], end: int) -> list[tuple[int, int]]:
    """Return for each line where the placed lines before and after it stand (-1, end: none)."""
    before, after = [], []
    last, following = -1, end
    for spot in spots:
        before.append(last)
        last = spot[1] if spot else last
    for spot in reversed(spots):
        after.append(following)
        following = spot[0] if spot else following
    return list(zip(before, reversed(after), strict=True))


def _found_between(
    line: Sequence[str], words: Sequence[str], bound: tuple[int, int], used: set[int]
) -> bool:
    """Return whether a short line stands between two positions, and mark its words as used."""
    low, high = bound
    if low == -1:
        low = max(-1, high - _REACH_WORDS) if high < len(words) else high
    elif high == len(words):
        high = min(high, low + _REACH_WORDS)
    for start in range(
        max(low - _RUN_WORDS, 0), min(high + _RUN_WORDS, len(words) - len(line)) + 1
    ):
        span = range(start, start + len(line))
        if used.isdisjoint(span) and list(words[start : start + len(line)]) == list(line):
            used.update(span)
            return True
    return False
