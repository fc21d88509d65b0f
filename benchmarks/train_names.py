"""Learn how scripts spell each other's names: `python -m benchmarks.train_names --data DIR`.

Reads DIR/names/person_parts_*.train.tsv.xz (Wikidata by way of NETransliteration, CC0) and
writes `tasks/names/correspondences.json.xz`. No chance is involved: the same data give the
same file.
"""

import argparse
import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tasks.names.candidates import candidate_pairs
from tasks.names.correspondences import (
    SEGMENTS,
    WEIGHTS_FILE,
    Correspondences,
    Floats,
    features,
    segment_rows,
    spelt,
)
from tasks.names.letters import script_of, symbols_of

FILES = {
    "Arab": "arabic",
    "Cyrl": "russian",
    "Hang": "korean",
    "Hani": "chinese",
    "Hebr": "hebrew",
    "Kana": "katakana",
}
#: So many pairs are learned from: all but of Cyrillic and kana.
MAX_PAIRS = 60_000
ROUNDS = 4
#: A symbol, and a segment of two or three, must occur so often to be learned.
MIN_SYMBOL_COUNT = 30
MIN_SEGMENT_COUNT = 12
#: Share of the listed pairs that are none (given name against family name, slips).
NOISE_SHARE = 0.06
#: Expected count that a pair of segments needs, and that every symbol has against nothing.
MIN_COUNT, SMOOTHING = 1.0, 0.05
#: Words of the list among which wrong candidates are looked for.
LIST_WORDS = 4000

Pairs = list[tuple[str, str]]
Groups = list[tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]]


def listed(data: Path, script: str, part: str = "train") -> Pairs:
    """Return (English part, part in the script) as the list of a script has them."""
    path = data / "names" / f"person_parts_{FILES[script]}.{part}.tsv.xz"
    lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    pairs = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
    return [p for p in pairs if script_of(p[0]) == "Latn" and script_of(p[1]) == script]


def training_pairs(lists: dict[str, Pairs]) -> Iterator[tuple[tuple[str, str], Pairs]]:
    """Yield pairs of scripts with words that spell one name: by way of Latin if neither is."""
    for script, pairs in lists.items():
        key = (script, "Latn") if script < "Latn" else ("Latn", script)
        yield key, [(b, a) if key[0] == script else (a, b) for a, b in pairs]
    spellings = defaultdict(set)
    for latin, cyrillic in lists["Cyrl"]:
        spellings[cyrillic].add(latin)
    groups = [sorted(group) for group in spellings.values() if 1 < len(group) <= 4]
    yield ("Latn", "Latn"), [(a, b) for group in groups for a in group for b in group if a != b]
    for one in FILES:
        for other in FILES:
            if one < other:
                meant = dict(lists[one])
                yield (one, other), [(meant[a], b) for a, b in lists[other] if a in meant]


def information(words: list[str]) -> dict[str, float]:
    """Return -log p of each symbol that is common enough in a script."""
    counts = Counter(symbol for word in words for symbol in symbols_of(word))
    known = {symbol: n for symbol, n in sorted(counts.items()) if n >= MIN_SYMBOL_COUNT}
    total = sum(known.values())
    return {symbol: round(float(-np.log(n / total)), 3) for symbol, n in known.items()}


