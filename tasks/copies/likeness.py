"""Find pairs of documents worth comparing, and say how alike they are.

Candidates come from an inverted index of the rarest features. Three views of two documents are
compared, each group of features on its own: the bag of its features; where they stand in it (a
translation says the same at the same position, another article on the same affair does not); and
where they stand counted from its beginning, for texts that were cut off. A logistic model makes
one score of it; its weights are in `model.json`, trained by `python -m benchmarks.stories --train`.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy

from tasks.copies.entries import VIEWS, Cells, Floats, Integers
from tasks.copies.traces import GROUP_COUNT, Traces
from tasks.settings import StorySettings

MODEL = Path(__file__).with_name("model.json")
#: Documents whose candidates are counted at once: some ten million numbers at most.
ROWS_AT_ONCE = 2048
#: Pairs compared at once: a few million numbers.
PAIRS_AT_ONCE = 4096
#: How much two occurrences count by how many bins they are apart: a bell of one bin's width.
BELL = np.exp(-(np.arange(3) ** 2) / 4)
#: Added to the product of squared norms, so that documents of few features are not alike by one.
SMOOTHING = 20.0
#: Difference of log lengths beyond which no translation differs: a quarter longer.
USUAL_LENGTH_DIFFERENCE = 0.25
#: Two of each group for the bag and each view, and two of the lengths.
MEASURES = 2 * GROUP_COUNT * (1 + len(VIEWS)) + 2


def candidate_pairs(traces: Traces, settings: StorySettings) -> tuple[Integers, Integers]:
    """Return pairs of documents in two languages that share rare features, sorted.

    A document is listed under its `rare_features` rarest features that at most
    `max_postings` documents have; those that meet under the weightiest features are its
    `max_candidates`. The cost is that of the lists: linear in documents.
    """
    index = _index(traces, settings)
    listed = scipy.sparse.csr_array(index.T)
    documents = len(traces.doc_ids)
    pairs = [np.empty(0, np.int64)]
    for start in range(0, documents, ROWS_AT_ONCE):
        met = (index[start : start + ROWS_AT_ONCE] @ listed).tocoo()
        rows, others = met.row.astype(np.int64) + start, met.col.astype(np.int64)
        is_foreign = traces.languages[rows] != traces.languages[others]
        rows, others, weights = rows[is_foreign], others[is_foreign], met.data[is_foreign]
        for document, likeliest in _likeliest(rows, others, weights, documents, settings):
            lesser, greater = np.minimum(likeliest, document), np.maximum(likeliest, document)
            pairs.append(lesser * documents + greater)
    found = np.unique(np.concatenate(pairs))
    return found // max(documents, 1), found % max(documents, 1)


def _likeliest(
    rows: Integers, others: Integers, weights: Floats, documents: int, settings: StorySettings
) -> Iterator[tuple[int, Integers]]:
    """Yield each document of sorted `rows` with its weightiest `others`."""
    # One number for both, to sort by: weights, rounded so that sums of one pair made in two
    # orders are equal, the greatest first, then documents.
    keys = others - (weights * 1e6).round().astype(np.int64) * documents
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    count = settings.max_candidates
    for document, group in zip(rows[starts].tolist(), np.split(keys, starts)[1:], strict=True):
        likeliest = np.partition(group, count - 1)[:count] if len(group) > count else group
        yield document, likeliest % documents


def _index(traces: Traces, settings: StorySettings) -> "scipy.sparse.csr_array":
    """Return documents by features: the weight of those that each is listed under."""
    documents = len(traces.doc_ids)
    starts = range(0, max(documents, 1), ROWS_AT_ONCE)
    blocks = [
        _listed(traces, start, min(start + ROWS_AT_ONCE, documents), settings) for start in starts
    ]
    listed, owners = (np.concatenate(column) for column in zip(*blocks, strict=True))
    entries = traces.weights(listed), (owners, traces.codes[listed])
    return scipy.sparse.csr_array(entries, shape=(documents, len(traces.names)))


def _listed(
    traces: Traces, start: int, end: int, settings: StorySettings
) -> tuple[Integers, Integers]:
    """Return the entries that some documents are listed under, the rarest first, and whose."""
    entries = np.arange(traces.starts[start], traces.starts[end])
    owners = np.repeat(np.arange(start, end), np.diff(traces.starts[start : end + 1]))
    postings = traces.postings[traces.codes[entries]]
    findable = np.flatnonzero(postings <= settings.max_postings)
    codes = traces.codes[entries[findable]]
    ranked = findable[np.lexsort((codes, postings[findable], owners[findable]))]
    ranked = ranked[_positions_in_runs(owners[ranked]) < settings.rare_features]
    return entries[ranked], owners[ranked]


def _positions_in_runs(keys: Integers) -> Integers:
    """Number sorted keys, equal ones from 0 on."""
    positions = np.arange(len(keys))
    begins = np.diff(keys, prepend=-1) != 0
    return positions - np.maximum.accumulate(np.where(begins, positions, 0))


def scores(traces: Traces, left: Integers, right: Integers) -> Floats:
    """Return the log-odds that each pair of documents is one text in two languages."""
    weights, bias = _model()
    # Not by BLAS, whose sums depend on its threads.
    blocks = [(each * weights).sum(axis=1) + bias for each in _measured(traces, left, right)]
    return np.concatenate((np.empty(0), *blocks)).round(4)


def probability(log_odds: Floats) -> Floats:
    """Return log-odds as numbers from 0 to 1, to four places."""
    found: Floats = (1 / (1 + np.exp(-log_odds))).round(4)
    return found


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, float]:
    model = json.loads(MODEL.read_text("utf-8"))
    return np.array(model["weights"], np.float64), float(model["bias"])


def pair_measures(traces: Traces, left: Integers, right: Integers) -> Floats:
    """Return the measures of pairs.

    Args:
        traces: The documents.
        left: Documents, one per pair.
        right: The others.

    Returns:
        A row of `MEASURES` for each pair.
    """
    return np.concatenate((np.empty((0, MEASURES)), *_measured(traces, left, right)))


def _measured(traces: Traces, left: Integers, right: Integers) -> Iterator[Floats]:
    """Yield the measures of pairs, some thousands of them at once."""
    shape = (len(traces.doc_ids), len(traces.names))
    # No entry has the number 0, which would not be stored.
    numbers = np.arange(1, len(traces.codes) + 1, dtype=np.int32)
    numbered = scipy.sparse.csr_array((numbers, traces.codes, traces.starts), shape=shape)
    for start in range(0, len(left), PAIRS_AT_ONCE):
        pairs = slice(start, start + PAIRS_AT_ONCE)
        yield _block_measures(traces, numbered, left[pairs], right[pairs])


def _block_measures(
    traces: Traces, numbered: "scipy.sparse.csr_array", left: Integers, right: Integers
) -> Floats:
    norms = np.sqrt(traces.norms[left] * traces.norms[right] + SMOOTHING)
    pairs, said_left, said_right = _shared_entries(numbered, left, right)
    weights = traces.weights(said_left) * traces.weights(said_right)
    slots = pairs * GROUP_COUNT + traces.groups[traces.codes[said_left]]
    bag = (traces.times[said_left] * traces.times[said_right]).astype(np.float64)
    columns: list[Floats] = []
    for alike in (bag, *(_together(cells, said_left, said_right) for cells in traces.cells)):
        shared = np.bincount(slots, weights * alike, norms.size).reshape(norms.shape)
        columns += [shared / norms, np.log1p(shared)]
    difference = np.abs(np.log1p(traces.letters[left]) - np.log1p(traces.letters[right]))
    columns += [difference[:, None], np.minimum(difference, USUAL_LENGTH_DIFFERENCE)[:, None]]
    return np.concatenate(columns, axis=1)


def _shared_entries(
    numbered: "scipy.sparse.csr_array", left: Integers, right: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return for each feature that two documents share: the pair, its entry in either.

    Args:
        numbered: Documents by features: the number of an entry, from 1.
        left: Documents, one per pair.
        right: The others.
    """
    said_left, said_right = numbered[left], numbered[right]
    on_left = said_left.multiply(_ones(said_right)).tocoo()
    on_right = _ones(said_left).multiply(said_right)
    found = on_left.row, on_left.data - 1, on_right.data - 1
    pairs, one, other = (each.astype(np.int64) for each in found)
    return pairs, one, other


