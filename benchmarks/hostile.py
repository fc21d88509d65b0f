"""Measure what hostile files cost: time and memory for each megabyte, and what became of them.

    python -m benchmarks.hostile
    python -m benchmarks.hostile --only "JSON;MHTML" --limit 120

Makes each file (`benchmarks.hostile_files`) in a temporary folder, a sound document beside it, and
reads both in a process of its own; pages and texts go through every step. Prints processor seconds
of reading and of all other steps, the slowest of these, the most memory beyond what the process
held before, and the rejects by reason. `!` marks what is beyond the bound for its size (5 s and
200 MB for each megabyte, one at least); of a compressed file, its size as it is stored counts.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import polars as pl
import psutil

from benchmarks.hostile_files import HOSTILE, THROUGH
from benchmarks.speed_tables import table as drawn
from tasks.reading.source import list_source
from tasks.settings import Settings
from tasks.steps.build import make_tables
from tasks.steps.ingest import STEP, chunk_files, plan_ingest, read_chunk
from tasks.steps.store import Store

Unit = TypeVar("Unit")
Result = TypeVar("Result")

#: What a megabyte of input may take.
MAX_SECONDS, MAX_MEGABYTES = 5.0, 200.0
_MEGABYTE = 10**6
#: No file needs more address space, and the machine is not to be filled.
_MAX_ADDRESSES = 12 * 2**30
#: The sound document that stands beside each file.
SOUND = "The bridge was closed on Tuesday. Nobody was hurt, the mayor of Paris said."


class Cost(NamedTuple):
    """What a file took, through every step.

    Attributes:
        name: Of the file, in `HOSTILE`.
        size_bytes: As it is stored.
        reading_seconds: Of the processor.
        other_seconds: The same of all other steps.
        slowest: The slowest of these, with its seconds.
        megabytes: The most memory beyond what the process held before.
        outcome: Documents and rejects; or how the process ended.
    """

    name: str
    size_bytes: int
    reading_seconds: float
    other_seconds: float
    slowest: str
    megabytes: float
    outcome: str

    @property
    def marked(self) -> list[str]:
        """The row of the table, with `!` at what is beyond the bound."""
        size = max(1.0, self.size_bytes / _MEGABYTE)
        return [
            self.name,
            f"{self.size_bytes:,}",
            _marked(self.reading_seconds, MAX_SECONDS * size, ".1f"),
            _marked(self.other_seconds, MAX_SECONDS * size, ".1f"),
            self.slowest,
            _marked(self.megabytes, MAX_MEGABYTES * size, ".0f"),
            self.outcome,
        ]


def _marked(figure: float, bound: float, form: str) -> str:
    return f"{figure:{form}}{' !' if figure > bound else ''}"


class PlainRunner:
    """Shows nothing, computes parts with `map`, and takes the processor seconds of each step."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds

    def step(self, name: str, documents: int, work: Callable[..., Result]) -> Result:  # noqa: ARG002
        """Run a step."""
        started = time.process_time()
        result = work(lambda _: None)
        self._seconds[name] = time.process_time() - started
        return result

    def map(
        self,
        function: Callable[[Unit], Result],
        units: Sequence[Unit],
        size_bytes: int,  # noqa: ARG002
    ) -> Iterator[Result]:
        """Apply a function to units, one after the other."""
        return map(function, units)


def measured(name: str, folder: Path, limit_seconds: float) -> Cost:
    """Make a file and take it through every step, each in a process of its own."""
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "sound.txt").write_text(SOUND, encoding="utf-8")
    file = source / f"hostile{HOSTILE[name].suffix}"
    command = [sys.executable, "-m", "benchmarks.hostile", "--folder", str(folder), "--name", name]
    subprocess.run([*command, "--make"], check=True)
    size_bytes = file.stat().st_size
    limit = ["--limit", str(limit_seconds)]
    done = subprocess.run([*command, *limit], capture_output=True, check=False)
    if done.returncode == -signal.SIGXCPU:
        return Cost(name, size_bytes, limit_seconds, limit_seconds, "", 0, "stopped at the limit")
    if done.returncode:
        tail = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return Cost(name, size_bytes, 0, 0, "", 0, f"ended with {done.returncode}: {tail[:100]}")
    return Cost(name, size_bytes, *json.loads(done.stdout.splitlines()[-1]))


