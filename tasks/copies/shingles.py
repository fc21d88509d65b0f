"""Hash the shingles of texts: runs of words where words are spaced, of letters where not.

Everything is arithmetic on arrays of code points, so a batch of texts costs a few
passes over its characters, and every hash is the same on every platform.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import regex

from tasks.writing.characters import Integers, code_points, table_of_patterns
from tasks.writing.vocabulary import COMPLEX_LETTERS, IDEOGRAPHIC_LETTERS

Hashes = npt.NDArray[np.uint64]
CharacterKinds = npt.NDArray[np.uint8]

# What a character is to a shingle. Every character of the last two kinds is a token of
# its own; a run of WORD characters is one token; the rest separates tokens.
SEPARATOR, WORD, IDEOGRAPH, COMPLEX = range(4)
_KINDS = table_of_patterns(
    (
        r"[\p{L}\p{M}\p{N}]",  # WORD
        f"[{IDEOGRAPHIC_LETTERS}ー]",  # IDEOGRAPH: a character carries about half a word
        f"[{COMPLEX_LETTERS}]",  # COMPLEX
    )
)

# Normalising takes time that grows with the square of a run of combining marks. Like the
# Stream-Safe Text Process of UAX #15, a grapheme joiner breaks every run of 30.
_MARK_FLOOD = regex.compile(r"\p{M}{30}")
# Among every fifth character there are six marks one after the other where there are 30 in a row.
_SAMPLED_FLOOD, _SAMPLED = regex.compile(r"\p{M}{6}"), 5

# Any odd number has an inverse modulo 2**64; this one is 2**64 divided by the golden ratio.
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 2**64)


@dataclass(frozen=True)
class ShingleWidths:
    """Tokens in a shingle: of most texts, and of those mostly in COMPLEX letters."""

    tokens: int
    complex_letters: int


def normalised(text: str) -> str:
    """Return the text as copies are compared: NFKC, case folded, white space collapsed."""
    if text.isascii():
        return " ".join(text.lower().split())
    if _SAMPLED_FLOOD.search(text[::_SAMPLED]) is not None:
        text = _MARK_FLOOD.sub("\\g<0>\u034f", text)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shingle_hashes(texts: Sequence[str], widths: ShingleWidths) -> tuple[Hashes, Integers]:
    """Hash the shingles of each text.

    Returns:
        The hashes of all texts in a row, and the offsets at which each text's begin
        (one more offset than texts). A text with fewer tokens than a shingle has none.
    """
    if not texts:
        return np.zeros(0, np.uint64), np.zeros(1, np.int64)
    points, text_starts = code_points(texts)
    kinds = _KINDS[points]
    token_starts = _token_starts(kinds)
    token_text = np.searchsorted(text_starts, token_starts, side="right") - 1
    hashes, whole = _run_hashes(
        _token_hashes(points, kinds, token_starts),
        token_text,
        _widths_of_texts(kinds, text_starts, widths),
    )
    counts = np.bincount(token_text[whole], minlength=len(texts))
    return hashes[whole], np.concatenate(([0], np.cumsum(counts)))


def _token_starts(kinds: CharacterKinds) -> Integers:
    follows_word = np.concatenate(([False], kinds[:-1] == WORD))
    return np.flatnonzero((kinds >= IDEOGRAPH) | ((kinds == WORD) & ~follows_word))


def _widths_of_texts(
    kinds: CharacterKinds, text_starts: Integers, widths: ShingleWidths
) -> Integers:
    others, complex_letters = (
        np.add.reduceat(of_kind, text_starts, dtype=np.int64)
        for of_kind in ((kinds == WORD) | (kinds == IDEOGRAPH), kinds == COMPLEX)
    )
    return np.where(others >= complex_letters, widths.tokens, widths.complex_letters)


def _token_hashes(
    points: npt.NDArray[np.uint32], kinds: CharacterKinds, token_starts: Integers
) -> Hashes:
    """Polynomial hashes of the tokens, as differences of one running sum (Karp and Rabin)."""
    values = np.where(kinds == SEPARATOR, np.uint64(0), _mixed(points + np.uint64(_BASE)))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(values * _powers(_BASE, len(points)))))
    token_ends = np.append(token_starts[1:], len(points))  # what separates adds nothing
    shifted = sums[token_ends] - sums[token_starts]
    return _mixed(shifted * _powers(_BASE_INVERSE, len(points))[token_starts])


def _run_hashes(
    tokens: Hashes, token_text: Integers, text_widths: Integers
) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """Hash the shingle that begins at each token; tell which do not run into the next text."""
    widths = text_widths[token_text]
    hashes, running = tokens.copy(), tokens.copy()
    whole = widths == 1
    for width in range(2, int(text_widths.max()) + 1):
        running = _mixed(running[:-1] * np.uint64(_BASE) + tokens[width - 1 :])
        chosen = widths[: len(running)] == width
        hashes[: len(running)][chosen] = running[chosen]
        same_text = token_text[: len(running)] == token_text[width - 1 :]
        whole[: len(running)] |= chosen & same_text
    return hashes, whole


def _powers(base: int, count: int) -> Hashes:
    factors = np.full(count, base, np.uint64)
    factors[:1] = 1
    return np.multiply.accumulate(factors)


def _mixed(values: Hashes) -> Hashes:
    """Finalise as SplitMix64 does (Steele, Lea and Flood 2014): every bit moves every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
