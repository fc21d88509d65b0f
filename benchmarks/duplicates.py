"""Measure precision, recall and speed (CPU time of one core) of finding copies and excerpts.

    python -m benchmarks.duplicates --documents 20000 --seed 1
    python -m benchmarks.duplicates --data ../shared/data [--datatrove PYTHON]

The first takes the readable records of the generated corpus that are not pages (their articles,
as if cleaned), the second real news texts in ten languages with planted copies and excerpts
(`benchmarks.planted`). Compared with the truth pair by pair: two documents that tell one text
belong together. `--datatrove` names the Python of an environment that has DataTrove, which then
does the same documents (`benchmarks.datatrove_peer`).
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, TypeVar

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before Polars is imported
os.environ.setdefault("RAYON_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import polars as pl
import typer
from rich.progress import track

from benchmarks.corpus import COPIES, records
from benchmarks.news_texts import read_news_texts
from benchmarks.planted import COPIES as PLANTED_COPIES
from benchmarks.planted import EXCERPTS, planted
from expectations.working_tables import VERSIONS
from tasks.copies.find_contained import find_contained
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.sign import sign_documents
from tasks.settings import DuplicateSettings

PART_DOCUMENTS = 1000
Result = TypeVar("Result")
Row = tuple[str, str, str, str, str]


def documents_with_truth(documents: int, seed: int) -> pl.DataFrame:
    """Return the columns that signing reads, and `kind` and `cluster`, of the generated corpus."""
    made = track(records(documents, seed), "Writing", total=documents)
    return _frame(
        [
            (record.id, record.id, record.article.text, record.kind, record.cluster)
            for record in made
            if record.is_readable and record.kind != "page"
        ]
    )


def planted_with_truth(data: Path, seed: int) -> pl.DataFrame:
    """Return the same columns of the planted documents."""
    made = planted(read_news_texts(data), seed)
    return _frame([(doc.id, doc.id, doc.text, doc.kind, doc.cluster) for doc in made])


def pair_scores(found: pl.DataFrame) -> tuple[float, float]:
    """Return precision and recall over pairs, from the columns `group` and `cluster`."""

    def pairs(*columns: str) -> int:
        return int(found.group_by(columns).len().select(_pairs(pl.col("len")).sum()).item())

    right = pairs("group", "cluster")
    return right / max(pairs("group"), 1), right / max(pairs("cluster"), 1)


def share_with_original(found: pl.DataFrame, kinds: Iterable[str]) -> pl.DataFrame:
    """Return for each kind of document how many there are and the share with their original."""
    originals = found.filter(pl.col("doc_id") == pl.col("cluster")).select("cluster", home="group")
    return (
        found.filter(pl.col("kind").is_in([*kinds]))
        .join(originals, on="cluster", how="left")
        .group_by("kind")
        .agg(documents=pl.len(), found=(pl.col("group") == pl.col("home")).mean())
        .sort("kind")
    )


def excerpt_scores(found: pl.DataFrame, contained: pl.DataFrame) -> tuple[float, float]:
    """Return of the contained documents the share that is in its own text, and of excerpts.

    An excerpt that is a duplicate (of its text, if it is most of it, or of another excerpt) is
    not asked for.
    """
    clusters = found.select(contained_in="doc_id", outer="cluster")
    known = found.join(contained.join(clusters, on="contained_in"), on="doc_id", how="left")
    right = (pl.col("outer") == pl.col("cluster")).fill_null(value=False)
    asked = pl.col("kind").is_in([*EXCERPTS]) & pl.col("duplicate_of").is_null()
    precision = known.filter(pl.col("outer").is_not_null()).select(right.mean()).item()
    return float(precision), float(known.filter(asked).select(right.mean()).item())


def _frame(rows: list[Row]) -> pl.DataFrame:
    schema = ["doc_id", "source_uri", "text", "kind", "cluster"]
    return pl.DataFrame(rows, schema, orient="row").with_columns(
        text_chars=pl.col("text").str.len_chars().cast(pl.Int64)
    )


def _pairs(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.Int64) * (count.cast(pl.Int64) - 1) // 2


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def _report_copies(found: pl.DataFrame) -> None:
    """Print the scores; excerpts are no copies and are not asked for."""
    precision, recall = pair_scores(found.filter(~pl.col("kind").is_in([*EXCERPTS])))
    print(f"precision {precision:.4f}, recall {recall:.4f} (pairs)")
    for kind, copies, share in share_with_original(found, [*COPIES, *PLANTED_COPIES]).iter_rows():
        print(f"  {kind}: {copies} copies, {share:.4f} found with their original")


def _report_datatrove(python: str, corpus: pl.DataFrame, our_seconds: float) -> None:
    """Run DataTrove on the same documents and print its scores and how much slower it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "documents").mkdir()
        rows = corpus.select(id="doc_id", text="text")
        rows.write_ndjson(folder / "documents" / "documents.jsonl")
        command = [python, "-m", "benchmarks.datatrove_peer", "copies", str(folder)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        seconds = json.loads(done.stdout.splitlines()[-1])
        groups = pl.read_ndjson(folder / "groups.jsonl")
    print("DataTrove:", ", ".join(f"{step} {spent:.1f} s" for step, spent in seconds.items()))
    _report_copies(corpus.join(groups.rename({"id": "doc_id"}), on="doc_id", how="left"))
    total = sum(seconds.values())
    print(f"DataTrove took {total / our_seconds:.1f} times as long: {total:.1f} s")


def main(
    documents: Annotated[int, typer.Option(min=1, help="Records of the corpus.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Which corpus.")] = 1,
    data: Annotated[Path | None, typer.Option(help="The development data.")] = None,
    datatrove: Annotated[str | None, typer.Option(help="A Python that has DataTrove.")] = None,
) -> None:
    """Print precision, recall and documents per second."""
    settings = DuplicateSettings()
    corpus = planted_with_truth(data, seed) if data else documents_with_truth(documents, seed)
    sign_documents(corpus.head(1), settings)  # builds the table of characters, once a process
    parts = list(corpus.iter_slices(PART_DOCUMENTS))
    signed, sign_seconds = _timed(lambda: pl.concat(sign_documents(p, settings) for p in parts))
    duplicates, cluster_seconds = _timed(
        lambda: find_duplicates(signed.lazy(), VERSIONS.empty().lazy(), settings)
    )
    contained, contain_seconds = _timed(
        lambda: find_contained(signed.lazy(), duplicates.lazy(), corpus.lazy(), settings)
    )
    found = corpus.drop("text").join(duplicates, on="doc_id", how="left")
    found = found.with_columns(group=pl.coalesce("duplicate_of", "doc_id"))
    print(f"documents {len(corpus)}, duplicates {len(duplicates)}, contained {len(contained)}")
    _report_copies(found)
    if data:
        precision, recall = excerpt_scores(found, contained)
        print(f"contained: precision {precision:.4f}, recall {recall:.4f} (documents)")
        for kind, excerpts, share in share_with_original(found, EXCERPTS).iter_rows():
            print(f"  {kind}: {excerpts} excerpts, {share:.4f} taken for a copy of the whole")
    times = {"sign": sign_seconds, "cluster": cluster_seconds, "contain": contain_seconds}
    for name, seconds in times.items():
        print(f"{name} {len(corpus) / seconds:.0f} documents/s, one core")
    if datatrove:
        _report_datatrove(datatrove, corpus, sign_seconds + cluster_seconds)


if __name__ == "__main__":
    typer.run(main)
