"""Measure how well lines that recur over a site are found, and what finding them costs.

Run `python -m benchmarks.site_lines`: made-up sites of several sizes in ten languages
(`benchmarks.made_up_sites`) go through cleaning as plain text, then through the stages of site
lines. It prints the shares of the planted lines that are dropped, before and after, and what
else the second drops. Then time and memory of counting a corpus of random lines.
"""

import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Annotated

import numpy as np
import polars as pl
import typer

from benchmarks.made_up_sites import PLANTED, Line, make_site, site_documents
from benchmarks.prose import LANGUAGES
from expectations.working_tables import LINE_TRACES
from tasks.clean.clean_documents import clean_documents
from tasks.clean.drop_site_lines import drop_site_lines
from tasks.clean.find_site_lines import find_site_lines
from tasks.clean.trace_site_lines import trace_site_lines
from tasks.settings import CleanSettings, SiteSettings

SIZES = (8, 20, 100)
SEED = 5
#: A flattened news document has this many lines; a third of them are of its site's forty.
DOCUMENT_LINES, SITE_SHARE, SITE_LINES = 25, 0.3, 40
SITE_DOCUMENTS = 500


def made_up_corpus(size: int, languages: Sequence[str] = LANGUAGES) -> dict[str, list[Line]]:
    """Return the lines of documents by their address: a site of that size in each language."""
    corpus = {}
    for tag in languages:
        rng = Random(f"{SEED}/{size}/{tag}")
        documents = site_documents(make_site(tag, rng), size, rng)
        for number, lines in enumerate(documents):
            corpus[f"https://{tag}.example/{number:05d}"] = lines
    return corpus


def measure(corpus: dict[str, list[Line]]) -> str:
    """Return a line of figures for some sites."""
    text = ["\n".join(line for line, _ in lines) for lines in corpus.values()]
    raw = pl.DataFrame({"doc_id": list(corpus), "url": list(corpus), "text": text}).with_columns(
        format=pl.lit("text"), is_markup=pl.lit(False), site=pl.lit(None, pl.String)
    )
    clean, sites = CleanSettings(), SiteSettings()
    cut, metadata = clean_documents(raw, clean)
    found = find_site_lines(trace_site_lines(raw, metadata, cut).lazy(), sites)
    judged = drop_site_lines(cut, found, clean, sites)
    before, after = _dropped_kinds(corpus, cut), _dropped_kinds(corpus, judged)
    every: Counter[str] = Counter(kind for lines in corpus.values() for _, kind in lines)
    newly = after - before
    shares = ", ".join(f"{kind} {after[kind] / every[kind]:.3f}" for kind in PLANTED)
    others = {kind: count for kind, count in newly.items() if kind not in PLANTED}
    return (
        f"dropped of the planted lines: {_planted(before) / _planted(every):.3f} before, "
        f"{_planted(after) / _planted(every):.3f} after ({shares}); precision "
        f"{_planted(newly) / max(newly.total(), 1):.4f} of {newly.total()}; others: {others}"
    )


def _planted(counts: Counter[str]) -> int:
    return sum(counts[kind] for kind in PLANTED)


def _dropped_kinds(corpus: dict[str, list[Line]], segments: pl.DataFrame) -> Counter[str]:
    """Count the lines that are dropped, by what they are."""
    kinds = {(address, line): kind for address, lines in corpus.items() for line, kind in lines}
    dropped = segments.filter(~pl.col("kept")).select("doc_id", "text")
    return Counter(kinds.get((address, text), "part") for address, text in dropped.iter_rows())


def write_random_traces(path: Path, lines: int) -> None:
    """Write traces of this many lines of documents."""
    rng = np.random.default_rng(SEED)
    documents = lines // DOCUMENT_LINES
    sites = rng.integers(0, max(documents // SITE_DOCUMENTS, 1), documents)
    own = rng.integers(-(2**63), 2**63 - 1, (documents, DOCUMENT_LINES))
    shared = sites[:, None] * SITE_LINES + rng.integers(0, SITE_LINES, own.shape)
    is_shared = rng.random(own.shape) < SITE_SHARE
    indexes = np.tile(np.arange(DOCUMENT_LINES), (documents, 1))
    frame = pl.DataFrame(
        {
            "doc_id": [f"{number:032x}" for number in range(documents)],
            "site": [f"site-{site}.example" for site in sites],
            "segment_indexes": indexes,
            "line_hashes": np.where(is_shared, shared, own),
            "shingle_hashes": np.where(is_shared, shared, own),
            "widths": rng.integers(1, 400, own.shape),
        }
    )
    frame.cast(LINE_TRACES.polars_schema).write_parquet(path)


def cost(path: Path) -> tuple[int, float, int]:
    """Return lines found, seconds of processor time and MiB that finding them takes."""
    find_site_lines(pl.scan_parquet(path).head(100), SiteSettings())  # Polars' own threads
    before, started = _mebibytes(), time.process_time()
    found = find_site_lines(pl.scan_parquet(path), SiteSettings())
    return found.height, time.process_time() - started, _mebibytes() - before


def _mebibytes() -> int:
    """Return the most memory that this process had (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main(
    lines: Annotated[int, typer.Option(min=25, help="Lines of which to tell time and memory.")] = (
        2_000_000
    ),
) -> None:
    """Measure made-up sites, then a corpus of random lines in a process of its own."""
    for size in SIZES:
        print(f"sites of {size}: {measure(made_up_corpus(size))}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "traces.parquet"
        spawned = multiprocessing.get_context("spawn")
        with spawned.Pool(1) as writer:
            writer.apply(write_random_traces, (path, lines))
        with spawned.Pool(1) as counter:
            found, seconds, mebibytes = counter.apply(cost, (path,))
    print(f"{lines} random lines, {found} recur: {seconds:.1f} s, {mebibytes} MiB")


if __name__ == "__main__":
    typer.run(main)
