"""Find where a string goes on as it did before: copies of its own earlier text.

A greedy parse in the manner of LZ77 (Ziv and Lempel, 1977): the text is indexed by blocks,
each position is looked up among the blocks before it, and a hit is extended both ways. Time
and memory are linear in the length of the text.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

#: Characters of an indexed block: copies of twice this length are never missed, and a phrase
#: of everyday language is rarely as long.
BLOCK_CHARS = 20
#: Characters by which a copy may differ between two exact stretches: a date, an inserted line.
SLACK_CHARS = 200

#: Characters by which a copy may begin too early, because what stands before both agrees by
#: chance: a full stop, the last letters of two titles.
CHANCE_CHARS = 20

#: Characters by which the sources of two copies that go on may overlap: chance again, around
#: an insertion. More is a phrase that stands in both, such as a title's last words.
MAX_OVERLAP_CHARS = 4


@dataclass(frozen=True, slots=True)
class Copy:
    """A stretch `[start, end)` that says the same as `[source, source + end - start)` before."""

    source: int
    start: int
    end: int

    def __len__(self) -> int:
        """Return how many characters it repeats."""
        return self.end - self.start

    @property
    def source_end(self) -> int:
        """One past the last character of the first copy."""
        return self.source + len(self)


class Spans:
    """Stretches of a text, overlapping or not, that can say how much of any stretch they cover."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        """Merge the spans."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self.merged = merged
        self._starts = [start for start, _ in merged]
        self._covered = [0, *accumulate(end - start for start, end in merged)]

    def covered(self, start: int, end: int) -> int:
        """Return how many characters of `[start, end)` are in a span."""
        return self._before(end) - self._before(start)

    def overlapping(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the merged spans that share a character with `[start, end)`."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return [span for span in self.merged[first:last] if span[1] > start]

    def _before(self, position: int) -> int:
        index = bisect_right(self._starts, position)
        if index == 0:
            return 0
        start, end = self.merged[index - 1]
        return self._covered[index - 1] + min(end, position) - start


def find_copies(text: str) -> list[Copy]:
    """Return the stretches that repeat earlier text, in order and without overlap."""
    blocks: dict[str, int] = {}
    for start in range(0, len(text) - BLOCK_CHARS + 1, BLOCK_CHARS):
        blocks.setdefault(text[start : start + BLOCK_CHARS], start)
    positions = range(len(text) - BLOCK_CHARS + 1)
    hits = [start for start in positions if text[start : start + BLOCK_CHARS] in blocks]
    copies: list[Copy] = []
    floor = 0
    for start in hits:
        source = blocks[text[start : start + BLOCK_CHARS]]
        if start >= floor and source + BLOCK_CHARS <= start:
            _append(copies, _extended(text, source, start))
            floor = copies[-1].end
    return copies


def _append(copies: list[Copy], copy: Copy) -> None:
    """Add a copy; of shorter ones that it extends back over, only what stands before stays.

    A phrase that stands in several places is first taken for a copy of the first of them.
    """
    while copies and copies[-1].start >= copy.start:
        copies.pop()
    if copies and copies[-1].end > copy.start:
        before = copies.pop()
        copies.append(Copy(before.source, before.start, copy.start))
    copies.append(copy)


def _extended(text: str, source: int, start: int) -> Copy:
    """Return the longest copy around a hit that does not overlap its source.

    Back before forth: where a copy follows its source at once, what comes after the copy may by
    chance begin as the copy did.
    """
    most = start - source
    back = _common_length_before(text, source, start, min(source, most - BLOCK_CHARS))
    length = _common_length(text, source, start, min(most - back, len(text) - start))
    return Copy(source - back, start - back, start + length)


def _common_length(text: str, first: int, second: int, limit: int) -> int:
    """Return how many characters from both positions agree, by doubling and then halving steps."""
    length, step = 0, min(BLOCK_CHARS, max(limit, 0))
    while step:
        if length + step <= limit and text.startswith(
            text[first + length : first + length + step], second + length
        ):
            length += step
            step *= 2
        else:
            step //= 2
    return length


def _common_length_before(text: str, first: int, second: int, limit: int) -> int:
    """Return how many characters before both positions agree, in the same way."""
    length, step = 0, min(1, max(limit, 0))
    while step:
        if length + step <= limit and text.endswith(
            text[first - length - step : first - length], 0, second - length
        ):
            length += step
            step *= 2
        else:
            step //= 2
    return length


def shifted(text: str, copy: Copy, shift: int) -> Copy:
    """Return the copy begun so many characters later, and gone on for as many if text agrees."""
    most = min(copy.start + shift - copy.source_end, len(text) - copy.end)
    more = _common_length(text, copy.source_end, copy.end, min(shift, most))
    return Copy(copy.source + shift, copy.start + shift, copy.end + more)


def chained(copies: Iterable[Copy]) -> list[list[Copy]]:
    """Join copies that go on side by side, but for small differences, into runs."""
    runs: list[list[Copy]] = []
    for copy in copies:
        if runs and _goes_on(runs[-1][-1], copy):
            runs[-1].append(copy)
        else:
            runs.append([copy])
    return [_trimmed(run) for run in runs]


def _trimmed(run: list[Copy]) -> list[Copy]:
    """Return a run without a copy at its end that is shorter than the gap before it: a phrase."""
    while len(run) > 1 and len(run[-1]) < run[-1].start - run[-2].end:
        run = run[:-1]
    while len(run) > 1 and len(run[0]) < run[1].start - run[0].end:
        run = run[1:]
    return run


def _goes_on(before: Copy, after: Copy) -> bool:
    return (
        -MAX_OVERLAP_CHARS <= after.source - before.source_end <= SLACK_CHARS
        and after.start - before.end <= SLACK_CHARS
    )
