"""How fast each installed model reads, and how much memory it takes.

Run `python -m benchmarks.entities_speed LANGUAGE TEXT_FILE…`: lines of the files are segments.
Prints characters and words per second of processor time on one thread, and memory. For
comparison it reads the same with the pipeline as spaCy loads it.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import psutil
import spacy

from tasks.models.backends import load, model_for
from tasks.models.entity_model import MAX_TEXT_CHARS
from tasks.models.pieces import cut_pieces
from tasks.settings import EntitySettings

#: Rounds over the files: the first one, which warms caches, is not counted.
ROUNDS = 3


def _megabytes() -> int:
    return int(psutil.Process().memory_info().rss) >> 20


def _report(name: str, texts: list[str], read: Callable[[list[str]], Iterable[object]]) -> None:
    list(read(texts))
    started = time.process_time()
    for _ in range(ROUNDS):
        list(read(texts))
    seconds = (time.process_time() - started) / ROUNDS
    chars, words = sum(map(len, texts)), sum(len(text.split()) for text in texts)
    print(
        f"{name}: {chars / seconds:,.0f} characters/s, {words / seconds:,.0f} words/s, "
        f"{_megabytes()} MB resident"
    )


def main(language: str, *files: str) -> None:
    """Read the files with the language's model, and as spaCy would by itself."""
    model = model_for(language, EntitySettings())
    if model is None:
        sys.exit(f"no model is installed for {language}")
    lines = [line for file in files for line in Path(file).read_text("utf-8").splitlines()]
    texts = [piece.text for line in lines for piece in cut_pieces(line, MAX_TEXT_CHARS)]
    started = time.process_time()
    loaded = load(model)
    print(f"{model.title}: loaded in {time.process_time() - started:.1f} s, {_megabytes()} MB")
    _report(model.title, texts, loaded.find)
    if model.backend == "spacy":
        _report(f"{model.title} by spacy.load alone", texts, spacy.load(model.name).pipe)


if __name__ == "__main__":
    main(*sys.argv[1:])
