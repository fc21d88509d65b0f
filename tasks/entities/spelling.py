"""How well a word of one script spells a word of another: learned correspondences of letters.

A word pair is cut into segments of zero to three symbols (`sh` and `ш`, `ma` and `マ`, `e` and
nothing), each pair of segments worth log(p(s, t) / (p(s) p(t))), its pointwise mutual
information; the best segmentation counts. This is the many-to-many alignment of Jiampojamarn,
Kondrak and Sherif (2007, https://aclanthology.org/N07-1047), trained by
`python -m training.train_names` on name parts of Wikidata (CC0).
"""

import json
import lzma
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.writing.letters import OTHER_SCRIPT, script_of, symbols_of
from tasks.writing.romanize import romanized

WEIGHTS_FILE = Path(__file__).parent / "correspondences.json.xz"
#: How many symbols of either word a segment may have. Pairs of two would swallow pairs of one.
SEGMENTS = ((1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
#: The rest of a longer name is not compared.
MAX_SYMBOLS = 32
#: Nothing corresponds: less than any weight, so that deleting and inserting is better.
_NEVER = -99.0
_CHUNK = 2**16

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Correspondences:
    """What was learned of two scripts (the first is not after the second in the alphabet).

    Attributes:
        weights: Segment of the first, segment of the second, mutual information in nats.
        information: For each of the two, symbol to -log p(symbol).
        logistic: Intercept and weights of `features`.
    """

    weights: tuple[tuple[str, str, float], ...]
    information: tuple[dict[str, float], dict[str, float]]
    logistic: tuple[float, ...]

    @cached_property
    def segments(self) -> tuple[dict[str, int], dict[str, int]]:
        """For each of the two, a segment's row in `matrix`; the last row is for all others."""
        first = {segment for segment, _, _ in self.weights}
        second = {segment for _, segment, _ in self.weights}
        return (
            {segment: row for row, segment in enumerate(sorted(first))},
            {segment: row for row, segment in enumerate(sorted(second))},
        )

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The weights, dense."""
        rows, columns = self.segments
        matrix = np.full((len(rows) + 1, len(columns) + 1), _NEVER, np.float32)
        for first, second, weight in self.weights:
            matrix[rows[first], columns[second]] = weight
        return matrix


@lru_cache(maxsize=1)
def learned() -> dict[tuple[str, str], Correspondences]:
    """Return what was learned, by pair of scripts in alphabetical order."""
    content = json.loads(lzma.decompress(WEIGHTS_FILE.read_bytes()))
    return {
        (one, other): Correspondences(
            tuple((first, second, weight) for first, second, weight in pair["weights"]),
            (content["information"][one], content["information"][other]),
            tuple(pair["logistic"]),
        )
        for (one, other), pair in ((key.split("-"), pair) for key, pair in content["pairs"].items())
    }


def spelt(word: str, information: dict[str, float]) -> str:
    """Return the symbols of a word that are known; rarer ones as romanised, or not at all."""
    symbols = [s if s in information else romanized(s) for s in symbols_of(word)]
    return "".join(s for s in "".join(symbols) if s in information)[:MAX_SYMBOLS]


def comparable_scripts(one: str, other: str) -> tuple[str, str]:
    """Return the pair of scripts by whose correspondences two words are compared.

    A script without correspondences of its own is compared with Latin, as romanised.
    """
    pair = tuple(sorted("Latn" if s == OTHER_SCRIPT else s for s in (one, other)))
    return pair[0], pair[1]


def similarity(pairs: list[tuple[str, str]]) -> Floats:
    """Return how sure it is that the words of each pair spell one name, from 0 to 1.

    Symmetric; 0 where nothing was learned of the two scripts, or a word has no letters.
    """
    by_scripts: dict[tuple[str, str], list[int]] = defaultdict(list)
    oriented = []
    for index, (one, other) in enumerate(pairs):
        scripts = comparable_scripts(script_of(one), script_of(other))
        swapped = scripts[0] not in {script_of(one), "Latn" * (script_of(one) == OTHER_SCRIPT)}
        same = scripts[0] == scripts[1] and other < one
        oriented.append((other, one) if swapped or same else (one, other))
        by_scripts[scripts].append(index)
    result = np.zeros(len(pairs))
    for scripts, indices in by_scripts.items():
        if scripts in learned():
            words = [oriented[index] for index in indices]
            result[indices] = _probability(words, learned()[scripts])
    return result


def _probability(pairs: list[tuple[str, str]], known: Correspondences) -> Floats:
    found = features(pairs, known)
    logit = known.logistic[0] + found @ np.asarray(known.logistic[1:])
    return np.where(found[:, 1] > 0, 1 / (1 + np.exp(-np.clip(logit, -50, 50))), 0.0)


def features(pairs: list[tuple[str, str]], known: Correspondences) -> Floats:
    """Return, per pair, the mutual information and its share of what each word holds.

    Shape (pairs, 4): information in nats, its share of the first word's, of the second
    word's, and the lesser of the two. All zero for words without known symbols.
    """
    spellings = [tuple(map(spelt, pair, known.information)) for pair in pairs]
    found = np.zeros((len(pairs), 4))
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (one, other) in enumerate(spellings):
        if one and other:
            groups[len(one), len(other)].append(index)
    for members in groups.values():
        for start in range(0, len(members), _CHUNK):
            chunk = members[start : start + _CHUNK]
            words = [spellings[index] for index in chunk]
            mutual = _aligned([one for one, _ in words], [other for _, other in words], known)
            found[chunk] = _shares(words, mutual, known)
    return found


def _shares(words: list[tuple[str, ...]], mutual: Floats, known: Correspondences) -> Floats:
    held = [
        np.array([sum(information[symbol] for symbol in pair[side]) for pair in words])
        for side, information in enumerate(known.information)
    ]
    one, other = mutual / held[0], mutual / held[1]
    return np.stack([mutual, one, other, np.minimum(one, other)], axis=1)


def _aligned(ones: list[str], others: list[str], known: Correspondences) -> Floats:
    """Return the weight of the best segmentation; all words of a side have one length."""
    length, width = len(ones[0]), len(others[0])
    rows = [segment_rows(ones, size, known.segments[0]) for size in range(4)]
    columns = [segment_rows(others, size, known.segments[1]) for size in range(4)]
    best: NDArray[np.float32] = np.full(
        (length + 1, width + 1, len(ones)), 2 * MAX_SYMBOLS * _NEVER, np.float32
    )
    best[0, 0] = 0
    for i in range(length + 1):
        for j in range(width + 1):
            for one, other in SEGMENTS:
                if i >= one and j >= other:
                    weight = known.matrix[rows[one][i - one], columns[other][j - other]]
                    np.maximum(best[i, j], best[i - one, j - other] + weight, out=best[i, j])
    return np.asarray(best[length, width], np.float64)


def segment_rows(words: list[str], size: int, rows: dict[str, int]) -> NDArray[np.int64]:
    """Return, for each place in words of one length, the row of the segment that begins there.

    Shape (places, words).
    """
    places = range(len(words[0]) - size + 1)
    missing = len(rows)
    return np.array(
        [[rows.get(word[place : place + size], missing) for word in words] for place in places],
        np.int64,
    ).reshape(-1, len(words))
