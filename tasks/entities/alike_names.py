"""Say which names of two scripts are spelt alike, and how much so their words are."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from tasks.entities.listed_parts import LISTED_LIKENESS
from tasks.entities.name_scores import NameScores
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: How alike names in Han and other letters, of which a list spells one word alike, and their other
#: words must be: Elizabeth Warren and 伊丽莎白·沃伦 .55, Warren and 沃伦 .02.
_HAN_LIKENESS, _HAN_PART_LIKENESS = 0.5, 0.01

Words = tuple[str, ...]


class Alike(NamedTuple):
    """Two names of two scripts, how alike they are, and those of their words that are least so.

    `least_part` is 1 where the names are not compared word by word.
    """

    one: Words
    other: Words
    likeness: float
    least_part: float


def alike(kind: str, names: Sequence[Words], scores: NameScores) -> list[Alike]:
    """Return the pairs of names of two scripts that may be one.

    Those of as many words are compared word by word. In Han, whose characters spell some sounds of
    names by custom only (沃伦, wolun, is Warren), one word that is surely the other's is enough if
    the names are alike.
    """
    near = scores.alike(kind, names)
    words = {
        pair
        for a, b, _ in near
        if len(a) == len(b) > 1
        for pair in zip(a, b, strict=True)
        if name_script(pair[0]) != name_script(pair[1])
    }
    known = words_likeness(words, scores)
    found = []
    for a, b, score in near:
        least_part = 1.0
        if len(a) == len(b) > 1:
            parts = [known.get(p, float(p[0] == p[1])) for p in zip(a, b, strict=True)]
            is_han = "Hani" in {name_script(a[-1]), name_script(b[-1])}
            is_sure = is_han and score >= _HAN_LIKENESS and max(parts) >= LISTED_LIKENESS
            least_part = min(parts)
            least_part = 1.0 if is_sure and least_part >= _HAN_PART_LIKENESS else least_part
        found.append(Alike(a, b, score, least_part))
    return found


def words_likeness(
    pairs: Iterable[tuple[str, str]], scores: NameScores
) -> dict[tuple[str, str], float]:
    """Return how alike words of two scripts are."""
    schema = {"word": pl.String, "part": pl.String}
    scored = scores.parts(pl.DataFrame(sorted(pairs), schema=schema, orient="row"))
    return {(word, part): score for word, part, score in scored.iter_rows()}


def least_likeness(one_words: int, other_words: int, settings: ResolveSettings) -> float:
    """Return how alike two names of so many words must be."""
    single = one_words == other_words == 1
    return settings.min_word_likeness if single else settings.min_name_likeness
