"""Read the texts of a release with bare entity models: what a build is compared with.

    python -m benchmarks.bare_models SEGMENTS --processes 2

SEGMENTS is the folder of a release's table `segments`. Every segment that a model read in the
build is read by the same model again: by spaCy's `nlp.pipe` with its default batches (natasha's
`map` for Russian), with nothing of ours around it. Texts are dealt out to the processes one by one;
each process loads the models that it needs, as a build's workers do. Whoever measures this
command counts the start of the processes and the loading of models here as in the build.
Prints the seconds of reading alone, of the slowest process, as JSON.
"""

import argparse
import json
import multiprocessing
import os
import time
from pathlib import Path

import polars as pl

#: One thread a process, for every library that multiplies matrices.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")

Texts = dict[str, list[str]]


def texts_by_language(segments: pl.LazyFrame) -> Texts:
    """Return the texts that a model read, by language: all texts of a language have one model.

    Args:
        segments: SEGMENTS.
    """
    read = segments.filter(pl.col("entity_model").is_not_null()).select("language", "text")
    grouped = read.collect().group_by("language", maintain_order=True).agg("text").sort("language")
    return dict(grouped.iter_rows())


def dealt(texts: Texts, processes: int) -> list[Texts]:
    """Deal the texts out, each language evenly."""
    return [
        {language: group[number::processes] for language, group in texts.items()}
        for number in range(processes)
    ]


def read_all(texts: Texts) -> tuple[int, float]:
    """Load the model of each language and read its texts.

    Returns:
        How many names were found, and the seconds of reading alone.
    """
    names, seconds = 0, 0.0
    for language, group in texts.items():
        found, spent = _read(language, group)
        names, seconds = names + found, seconds + spent
    return names, seconds


def _read(language: str, texts: list[str]) -> tuple[int, float]:
    from tasks.mentions.backends import model_for
    from tasks.mentions.spacy_pipelines import load_pipeline
    from tasks.settings import EntitySettings

    model = model_for(language, EntitySettings())
    if model is None:
        raise SystemExit(f"no model reads {language} here: was the release built elsewhere?")
    if model.backend == "natasha":
        return _read_with_natasha(texts)
    if model.backend == "lac":
        return _read_with_lac(texts)
    nlp = load_pipeline(model.folder or model.name)
    started = time.monotonic()
    names = sum(len(doc.ents) for doc in nlp.pipe(texts))
    return names, time.monotonic() - started


def _read_with_natasha(texts: list[str]) -> tuple[int, float]:
    from natasha.emb import NewsEmbedding
    from natasha.ner import NewsNERTagger

    tagger = NewsNERTagger(NewsEmbedding())
    started = time.monotonic()
    names = sum(len(markup.spans) for markup in tagger.map(texts))
    return names, time.monotonic() - started


def _read_with_lac(texts: list[str]) -> tuple[int, float]:
    """Read Chinese as the build does: what ran LAC elsewhere, Paddle, is not installed."""
    from tasks.mentions.lac_ner import load_lac

    model = load_lac()
    started = time.monotonic()
    names = sum(map(len, model.find(texts)))
    return names, time.monotonic() - started


def main() -> None:
    """Read the texts with this many processes and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    texts = texts_by_language(pl.scan_parquet(arguments.segments / "*.parquet"))
    with multiprocessing.get_context("spawn").Pool(arguments.processes) as pool:
        results = pool.map(read_all, dealt(texts, arguments.processes), chunksize=1)
    characters = sum(len(text) for group in texts.values() for text in group)
    names = sum(found for found, _ in results)
    slowest = max(seconds for _, seconds in results)
    print(json.dumps({"characters": characters, "names": names, "reading_seconds": slowest}))


if __name__ == "__main__":
    main()
