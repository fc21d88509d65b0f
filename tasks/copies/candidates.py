"""Pairs of documents worth comparing, from an inverted index of their rarest features."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from tasks.copies.traces import Integers, Traces
from tasks.settings import StorySettings

#: Documents whose candidates are counted at once: some ten million numbers at most.
ROWS_AT_ONCE = 2048


def candidate_pairs(traces: Traces, settings: StorySettings) -> tuple[Integers, Integers]:
    """Return pairs of documents in two languages that share rare features, sorted.

    A document is listed under its `rare_features` rarest features that at most
    `max_postings` documents have; those that meet under the weightiest features are its
    `max_candidates`. The cost is that of the lists: linear in documents.
    """
    index = _index(traces, settings)
    documents = index.shape[0]
    pairs = [np.empty(0, np.int64)]
    for start in range(0, documents, ROWS_AT_ONCE):
        block = csr_array(index[start : start + ROWS_AT_ONCE] @ index.T)
        block.sort_indices()
        for row in range(block.shape[0]):
            entries = slice(block.indptr[row], block.indptr[row + 1])
            document = start + row
            others = _likeliest(traces, document, block.indices[entries], block.data[entries])
            others = others[: settings.max_candidates]
            pairs.append(np.minimum(others, document) * documents + np.maximum(others, document))
    found = np.unique(np.concatenate(pairs))
    return found // max(documents, 1), found % max(documents, 1)


def _likeliest(
    traces: Traces, document: int, others: npt.NDArray[np.int32], weights: npt.NDArray[np.float64]
) -> Integers:
    """Return the other documents in another language, the weightiest first."""
    foreign = traces.languages[others] != traces.languages[document]
    order = np.argsort(-weights[foreign].round(6), kind="stable")
    likeliest: Integers = others[foreign][order].astype(np.int64)
    return likeliest


def _index(traces: Traces, settings: StorySettings) -> csr_array:
    """Return documents by features: the weight of those that each is listed under."""
    columns, weights, counts = [], [], []
    for document in range(len(traces.doc_ids)):
        listed = slice(traces.starts[document], traces.starts[document + 1])
        codes, first = np.unique(traces.codes[listed], return_index=True)
        postings = traces.postings[codes]
        rare = np.lexsort((codes, postings))[: settings.rare_features]
        rare = rare[postings[rare] <= settings.max_postings]
        columns.append(codes[rare])
        weights.append(traces.weights[listed][first[rare]])
        counts.append(len(rare))
    shape = (len(counts), len(traces.names))
    if not counts:
        return csr_array(shape, dtype=np.float64)
    starts = np.concatenate(([0], np.cumsum(counts)))
    return csr_array((np.concatenate(weights), np.concatenate(columns), starts), shape=shape)
