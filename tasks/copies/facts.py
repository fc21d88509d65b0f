"""Tell reports that fill in one template from copies: by the numbers and names that they state.

Two copies of a text state the same; two weather reports share most of their words and state nearly
nothing in common. What a text states is known from its writing alone: numbers, in digits or in Han
characters, and words that are written like names (a capital inside a sentence, katakana).
"""

from zlib import crc32

import numpy as np
import numpy.typing as npt
import regex

from tasks.writing.digits import with_ascii_digits

#: So many facts of a text are kept, those of the smallest hashes: a sample that two texts with the
#: same facts have in common.
KEPT_FACTS = 32
#: Of fewer, one that was edited would decide.
MIN_FACTS = 2
#: Pairs compared at once: some 16 MB.
_PAIRS_AT_ONCE = 4096
_HASH = np.dtype("<u4")
_NONE = np.uint32(0xFFFFFFFF)
_FACT = regex.compile(
    r"\p{Nd}[\p{Nd}.,:]*|[〇零一二三四五六七八九十百千万億兆]{1,12}|[\p{Katakana}ー]{2,}"
    r"|(?<=[\p{Ll}\p{M},;] )\p{Lu}[\p{L}\p{M}'’-]+"
)
_ENDS = ".,:"


def facts_of(text: str) -> bytes:
    """Return the hashes of what a text states, four bytes each, smallest first, at most so many."""
    found = {fact.rstrip(_ENDS) for fact in _FACT.findall(with_ascii_digits(text))}
    hashes = sorted({crc32(fact.encode()) for fact in found})[:KEPT_FACTS]
    return np.array(hashes, _HASH).tobytes()


def fact_rows(facts: list[bytes]) -> npt.NDArray[np.uint32]:
    """Return the facts of texts as rows of equal length, (texts, `KEPT_FACTS`)."""
    rows = np.full((len(facts), KEPT_FACTS), _NONE)
    for row, joined in zip(rows, facts, strict=True):
        values = np.frombuffer(joined, _HASH)
        row[: len(values)] = values
    return rows


def shared_facts(
    rows: npt.NDArray[np.uint32], left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return of each pair the share of the facts of the one with fewer that the other states, too.

    Args:
        rows: As `fact_rows` returns them.
        left: Rows, one per pair.
        right: The other rows.

    Returns:
        A share per pair, 0 to 1; 1 where one of the two states too little to tell.
    """
    shares = np.empty(len(left))
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        pairs = slice(start, start + _PAIRS_AT_ONCE)
        shares[pairs] = _shares(rows[left[pairs]], rows[right[pairs]])
    return shares


def _shares(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    # Where both were cut off, only hashes up to the smaller end are known of both.
    end = np.minimum(one[:, -1:], other[:, -1:])
    known, other_known = (side <= end for side in (one, other))
    known, other_known = known & (one != _NONE), other_known & (other != _NONE)
    same = ((one[:, :, None] == other[:, None, :]) & known[:, :, None]).any(axis=2).sum(axis=1)
    fewer = np.minimum(known.sum(axis=1), other_known.sum(axis=1))
    shares: npt.NDArray[np.float64] = np.where(fewer < MIN_FACTS, 1.0, same / np.maximum(fewer, 1))
    return shares
