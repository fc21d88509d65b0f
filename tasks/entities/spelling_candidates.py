"""Pairs of words that may spell one name, from an inverted index: never all pairs."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.entities.sound import deleted_keys, name_keys, open_keys, sound_keys
from tasks.writing.letters import script_of
from tasks.writing.romanize import romanized

#: Letters that are counted as one when two words' letters are compared.
_LETTERS = ("a", "eiyj", "ouw", "pb", "fv", "td", "szcx", "kqcgh", "l", "r", "m", "n")
#: Share of the letters of both that two candidates need not have in common; of the parts of names
#: in `../shared/data/names` that are one, 97 % differ less (Cyrillic .33, Arabic .5, kana .5).
MAX_OTHER_LETTERS = 0.4
MAX_OTHER_LETTERS_OF = {"Kana": 0.45, "Hang": 0.55, "Hani": 0.55}


def candidate_pairs(
    words: Sequence[str],
    same_script: bool = False,
    names: Sequence[tuple[str, ...]] | None = None,
) -> pl.DataFrame:
    """Return the pairs of words whose sounds differ in one place at most.

    Names of several words are also found if one word sounds the same and the others begin or
    end with one sound.

    Args:
        words: Distinct words.
        same_script: Whether the two are of one script, otherwise of two.
        names: For each of `words`, the words that it was joined of; none: itself.

    Returns:
        `first, second`: indices into `words`, the lesser first, sorted.
    """
    scripts = pl.Series([script_of(word) for word in words], dtype=pl.String)
    frame = pl.DataFrame({"word": range(len(words)), "script": scripts})
    full = _exploded(frame, [list(sound_keys(word)) for word in words])
    opened = _exploded(frame, [list(open_keys(word)) for word in words])
    deleted = _exploded(frame, [list(deleted_keys(word)) for word in words])
    several = _exploded(frame, [list(name_keys(name)) for name in names or [()] * len(words)])
    joined = [
        _joined(one, other, same_script)
        for one, other in ((full, full), (opened, opened), (full, deleted), (several, several))
    ]
    pairs = pl.concat(joined).unique().sort("first", "second")
    return pairs.filter(pl.Series(_share_letters(words, pairs), dtype=pl.Boolean))


def _exploded(frame: pl.DataFrame, keys: list[list[str]]) -> pl.DataFrame:
    column = pl.Series("key", keys, dtype=pl.List(pl.String))
    return frame.with_columns(column).explode("key").drop_nulls("key")


def _joined(one: pl.DataFrame, other: pl.DataFrame, same_script: bool) -> pl.DataFrame:
    pairs = one.lazy().join(other.lazy(), on="key", suffix="_other")
    wanted = (pl.col("script") == pl.col("script_other")) == same_script
    pairs = pairs.filter(wanted & (pl.col("word") != pl.col("word_other")))
    lesser, greater = (
        pl.min_horizontal("word", "word_other"),
        pl.max_horizontal("word", "word_other"),
    )
    return pairs.select(lesser.alias("first"), greater.alias("second")).unique().collect()


def _share_letters(words: Sequence[str], pairs: pl.DataFrame) -> NDArray[np.bool_]:
    counts = np.array([_letter_counts(word) for word in words], np.int8)
    counts = counts.reshape(-1, len(_LETTERS))
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    scripts = [script_of(word) for word in words]
    vowelless = np.array([script in {"Arab", "Hebr"} for script in scripts], bool)
    limits = np.array([MAX_OTHER_LETTERS_OF.get(script, MAX_OTHER_LETTERS) for script in scripts])
    kept = np.zeros(pairs.height, bool)
    for start in range(0, pairs.height, 2**20):
        part = slice(start, start + 2**20)
        one, other = counts[first[part]], counts[second[part]]
        # Arabic and Hebrew leave vowels out: only consonants count.
        written = ~(vowelless[first[part]] | vowelless[second[part]])
        one, other = _weighed(one, written), _weighed(other, written)
        apart = np.abs(one - other).sum(axis=1)
        limit = np.maximum(limits[first[part]], limits[second[part]])
        kept[part] = apart <= limit * (one.sum(axis=1) + other.sum(axis=1))
    return kept


def _weighed(counts: NDArray[np.int8], written: NDArray[np.bool_]) -> NDArray[np.int16]:
    weighed = counts.astype(np.int16)
    weighed[:, :3] *= written[:, None]
    return weighed


def _letter_counts(word: str) -> list[int]:
    letters = romanized(word)
    return [sum(letters.count(letter) for letter in group) for group in _LETTERS]
