"""Read corpora of translated texts, and make parts, siblings and strangers of them."""

import json
import lzma
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from expectations.working_tables import CLEAN_SEGMENTS
from tasks.copies.trace_stories import trace_stories
from tasks.settings import StorySettings

#: Which part of its text a document is, and what it is cut to.
PARTS = {"whole": (0.0, 1.0), "most": (0.0, 0.7), "first": (0.0, 0.5), "second": (0.5, 1.0)}
#: How an article on the same affair is made: half of the eighths of a text, in another order.
SIBLING_PIECES, SIBLING_SHARE = 8, 1 / 3
#: How many stories one of a large made-up corpus is put together from.
PIECES = 4


def load(data: Path) -> pl.DataFrame:
    """Return the features of each text, with `story`."""
    with lzma.open(data / "stories" / "stories.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = pl.DataFrame(rows).select("story", "text", doc_id="id", language="lang")
    start = time.process_time()
    documents = texts.with_columns(script=pl.lit("Zyyy"))  # nothing in them is foreign
    features = trace_stories(documents, CLEAN_SEGMENTS.empty(), StorySettings())
    print(f"trace {len(texts) / (time.process_time() - start):.0f} documents/s, one core")
    return features.join(texts.select("doc_id", "story"), on="doc_id").with_columns(
        part=pl.lit("whole")
    )


def cut(corpus: pl.DataFrame, part: str) -> pl.DataFrame:
    """Return the documents cut to a part of their text."""
    start, end = PARTS[part]
    rows = []
    for row in corpus.iter_rows(named=True):
        kept = [n for n, position in enumerate(row["positions"]) if start <= position < end]
        rows.append(
            row
            | {
                "features": [row["features"][n] for n in kept],
                "positions": [(row["positions"][n] - start) / (end - start) for n in kept],
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
    moved = sorted(_moved(zip(repeat(row), order), SIBLING_PIECES, len(order)))
    return row | {
        "positions": [position for position, _ in moved],
        "features": [feature for _, feature in moved],
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


def many(corpus: pl.DataFrame, documents: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a corpus of any size in all its languages.

    A made-up story is put together from pieces of several, the same in each language. What one
    story of the corpus alone says gets one of so many new names that each is said by one story
    in the mean, and by several in many cases.
    """
    dice = np.random.default_rng(seed)
    said = corpus.explode("features").group_by("features").agg(pl.col("story").n_unique())
    rare = said.filter(pl.col("story") == 1)["features"].sort().to_list()
    rows = {(row["story"], row["language"]): row for row in corpus.iter_rows(named=True)}
    stories, languages = (corpus[name].unique().sort().to_list() for name in ("story", "language"))
    made_up = documents // len(languages)
    for number in range(made_up):
        variants = dice.integers(max(1, made_up // len(stories)), size=len(rare)).tolist()
        names = {name: f"{name} {n}" for name, n in zip(rare, variants, strict=True)}
        drawn = dice.choice(stories, PIECES), dice.permutation(PIECES).tolist()
        for language in languages:
            told = [rows[story, language] for story in drawn[0]]
            yield _pieced(told, drawn[1], names) | {
                "doc_id": f"{number:06}-{language}",
                "story": str(number),
            }


def _pieced(
    told: Sequence[dict[str, Any]], pieces: Sequence[int], names: dict[str, str]
) -> dict[str, Any]:
    """Return a document of one piece of each, with other names."""
    found = list(_moved(zip(told, pieces, strict=True), PIECES, PIECES))
    return told[0] | {
        "positions": [position for position, _ in found],
        "features": [names.get(feature, feature) for _, feature in found],
        "letters": sum(row["letters"] for row in told) / PIECES,
    }


def _moved(
    chosen: Iterable[tuple[dict[str, Any], int]], pieces: int, count: int
) -> Iterator[tuple[float, str]]:
    """Yield the features of the chosen pieces of documents, put one after the other.

    Args:
        chosen: Documents, and the number of a piece of each.
        pieces: Into how many pieces a document falls.
        count: How many are chosen.
    """
    for index, (row, piece) in enumerate(chosen):
        for position, feature in zip(row["positions"], row["features"], strict=True):
            if int(position * pieces) == piece:
                yield (index + position * pieces - piece) / count, feature


def folds(corpus: pl.DataFrame, count: int) -> Sequence[tuple[pl.DataFrame, pl.DataFrame]]:
    """Return training and test stories, each story tested once."""
    stories = corpus["story"].unique().sort()
    order = np.random.default_rng(0).permutation(len(stories))
    held = [stories[order[fold::count].tolist()].to_list() for fold in range(count)]
    is_held = [pl.col("story").is_in(names) for names in held]
    return [(corpus.filter(~each), corpus.filter(each)) for each in is_held]
