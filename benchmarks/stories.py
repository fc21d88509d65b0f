"""How well translations of one text are found, on 61 news texts in ten languages (NTREX-128).

    python -m benchmarks.stories --data ../shared/data           # the shipped model
    python -m benchmarks.stories --data ../shared/data --train   # two folds, then the model

A corpus is resolved as a build does it, and compared with the truth pair by pair: all texts
as they are; each text in two languages only; and with strangers, beginnings and halves. The
shipped model has seen these texts: only the folds of `--train` tell how well it does on others.
"""

import json
import lzma
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before Polars is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # and NumPy

import numpy as np
import polars as pl
import typer
from scipy.optimize import minimize

from expectations.working_tables import DUPLICATES
from tasks.settings import StorySettings
from tasks.stories import likeness, traces
from tasks.stories.resolve import resolve_stories
from tasks.stories.trace import trace_stories

#: Which part of its text a document is, and what it is cut to.
PARTS = {"whole": (0.0, 1.0), "most": (0.0, 0.7), "first": (0.0, 0.5), "second": (0.5, 1.0)}
#: Features of a tenth of the stories belong to the language of news, not to a story.
COMMON_STORY_SHARE = 0.1
#: Weight of the squared weights: with 30 stories, 1 to 10 do equally well on the others.
PENALTY = 5.0
#: What all pairs together weigh against the penalty.
IMPORTANCE = 50_000
SMALL_CORPORA = 40
#: How an article on the same affair is made: half of the eighths of a text, in another order.
SIBLING_PIECES, SIBLING_SHARE = 8, 1 / 3
#: Corpora of two languages to train on: without them, scores in few languages are too high.
BILINGUAL_CORPORA = 24