def _ones(rows: "scipy.sparse.csr_array") -> "scipy.sparse.csr_array":
    ones = np.ones(rows.nnz, np.int32)
    return scipy.sparse.csr_array((ones, rows.indices, rows.indptr), shape=rows.shape)


def _together(cells: Cells, left: Integers, right: Integers) -> Floats:
    """Return how often a feature stands at the same positions of two documents.

    Args:
        cells: Where entries stand.
        left: Entries, one per shared feature.
        right: The entries of the same feature in the other document.

    Returns:
        The number of pairs of occurrences, those in neighbouring bins counted as `BELL` says.
    """
    counts = np.diff(cells.starts)
    wide = counts[right]
    combinations = counts[left] * wide
    shared = np.repeat(np.arange(len(left)), combinations)
    number = np.arange(len(shared)) - np.repeat(
        np.cumsum(combinations) - combinations, combinations
    )
    one = cells.starts[left][shared] + number // wide[shared]
    other = cells.starts[right][shared] + number % wide[shared]
    apart = np.abs(cells.bins[one].astype(np.int64) - cells.bins[other])
    is_near = apart < len(BELL)
    one, other, shared = one[is_near], other[is_near], shared[is_near]
    weights = cells.times[one] * cells.times[other] * BELL[apart[is_near]]
    return np.bincount(shared, weights, len(left)).astype(np.float64)
