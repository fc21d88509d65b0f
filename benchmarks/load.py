"""Measure how a build grows with sources that are large in one way.

    python -m benchmarks.load
    python -m benchmarks.load --scale 0.1 --only "tiny;site"

Builds each source (`benchmarks.load_sources`) at a quarter of its size and at its size, without
Prefect (`benchmarks.bare_build`), and prints processor seconds beyond those of a build of one
document of the same kind, the slope between the two (1: twice as much takes twice as long; `!`
above 1.2, which n log n stays below), and the most memory that a worker and the leading process
held. A source that takes less than two seconds more than one document has no slope. `--scale` makes
all sizes smaller.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.hostile import SOUND
from benchmarks.load_sources import LOADS
from benchmarks.process_tree import LEADER, WORKER, Run, measure
from benchmarks.speed_tables import table as drawn

#: Parts of the full size that are built.
PARTS = (0.25, 1.0)
#: A slope above is steeper than n log n: of 5,000 to 20,000 that has 1.12.
MAX_SLOPE = 1.2
MAX_WORKER_MEBIBYTES = 1.2 * 1024
_LEAST_SECONDS = 2.0


class Growth(NamedTuple):
    """Builds of one source.

    Attributes:
        what: What there is more of.
        sizes: How much of it, in rising order.
        seconds: Of processors, beyond those of a build of nearly nothing.
        largest: The build of the last size.
    """

    what: str
    sizes: list[int]
    seconds: list[float]
    largest: Run

    @property
    def slope(self) -> float | None:
        """The slope of the seconds by the size, both as logarithms; None: too quick to say."""
        if min(self.seconds) < _LEAST_SECONDS:
            return None
        return math.log(self.seconds[-1] / self.seconds[0]) / math.log(
            self.sizes[-1] / self.sizes[0]
        )

    @property
    def row(self) -> list[str]:
        """The row of the table."""
        slope = self.slope
        worker, leader = (self.largest.peak_mebibytes(role) for role in (WORKER, LEADER))
        return [
            self.what,
            " → ".join(f"{size:,}" for size in self.sizes),
            " → ".join(f"{seconds:.1f}" for seconds in self.seconds),
            "" if slope is None else f"{slope:.2f}{' !' if slope > MAX_SLOPE else ''}",
            f"{worker:.0f}{' !' if worker > MAX_WORKER_MEBIBYTES else ''}",
            f"{leader:.0f}",
        ]


def grown(what: str, scale: float, folder: Path) -> Growth:
    """Build a source at each of its sizes."""
    load = LOADS[what]
    sizes = [max(1, int(part * scale * load.size)) for part in PARTS]
    base = _built(what, 100 if "bytes" in what else 1, folder).total_cpu_seconds
    runs = [_built(what, size, folder) for size in sizes]
    return Growth(what, sizes, [run.total_cpu_seconds - base for run in runs], runs[-1])


def _built(what: str, size: int, folder: Path) -> Run:
    source, store = folder / f"source-{size}", folder / f"store-{size}"
    source.mkdir()
    # Nothing is published of a source without a document.
    (source / "sound.txt").write_text(SOUND, encoding="utf-8")
    LOADS[what].write(source, size)
    command = [sys.executable, "-m", "benchmarks.bare_build", str(source), "--store", str(store)]
    return measure(command, folder / f"{size}.log")


def table(growths: Iterable[Growth]) -> str:
    """Return the builds as a Markdown table."""
    head = ("more", "sizes", "processor s", "slope", "worker, MiB", "leader, MiB")
    return drawn(head, [growth.row for growth in growths])


def main() -> None:
    """Build the sources whose names hold one of the pieces given, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pieces of names, by semicolons")
    parser.add_argument("--scale", type=float, default=1.0, help="of the full sizes")
    given = parser.parse_args()
    growths = []
    for what in LOADS:
        if any(piece in what for piece in given.only.split(";")):
            with tempfile.TemporaryDirectory() as folder:
                growths.append(grown(what, given.scale, Path(folder)))
            print(" | ".join(growths[-1].row), file=sys.stderr, flush=True)
    print(table(growths))


if __name__ == "__main__":
    main()
