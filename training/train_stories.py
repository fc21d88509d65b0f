"""Learn how alike translations are, and which features are common: `benchmarks.stories --train`."""

import json
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize

from benchmarks.story_corpora import (
    cut_at_random,
    small_corpus,
    strangers,
    two_languages,
    with_siblings,
)
from tasks.copies import likeness, traces
from tasks.copies.entries import Floats

#: Features of a tenth of the stories belong to the language of news, not to a story.
COMMON_STORY_SHARE = 0.1
#: Weight of the squared weights: with 30 stories, 1 to 10 do equally well on the others.
PENALTY = 5.0
#: What all pairs together weigh against the penalty.
IMPORTANCE = 50_000
SMALL_CORPORA = 40
#: Corpora of two languages to train on: without them, scores in few languages are too high.
BILINGUAL_CORPORA = 24


def labelled(corpus: pl.DataFrame) -> tuple[Floats, Floats]:
    """Return the measures of all pairs in two languages, and whether each is one text.

    A whole text and its second half are neither; two halves and siblings are not one text.
    """
    ordered = corpus.sort("doc_id")
    found = traces.traces_of(ordered.lazy())
    left, right = np.triu_indices(len(ordered), 1)
    story, part = ordered["story"].to_numpy(), ordered["part"].to_numpy()
    same = story[left] == story[right]
    second = (part[left] == "second").astype(int) + (part[right] == "second").astype(int)
    halves = (part[left] == "first") | (part[right] == "first")
    clear = ~same | (second != 1) | halves
    same &= (part[left] != "sibling") & (part[right] != "sibling")
    clear &= found.languages[left] != found.languages[right]
    measures = likeness.pair_measures(found, left[clear], right[clear])
    return measures, (same & (second != 1))[clear].astype(np.float64)


def use(folder: Path) -> None:
    """Take `common_features.json` and `model.json` from a folder from now on."""
    traces.COMMON_FEATURES = folder / traces.COMMON_FEATURES.name
    likeness.MODEL = folder / likeness.MODEL.name
    traces._common_shares.cache_clear()
    likeness._model.cache_clear()


def train(corpus: pl.DataFrame, folder: Path) -> None:
    """Write `common_features.json` and `model.json` of a corpus into a folder, and use them."""
    _write_common(corpus, folder)
    use(folder)
    corpora = [corpus, cut_at_random(corpus, 1), strangers(corpus, 3)]
    mixed = with_siblings(corpus, 4)
    corpora.append(mixed)
    corpora += [small_corpus((corpus, mixed)[n % 2], n) for n in range(SMALL_CORPORA)]
    corpora += [two_languages((corpus, mixed)[n % 2], n) for n in range(BILINGUAL_CORPORA)]
    labels = [labelled(each) for each in corpora]
    measures = np.concatenate([x for x, _ in labels])
    truth = np.concatenate([y for _, y in labels])
    # The large corpora have nearly all pairs, but count for no more than the small ones.
    importance = np.concatenate([np.full(len(y), len(y) ** -0.5) for _, y in labels])
    importance *= IMPORTANCE / importance.sum()
    mean, spread = measures.mean(axis=0), measures.std(axis=0) + 1e-9
    weights = _logistic((measures - mean) / spread, truth, importance)
    scaled = weights[:-1] / spread
    model = {
        "weights": scaled.round(6).tolist(),
        "bias": round(float(weights[-1] - scaled @ mean), 6),
    }
    likeness.MODEL.write_text(json.dumps(model, indent=1) + "\n", "utf-8")


def _write_common(corpus: pl.DataFrame, folder: Path) -> None:
    each = corpus.select("story", "doc_id", feature="features").explode("feature").unique()
    counted = each.group_by("feature").agg(pl.col("story").n_unique(), pl.len())
    common = counted.filter(
        pl.col("story") >= COMMON_STORY_SHARE * corpus["story"].n_unique(),
        pl.col("len") >= 2 * traces.UNCOMMON_SHARE * len(corpus),
    ).sort("feature")
    shares = dict(zip(common["feature"], (common["len"] / len(corpus)).round(3), strict=True))
    text = json.dumps(shares, ensure_ascii=False, indent=0)
    (folder / traces.COMMON_FEATURES.name).write_text(text + "\n", "utf-8")


def _logistic(measures: Floats, truth: Floats, importance: Floats) -> Floats:
    """Return the weights of a logistic regression, the bias last."""
    rows = np.column_stack((measures, np.ones(len(measures))))
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[-1] = 0

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights
        misses = importance @ np.logaddexp(0, -odds * (2 * truth - 1))
        slope = rows.T @ (importance * (1 / (1 + np.exp(-odds)) - truth)) + penalty * weights
        return float(misses + (penalty * weights**2).sum() / 2), slope

    start = np.zeros(rows.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
