"""Learn how probably segments of two scripts spell each other, by expectation maximisation."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from benchmarks.name_lists import Pairs
from tasks.entities.spelling import SEGMENTS, Floats, segment_rows

ROUNDS = 4
#: A segment of two or three symbols must occur this often to be learned.
MIN_SEGMENT_COUNT = 12
#: Share of the listed pairs that are none (given name against family name, slips).
NOISE_SHARE = 0.06
#: Expected count that a pair of segments needs, and that every symbol has against nothing.
MIN_COUNT, SMOOTHING = 1.0, 0.05
Groups = list[tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]]


def joint_probabilities(pairs: Pairs) -> tuple[list[str], list[str], Floats]:
    """Learn p(segment, segment) by expectation maximisation."""
    ones, others = _segments([a for a, _ in pairs]), _segments([b for _, b in pairs])
    groups = _grouped(pairs, ones, others)
    allowed = _allowed(ones, others)
    joint = allowed * 1e-3
    for round_ in range(ROUNDS):
        counts = _expected(groups, joint, skipping_noise=round_ >= 2)
        counts[-1], counts[:, -1] = 0, 0
        counts = np.where(counts >= MIN_COUNT, counts, 0)
        counts[:, 0][: len(ones)] += SMOOTHING * (allowed[:-1, 0] > 0)
        counts[0, : len(others)] += SMOOTHING * (allowed[0, :-1] > 0)
        joint = counts / counts.sum()
    return ones, others, joint


def _segments(words: list[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for word in words:
        for size in (1, 2, 3):
            counts.update(word[i : i + size] for i in range(len(word) - size + 1))
    return ["", *sorted(s for s, n in counts.items() if len(s) == 1 or n >= MIN_SEGMENT_COUNT)]


def _allowed(ones: list[str], others: list[str]) -> Floats:
    sizes = [np.array([len(s) for s in side]) for side in (ones, others)]
    allowed = np.zeros((len(ones) + 1, len(others) + 1))
    for one, other in SEGMENTS:
        # Long segments begin unlikely, or words would be cut into few large pieces.
        start = 0.02 ** (max(one, other) - 1) * (0.1 if 0 in (one, other) else 1)
        allowed[:-1, :-1][np.ix_(sizes[0] == one, sizes[1] == other)] = start
    return allowed


def _grouped(pairs: Pairs, ones: list[str], others: list[str]) -> Groups:
    groups = defaultdict(list)
    for one, other in pairs:
        groups[len(one), len(other)].append((one, other))
    return [
        (
            [_rows([a for a, _ in members], size, ones) for size in range(4)],
            [_rows([b for _, b in members], size, others) for size in range(4)],
        )
        for _, members in sorted(groups.items())
    ]


def _rows(words: list[str], size: int, segments: list[str]) -> NDArray[np.int64]:
    """Return for each position in words of one length the index of the segment that begins there.

    Shape (positions, words); the number of segments, where it is none of them.
    """
    positions = len(words[0]) - size + 1
    if size == 0:
        return np.zeros((positions, len(words)), np.int64)
    index = [i for i, segment in enumerate(segments) if len(segment) == size]
    rows = segment_rows(words, size, [segments[i] for i in index])
    return np.array([*index, len(segments)], np.int64)[rows.T[: max(positions, 0)]]


def _expected(groups: Groups, joint: Floats, skipping_noise: bool) -> Floats:
    """Return how often each pair of segments is expected; the unlikeliest pairs don't count."""
    forwards = [_forward(rows, columns, joint) for rows, columns in groups]
    fits = [np.log(f[-1, -1] + 1e-300) / (f.shape[0] + f.shape[1]) for f in forwards]
    least = np.quantile(np.concatenate(fits), NOISE_SHARE) if skipping_noise else -np.inf
    counts = np.zeros_like(joint)
    for (rows, columns), forward, fit in zip(groups, forwards, fits, strict=True):
        total = forward[-1, -1]
        share = np.where((total > 0) & (fit > least), 1 / np.where(total > 0, total, 1), 0)
        _count(rows, columns, joint, forward * share, counts)
    return counts


def _forward(
    rows: list[NDArray[np.int64]], columns: list[NDArray[np.int64]], joint: Floats
) -> Floats:
    length, width = rows[1].shape[0], columns[1].shape[0]
    forward = np.zeros((length + 1, width + 1, rows[1].shape[1]))
    forward[0, 0] = 1
    for i in range(length + 1):
        for j in range(width + 1):
            for one, other in SEGMENTS:
                if i >= one and j >= other:
                    step = joint[rows[one][i - one], columns[other][j - other]]
                    forward[i, j] += forward[i - one, j - other] * step
    return forward


def _count(
    rows: list[NDArray[np.int64]],
    columns: list[NDArray[np.int64]],
    joint: Floats,
    forward: Floats,
    counts: Floats,
) -> None:
    length, width = forward.shape[0] - 1, forward.shape[1] - 1
    backward = np.zeros_like(forward)
    backward[length, width] = 1
    for i in range(length, -1, -1):
        for j in range(width, -1, -1):
            for one, other in SEGMENTS:
                if i + one <= length and j + other <= width:
                    pair = (rows[one][i], columns[other][j])
                    rest = joint[pair] * backward[i + one, j + other]
                    backward[i, j] += rest
                    np.add.at(counts, pair, forward[i, j] * rest)
