"""Grouping by mean scores gives what trying every pair of groups gives."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.average_link import NOT_COMPARED, average_link

Scores = dict[tuple[int, int], float]


def grouped(languages: Sequence[int], scores: Scores, min_score: float) -> list[list[int]]:
    """Join the two groups of the highest mean until none is high enough."""
    groups = [[document] for document in range(len(languages))]
    while True:
        best = max(
            (
                (mean, -a[0], -b[0])
                for a, b in combinations(sorted(groups), 2)
                if (mean := mean_score(a, b, languages, scores)) is not None
            ),
            default=None,
        )
        if best is None or best[0] < min_score:
            return sorted(group for group in groups if len(group) > 1)
        one, other = (next(g for g in groups if g[0] == -first) for first in best[1:])
        groups = [g for g in groups if g not in (one, other)] + [sorted(one + other)]


def mean_score(
    a: Sequence[int], b: Sequence[int], languages: Sequence[int], scores: Scores
) -> float | None:
    """Return the mean of the pairs in two languages; nothing if none was compared."""
    pairs = [(min(x, y), max(x, y)) for x in a for y in b if languages[x] != languages[y]]
    if not any(pair in scores for pair in pairs):
        return None
    return round(sum(scores.get(pair, NOT_COMPARED) for pair in pairs) / len(pairs), 6)


@given(st.data(), st.sampled_from([-8.0, 0.0, 2.0]))
def test_groups_are_those_of_the_highest_means(data: st.DataObject, min_score: float) -> None:
    languages = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=7))
    foreign = [
        p for p in combinations(range(len(languages)), 2) if len({languages[i] for i in p}) > 1
    ]
    chosen = data.draw(st.lists(st.sampled_from(foreign), unique=True)) if foreign else []
    values = data.draw(st.permutations([n * 0.7301 - 9 for n in range(len(chosen))]))
    scores = dict(zip(chosen, values, strict=True))
    pairs = np.array(sorted(scores), np.int64).reshape(-1, 2)
    found = average_link(
        np.array(languages, np.int64),
        pairs[:, 0],
        pairs[:, 1],
        np.array([scores[a, b] for a, b in pairs.tolist()]),
        min_score,
    )
    assert found == grouped(languages, scores, min_score)
