"""Find blocks of letters that come again later in the same text, in many texts at once.

A text is cut into blocks, and what stands at each of its positions is looked up among them by hash.
"""

from functools import cache
from itertools import pairwise
from sys import maxunicode

import numpy as np
from numpy.typing import NDArray

from tasks.clean.folding import Letters
from tasks.writing.characters import BATCH_CHARS, Integers

Hashes = NDArray[np.uint64]

#: Characters of an indexed block: copies of twice this length are never missed, and a phrase
#: of everyday language is rarely as long.
BLOCK_CHARS = 20
#: Any large odd number; this is 2**64 divided by the golden ratio.
_BASE = 0x9E3779B97F4A7C15
#: With the blocks of half a million letters one slot in forty is used.
_INDEX_BITS = 20


def block_hits(texts: Letters) -> list[list[tuple[int, int]]]:
    """Return where a block of a text comes again in it: the position, and the first such block's.

    Args:
        texts: The letters of some texts.

    Returns:
        A list per text, by position. A block and its hit do not overlap.
    """
    points, bounds = texts.points, texts.bounds
    sizes = np.diff(bounds)
    # Letters of two texts never agree, so no window over two texts is a block.
    owners = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    letters = points | owners << np.uint64(maxunicode.bit_length())
    positions = [
        np.arange(begin, end - BLOCK_CHARS + 1, BLOCK_CHARS)
        for begin, end in pairwise(bounds.tolist())
    ]
    blocks = np.concatenate([np.zeros(0, np.int64), *positions])
    hits: list[list[tuple[int, int]]] = [[] for _ in sizes]
    if not len(blocks):
        return hits
    hashes = _window_hashes(letters)
    for start, source in _Index(blocks, hashes[blocks]).hits(hashes):
        owner = int(owners[start])
        first = int(bounds[owner])
        hits[owner].append((start - first, source - first))
    return hits


class _Index:
    """The blocks of some texts by their hashes."""

    def __init__(self, positions: Integers, hashes: Hashes) -> None:
        """Index blocks by where they begin, in order; of equal ones the first counts."""
        self._hashes, firsts = np.unique(hashes, return_index=True)
        self._positions = positions[firsts]
        # Most windows are no block: a look at a few bits of their hash says so.
        self._is_used = np.zeros(1 << _INDEX_BITS, np.bool_)
        self._is_used[_slots(hashes)] = True

    def hits(self, hashes: Hashes) -> list[tuple[int, int]]:
        """Return the windows that are a block which ends before them, and the block.

        Args:
            hashes: Of the window that begins at each position.
        """
        starts = np.flatnonzero(self._is_used[_slots(hashes)])
        found = np.searchsorted(self._hashes, hashes[starts])
        found = np.minimum(found, len(self._hashes) - 1)
        sources = self._positions[found]
        is_hit = self._hashes[found] == hashes[starts]
        is_hit &= sources + BLOCK_CHARS <= starts
        return list(zip(starts[is_hit].tolist(), sources[is_hit].tolist(), strict=True))


def _slots(hashes: Hashes) -> Hashes:
    return hashes >> np.uint64(64 - _INDEX_BITS)


def _window_hashes(letters: Hashes) -> Hashes:
    """Return a 64-bit hash of the window of letters that begins at each position.

    Differences of one running sum (Karp and Rabin 1987), in slices of one length. In a text of a
    million letters a window is taken for another by chance once in 370 million texts.
    """
    powers, inverses = _powers()
    found = []
    for begin in range(0, len(letters) - BLOCK_CHARS + 1, BATCH_CHARS):
        part = letters[begin : begin + len(powers)]
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(part * powers[: len(part)])))
        windows = sums[BLOCK_CHARS:] - sums[:-BLOCK_CHARS]
        windows *= inverses[: len(windows)]
        windows ^= windows >> np.uint64(32)
        windows *= np.uint64(_BASE)
        found.append(windows)
    return np.concatenate(found)


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """Return the powers of the base that a slice needs, and of its inverse."""
    length = BATCH_CHARS + BLOCK_CHARS - 1
    bases = (_BASE, pow(_BASE, -1, 2**64))
    powers, inverses = (np.full(length, base, np.uint64).cumprod() for base in bases)
    return powers, inverses
