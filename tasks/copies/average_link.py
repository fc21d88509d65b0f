"""Documents that tell one story, from scores of pairs: agglomerative clustering, average link.

One wrong pair must not join two stories, as it would if linked pairs were enough: two groups
become one if the mean score of all pairs between them, compared or not, is high enough
(UPGMA, Sokal and Michener 1958), the likest first. With a sparse graph and a heap the cost
is near-linear in pairs.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence

from tasks.copies.traces import Floats, Integers

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
        size_a, size_b = self.spoken[a].total(), self.spoken[b].total()
        alike = sum(count * self.spoken[b][spoken] for spoken, count in self.spoken[a].items())
        # Rounded, so that sums of one group made in two orders are equal.
        return round(NOT_COMPARED + self.sums[a][b] / (size_a * size_b - alike), 6)

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
    groups = _Groups(languages.tolist())
    for a, b, score in zip(left.tolist(), right.tolist(), scores.tolist(), strict=True):
        groups.add_score(a, b, score)
    heap = [(-s, a, b) for a, b, s in zip(left, right, scores, strict=True) if s >= min_score]
    heap = [(float(s), int(min(a, b)), int(max(a, b))) for s, a, b in heap]
    heapq.heapify(heap)
    while heap:
        negated, a, b = heapq.heappop(heap)
        if b in groups.sums[a] and groups.mean_score(a, b) == round(-negated, 6):
            for other in groups.join(a, b):
                mean = groups.mean_score(a, other)
                if mean >= min_score:
                    heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    return sorted(sorted(members) for members in groups.members.values() if len(members) > 1)
