"""How likely each line of a plain text is to be the text itself, by two small networks.

The first sees a line and two neighbours on each side; the second also sees what the first made of
the lines around, near and far (stacked sequential learning, Cohen and Carvalho 2005). Weights:
`chrome_model.json`, written by `python -m training.train_chrome`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.clean.line_features import Matrix
from tasks.writing.network import Layers, layers_of, logits, probabilities

#: Where the weights stand.
FILE = Path(__file__).parent / "chrome_model.json"
#: Lines on each side that the networks see: features by the first, first scores by the second.
NEIGHBOURS = 2
SCORED_NEIGHBOURS = 4
#: Lines on each side over which first scores are averaged.
REACHES = (3, 10, 30)
#: Beyond it a first score says no more (its logit: e^6 to 1).
MAX_LOGIT = 6.0
#: Distances to running text are told apart up to so many lines.
MAX_DISTANCE = 64


def text_scores(features: Matrix, widths: Matrix) -> Matrix:
    """Return for each line how likely it is text and not chrome, 0 to 1, to three digits.

    Args:
        features: What `tasks.clean.line_features.line_features` says of each line.
        widths: The width of each line.
    """
    first = logits(windowed(features, NEIGHBOURS), layers("first"), MAX_LOGIT)
    second = logits(stacked(features, widths, first), layers("second"), MAX_LOGIT)
    # Rounded, so that no last bit of a sum decides.
    return np.round(probabilities(second), 3)


@cache
def layers(name: str) -> Layers:
    """Return the weights of a network: hidden weights and bias, output weights and bias."""
    return layers_of(json.loads(FILE.read_text(encoding="utf-8"))[name])


def windowed(features: Matrix, reach: int) -> Matrix:
    """Return each line's features beside those of `reach` lines before and after, and a 1.

    Lines beyond the ends are zero; the 1 of each line tells them from lines.
    """
    count = features.shape[0]
    with_one = np.hstack([features, np.ones((count, 1))])
    padded = np.pad(with_one, ((reach, reach), (0, 0)))
    return np.hstack([padded[shift : shift + count] for shift in range(2 * reach + 1)])


def stacked(features: Matrix, widths: Matrix, first: Matrix) -> Matrix:
    """Return what the second network sees: features, first scores around, and the whole."""
    scores = probabilities(first)
    weights = np.minimum(widths, 400)
    mass = scores * weights
    is_text = (scores > 0.5) & (widths >= 60)
    around = windowed((first / MAX_LOGIT)[:, None], SCORED_NEIGHBOURS)
    columns = [_mean_around(mass, weights, reach) for reach in REACHES]
    total = max(mass.sum(), 1.0)
    before = np.cumsum(mass) - mass
    local = _sum_around(mass, REACHES[1])
    columns += [
        before / total,
        (total - before - mass) / total,
        local / max(local.max(), 1.0),
        *_distances(is_text),
        np.full(len(scores), total / max(weights.sum(), 1.0)),
        np.full(len(scores), (scores > 0.5).mean()),
        np.full(len(scores), min(np.log2(1 + len(scores)) / 10, 1.0)),
    ]
    return np.hstack([features, around, np.stack(columns, axis=1)])


def _sum_around(values: Matrix, reach: int) -> Matrix:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    positions = np.arange(len(values))
    after = np.minimum(positions + reach + 1, len(values))
    result: Matrix = sums[after] - sums[np.maximum(positions - reach, 0)]
    return result


def _mean_around(mass: Matrix, weights: Matrix, reach: int) -> Matrix:
    return _sum_around(mass, reach) / np.maximum(_sum_around(weights, reach), 1.0)


def _distances(is_text: NDArray[np.bool_]) -> list[Matrix]:
    """Return how far the nearest running text is before and after each line, 0 to 1."""
    return [_distance_before(is_text), _distance_before(is_text[::-1])[::-1]]


def _distance_before(is_text: NDArray[np.bool_]) -> Matrix:
    positions = np.arange(len(is_text))
    last = np.maximum.accumulate(np.where(is_text, positions, -MAX_DISTANCE))
    distance = np.minimum(positions - last, MAX_DISTANCE)
    result: Matrix = np.log2(1 + distance) / np.log2(1 + MAX_DISTANCE)
    return result
