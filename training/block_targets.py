"""Tell which blocks of a page are its main text, from that text as people wrote it down.

The text is that of the blocks in their order, so of all ways to find blocks in it the one is taken
in which the most words stand in order; a long block may stand elsewhere in it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.pages import words_of
from tasks.pages.elements import Matrix

_RUN_WORDS = 3
#: A block of this many words is text wherever it stands.
_LONG_WORDS = 8
#: A block stands in the text if this share of its words does.
_MIN_SHARE = 0.6
#: The likeliest places of a block that are tried; a shorter run occurs anywhere.
_MAX_PLACES = 20
_MAX_SHORT_PLACES = 400
#: What a block must add in words to be taken.
_COST = 0.2


@dataclass(frozen=True)
class _Place:
    """A stretch of the text that a block may be, and how much of the block stands there."""

    start: int
    end: int
    words: float
    share: float


@dataclass
class _Text:
    """The words of a text, and where each and each run of three of them stands."""

    words: Sequence[str]
    singles: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[tuple[str, ...], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for position, word in enumerate(self.words):
            self.singles[word].append(position)
        for position in range(len(self.words) - _RUN_WORDS + 1):
            self.runs[tuple(self.words[position : position + _RUN_WORDS])].append(position)

    def places(self, block: Sequence[str]) -> tuple[list[_Place], float]:
        """Return where a block may stand, and the share of it that stands anywhere."""
        if len(block) < _RUN_WORDS:
            ends = [(at, at + len(block)) for at in self.singles.get(block[0], ())]
            whole = [end for end in ends if list(self.words[end[0] : end[1]]) == list(block)]
            return [_Place(*end, len(block), 1.0) for end in whole[:_MAX_SHORT_PLACES]], 0.0
        is_found = np.zeros(len(block), dtype=bool)
        starts: Counter[int] = Counter()
        for offset in range(len(block) - _RUN_WORDS + 1):
            at = self.runs.get(tuple(block[offset : offset + _RUN_WORDS]), [])
            is_found[offset : offset + _RUN_WORDS] |= bool(at)
            starts.update(position - offset for position in at)
        share = float(is_found.mean())
        if share < _MIN_SHARE:
            return [], share
        best = sorted(starts, key=lambda start: (-starts[start], start))[:_MAX_PLACES]
        ends = [(max(start, 0), min(start + len(block), len(self.words))) for start in best]
        return [_Place(*end, share * len(block), share) for end in ends], share


def shares_of_text(blocks: Sequence[str], text: str) -> Matrix:
    """Return for each block the share of its words that stand in the text, 0 to 1."""
    known = _Text(words_of(text.casefold()))
    shares = np.zeros(len(blocks))
    best = _BestBefore(len(known.words) + 1)
    for number, block in enumerate(blocks):
        words = words_of(block.casefold())
        places, share = known.places(words) if words else ([], 0.0)
        if len(words) >= _LONG_WORDS:
            shares[number] = share
        best.add(number, places)
    for number, share in best.chain():
        shares[number] = max(shares[number], share)
    return shares


class _BestBefore:
    """The chain of blocks with the most words up to each position of a text (a Fenwick tree)."""

    def __init__(self, size: int) -> None:
        self._best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
        #: A block, its share, and the link before.
        self._links: list[tuple[int, float, int]] = []

    def add(self, number: int, places: Sequence[_Place]) -> None:
        """Let a block stand at one of some places, after blocks that were added before."""
        found = []
        for place in places:
            words, before = self._up_to(place.start + 1)
            self._links.append((number, place.share, before))
            found.append((place.end + 1, (words + place.words - _COST, len(self._links) - 1)))
        for position, link in found:
            self._put(position, link)

    def chain(self) -> list[tuple[int, float]]:
        """Return the blocks of the best chain with their shares, the last first."""
        chain = []
        link = self._up_to(len(self._best) - 1)[1]
        while link >= 0:
            number, share, link = self._links[link]
            chain.append((number, share))
        return chain

    def _up_to(self, position: int) -> tuple[float, int]:
        found = self._best[0]
        while position > 0:
            if self._best[position][0] > found[0]:
                found = self._best[position]
            position -= position & -position
        return found

    def _put(self, position: int, link: tuple[float, int]) -> None:
        position = min(position, len(self._best) - 1)
        while position < len(self._best):
            if link[0] > self._best[position][0]:
                self._best[position] = link
            position += position & -position
