"""Measure how well translations of a text are found: 61 news texts, ten languages (NTREX-128).

    python -m benchmarks.stories --data ../shared/data           # the shipped model
    python -m benchmarks.stories --data ../shared/data --folds   # a model of half the texts
    python -m benchmarks.stories --data ../shared/data --train   # the same, then ships a model
    python -m benchmarks.stories --data ../shared/data --documents 100000   # time and memory

A corpus is resolved as a build does it, and compared with the truth pair by pair: all texts
as they are; each text in two languages only; and with strangers, beginnings and halves. The
shipped model has seen these texts: only the folds show how well a model does on others.
"""

import os
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before Polars is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # and NumPy

import polars as pl
import typer

from benchmarks.duplicates import pair_scores
from benchmarks.story_corpora import cut_at_random, folds, load, many, strangers, with_siblings
from expectations.working_tables import DUPLICATES
from tasks.copies import likeness
from tasks.copies.resolve_stories import resolve_stories
from tasks.settings import StorySettings
from training.train_stories import train, use

SHIPPED = likeness.MODEL.parent


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


def report_folds(corpus: pl.DataFrame) -> None:
    """Print the scores of each half of the texts, of a model that was trained on the other."""
    with TemporaryDirectory() as folder:
        for number, (known, unknown) in enumerate(folds(corpus, 2)):
            train(known, Path(folder))
            report_all(f"fold {number}", unknown, by_language=False)
    use(SHIPPED)


def report_many(corpus: pl.DataFrame, documents: int) -> None:
    """Print the scores, processor time and memory of a large made-up corpus of ten languages."""
    made = pl.DataFrame(many(corpus, documents, seed=1), schema=corpus.schema)
    start = time.process_time()
    found = resolved(made)
    seconds = time.process_time() - start

    named = found.select(group="story_id", cluster="story")
    precision, recall = pair_scores(named)
    print(
        f"{len(made):,} documents: precision {precision:.4f}, recall {recall:.4f}, "
        f"{seconds:.0f} s, {_peak_mib():,.0f} MiB at most, the corpus included"
    )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(
    data: Annotated[Path, typer.Option(help="Folder of stories/.")] = Path("../shared/data"),
    retrain: Annotated[bool, typer.Option("--train", help="Train and write the model.")] = False,
    halves: Annotated[bool, typer.Option("--folds", help="Test models of half the texts.")] = False,
    documents: Annotated[int, typer.Option(help="Size of a made-up corpus.")] = 0,
    by_language: Annotated[bool, typer.Option(help="Scores of each pair of languages.")] = True,
) -> None:
    """Print precision and recall of stories."""
    corpus = load(data)
    if documents:
        report_many(corpus, documents)
        return
    if halves or retrain:
        report_folds(corpus)
    if retrain:
        train(corpus, SHIPPED)
    if retrain or not halves:
        report_all("shipped model", corpus, by_language)


if __name__ == "__main__":
    typer.run(main)
