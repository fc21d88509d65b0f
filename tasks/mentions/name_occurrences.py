"""Find where given names stand in texts: as whole words, whatever is written onto them."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import ahocorasick
import regex

from tasks.writing.vocabulary import UNSPACED_LETTERS

#: Written among others without spaces; of these katakana goes on, as a rule, with a word.
_UNSPACED = regex.compile(f"[{UNSPACED_LETTERS}]")
_KATAKANA = regex.compile(r"[\p{Katakana}ーｰ]")
_HANGUL = regex.compile(r"\p{Hangul}")
_WORD = regex.compile(r"\w")
#: Korean particles, which are written onto a name; what follows them is no letter of Korean.
_PARTICLE = regex.compile(
    r"(?:에서는|으로부터|이라고|에서|에게|께서|으로|까지|부터|보다|처럼|이나|라고|이라|에는|와의|과의"
    r"|은|는|이|가|을|를|의|에|로|와|과|도|만|측|씨|님)(?!\p{Hangul})"
)
_Kind = Literal["katakana", "unspaced", "hangul", "spaced", "none"]


class Occurrences:
    """Where some names stand in texts: all are searched at once (Aho and Corasick 1975)."""

    def __init__(self, names: Sequence[str]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        for name in names:
            self._automaton.add_word(name, name)
        if names:
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield `start, end, name` from left to right, of those that overlap the longest first."""
        if not len(self._automaton):
            return
        found = [
            (last + 1 - len(name), -last - 1, name)
            for last, name in self._automaton.iter(text)
            if stands_alone(text, last + 1 - len(name), last + 1)
        ]
        reached = 0
        for start, end, name in sorted(found):
            if start >= reached:
                reached = -end
                yield start, reached, name


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a name that stands in a text is no part of a longer word.

    `OpenAIは`, `테슬라는` and `同マスク氏` hold one, `Musketeers` and `マスクメロン` do not.
    """
    before = _kind(text[start - 1]) if start > 0 else "none"
    if before != "none" and _goes_on(before, _kind(text[start])):
        return False
    after = _kind(text[end]) if end < len(text) else "none"
    last = _kind(text[end - 1])
    if last == after == "hangul":
        return _PARTICLE.match(text, end) is not None
    return after == "none" or not _goes_on(last, after)


def _goes_on(one: _Kind, other: _Kind) -> bool:
    """Say whether two letters side by side are of one word.

    Katakana is one; other letters of writing without spaces tell nothing. Hangul and letters of
    spaced writing are of two words, as Korean writes particles onto foreign names.
    """
    if "unspaced" in (one, other):
        return False
    if "katakana" in (one, other) or "hangul" in (one, other):
        return one == other
    return True


@lru_cache(maxsize=1 << 14)
def _kind(char: str) -> _Kind:
    if _KATAKANA.match(char):
        return "katakana"
    if _UNSPACED.match(char):
        return "unspaced"
    if _HANGUL.match(char):
        return "hangul"
    return "spaced" if _WORD.match(char) else "none"
