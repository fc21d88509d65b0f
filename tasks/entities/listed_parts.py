"""Know how parts of persons' names are spelt in Latin letters, from a list.

`name_parts.parquet` is written by `python -m training.write_name_parts` from the name parts of
Wikidata's people (CC0): `Elizabeth` is 伊丽莎白 for 35 of them. Such a pair is surer than any
likeness of letters, and the usual spelling of a part is what a reader knows it by.
`common_parts.txt.xz`, by the same command, has the parts that at least 25 people have.
"""

import lzma
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import prod
from pathlib import Path

import polars as pl

from tasks.writing.romanize import name_script, romanized

PARTS_FILE = Path(__file__).parent / "name_parts.parquet"
COMMON_PARTS_FILE = Path(__file__).parent / "common_parts.txt.xz"
#: One Han character or syllable is the surname of millions.
_MIN_LETTERS = 2
#: How alike two parts are that people's names in two scripts pair; no less than a likeness that
#: is never wrong in the list of names that is kept for tests.
LISTED_LIKENESS = 0.97
#: A name with more spellings than that has parts that are spelt in too many ways to tell.
_MAX_WAYS = 64
#: One Latin spelling is the usual one if this share of the people have it, and so many.
_USUAL_SHARE, _USUAL_PEOPLE = 0.75, 10
#: Scripts whose romanisation is no name that readers know; others are spelt letter by letter.
_UNLIKE_LATIN = frozenset({"Arab", "Hebr", "Kana", "Hani"})

Words = tuple[str, ...]


def latin_form(word: str) -> str:
    """Return a word in Latin letters as the list has it: in lower case, without diacritics."""
    return romanized(word)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, dict[str, int]]:
    """Return the Latin spellings of each part, and how many people have each."""
    found: dict[str, dict[str, int]] = {}
    for part, latin, people in _listed().select("part", "latin", "people").iter_rows():
        found.setdefault(part, {})[latin] = people
    return found


@lru_cache(maxsize=1)
def _pairs() -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Return the part and its Latin spelling of all pairs that join names, and all their words."""
    pairs = frozenset(_listed().filter("joins").select("part", "latin").iter_rows())
    return pairs, frozenset(word for pair in pairs for word in pair)


def _listed() -> pl.DataFrame:
    return pl.read_parquet(PARTS_FILE, memory_map=False)


@lru_cache(maxsize=2**17)
def is_listed(word: str) -> bool:
    """Whether the list has a word in comparable form, of any script."""
    return (latin_form(word) if name_script(word) == "Latn" else word) in _pairs()[1]


@lru_cache(maxsize=1)
def _common_parts() -> frozenset[str]:
    return frozenset(lzma.decompress(COMMON_PARTS_FILE.read_bytes()).decode().split("\n"))


def is_common(part: str) -> bool:
    """Whether many people have a part of a name, given in its comparable form."""
    return len(part) < _MIN_LETTERS or part in _common_parts()


def is_persons_part(word: str) -> bool:
    """Whether people in the lists have a word in comparable form as a part of their name."""
    return is_common(word) or word in _spellings() or is_listed(word)


def are_listed(one: Words, other: Words) -> bool:
    """Whether the words of two names spell each other by the list, each the one in its place."""
    return len(one) == len(other) and all(map(_is_pair, one, other))


def latin_keys(words: Words) -> list[str]:
    """Return the ways in which a list spells a name in Latin letters, none for too many; sorted.

    Of a name in Latin letters, itself; of another, each combination of its parts' spellings.
    """
    if not all(map(is_listed, words)):
        return []
    pairs, _ = _pairs()
    ways = [
        [latin_form(word)] if name_script(word) == "Latn"
        else [latin for latin in _spellings()[word] if (word, latin) in pairs]
        for word in words
    ]  # fmt: skip
    return sorted(map(" ".join, product(*ways))) if prod(map(len, ways)) <= _MAX_WAYS else []


def _is_pair(one: str, other: str) -> bool:
    pairs, _ = _pairs()
    return (one, latin_form(other)) in pairs or (other, latin_form(one)) in pairs


@lru_cache(maxsize=2**16)
def usual_spelling(part: str) -> str | None:
    """Return the Latin spelling that most people have who have a part, in lower case.

    None if no spelling is that of `_USUAL_SHARE` of them, or if it is romanised well enough.
    """
    if name_script(part) not in _UNLIKE_LATIN:
        return None
    spellings = _spellings().get(part, {})
    best = max(spellings, key=lambda latin: (spellings[latin], latin), default=None)
    if best is None or spellings[best] < _USUAL_PEOPLE:
        return None
    return best if spellings[best] >= _USUAL_SHARE * sum(spellings.values()) else None


def usual_spellings(words: Sequence[str]) -> list[str] | None:
    """Return the usual spelling of every word of a name, or None if one has none."""
    found = [usual_spelling(word) for word in words]
    return [spelling for spelling in found if spelling] if all(found) and found else None
