"""Turn texts into arrays of code points, and look up what each character is.

A table of all 1.1 million characters takes .1 s to fill ahead, in every process; a corpus has a few
thousand of them, so a table here is filled as characters occur.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from sys import maxunicode

import numpy as np
import numpy.typing as npt
import regex

Points = npt.NDArray[np.uint32]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint8]

#: What a table holds of a character that has not occurred.
_UNKNOWN = 255
#: Characters that are worked on at once: their arrays stay in a processor's cache.
BATCH_CHARS = 1 << 19


def code_points(texts: Sequence[str]) -> tuple[Points, Integers]:
    """Return the code points of texts in a row, and where those of each text begin.

    Args:
        texts: Any texts without lone surrogates.

    Returns:
        The points, a line break after each text; and the start of each text, (texts,).
    """
    joined = "".join([f"{text}\n" for text in texts])
    lengths = np.array([len(text) + 1 for text in texts], np.int64)
    return np.frombuffer(joined.encode("utf-32-le"), np.uint32), np.cumsum(lengths) - lengths


def batches(sizes: Iterable[int], most: int = BATCH_CHARS) -> Iterator[slice]:
    """Yield slices of neighbours that are so many characters together; a longer text is alone.

    Args:
        sizes: How many characters each text has.
        most: How many are worked on at once.
    """
    begin = end = total = 0
    for end, size in enumerate(sizes, 1):
        if total + size > most and end - 1 > begin:
            yield slice(begin, end - 1)
            begin, total = end - 1, 0
        total += size
    if end > begin:
        yield slice(begin, end)


class CharacterTable:
    """A small number for each character, worked out when the character first occurs."""

    def __init__(self, numbers_of: Callable[[str], Sequence[int] | Numbers]) -> None:
        """Make a table.

        Args:
            numbers_of: Returns a number below 255 for each character of a string. A character's
                number may not depend on its neighbours.
        """
        self._numbers_of = numbers_of

    @cached_property
    def _table(self) -> Numbers:
        return np.full(maxunicode + 1, _UNKNOWN, np.uint8)

    def __getitem__(self, points: Points) -> Numbers:
        """Return the number of each code point, in the same shape."""
        found = self._table[points]
        is_new = found == _UNKNOWN
        if not is_new.any():
            return found
        new = np.unique(points[is_new])
        self._table[new] = self._numbers_of("".join(map(chr, new.tolist())))
        return self._table[points]


def table_of_patterns(patterns: Sequence[str]) -> CharacterTable:
    """Return a table with the number, from 1, of the last pattern that a character matches.

    Args:
        patterns: Regular expressions of one character each; 0 stands for none of them.
    """

    def numbers_of(characters: str) -> Numbers:
        numbers = np.zeros(len(characters), np.uint8)
        for number, pattern in enumerate(patterns, 1):
            for run in regex.finditer(rf"(?:{pattern})+", characters):
                numbers[run.start() : run.end()] = number
        return numbers

    return CharacterTable(numbers_of)
