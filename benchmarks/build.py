"""Build a generated corpus and print documents per second, memory, and what a rebuild costs.

    python -m benchmarks.build --documents 20000 --workers 2

Builds a tenth of the documents first, to compare the memory of a worker; then all of them;
then all again, unchanged; then with 1 % of the records changed.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from flows import environment
from tasks.releases.releases import Release, read_release
from tasks.steps.build import StepSummary
from tasks.steps.store import Store

_SAMPLE_SECONDS = 0.2
_MEBIBYTE = 2**20


@dataclass
class Memory:
    """The largest resident memory of any worker process, and of the process that leads."""

    worker_bytes: int = 0
    leader_bytes: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Sample until told to stop."""
        leader = psutil.Process()
        while not self._stop.wait(_SAMPLE_SECONDS):
            self.leader_bytes = max(self.leader_bytes, leader.memory_info().rss)
            for child in leader.children(recursive=True):
                self.worker_bytes = max(self.worker_bytes, _worker_bytes(child))

    def stop(self) -> None:
        """Stop sampling."""
        self._stop.set()


def _worker_bytes(process: psutil.Process) -> int:
    """Return the resident memory of a worker; 0 for the server and for one that has ended."""
    try:
        if not any("spawn_main" in part for part in process.cmdline()):
            return 0
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


@contextmanager
def measured_memory() -> Iterator[Memory]:
    """Sample memory while the block runs."""
    memory = Memory()
    thread = threading.Thread(target=memory.watch, daemon=True)
    thread.start()
    yield memory
    memory.stop()
    thread.join()


@dataclass(frozen=True)
class Measurement:
    """What one build took."""

    name: str
    documents: int
    elapsed_seconds: float
    worker_bytes: int
    steps: list[StepSummary]


def measure(name: str, source: Path, store: Path, workers: int) -> Measurement:
    """Build once and return what it took."""
    from flows.build import build

    started = time.monotonic()
    with measured_memory() as memory:
        outcome = build(str(source), str(store), workers)
    elapsed = time.monotonic() - started
    release: Release = read_release(Store(store), outcome.release_id)
    steps = [] if outcome.status == "unchanged" else release.steps
    documents = release.tables["raw_documents"].rows
    return Measurement(f"{name} ({outcome.status})", documents, elapsed, memory.worker_bytes, steps)


def show(measurements: list[Measurement]) -> None:
    """Print the figures as Markdown tables."""
    full = next(m for m in measurements if m.name.startswith("all"))
    print(
        "\n| build | documents | seconds | share of the full build | peak memory per worker, MiB |"
    )
    print("|---|---|---|---|---|")
    for m in measurements:
        share = m.elapsed_seconds / full.elapsed_seconds
        memory = f"{m.worker_bytes / _MEBIBYTE:.0f}" if m.worker_bytes else "–"
        print(f"| {m.name} | {m.documents} | {m.elapsed_seconds:.1f} | {share:.1%} | {memory} |")
    for m in measurements:
        if m.steps:
            _show_steps(m)


def _show_steps(measurement: Measurement) -> None:
    print(f"\n{measurement.name}:\n\n| stage | computed | reused | seconds | documents/s |")
    print("|---|---|---|---|---|")
    for step in measurement.steps:
        speed = step.documents / max(step.elapsed_seconds, 0.01)
        row = [step.step, step.computed, step.reused, step.elapsed_seconds, f"{speed:.0f}"]
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def main() -> None:
    """Parse the arguments, generate, build four times, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    environment.set_defaults()
    with tempfile.TemporaryDirectory() as name, environment.prefect_server():
        show(_measurements(Path(name), arguments.documents, arguments.workers, arguments.seed))


def _measurements(folder: Path, documents: int, workers: int, seed: int) -> list[Measurement]:
    from benchmarks.corpus import write_corpus

    small, large = folder / "small", folder / "large"
    write_corpus(small, documents // 10, seed)
    write_corpus(large, documents, seed)
    source, store = large / "source", folder / "store"
    first = measure("a tenth", small / "source", folder / "small-store", workers)
    full = measure("all", source, store, workers)
    unchanged = measure("again, unchanged", source, store, workers)
    write_corpus(large, documents, seed, changed=0.01)
    changed = measure("again, 1 % changed", source, store, workers)
    return [first, full, unchanged, changed]


if __name__ == "__main__":
    main()
