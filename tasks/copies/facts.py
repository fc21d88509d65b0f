"""Tell reports that fill in one template from copies: by the numbers and names that they state.

Two copies of a text state the same; two weather reports share most of their words and next to no
number, or next to no name. What a text states is known from its writing alone: numbers, in digits
or in Han characters, and words that are written like names (a capital inside a sentence, katakana).
"""

from zlib import crc32

import numpy as np
import numpy.typing as npt
import regex

from tasks.writing.digits import with_ascii_digits

#: So many facts of a text are kept, those of the smallest hashes: a sample that two texts with the
#: same facts have in common.
KEPT_FACTS = 32
#: Numbers, and names, of which two texts must have so many to be told apart by them: of fewer, one
#: that was edited would decide.
MIN_FACTS = 2
#: Pairs compared at once: some 16 MB.
_PAIRS_AT_ONCE = 4096
_HASH = np.dtype("<u4")
_NONE = np.uint32(0xFFFFFFFF)
_FACT = regex.compile(
    r"\p{Nd}[\p{Nd}.,:]*|[〇零一二三四五六七八九十百千万億兆]{1,12}|[\p{Katakana}ー]{2,}"
    r"|(?<=[\p{Ll}\p{M},;] )\p{Lu}[\p{L}\p{M}'’-]+"
)
_NUMBER = regex.compile(r"[\p{Nd}〇零一二三四五六七八九十百千万億兆]")
_ENDS = ".,:"


def facts_of(text: str) -> bytes:
    """Return the hashes of what a text states, four bytes each, smallest first, at most so many."""
    found = {fact.rstrip(_ENDS) for fact in _FACT.findall(with_ascii_digits(text))}
    hashes = sorted({_hash(fact) for fact in found})[:KEPT_FACTS]
    return np.array(hashes, _HASH).tobytes()


def _hash(fact: str) -> int:
    """Return a hash whose last bit says whether the fact is a number."""
    return crc32(fact.encode()) & ~1 | (_NUMBER.match(fact) is not None)


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
    """Return of each pair the share of the numbers, or of the names, that both texts state.

    The share is of those of the text with fewer; where both kinds can tell, the lower one counts:
    reports on two quakes in one country name the same places and days, and no number of the one
    is in the other.

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
    known, other_known = ((side <= end) & (side != _NONE) for side in (one, other))
    same = (one[:, :, None] == other[:, None, :]).any(axis=2)
    shares = np.ones(len(one))
    for is_number in (0, 1):
        known_so = known & (one % 2 == is_number)
        fewer = np.minimum(
            known_so.sum(axis=1), (other_known & (other % 2 == is_number)).sum(axis=1)
        )
        shared = (same & known_so).sum(axis=1) / np.maximum(fewer, 1)
        shares = np.where(fewer < MIN_FACTS, shares, np.minimum(shares, shared))
    return shares
