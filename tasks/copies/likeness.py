"""How alike two documents are: measures of what they share, weighed by a logistic model.

Three views of a document are compared, each group of features on its own: the bag of its
features; where they stand in it (a translation says the same at the same place, another
article on the same affair does not); and where they stand counted from its beginning, for
texts that were cut off. The weights are in `model.json`, trained by
`python -m benchmarks.stories --train`.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from tasks.copies.traces import GROUP_COUNT, Floats, Integers, Traces

MODEL = Path(__file__).with_name("model.json")
#: Pairs compared at once: some million numbers for each view.
PAIRS_AT_ONCE = 4096
#: Bins of the relative view: 5 % of a text, about a sentence of a short one.
RELATIVE_BINS = 20
#: Bins of the view from the beginning grow with the distance, as its uncertainty does:
#: LOG_BINS to each doubling or so, the first as long as a short sentence (LOG_LETTERS).
LOG_BINS, LOG_LETTERS = 6.0, 200.0
#: Reach of an occurrence, in bins; its weight falls off as a bell of one bin's width.
REACH = 2
#: Added to the product of squared norms, so that documents of few features are not alike by one.
SMOOTHING = 20.0
#: Difference of log lengths beyond which no translation differs: a quarter longer.
USUAL_LENGTH_DIFFERENCE = 0.25
View = Callable[[Floats, Floats], Floats]
_VIEWS: tuple[View | None, ...] = (
    None,
    lambda places, _letters: places * RELATIVE_BINS,
    lambda places, letters: np.log1p(places * letters / LOG_LETTERS) * LOG_BINS,
)
#: More than the bins of any view: a text of 50,000 letters has 34.
BIN_LIMIT = 256


def scores(traces: Traces, left: Integers, right: Integers) -> Floats:
    """Return the log-odds that each pair of documents is one text in two languages."""
    weights, bias = _model()
    found: Floats = pair_measures(traces, left, right) @ weights + bias
    return found.round(4)


def probability(log_odds: Floats) -> Floats:
    """Return log-odds as numbers from 0 to 1, to four places."""
    found: Floats = (1 / (1 + np.exp(-log_odds))).round(4)
    return found


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, float]:
    model = json.loads(MODEL.read_text())
    return np.array(model["weights"], np.float64), float(model["bias"])


def pair_measures(traces: Traces, left: Integers, right: Integers) -> Floats:
    """Return the measures of pairs: a row each, for every view and group two, then the lengths."""
    blocks = [np.empty((0, 2 * GROUP_COUNT * len(_VIEWS) + 2))]
    for start in range(0, len(left), PAIRS_AT_ONCE):
        pairs = slice(start, start + PAIRS_AT_ONCE)
        blocks.append(_block_measures(traces, left[pairs], right[pairs]))
    return np.concatenate(blocks)


def _block_measures(traces: Traces, left: Integers, right: Integers) -> Floats:
    documents, rows = np.unique(np.concatenate((left, right)), return_inverse=True)
    a, b = rows[: len(left)], rows[len(left) :]
    norms = np.sqrt(traces.norms[left] * traces.norms[right] + SMOOTHING)
    columns: list[Floats] = []
    for view in _VIEWS:
        sharp = _matrix(traces, documents, view, 0)
        spread = _matrix(traces, documents, view, 0 if view is None else REACH)
        shared = _products(traces, sharp, spread, a, b)
        columns += [shared / norms, np.log1p(shared)]
    difference = np.abs(np.log1p(traces.letters[left]) - np.log1p(traces.letters[right]))
    columns += [difference[:, None], np.minimum(difference, USUAL_LENGTH_DIFFERENCE)[:, None]]
    return np.concatenate(columns, axis=1)


def _matrix(traces: Traces, documents: Integers, view: View | None, reach: int) -> csr_array:
    """Return documents by (feature, bin), each occurrence spread over `reach` bins both ways."""
    counts = traces.starts[documents + 1] - traces.starts[documents]
    rows = np.repeat(np.arange(len(documents)), counts)
    skipped = np.repeat(traces.starts[documents] - np.cumsum(counts) + counts, counts)
    listed = np.arange(len(rows)) + skipped
    codes, weights = traces.codes[listed], traces.weights[listed]
    shape = (len(documents), len(traces.names) * BIN_LIMIT)
    if view is None:
        return csr_array((weights, (rows, codes * BIN_LIMIT)), shape=shape)
    place = view(traces.places[listed], traces.letters[documents][rows])
    middle = np.floor(place).astype(np.int64) + REACH
    steps = np.arange(-reach, reach + 1)
    bins = codes[:, None] * BIN_LIMIT + middle[:, None] + steps
    bell = weights[:, None] * np.exp(-(steps**2) / 4)
    spread = (bell.ravel(), (np.repeat(rows, len(steps)), bins.ravel()))
    return csr_array(spread, shape=shape)


def _products(
    traces: Traces, sharp: csr_array, spread: csr_array, left: Integers, right: Integers
) -> Floats:
    """Return the product of pairs of rows, the columns of each group on their own."""
    products = csr_array(sharp[left].multiply(spread[right]))
    products.sort_indices()
    rows = np.repeat(np.arange(len(left)), np.diff(products.indptr))
    groups = traces.groups[products.indices // BIN_LIMIT]
    size = len(left) * GROUP_COUNT
    places = rows * GROUP_COUNT + groups
    sums = np.bincount(places, weights=products.data, minlength=size).astype(np.float64)
    return sums.reshape(len(left), GROUP_COUNT)
