"""Fingerprints of a text: a sample of its shingle hashes by which excerpts are found in it.

Winnowing (Schleimer, Wilkerson and Aiken 2003): of every few shingles in a row, the smallest
hash. Which ones are taken depends on the text around them only, so that a text and an excerpt
of it have all fingerprints of the excerpt in common.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tasks.copies.shingles import Hashes, Integers

#: Shingles in a row of which the smallest is taken: two texts that share so many share a
#: fingerprint. A text has 2 / 9 as many fingerprints as shingles.
WINDOW = 8
#: What is kept of a hash. Strangers that agree on four bytes are told apart by their texts.
FINGERPRINT = np.dtype("<u4")


def fingerprints(hashes: Hashes, offsets: Integers) -> list[bytes]:
    """Return the distinct fingerprints of each text, sorted, four bytes each.

    Args:
        hashes: The shingle hashes of all texts in a row.
        offsets: Where each text's begin, and one more. A text of fewer shingles than `WINDOW`
            has no fingerprints.
    """
    smallest = _smallest(hashes)
    starts = np.arange(len(smallest))
    ends = np.repeat(offsets[1:], np.diff(offsets))[: len(smallest)]
    is_whole = starts + WINDOW <= ends
    values = (smallest >> np.uint64(32)).astype(FINGERPRINT)
    each = (values[start:end][is_whole[start:end]] for start, end in pairwise(offsets))
    return [np.unique(of_text).tobytes() for of_text in each]


def read_fingerprints(joined: bytes) -> npt.NDArray[np.uint32]:
    """Return the numbers that `fingerprints` wrote, of one text or of several in a row."""
    return np.frombuffer(joined, FINGERPRINT)


def _smallest(hashes: Hashes) -> Hashes:
    """Return the smallest hash of each window."""
    count = max(len(hashes) - WINDOW + 1, 0)
    smallest = hashes[:count].copy()
    for place in range(1, WINDOW):
        np.minimum(smallest, hashes[place : place + count], out=smallest)
    return smallest
