"""Measure how fast each model reads, how long it takes to load, and how much memory it takes.

Run `python -m benchmarks.entities_speed [LANGUAGE…] [--models FOLDER] [--model accurate]
[--backend NAME]`: each language in a fresh process, on made-up news (`benchmarks.prose`). One
thread; seconds are of processor time, so that other work on the machine counts less. Languages
without spaces between words have no figure in words. A worker reads all documents of a part
together; `short` is what it reads in a second where only some have changed, article by article
(of 1,500 characters and 5 paragraphs). Loading includes the import of the library.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from random import Random

from benchmarks.prose import LANGUAGES, language, write_article
from tasks.mentions.backends import load, model_for
from tasks.mentions.entity_model import MAX_TEXT_CHARS, EntityModel
from tasks.mentions.extract_entities import cut_pieces
from tasks.settings import EntitySettings

#: What a worker reads in a few seconds: steady to a few per cent.
CHARACTERS = 300_000


def _megabytes() -> int:
    """Return the most memory that this process had (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _articles(tag: str) -> list[list[str]]:
    """Return the pieces of articles, of `CHARACTERS` together."""
    rng, articles, total = Random(0), list[list[str]](), 0
    while total < CHARACTERS:
        paragraphs = write_article(tag, rng).paragraphs
        articles.append([p.text for text in paragraphs for p in cut_pieces(text, MAX_TEXT_CHARS)])
        total += sum(map(len, paragraphs))
    return articles


def _read(model: EntityModel, batches: list[list[str]]) -> tuple[int, float]:
    """Return how many names there are, and seconds of processor time."""
    started = time.process_time()
    names = sum(len(spans) for batch in batches for spans in model.find(batch))
    return names, time.process_time() - started


def measure(tag: str, settings: EntitySettings) -> dict[str, object]:
    """Load the model of a language in this process and read with it; empty: none."""
    model = model_for(tag, settings)
    if model is None:
        return {}
    articles = _articles(tag)
    pieces = [piece for article in articles for piece in article]
    before, started = _megabytes(), time.process_time()
    loaded = load(model)
    load_seconds = time.process_time() - started
    loaded.find(articles[0])  # not counted: it warms caches
    (names, seconds), (_, short_seconds) = _read(loaded, [pieces]), _read(loaded, articles)
    characters = sum(map(len, pieces))
    words = sum(len(text.split()) for text in pieces) if language(tag).space else None
    return {
        "language": tag,
        "model": model.title,
        "characters_per_second": round(characters / seconds),
        "short_characters_per_second": round(characters / short_seconds),
        "words_per_second": words and round(words / seconds),
        "short_words_per_second": words and round(words / short_seconds),
        "names": names,
        "load_seconds": round(load_seconds, 1),
        "peak_megabytes": _megabytes(),
        "megabytes_before": before,
    }


def _measure_apart(tag: str, options: list[str]) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.entities_speed", "--here", *options, tag]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        command, env={**os.environ, **threads}, stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure the languages that are named, or all that there is prose in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=LANGUAGES, metavar="LANGUAGE")
    parser.add_argument("--models", help="the setting entities.models")
    parser.add_argument("--model", help="the setting entities.model: fast or accurate")
    parser.add_argument("--backend", help="read every language with this, as entities.backends")
    parser.add_argument("--here", action="store_true", help="one language, in this process")
    given = parser.parse_args()
    backends = dict.fromkeys(given.languages, given.backend) if given.backend else {}
    named = {key: getattr(given, key) for key in ("models", "model") if getattr(given, key)}
    chosen = {"backends": backends} | named
    if given.here:
        print(json.dumps(measure(given.languages[0], EntitySettings.model_validate(chosen))))
        return
    options = [f"--{key}={value}" for key, value in named.items()]
    options += [f"--backend={given.backend}"] if given.backend else []
    for tag in given.languages:
        print(_measure_apart(tag, options) or f"{tag}: no model")


if __name__ == "__main__":
    main()
