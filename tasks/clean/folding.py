"""Fold texts to the letters that copies and recurring lines are compared by.

White space, quotation marks, format and control characters go; case, width and precomposition do
not count. Each character is folded by itself, so that every letter leads back to its character.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from sys import maxunicode

import numpy as np
import regex

from tasks.writing.characters import BATCH_CHARS, CharacterTable, Integers, Points, code_points

#: What a copy may have otherwise: white space, quotation marks, format and control characters.
_IGNORED = regex.compile(r"[\s\p{Quotation_Mark}\p{Pi}\p{Pf}\p{Cf}\p{Cc}`´]")


def folded(char: str) -> str:
    """Return the letters that a character is compared by."""
    if _IGNORED.match(char):
        return ""
    return unicodedata.normalize("NFKD", char).casefold()


@dataclass(frozen=True)
class Letters:
    """The folded letters of some texts.

    Attributes:
        points: Code points of the letters of all texts in a row.
        bounds: Where the letters of each text begin, and where all end: (texts + 1,).
    """

    points: Points
    bounds: Integers

    def __str__(self) -> str:
        """Return the letters as one string."""
        return self.points.tobytes().decode("utf-32-le")


def fold(texts: Sequence[str]) -> Letters:
    """Return the folded letters of texts, each text's for itself."""
    points, starts = code_points(texts)
    if not len(points):
        return Letters(points, np.zeros(1, np.int64))
    slices = [points[at : at + BATCH_CHARS] for at in range(0, len(points), BATCH_CHARS)]
    lengths = np.concatenate([_FOLDINGS.lengths[part] for part in slices])
    counts = np.add.reduceat(lengths, starts, dtype=np.int64)
    letters = np.concatenate([_FOLDINGS.of(part) for part in slices])
    return Letters(letters, np.concatenate(([0], np.cumsum(counts))))


class _Foldings:
    """What characters fold to, worked out for each that occurs: all foldings in a row."""

    def __init__(self) -> None:
        self.lengths = CharacterTable(self._fold)
        self._begins = np.zeros(maxunicode + 1, np.int32)
        self._letters = np.zeros(0, np.uint32)

    def of(self, points: Points) -> Points:
        """Return the foldings of characters, one after the other."""
        lengths = self.lengths[points].astype(np.int32)
        ends = np.cumsum(lengths, dtype=np.int32)
        # From where a letter stands in the result to where it stands in all foldings.
        shifts = np.repeat(self._begins[points] - (ends - lengths), lengths)
        return self._letters[shifts + np.arange(len(shifts), dtype=np.int32)]

    def _fold(self, characters: str) -> list[int]:
        """Note the foldings of new characters; return how long each is."""
        foldings = [folded(char) for char in characters]
        lengths = [len(folding) for folding in foldings]
        new = np.frombuffer("".join(foldings).encode("utf-32-le"), np.uint32)
        begins = len(self._letters) + np.cumsum([0, *lengths[:-1]])
        self._begins[[ord(char) for char in characters]] = begins
        self._letters = np.concatenate([self._letters, new])
        return lengths


_FOLDINGS = _Foldings()
