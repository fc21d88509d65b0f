"""Learn how scripts spell each other's names: `python -m training.train_names --data DIR`.

Reads DIR/names/person_parts_*.train.tsv.xz (Wikidata by way of NETransliteration, CC0) and, for
Devanagari and Greek, names of places (GeoNames, Natural Earth), and
writes `tasks/entities/correspondences.json.xz`. No chance is involved: the same data give the
same file.
"""

import argparse
import json
import lzma
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.name_lists import FILES, PLACES, Pairs, listed, training_pairs
from benchmarks.name_segments import NOISE_SHARE, joint_probabilities
from tasks.entities.spelling import WEIGHTS_FILE, Correspondences, Floats, features, spelt
from tasks.entities.spelling_candidates import candidate_pairs
from tasks.writing.romanize import name_script, symbols_of

#: This many pairs are learned from: all but of Cyrillic and kana.
MAX_PAIRS = 60_000
#: A symbol must occur this often to be learned.
MIN_SYMBOL_COUNT = 30
#: Words of the list among which wrong candidates are looked for.
LIST_WORDS = 4000


def information(words: list[str]) -> dict[str, float]:
    """Return -log p of each symbol that is common enough in a script."""
    counts = Counter(symbol for word in words for symbol in symbols_of(word))
    known = {symbol: n for symbol, n in sorted(counts.items()) if n >= MIN_SYMBOL_COUNT}
    total = sum(known.values())
    return {symbol: round(float(-np.log(n / total)), 3) for symbol, n in known.items()}


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
    near = candidate_pairs(words, same_script=name_script(words[0]) == name_script(words[-1]))
    wrong = [(words[a], words[b]) for a, b in near.iter_rows()]
    first = name_script(pairs[0][0])
    wrong = [p if name_script(p[0]) == first else p[::-1] for p in wrong if p not in true]
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
    lists = {script: listed(data, script) for script in (*FILES, *PLACES)}
    held = {script: information([b for _, b in pairs]) for script, pairs in lists.items()}
    held["Latn"] = information([a for script in FILES for a, _ in lists[script]])
    done = json.loads(lzma.decompress(WEIGHTS_FILE.read_bytes()))["pairs"] if wanted else {}
    for (one, other), pairs in training_pairs(lists):
        if not wanted or f"{one}-{other}" in wanted:
            found = learn(pairs, (held[one], held[other]))
            # In columns: 40,000 rows would take 110 ms to read instead of 20.
            columns = list(zip(*found.weights, strict=True))
            done[f"{one}-{other}"] = {"weights": columns, "logistic": found.logistic}
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
