"""Precision, recall and speed (CPU time of one core) of duplicate finding on the generated corpus.

    python -m benchmarks.duplicates --documents 20000 --seed 1

Signs and clusters the readable records that are not pages (their articles, as if cleaned),
and compares with the truth pair by pair: two documents that tell one text belong together.
"""

import os
import time
from collections.abc import Callable
from typing import Annotated, TypeVar

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before Polars is imported
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import polars as pl
import typer
from rich.progress import track

from benchmarks.corpus import COPIES, records
from tasks.duplicates.cluster import find_duplicates
from tasks.duplicates.sign import sign_documents
from tasks.settings import DuplicateSettings

PART_DOCUMENTS = 1000
Result = TypeVar("Result")


def documents_with_truth(documents: int, seed: int) -> pl.DataFrame:
    """Return the columns that signing reads, and `kind`, `language` and `cluster`."""
    made = track(records(documents, seed), "Writing", total=documents)
    rows = [
        (record.id, record.id, record.article.text, record.kind, record.cluster)
        for record in made
        if record.is_readable and record.kind != "page"
    ]
    schema = ["doc_id", "source_uri", "text", "kind", "cluster"]
    return pl.DataFrame(rows, schema, orient="row").with_columns(
        text_chars=pl.col("text").str.len_chars().cast(pl.Int64)
    )


def pair_scores(found: pl.DataFrame) -> tuple[float, float]:
    """Return precision and recall over pairs, from the columns `group` and `cluster`."""

    def pairs(*columns: str) -> int:
        return int(found.group_by(columns).len().select(_pairs(pl.col("len")).sum()).item())

    right = pairs("group", "cluster")
    return right / max(pairs("group"), 1), right / max(pairs("cluster"), 1)


def recall_by_kind(found: pl.DataFrame) -> pl.DataFrame:
    """Return for each kind of copy the share that stands with its original."""
    originals = found.filter(pl.col("doc_id") == pl.col("cluster")).select("cluster", home="group")
    return (
        found.filter(pl.col("kind").is_in(COPIES))
        .join(originals, on="cluster", how="left")
        .group_by("kind")
        .agg(copies=pl.len(), found=(pl.col("group") == pl.col("home")).mean())
        .sort("kind")
    )


def _pairs(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.Int64) * (count.cast(pl.Int64) - 1) // 2


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def main(
    documents: Annotated[int, typer.Option(min=1, help="Records of the corpus.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Which corpus.")] = 1,
) -> None:
    """Print precision, recall and documents per second."""
    settings = DuplicateSettings()
    corpus = documents_with_truth(documents, seed)
    sign_documents(corpus.head(1), settings)  # builds the table of characters, once a process
    parts = list(corpus.iter_slices(PART_DOCUMENTS))
    signed, sign_seconds = _timed(lambda: pl.concat(sign_documents(p, settings) for p in parts))
    duplicates, cluster_seconds = _timed(lambda: find_duplicates(signed.lazy(), settings))
    found = corpus.drop("text").join(duplicates, on="doc_id", how="left")
    found = found.with_columns(group=pl.coalesce("duplicate_of", "doc_id"))
    precision, recall = pair_scores(found)
    print(f"documents {len(corpus)}, duplicates {len(duplicates)}")
    print(f"precision {precision:.4f}, recall {recall:.4f} (pairs)")
    for kind, copies, share in recall_by_kind(found).iter_rows():
        print(f"  {kind}: {copies} copies, {share:.4f} found with their original")
    print(f"sign {len(corpus) / sign_seconds:.0f} documents/s, one core")
    print(f"cluster {len(corpus) / cluster_seconds:.0f} documents/s, one core")


if __name__ == "__main__":
    typer.run(main)
