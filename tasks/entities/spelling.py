"""Say how well a word of one script spells a word of another, by learned correspondences.

A word pair is cut into segments of zero to three symbols (`sh` and `ш`, `ma` and `マ`, `e` and
nothing), each pair of segments worth log(p(s, t) / (p(s) p(t))), its pointwise mutual
information; the best segmentation counts. This is the many-to-many alignment of Jiampojamarn,
Kondrak and Sherif (2007, https://aclanthology.org/N07-1047), trained by
`python -m training.train_names` on name parts of Wikidata (CC0).
"""

import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.writing.romanize import OTHER_SCRIPT, name_script, romanized, symbols_of

WEIGHTS_FILE = Path(__file__).parent / "correspondences.json.xz"
#: How many symbols of either word a segment may have. Pairs of two would swallow pairs of one.
SEGMENTS = ((1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
#: Those of them that have symbols of both words.
_BOTH = tuple(sizes for sizes in SEGMENTS if 0 not in sizes)
_SIZES = (1, 2, 3)
#: The rest of a longer name is not compared.
MAX_SYMBOLS = 32
#: Nothing corresponds: less than any weight, so that deleting and inserting is better.
_NEVER = -99.0
#: Pairs that are aligned at once: with names of 12 letters, all that is touched is 1 MB, which
#: stays in a core's own cache. Four times as many took half as long again.
_BLOCK = 1024
#: Decimals of a likeness: the last bits of `exp` depend on the processor, these do not.
_DECIMALS = 6

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Correspondences:
    """What was learned of two scripts (the first is not after the second in the alphabet).

    Attributes:
        weights: Segment of the first, segment of the second, mutual information in nats.
        information: For each of the two, symbol to -log p(symbol).
        logistic: Intercept and weights of `features`.
    """

    weights: Sequence[tuple[str, str, float]]
    information: tuple[dict[str, float], dict[str, float]]
    logistic: Sequence[float]

    @cached_property
    def segments(self) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
        """For each of the two, the segments of each size, sorted."""
        sides = ({first for first, _, _ in self.weights}, {other for _, other, _ in self.weights})
        first, second = (
            {size: sorted(s for s in side if len(s) == size) for size in (0, *_SIZES)}
            for side in sides
        )
        return first, second

    @cached_property
    def matrices(self) -> dict[tuple[int, int], NDArray[np.float32]]:
        """The weights by the sizes of two segments; the last row and column are for all others."""
        first, second = self.segments
        rows, columns = (
            {segment: row for found in side.values() for row, segment in enumerate(found)}
            for side in self.segments
        )
        matrices = {
            (one, other): np.full((len(first[one]) + 1, len(second[other]) + 1), _NEVER, np.float32)
            for one, other in SEGMENTS
        }
        for one, other, weight in self.weights:
            matrices[len(one), len(other)][rows[one], columns[other]] = weight
        return matrices


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(lzma.decompress(WEIGHTS_FILE.read_bytes()))
    return content


@lru_cache(maxsize=1)
def learned_scripts() -> frozenset[tuple[str, str]]:
    """Return the pairs of scripts, in alphabetical order, of which something was learned."""
    pairs = (key.split("-") for key in _content()["pairs"])
    return frozenset((one, other) for one, other in pairs)


@lru_cache(maxsize=64)
def learned(one: str, other: str) -> Correspondences:
    """Return what was learned of a pair of `learned_scripts`."""
    content = _content()
    pair, held = content["pairs"][f"{one}-{other}"], content["information"]
    weights = list(zip(*pair["weights"], strict=True))
    return Correspondences(weights, (held[one], held[other]), pair["logistic"])


def spelt(word: str, information: dict[str, float]) -> str:
    """Return the symbols of a word that are known; rarer ones as romanised, or not at all."""
    symbols = [s if s in information else romanized(s) for s in symbols_of(word)]
    return "".join(s for s in "".join(symbols) if s in information)[:MAX_SYMBOLS]


def similarity(pairs: Sequence[tuple[str, str]]) -> Floats:
    """Return how sure it is that the words of each pair spell one name, from 0 to 1.

    Symmetric; 0 where nothing was learned of the two scripts, or a word has no letters.
    """
    words = sorted({word for pair in pairs for word in pair})
    index = {word: i for i, word in enumerate(words)}
    sides = np.array([(index[one], index[other]) for one, other in pairs], np.int64).reshape(-1, 2)
    return likeness(words, sides[:, 0], sides[:, 1])


def likeness(words: Sequence[str], first: Indices, second: Indices) -> Floats:
    """Return how sure it is that two words spell one name, for many pairs of some words.

    A script without correspondences of its own is compared with Latin, as romanised.

    Args:
        words: Distinct words, sorted.
        first: Index into `words` of one word of each pair.
        second: Index of the other.

    Returns:
        A number from 0 to 1 per pair, as `similarity` has it.
    """
    scripts = ["Latn" if s == OTHER_SCRIPT else s for s in map(name_script, words)]
    names = sorted(set(scripts))
    number = {script: i for i, script in enumerate(names)}
    of_word = np.array([number[script] for script in scripts], np.int64)
    result = np.zeros(len(first))
    if not len(first):
        return result
    one, other = of_word[first], of_word[second]
    swapped = (one > other) | ((one == other) & (second < first))
    first, second = np.where(swapped, second, first), np.where(swapped, first, second)
    kinds = of_word[first] * len(names) + of_word[second]
    for kind in np.unique(kinds):
        pair = names[kind // len(names)], names[kind % len(names)]
        if pair in learned_scripts():
            chosen = np.flatnonzero(kinds == kind)
            result[chosen] = _probability(words, first[chosen], second[chosen], learned(*pair))
    return result


def _probability(
    words: Sequence[str], first: Indices, second: Indices, known: Correspondences
) -> Floats:
    found = _features(words, first, second, known)
    logit = np.full(len(found), known.logistic[0])
    for column, weight in zip(found.T, known.logistic[1:], strict=True):
        logit += column * weight
    sure = 1 / (1 + np.exp(-np.clip(logit, -50, 50)))
    return np.where(found[:, 1] > 0, np.round(sure, _DECIMALS), 0.0)


def features(pairs: Sequence[tuple[str, str]], known: Correspondences) -> Floats:
    """Return, per pair, the mutual information and its share of what each word holds.

    Shape (pairs, 4): information in nats, its share of the first word's, of the second
    word's, and the lesser of the two. All zero for words without known symbols.
    """
    words = sorted({word for pair in pairs for word in pair})
    index = {word: i for i, word in enumerate(words)}
    sides = np.array([(index[one], index[other]) for one, other in pairs], np.int64).reshape(-1, 2)
    return _features(words, sides[:, 0], sides[:, 1], known)


def _features(
    words: Sequence[str], first: Indices, second: Indices, known: Correspondences
) -> Floats:
    found = np.zeros((len(first), 4))
    if not len(first):
        return found
    one, other = _Side.of(words, first, known, 0), _Side.of(words, second, known, 1)
    chosen = np.flatnonzero((one.lengths[one.of_pair] > 0) & (other.lengths[other.of_pair] > 0))
    if len(chosen):
        one, other = one.only(chosen), other.only(chosen)
        mutual = _aligned(one, other, known)
        shares = mutual / one.held[one.of_pair], mutual / other.held[other.of_pair]
        found[chosen] = np.stack([mutual, *shares, np.minimum(*shares)], axis=1)
    return found


@dataclass(frozen=True)
class _Side:
    """The words on one side of many pairs, as they are spelt in what was learned.

    Attributes:
        of_pair: Which word a pair has on this side.
        lengths: Symbols of each word.
        held: Information in nats of each word's symbols.
        rows: By size, the row in `Correspondences.matrices` of the segment that begins at each
            symbol of each word; shape (words, symbols).
    """

    of_pair: Indices
    lengths: Indices
    held: Floats
    rows: dict[int, Rows]

    @classmethod
    def of(
        cls, words: Sequence[str], chosen: Indices, known: Correspondences, side: int
    ) -> "_Side":
        """Spell the words that are chosen, each once."""
        used, of_pair = np.unique(chosen, return_inverse=True)
        information = known.information[side]
        spellings = [spelt(words[index], information) for index in used]
        held = [sum(information[symbol] for symbol in word) for word in spellings]
        lengths = np.array([len(word) for word in spellings], np.int64)
        rows = {size: segment_rows(spellings, size, known.segments[side][size]) for size in _SIZES}
        return cls(of_pair, lengths, np.array(held, np.float64), rows)

    def only(self, pairs: Indices) -> "_Side":
        """Return the side of some of the pairs."""
        return _Side(self.of_pair[pairs], self.lengths, self.held, self.rows)


def segment_rows(words: Sequence[str], size: int, segments: Sequence[str]) -> Rows:
    """Return, for each symbol of each word, which segment begins there.

    Args:
        words: Words of `MAX_SYMBOLS` at most.
        size: Symbols of a segment.
        segments: The segments of that size, sorted.

    Returns:
        Shape (words, symbols): an index into `segments`, their number if it is none of them.
        Where too few symbols are left, any number.
    """
    longest = max((len(word) for word in words), default=0)
    symbols = np.array([word.ljust(longest + size, "\0") for word in words], f"U{longest + size}")
    codes = symbols.view(np.uint32).reshape(len(words), -1).astype(np.int64)
    known = np.array(segments, f"U{size}").view(np.uint32).reshape(-1, size).astype(np.int64)
    windows = sum(codes[:, i : i + longest] << 21 * (size - 1 - i) for i in range(size))
    keys = sum((known[:, i] << 21 * (size - 1 - i) for i in range(size)), np.zeros(1, np.int64))
    if not segments:
        return np.zeros((len(words), longest), np.int32)
    rows = np.searchsorted(keys, windows).clip(max=len(segments) - 1)
    return np.where(keys[rows] == windows, rows, len(segments)).astype(np.int32)


def _aligned(one: _Side, other: _Side, known: Correspondences) -> Floats:
    """Return the weight of the best segmentation of each pair of words that have symbols."""
    lengths, widths = one.lengths[one.of_pair], other.lengths[other.of_pair]
    order = np.lexsort((widths, lengths))
    mutual = np.zeros(len(order))
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        best = _best_segmentations(
            {size: one.rows[size][one.of_pair[block], : lengths[block].max()].T for size in _SIZES},
            {
                size: other.rows[size][other.of_pair[block], : widths[block].max()].T
                for size in _SIZES
            },
            known,
        )
        mutual[block] = best[lengths[block], widths[block], np.arange(len(block))]
    return mutual


def _best_segmentations(
    rows: dict[int, Rows], columns: dict[int, Rows], known: Correspondences
) -> NDArray[np.float32]:
    """Return what the beginnings of words are worth together, whatever comes after them.

    Args:
        rows: By size, the segment that begins at each symbol of the first words; shape
            (symbols, pairs).
        columns: The same of the second words.
        known: What pairs of segments are worth.

    Returns:
        Shape (symbols of the first + 1, symbols of the second + 1, pairs).
    """
    (length, pairs), width = rows[1].shape, columns[1].shape[0]
    least = 2 * MAX_SYMBOLS * _NEVER
    best: NDArray[np.float32] = np.full((length + 1, width + 1, pairs), least, np.float32)
    best[0, 0] = 0
    dropped = known.matrices[1, 0][:, 0][rows[1]]
    added = known.matrices[0, 1][0][columns[1]]
    starts = {sizes: rows[sizes[0]] * known.matrices[sizes].shape[1] for sizes in _BOTH}
    for i in range(length + 1):
        cells = best[i]
        if i:
            np.maximum(cells, best[i - 1] + dropped[i - 1], out=cells)
        for one, other in _BOTH:
            if i >= one and width >= other:
                index = starts[one, other][i - one] + columns[other][: width - other + 1]
                weights = known.matrices[one, other].ravel().take(index, mode="clip")
                weights += best[i - one, : width - other + 1]
                np.maximum(cells[other:], weights, out=cells[other:])
        for j in range(width):
            np.maximum(cells[j + 1], cells[j] + added[j], out=cells[j + 1])
    return best
