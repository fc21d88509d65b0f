"""Group documents that tell one story, from scores of pairs: clustering by average link.

One wrong pair must not join two stories, as it would if linked pairs were enough: two groups
become one if the mean score of all pairs between them, compared or not, is high enough
(UPGMA, Sokal and Michener 1958), the likest first. With a sparse graph and a heap the cost
is near-linear in pairs.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import scipy

from tasks.copies.entries import Booleans, Floats, Integers

#: The score of a pair that was not compared, because the two share nothing rare.
NOT_COMPARED = -6.0


class _Groups:
    """Groups of documents, with the sums of scores between them."""

    def __init__(self, languages: Sequence[int]) -> None:
        self.members = {document: [document] for document in range(len(languages))}
        self.spoken = [Counter([language]) for language in languages]
        self.sums: list[dict[int, float]] = [{} for _ in languages]

    def add_score(self, a: int, b: int, score: float) -> None:
        """Add to the sum between two groups, relative to a pair that was not compared."""
        self.sums[a][b] = self.sums[b][a] = self.sums[a].get(b, 0.0) + score - NOT_COMPARED

    def mean_score(self, a: int, b: int) -> float:
        """Return the mean over the pairs in two languages; those in one are not compared."""
        smaller, larger = sorted((self.spoken[a], self.spoken[b]), key=len)
        alike = sum(count * larger[spoken] for spoken, count in smaller.items() if spoken in larger)
        pairs = len(self.members[a]) * len(self.members[b]) - alike
        # Rounded, so that sums of one group made in two orders are equal.
        return round(NOT_COMPARED + self.sums[a][b] / pairs, 6)

    def join(self, a: int, b: int) -> Iterator[int]:
        """Make two groups one, called `a`; yield the groups that it has sums with."""
        self.members[a] += self.members.pop(b)
        self.spoken[a] += self.spoken[b]
        for other, total in self.sums[b].items():
            del self.sums[other][b]
            if other != a:
                self.sums[a][other] = self.sums[other][a] = self.sums[a].get(other, 0.0) + total
        self.sums[b] = {}
        yield from self.sums[a]


def average_link(
    languages: Integers, left: Integers, right: Integers, scores: Floats, min_score: float
) -> list[list[int]]:
    """Group documents.

    Args:
        languages: A code per document, 0 to n.
        left: Documents, one per pair; pairs are of two languages.
        right: The others.
        scores: Log-odds that they tell one story.
        min_score: Least mean score that joins two groups.

    Returns:
        The groups of two and more, each sorted, sorted.
    """
    near = _within_reach(len(languages), left, right, scores, min_score)
    documents, indexes = np.unique(np.concatenate((left[near], right[near])), return_inverse=True)
    pairs = *(side.tolist() for side in np.split(indexes, 2)), scores[near].tolist()
    groups = _Groups(languages[documents].tolist())
    heap: list[tuple[float, int, int]] = []
    for a, b, score in zip(*pairs, strict=True):
        groups.add_score(a, b, score)
        if score >= min_score:
            heap.append((-score, min(a, b), max(a, b)))
    heapq.heapify(heap)
    while heap:
        negated, a, b = heapq.heappop(heap)
        if b in groups.sums[a] and groups.mean_score(a, b) == round(-negated, 6):
            for other in groups.join(a, b):
                mean = groups.mean_score(a, other)
                if mean >= min_score:
                    heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    found = [sorted(members) for members in groups.members.values() if len(members) > 1]
    return sorted(documents[members].tolist() for members in found)


def _within_reach(
    documents: int, left: Integers, right: Integers, scores: Floats, min_score: float
) -> Booleans:
    """Tell which pairs can play a part: those of two documents that pairs of high scores connect.

    A mean is high only if a score is; of pairs that were not compared, see `NOT_COMPARED`, too,
    if so low a mean joins.
    """
    high = (scores >= min_score) | (min_score <= NOT_COMPARED)
    links = np.ones(high.sum(), np.bool_), (left[high], right[high])
    graph = scipy.sparse.coo_array(links, shape=(documents, documents))
    _, components = scipy.sparse.csgraph.connected_components(graph, directed=False)
    is_near: Booleans = components[left] == components[right]
    return is_near
