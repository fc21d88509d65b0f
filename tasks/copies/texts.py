"""Cut many texts at once into runs of digits, Han, katakana and words of any other script.

All texts are one array of code points, so that a run costs a few passes over characters and no
call per token.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import regex

from tasks.writing.characters import CharacterTable, Integers, Points, code_points
from tasks.writing.vocabulary import UNSPACED_LETTERS

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

#: Kinds of runs. Words of scripts without spaces are none: `concepts` and the calendar look into
#: the text itself.
NUMBER, HAN, KANA, WORD = 1, 2, 4, 8
#: What else is counted.
LATIN, LETTER, ANY_KANA, HANGUL = 16, 32, 64, 128
_PATTERNS = {
    NUMBER: r"\p{Nd}+",
    HAN: r"\p{Han}+",
    KANA: r"[\p{Katakana}ー]+",
    WORD: rf"[[\p{{L}}\p{{M}}]--[{UNSPACED_LETTERS}]]+",
    LATIN: r"\p{Latin}+",
    LETTER: r"\p{L}+",
    ANY_KANA: r"\p{Script_Extensions=Katakana}+",
    HANGUL: r"\p{Hangul}+",
}
_KINDS = {kind: regex.compile(pattern, regex.VERSION1) for kind, pattern in _PATTERNS.items()}
#: One of them between two runs of digits makes them one number.
_BETWEEN_DIGITS = np.array([ord(char) for char in ".,٫٬'’\u00a0\u202f "], np.uint32)
#: A letter of katakana alone is no name.
_MIN_KANA = 2


@dataclass(frozen=True)
class Texts:
    """Texts in a row, each followed by a line break, and what their characters are.

    Attributes:
        joined: All of them.
        points: Its code points.
        flags: The kinds of each, as bits.
        starts: Where each text begins.
        lengths: How long each is.
    """

    joined: str
    points: Points
    flags: Bytes
    starts: Integers
    lengths: Integers

    @property
    def ends(self) -> Integers:
        """Where each text ends: at its line break."""
        return self.starts + self.lengths

    def owners(self, points: Integers) -> Integers:
        """Return which text each code point is in."""
        return np.searchsorted(self.starts, points, side="right") - 1

    def count(self, kind: int) -> Integers:
        """Return how many characters of a kind each text has."""
        return np.add.reduceat((self.flags & kind) > 0, self.starts, dtype=np.int64)

    def runs(self, kind: int) -> tuple[Integers, Integers]:
        """Return where the longest runs of a kind begin and end."""
        is_kind = (self.flags & kind) > 0
        edges = np.flatnonzero(np.diff(is_kind, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        if kind == NUMBER:
            return self._joined_digits(starts, ends)
        if kind == KANA:
            is_long = ends - starts >= _MIN_KANA
            return starts[is_long], ends[is_long]
        return starts, ends

    def cut(self, starts: Integers, ends: Integers) -> pl.Series:
        """Return the strings between code points."""
        joined = self.joined
        found = [joined[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        return pl.Series(found, dtype=pl.String)

    def _joined_digits(self, starts: Integers, ends: Integers) -> tuple[Integers, Integers]:
        is_between = np.isin(self.points[ends[:-1]], _BETWEEN_DIGITS)
        is_one = is_between & (starts[1:] == ends[:-1] + 1)
        begins = np.concatenate(([True], ~is_one))[: len(starts)]
        finishes = np.concatenate((~is_one, [True]))[: len(ends)]
        return starts[begins], ends[finishes]


def join_texts(texts: Sequence[str]) -> Texts:
    """Put texts in a row; at least one."""
    points, starts = code_points(texts)
    lengths = np.array([len(text) for text in texts], np.int64)
    joined = "".join([f"{text}\n" for text in texts])
    return Texts(joined, points, _FLAGS[points], starts, lengths)


def _flags_of(characters: str) -> Bytes:
    flags = np.zeros(len(characters), np.uint8)
    for kind, pattern in _KINDS.items():
        for run in pattern.finditer(characters):
            flags[run.start() : run.end()] |= kind
    return flags


_FLAGS = CharacterTable(_flags_of)