def load(data: Path) -> pl.DataFrame:
    """Return the features of each text, with `story`."""
    with lzma.open(data / "stories" / "stories.jsonl.xz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    texts = pl.DataFrame(rows).select("story", "text", doc_id="id", language="lang")
    start = time.process_time()
    features = trace_stories(texts, StorySettings())
    print(f"trace {len(texts) / (time.process_time() - start):.0f} documents/s, one core")
    return features.join(texts.select("doc_id", "story"), on="doc_id").with_columns(
        part=pl.lit("whole")
    )


def cut(corpus: pl.DataFrame, part: str) -> pl.DataFrame:
    """Return the documents cut to a part of their text."""
    start, end = PARTS[part]
    rows = []
    for row in corpus.iter_rows(named=True):
        kept = [n for n, place in enumerate(row["places"]) if start <= place < end]
        rows.append(
            row
            | {
                "features": [row["features"][n] for n in kept],
                "places": [(row["places"][n] - start) / (end - start) for n in kept],
                "letters": row["letters"] * (end - start),
                "part": part,
            }
        )
    return pl.DataFrame(rows, schema=corpus.schema)


def cut_at_random(corpus: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the documents, half of them whole, the others cut to some part."""
    dice = np.random.default_rng(seed)
    drawn = pl.Series(dice.choice(list(PARTS), len(corpus), p=[0.5, 0.2, 0.15, 0.15]))
    return pl.concat([cut(corpus.filter(drawn == part), part) for part in PARTS]).sort("doc_id")


def small_corpus(corpus: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return a few stories in a few languages."""
    dice = np.random.default_rng(seed)
    stories = dice.choice(corpus["story"].unique().sort(), 6, replace=False)
    languages = dice.choice(corpus["language"].unique().sort(), 3, replace=False)
    kept = pl.col("story").is_in(stories.tolist()) & pl.col("language").is_in(languages.tolist())
    return corpus.filter(kept)


def with_siblings(corpus: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the documents, a third of them made articles on the same affair."""
    dice = np.random.default_rng(seed)
    rows = []
    for row in corpus.iter_rows(named=True):
        rows.append(_sibling(row, dice) if dice.random() < SIBLING_SHARE else row)
    return pl.DataFrame(rows, schema=corpus.schema)


def _sibling(row: dict[str, Any], dice: np.random.Generator) -> dict[str, Any]:
    """Return half of a text's eighths in another order: the same names, another article."""
    order = dice.permutation(SIBLING_PIECES)[: SIBLING_PIECES // 2].tolist()
    moved = [
        ((order.index(piece) + place * SIBLING_PIECES - piece) / len(order), feature)
        for place, feature in zip(row["places"], row["features"], strict=True)
        if (piece := int(place * SIBLING_PIECES)) in order
    ]
    return row | {
        "places": [place for place, _ in sorted(moved)],
        "features": [feature for _, feature in sorted(moved)],
        "letters": row["letters"] * dice.uniform(0.5, 1.5),
        "part": "sibling",
    }


def two_languages(corpus: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the corpus in two of its languages."""
    languages = np.random.default_rng(seed).choice(corpus["language"].unique().sort(), 2, False)
    return corpus.filter(pl.col("language").is_in(languages.tolist()))


def strangers(corpus: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return a corpus in which half the stories stand in two languages, half in one only."""
    dice = np.random.default_rng(seed)
    kept = []
    for number, story in enumerate(corpus["story"].unique().sort()):
        tellers = corpus.filter(story=story)
        drawn = dice.choice(len(tellers), 1 + number % 2, replace=False)
        kept.append(tellers[sorted(drawn.tolist())])
    return pl.concat(kept).sort("doc_id")


def labelled(corpus: pl.DataFrame) -> tuple[traces.Floats, traces.Floats]:
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


def train(corpus: pl.DataFrame) -> None:
    """Write `common_features.json` and `model.json` from a corpus."""
    _write_common(corpus)
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
    likeness.MODEL.write_text(json.dumps(model, indent=1) + "\n")
    likeness._model.cache_clear()


def _write_common(corpus: pl.DataFrame) -> None:
    each = corpus.select("story", "doc_id", feature="features").explode("feature").unique()
    counted = each.group_by("feature").agg(pl.col("story").n_unique(), pl.len())
    common = counted.filter(
        pl.col("story") >= COMMON_STORY_SHARE * corpus["story"].n_unique(),
        pl.col("len") >= 2 * traces.UNCOMMON_SHARE * len(corpus),
    ).sort("feature")
    shares = dict(zip(common["feature"], (common["len"] / len(corpus)).round(3), strict=True))
    text = json.dumps(shares, ensure_ascii=False, indent=0)
    traces.COMMON_FEATURES.write_text(text + "\n")
    traces._common_shares.cache_clear()


def _logistic(
    measures: traces.Floats, truth: traces.Floats, importance: traces.Floats
) -> traces.Floats:
    """Return the weights of a logistic regression, the bias last."""
    rows = np.column_stack((measures, np.ones(len(measures))))
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[-1] = 0

    def loss(weights: traces.Floats) -> tuple[float, traces.Floats]:
        odds = rows @ weights
        misses = importance @ np.logaddexp(0, -odds * (2 * truth - 1))
        slope = rows.T @ (importance * (1 / (1 + np.exp(-odds)) - truth)) + penalty * weights
        return float(misses + (penalty * weights**2).sum() / 2), slope

    start = np.zeros(rows.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x


def resolved(corpus: pl.DataFrame) -> pl.DataFrame:
    """Return the corpus with the story that was found for each document."""
    documents = corpus.select(
        "doc_id",
        "language",
        title=pl.lit(None, pl.String),
        published_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    features = corpus.drop("story", "part").lazy()
    found = resolve_stories(documents.lazy(), DUPLICATES.empty().lazy(), features, StorySettings())
    return corpus.select("doc_id", "language", "story", "part").join(found[1], on="doc_id")


def report(name: str, corpus: pl.DataFrame, by_language: bool = False) -> None:
    """Print precision and recall over pairs; two halves of one text are not one story."""
    start = time.process_time()
    found = resolved(corpus)
    seconds = time.process_time() - start
    part, story = pl.col("part"), pl.col("story")
    text = pl.when(part == "second").then(story + " 2").otherwise(story)
    text = pl.when(part == "sibling").then(pl.col("doc_id")).otherwise(text)
    found = found.with_columns(text=text)
    pairs = found.join(found, how="cross").filter(pl.col("doc_id") < pl.col("doc_id_right"))
    pairs = pairs.select(
        pair=pl.concat_str(pl.concat_list("language", "language_right").list.sort().list.join("-")),
        is_found=pl.col("story_id") == pl.col("story_id_right"),
        is_true=pl.col("text") == pl.col("text_right"),
    )
    print(f"{name}: {len(corpus)} documents, {_scores(pairs)}, {seconds:.1f} s")
    for (pair,), rows in sorted(pairs.group_by("pair")) if by_language else ():
        print(f"  {pair}: {_scores(rows)}")


def _scores(pairs: pl.DataFrame) -> str:
    right = pairs.filter(pl.col("is_found") & pl.col("is_true")).height
    precision = right / max(pairs["is_found"].sum(), 1)
    recall = right / max(pairs["is_true"].sum(), 1)
    return f"precision {precision:.4f}, recall {recall:.4f}"


def report_all(name: str, corpus: pl.DataFrame, by_language: bool) -> None:
    """Print the scores of a corpus and of what is made from it."""
    report(f"{name}, ten languages", corpus, by_language)
    for seed in (1, 2):
        report(f"{name}, two or one of each", strangers(corpus, seed))
        report(f"{name}, parts", cut_at_random(corpus, 10 + seed))
        report(f"{name}, siblings", with_siblings(corpus, 10 + seed))
    pair = corpus.filter(pl.col("language").is_in(["ar", "ja"]))
    report(f"{name}, Arabic and Japanese", pair)


def folds(corpus: pl.DataFrame, count: int) -> Sequence[tuple[pl.DataFrame, pl.DataFrame]]:
    """Return training and test stories, each story tested once."""
    stories = corpus["story"].unique().sort()
    order = np.random.default_rng(0).permutation(len(stories))
    held = [stories[order[fold::count].tolist()].to_list() for fold in range(count)]
    is_held = [pl.col("story").is_in(names) for names in held]
    return [(corpus.filter(~each), corpus.filter(each)) for each in is_held]


def main(
    data: Annotated[Path, typer.Option(help="Folder of stories/.")] = Path("../shared/data"),
    retrain: Annotated[bool, typer.Option("--train", help="Train and write the model.")] = False,
    by_language: Annotated[bool, typer.Option(help="Scores of each pair of languages.")] = True,
) -> None:
    """Print precision and recall of stories."""
    corpus = load(data)
    if retrain:
        for number, (known, unknown) in enumerate(folds(corpus, 2)):
            train(known)
            report_all(f"fold {number}", unknown, by_language=False)
        train(corpus)
    report_all("shipped model", corpus, by_language)


if __name__ == "__main__":
    typer.run(main)
