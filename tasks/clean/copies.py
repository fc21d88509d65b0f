"""Find where a string goes on as it did before, and cut segments into copies and what is none.

A greedy parse in the manner of LZ77 (Ziv and Lempel, 1977): the text is indexed by blocks,
each position is looked up among the blocks before it (`tasks.clean.blocks`), and a hit is extended
both ways. Time and memory are linear in the length of the text.

Copies are found in folded letters (`tasks.clean.folding`); their ends are carried back to the
text, to between two words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import itemgetter

import numpy as np
import regex

from tasks.clean.blocks import BLOCK_CHARS, block_hits
from tasks.clean.folding import Letters, folded
from tasks.clean.repair import repaired
from tasks.clean.segment import Segment
from tasks.writing.measures import width
from tasks.writing.vocabulary import UNSPACED_LETTERS

#: Characters by which a copy may differ between two exact stretches: a date, an inserted line.
SLACK_CHARS = 200

#: Characters by which a copy may begin too early, because what stands before both agrees by
#: chance: a full stop, the last letters of two titles.
CHANCE_CHARS = 20

#: Characters by which the sources of two copies that go on may overlap: chance again, around
#: an insertion. More is a phrase that stands in both, such as a title's last words.
MAX_OVERLAP_CHARS = 4

#: Width of what is left of a copied paragraph that is worth a segment: a title of two ideographs.
MIN_REST_WIDTH = 4
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_WORD = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}--[{UNSPACED_LETTERS}]]+", regex.V1)

#: Where each word of a line begins and ends.
_Words = Sequence[tuple[int, int]]


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
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    (hits,) = block_hits(Letters(points, np.array([0, len(text)])))
    return copies_at(text, hits)


def copies_at(text: str, hits: Iterable[tuple[int, int]]) -> list[Copy]:
    """Return the stretches that repeat earlier text, in order and without overlap.

    Args:
        text: The text.
        hits: Where its blocks come again (`block_hits`).
    """
    copies: list[Copy] = []
    floor = 0
    for start, source in hits:
        if start >= floor:
            _append(copies, _extended(text, source, start))
            floor = copies[-1].end
    return copies


def _append(copies: list[Copy], copy: Copy) -> None:
    """Add a copy; of shorter ones that it extends back over, only what stands before stays.

    A phrase that stands at several positions is first taken for a copy of the first of them.
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
    """Return the copy begun this many characters later, and as much longer if the text agrees."""
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


def cut_copies(segment: Segment, copied: Sequence[tuple[int, int]]) -> list[tuple[Segment, bool]]:
    """Return the parts of a segment, each with whether it is copied.

    Args:
        segment: A kept segment.
        copied: Stretches of its folded letters, in order and apart.
    """
    parts = _merged(segment.text, _parts(segment.text, copied))
    if len(parts) == 1:
        return [(segment, parts[0][2])]
    if segment.is_repaired and segment.raw is None and segment.start_char is not None:
        return [(segment, False)]  # its raw text is in no row: where its parts stand is not known
    cut = _cut_at(segment, [start for start, _, _ in parts[1:]])
    if not all(part.text for part in cut):
        # Where a part begins in the raw text is not known: keep the whole rather than guess.
        return [(segment, False)]
    return [(part, is_copy) for part, (_, _, is_copy) in zip(cut, parts, strict=True)]


def _parts(text: str, copied: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    letters_after = list(accumulate(len(folded(char)) for char in text))
    words = [match.span() for match in _WORD.finditer(text)] if copied else []
    ends = [0]
    for start, end in copied:
        ends.append(_boundary(text, letters_after, words, start, rest_is_before=True))
        ends.append(_boundary(text, letters_after, words, end, rest_is_before=False))
    ends.append(len(text))
    for number, (start, end) in enumerate(pairwise(ends)):
        if text[start:end].strip():
            yield start, end, number % 2 == 1


def _boundary(
    text: str, letters_after: list[int], words: _Words, letter: int, *, rest_is_before: bool
) -> int:
    """Return where in the text to cut before a folded letter: at a space, never inside a word."""
    if letter == 0:
        return 0
    if letter == letters_after[-1]:
        return len(text)
    before, after = bisect_left(letters_after, letter) + 1, bisect_right(letters_after, letter)
    between = text[before:after]
    spaces = [position for position, char in enumerate(between, before) if char.isspace()]
    if spaces:
        return spaces[0]
    return _outside_word(words, before, rest_is_before=rest_is_before)


def _outside_word(words: _Words, position: int, *, rest_is_before: bool) -> int:
    """Return the position, moved out of a word so that the word stays with the rest."""
    after = bisect_right(words, position, key=itemgetter(1))
    begin, end = words[after] if after < len(words) else (position, position)
    if begin >= position:
        return position
    return end if rest_is_before else begin


def _merged(text: str, parts: Iterator[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Join neighbours of one kind, after counting as copied what is too small to tell."""
    merged: list[tuple[int, int, bool]] = []
    for start, end, is_copy in parts:
        copied = is_copy or width(_NOT_LETTERS.sub("", text[start:end])) < MIN_REST_WIDTH
        if merged and merged[-1][2] == copied:
            merged[-1] = (merged[-1][0], end, copied)
        else:
            merged.append((start, end, copied))
    return merged


def _cut_at(segment: Segment, cuts: Sequence[int]) -> list[Segment]:
    """Return the parts of a segment, each saying what its raw text says on its own.

    Mojibake and entities are recognised by the whole of a line: a part may be repaired otherwise
    than within it.

    Args:
        segment: The segment.
        cuts: Where a part begins in its text, but for the first.

    Returns:
        The parts; one or more without text if the position of a cut in the raw text is not known.
    """
    raw = segment.text if segment.raw is None else segment.raw
    if segment.raw is not None:
        cuts = [_raw_cut(raw, segment.text, cut) for cut in cuts]
    return [_part(segment, raw, *bounds) for bounds in pairwise([0, *cuts, len(raw)])]


def _part(segment: Segment, raw: str, start: int, end: int) -> Segment:
    piece = raw[start:end].strip()
    text = repaired(piece)
    is_from_repaired_markup = segment.is_repaired and segment.raw is None
    part = segment._replace(
        text=text,
        is_repaired=is_from_repaired_markup or piece != text,
        raw=None if piece == text else piece,
    )
    if segment.start_char is None:
        return part._replace(raw=None)
    start_char = segment.start_char + raw.index(piece, start)
    return part._replace(start_char=start_char, end_char=start_char + len(piece))


def _raw_cut(raw: str, text: str, cut: int) -> int:
    """Return where to cut a raw text that was repaired to `text`, so that one side says the same.

    Returns:
        The position; 0 if neither what is before it nor what is after it says the same on its own.
    """
    before, after = text[:cut].rstrip(), text[cut:].lstrip()
    positions = range(len(raw) + 1)
    end = bisect_right(positions, len(before), key=lambda end: len(repaired(raw[:end]))) - 1
    if repaired(raw[:end]) == before:
        return end
    start = bisect_left(positions, -len(after), key=lambda start: -len(repaired(raw[start:])))
    return start if repaired(raw[start:]) == after else 0