def _segments(words: list[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for word in words:
        for size in (1, 2, 3):
            counts.update(word[i : i + size] for i in range(len(word) - size + 1))
    return ["", *sorted(s for s, n in counts.items() if len(s) == 1 or n >= MIN_SEGMENT_COUNT)]


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


def _allowed(ones: list[str], others: list[str]) -> Floats:
    sizes = [np.array([len(s) for s in side]) for side in (ones, others)]
    allowed = np.zeros((len(ones) + 1, len(others) + 1))
    for one, other in SEGMENTS:
        # Long segments begin unlikely, or words would be cut into few large pieces.
        start = 0.02 ** (max(one, other) - 1) * (0.1 if 0 in (one, other) else 1)
        allowed[:-1, :-1][np.ix_(sizes[0] == one, sizes[1] == other)] = start
    return allowed


def _grouped(pairs: Pairs, ones: list[str], others: list[str]) -> Groups:
    rows = {segment: row for row, segment in enumerate(ones)}
    columns = {segment: row for row, segment in enumerate(others)}
    groups = defaultdict(list)
    for one, other in pairs:
        groups[len(one), len(other)].append((one, other))
    return [
        (
            [segment_rows([a for a, _ in members], size, rows) for size in range(4)],
            [segment_rows([b for _, b in members], size, columns) for size in range(4)],
        )
        for _, members in sorted(groups.items())
    ]


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
                    place = (rows[one][i], columns[other][j])
                    rest = joint[place] * backward[i + one, j + other]
                    backward[i, j] += rest
                    np.add.at(counts, place, forward[i, j] * rest)


def learn(pairs: Pairs, known: tuple[dict[str, float], dict[str, float]]) -> Correspondences:
    """Learn the weights of two scripts from words that spell one name."""
    spelled = [(spelt(a, known[0]), spelt(b, known[1])) for a, b in pairs]
    spelled = [pair for pair in spelled if all(pair)][:MAX_PAIRS]
    ones, others, joint = joint_probabilities(spelled)
    weights = []
    for row, column in np.argwhere(joint > 0):
        first, second = ones[row], others[column]
        held = sum(known[0][s] for s in first) + sum(known[1][s] for s in second)
        weights.append((first, second, round(float(np.log(joint[row, column]) + held), 2)))
    found = Correspondences(tuple(weights), known, ())
    return Correspondences(found.weights, known, _logistic(pairs[:LIST_WORDS], found))


def _logistic(pairs: Pairs, found: Correspondences) -> tuple[float, ...]:
    """Tell listed pairs from other candidates among the same words."""
    words = sorted({word for pair in pairs for word in pair})
    true = set(pairs) | {(b, a) for a, b in pairs}
    near = candidate_pairs(words, same_script=script_of(words[0]) == script_of(words[-1]))
    wrong = [(words[a], words[b]) for a, b in near.iter_rows()]
    first = script_of(pairs[0][0])
    wrong = [p if script_of(p[0]) == first else p[::-1] for p in wrong if p not in true]
    right = features(pairs, found)
    right = right[right[:, 3] > np.quantile(right[:, 3], NOISE_SHARE)]
    x = np.concatenate([right, features(wrong, found)])
    y = np.concatenate([np.ones(len(right)), np.zeros(len(wrong))])
    x = np.hstack([np.ones((len(x), 1)), x])

    def loss(w: Floats) -> tuple[float, Floats]:
        z = (2 * y - 1) * (x @ w)
        gradient = -((2 * y - 1) / (1 + np.exp(np.clip(z, -50, 50)))) @ x
        return float(np.logaddexp(0, -z).sum() + 0.5 * w @ w), gradient + w

    solved = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return tuple(round(float(value), 3) for value in solved)


def learn_all(data: Path, wanted: list[str]) -> None:
    """Learn the wanted pairs of scripts (none: all) and write the file after each."""
    lists = {script: listed(data, script) for script in FILES}
    held = {script: information([b for _, b in pairs]) for script, pairs in lists.items()}
    held["Latn"] = information([a for pairs in lists.values() for a, _ in pairs])
    done = json.loads(lzma.decompress(WEIGHTS_FILE.read_bytes()))["pairs"] if wanted else {}
    for (one, other), pairs in training_pairs(lists):
        if not wanted or f"{one}-{other}" in wanted:
            found = learn(pairs, (held[one], held[other]))
            done[f"{one}-{other}"] = {"weights": found.weights, "logistic": found.logistic}
            print(
                f"{one}-{other}: {len(pairs):,} pairs, {len(found.weights):,} weights", flush=True
            )
            content = {"information": held, "pairs": done}
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            WEIGHTS_FILE.write_bytes(lzma.compress(text.encode(), preset=9))


def main() -> None:
    """Learn all pairs of scripts, or those that are named, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pairs", nargs="*", help="e.g. Cyrl-Latn; the others stay as they are")
    arguments = parser.parse_args()
    learn_all(arguments.data, arguments.pairs or [])


if __name__ == "__main__":
    main()
