"""Run `babelmill build` on generated corpora and on the seeds, each as a process to be measured."""

import json
import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.corpus import SHARD_RECORDS, Writer, records, write_corpus
from benchmarks.process_tree import Run, measure
from flows import environment
from tasks.releases.releases import read_release, release_folder
from tasks.steps.build import StepSummary
from tasks.steps.store import Store

_COMMAND = (sys.executable, "-c", "from flows.command import main; main()", "build")
#: The share of records that are written anew.
CHANGED = 0.01
#: Steps that make no part of a clean corpus.
_WITHOUT = ("--without", "entities,stories")


@dataclass(frozen=True)
class Build:
    """A build, what it took, and what it says of itself.

    Attributes:
        run: The whole command.
        segments: The folder of the release's table `segments`.
        steps: What each step did.
    """

    run: Run
    segments: Path
    steps: tuple[StepSummary, ...]


class Builds:
    """Commands run in a folder of their own; each kind of build is done once."""

    def __init__(self, folder: Path, workers: int, seed: int, write: Writer) -> None:
        self.workers = workers
        self._folder, self._seed, self._write = folder, seed, write
        self._environment = {**environment.DEFAULTS, **os.environ}
        # Bound here: each build of these arguments once, for as long as the run lasts.
        self.corpus = cache(self._corpus)
        self.full = cache(self._full)

    def run(self, name: str, command: list[str]) -> Run:
        """Run a command and measure it."""
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        log = self._folder / f"{name}.log"
        run = measure(command, log, self._environment)
        print(f"{run.seconds:.1f} s", file=sys.stderr, flush=True)
        return run

    def same(self, documents: int) -> Run:
        """Build again into the same store, nothing changed. To be asked for before `changed`."""
        self.full(documents)
        return self._build(f"same-{documents}", self._source(documents), self._store(documents)).run

    def changed(self, documents: int) -> Build:
        """Build again into the same store, 1 % of the records written anew."""
        self.full(documents)
        write_corpus(self._corpus_folder(documents), documents, self._seed, CHANGED, self._write)
        name = f"changed-{documents}"
        return self._build(name, self._source(documents), self._store(documents))

    def clean(self, documents: int) -> Build:
        """Build into a new store, without entities and stories."""
        name = f"clean-{documents}"
        return self._build(name, self.corpus(documents), self._folder / name, *_WITHOUT)

    def twice(self, source: Path, name: str) -> tuple[Run, Run]:
        """Build into a new store, and again with nothing changed; as many workers as it chooses."""
        command = [*_COMMAND, str(source), "--store", str(self._folder / name)]
        return self.run(f"{name}-new", command), self.run(f"{name}-same", command)

    def bare_models(self, build: Build) -> Run:
        """Read what a build's models read with as many bare processes."""
        command = [sys.executable, "-m", "benchmarks.bare_models", str(build.segments)]
        return self.run("bare-models", [*command, "--processes", str(self.workers)])

    def without_prefect(self, documents: int) -> Run:
        """Build into a new store by the pure build alone."""
        name = f"without-prefect-{documents}"
        command = [sys.executable, "-m", "benchmarks.bare_build", str(self.corpus(documents))]
        options = ["--store", str(self._folder / name), "--workers", str(self.workers)]
        return self.run(name, [*command, *options])

    def datatrove(self, documents: int, python: str) -> Run:
        """Have DataTrove read, repair, label and deduplicate the same documents."""
        folder = self._folder / f"datatrove-{documents}"
        write_readable(folder / "documents", documents, self._seed, self._write)
        command = [python, "-m", "benchmarks.datatrove_peer", "clean", str(folder)]
        return self.run(f"datatrove-{documents}", [*command, "--workers", str(self.workers)])

    def _corpus_folder(self, documents: int) -> Path:
        return self._folder / f"corpus-{documents}"

    def _store(self, documents: int) -> Path:
        return self._folder / f"full-{documents}"

    def _source(self, documents: int) -> Path:
        return self._corpus_folder(documents) / "source"

    def _corpus(self, documents: int) -> Path:
        write_corpus(self._corpus_folder(documents), documents, self._seed, write=self._write)
        return self._source(documents)

    def _full(self, documents: int) -> Build:
        store = self._store(documents)
        return self._build(store.name, self.corpus(documents), store)

    def _build(self, name: str, source: Path, store: Path, *options: str) -> Build:
        arguments = [str(source), "--store", str(store), "--workers", str(self.workers), *options]
        run = self.run(name, [*_COMMAND, *arguments])
        opened = Store(store)
        release = read_release(opened)
        segments = release_folder(opened, release.release_id) / "segments"
        return Build(run, segments, tuple(release.steps))


def write_readable(out: Path, documents: int, seed: int, write: Writer) -> None:
    """Write the records that can be read, a page's text for its markup, for other tools.

    Args:
        out: Gets files of as many records as those of the corpus: `id` and `text`.
        documents: How many records the corpus has.
        seed: Which corpus.
        write: Writes the articles.
    """
    out.mkdir(parents=True, exist_ok=True)
    lines = list[str]()
    for number, record in enumerate(records(documents, seed, write=write), 1):
        if record.is_readable:
            text = record.article.text if record.kind == "page" else record.content
            lines.append(json.dumps({"id": record.id, "text": text}, ensure_ascii=False) + "\n")
        if number % SHARD_RECORDS == 0 or number == documents:
            path = out / f"part-{(number - 1) // SHARD_RECORDS:05d}.jsonl"
            path.write_text("".join(lines), encoding="utf-8")
            lines.clear()