def _made(folder: Path, name: str) -> None:
    hostile = HOSTILE[name]
    hostile.write(folder / "source" / f"hostile{hostile.suffix}")


def _measured_here(folder: Path, name: str, limit_seconds: float) -> list[object]:
    """Read the folder, and take it through every step if that costs; a `Cost` from its third."""
    work = _build if name in THROUGH else _read
    _make_warm(folder / "warm")
    work(folder / "warm", folder / "warm-store", {})
    _limit(limit_seconds)
    held, seconds = _held_bytes(), dict[str, float]()
    outcome = work(folder / "source", folder / "store", seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    reading = seconds.pop(STEP)
    slowest = max(seconds, key=lambda step: seconds[step], default="")
    said = f"{slowest} {seconds[slowest]:.1f}" if slowest else ""
    return [reading, sum(seconds.values()), said, (peak - held) / _MEGABYTE, outcome]


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_ADDRESSES, _MAX_ADDRESSES))
    most_seconds = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))


def _held_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


def _make_warm(folder: Path) -> None:
    """Make documents that load what a short text needs."""
    folder.mkdir()
    (folder / "a.txt").write_text(SOUND, encoding="utf-8")
    (folder / "b.html").write_text(f"<html><body><p>{SOUND}</p></body></html>", encoding="utf-8")


def _read(source: Path, store: Path, seconds: dict[str, float]) -> str:
    """Read a source into files, as a build does."""
    started = time.process_time()
    opened = Store(store)
    plan = plan_ingest(opened, list_source(str(source)), Settings())
    records = [read_chunk(plan, chunk) for chunk in plan.chunks]
    seconds[STEP] = time.process_time() - started
    # Not the texts: what is measured is the reading of the source.
    rows = [
        pl.read_parquet(file, columns=["source_uri"])
        for file in chunk_files(plan, records, "documents")
    ]
    rejects = [pl.read_parquet(file) for file in chunk_files(plan, records, "rejects")]
    read = pl.concat(rows).with_columns(reason=pl.lit("read"))
    return _said(pl.concat([read, *(frame.select("source_uri", "reason") for frame in rejects)]))


def _build(source: Path, store: Path, seconds: dict[str, float]) -> str:
    from tasks.pipeline import PIPELINE  # models: only for what goes through

    opened, runner = Store(store), PlainRunner(seconds)
    made = make_tables(opened, list_source(str(source)), Settings(), PIPELINE, runner)
    ledger = opened.scan(made.tables["ledger"]).collect()
    return _said(ledger.select("source_uri", reason=pl.col("reason").fill_null(pl.col("fate"))))


def _said(rows: pl.DataFrame) -> str:
    counts = Counter(reason for _, reason in rows.iter_rows())
    said = ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common(4))
    sound = rows.filter(source_uri="sound.txt")["reason"].to_list()
    return said if sound in (["kept"], ["read"]) else f"THE SOUND DOCUMENT IS LOST: {said}"


def table(costs: Iterable[Cost]) -> str:
    """Return the costs as a Markdown table."""
    head = ("file", "bytes", "reading, s", "other steps, s", "slowest, s", "MB", "outcome")
    return drawn(head, [cost.marked for cost in costs])


def main() -> None:
    """Measure the files whose names hold one of the words given, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pieces of names, by semicolons")
    parser.add_argument("--limit", type=float, default=100, help="processor seconds a file")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        if given.make:
            _made(given.folder, given.name)
        else:
            print(json.dumps(_measured_here(given.folder, given.name, given.limit)))
        return
    costs = []
    for name in HOSTILE:
        if any(word in name for word in given.only.split(";")):
            with tempfile.TemporaryDirectory() as folder:
                costs.append(measured(name, Path(folder), given.limit))
            print(" | ".join(costs[-1].marked), file=sys.stderr, flush=True)
    print(table(costs))


if __name__ == "__main__":
    main()
