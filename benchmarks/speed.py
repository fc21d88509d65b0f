"""Measure how fast Babelmill builds, in ratios to what the same machine does otherwise.

    python -m benchmarks.speed --data DATA --peer-python PEER/bin/python
    python -m benchmarks.speed --only seeds,changes
    python -m benchmarks.speed --only none --documents 100000

Generates a corpus (`benchmarks.corpus`; with `--data` as chains over the news of the development
data, which hold as many different names as news does), runs the command `babelmill build` on it,
samples the time and memory of all its processes, and prints a table. Then the seconds of every
step, and how they grow with the corpus. A ratio is of two commands of this run, on the clock;
that of their processor seconds stands beside it, since other work on the machine changes it less.

Rows (`--only`):

models: all stages of the small corpus, against bare models (`benchmarks.bare_models`) on the
text that the build's models read. Starting Python and loading models count in both.

datatrove: reading, cleaning, language, near copies, Parquet of the large corpus, entities and
stories switched off, against DataTrove on the same documents (`benchmarks.datatrove_peer` says
how to make its environment). DataTrove gets only records that can be read, and pages as bare text.

seeds: the seeds in a new store, and again; importing prefect, spaCy and Great Expectations in
plain Python beside it. The shortest of `--repeat` times.

changes: the same again, and with 1 % of the records written anew, as shares of the full build, of
both corpora.

growth: the large corpus against the small one.

prefect: the small corpus by the flow, and by the pure build (`benchmarks.bare_build`).

`--documents N` adds one build of N documents, and its steps against those of the small corpus.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.builds import Build, Builds
from benchmarks.corpus import writer_of
from benchmarks.process_tree import LEADER, WORKER, CommandFailed, Run
from benchmarks.speed_tables import (
    Row,
    extra,
    process_table,
    rows_table,
    seconds,
    share,
    slope_table,
    step_table,
    times,
)

SEEDS = Path(__file__).parents[1] / "seeds" / "documents"
_IMPORTS = "import prefect, spacy, great_expectations"


class Bench:
    """The rows, each from the builds that it needs."""

    def __init__(self, builds: Builds, given: argparse.Namespace) -> None:
        self._builds = builds
        self._small, self._large = given.small, given.large
        self._repeat, self._peer = given.repeat, given.peer_python
        self._documents = given.documents
        #: What to show of the steps, by the name of the build.
        self.shown = dict[str, Build]()

    def models(self) -> Iterator[Row]:
        """All stages against bare models."""
        build = self._full(self._small)
        bare = self._builds.bare_models(build)
        what = f"{self._small:,} documents, all stages, against bare models on the same text"
        yield Row(what, times(build.run, bare), "≤ 2.0 ×", "1.2 ×")

    def datatrove(self) -> Iterator[Row]:
        """A clean corpus against DataTrove."""
        what = f"{self._large:,} documents, reading to Parquet: speed against DataTrove"
        if self._peer is None:
            yield Row(what, "not measured: say --peer-python", "≥ 2 ×", "6 ×")
            return
        ours = self._builds.clean(self._large)
        self.shown[f"{self._large:,} without entities and stories"] = ours
        theirs = self._builds.datatrove(self._large, self._peer)
        yield Row(what, times(theirs, ours.run), "≥ 2 ×", "6 ×")

    def seeds(self) -> Iterator[Row]:
        """The seeds, new and unchanged, beside the imports alone."""
        names = [f"seeds-{number}" for number in range(self._repeat)]
        command = [sys.executable, "-c", _IMPORTS]
        imports = [self._builds.run(f"{name}-imports", command) for name in names]
        new, same = zip(*(self._builds.twice(SEEDS, name) for name in names), strict=True)
        yield Row("import prefect, spacy, great_expectations", seconds(_shortest(imports)))
        yield Row("the seeds, a new store", seconds(_shortest(new)), "≤ 10 s", "6 s")
        yield Row("the seeds, nothing changed", seconds(_shortest(same)), "≤ 2 s", "1 s")

    def changes(self) -> Iterator[Row]:
        """What a change of 1 % costs."""
        limits = {self._small: ("≤ 10 %", "3 %"), self._large: ("≤ 4 %", "1.5 %")}
        for documents, (must, goal) in limits.items():
            full, same = self._full(documents), self._builds.same(documents)
            changed = self._builds.changed(documents)
            self.shown[f"{documents:,}, 1 % changed"] = changed
            what = f"of {documents:,} documents changed: share of the full build"
            yield Row(f"nothing {what}", share(same, full.run))
            yield Row(f"1 % {what}", share(changed.run, full.run), must, goal)

    def growth(self) -> Iterator[Row]:
        """What the large corpus costs more than the small one."""
        small, large = self._full(self._small), self._full(self._large)
        what = f"{self._large:,} documents against {self._small:,}"
        yield Row(f"{what}: time", times(large.run, small.run), "≤ 5.2 ×")
        before, after = (build.run.peak_mebibytes(WORKER) for build in (small, large))
        memory = f"{after / before:.2f} × ({after:.0f} / {before:.0f} MiB)" if before else "–"
        yield Row(f"{what}: memory of a worker", memory, "≤ 1.1 ×")

    def prefect(self) -> Iterator[Row]:
        """What Prefect adds."""
        build, bare = self._full(self._small), self._builds.without_prefect(self._small)
        what = f"Prefect's share of the time, {self._small:,} documents"
        yield Row(what, extra(build.run, bare), "≤ 3 %")

    def once(self) -> Iterator[Row]:
        """The build of `--documents`."""
        run = self._full(self._documents).run
        worker, leader = run.peak_mebibytes(WORKER), run.peak_mebibytes(LEADER)
        figure = f"{seconds(run)}; worker {worker:.0f} MiB, parent {leader:.0f} MiB"
        what = f"{self._documents:,} documents, once"
        yield Row(what, figure, "worker < 1 GB, parent < 1.5 GB")

    def slopes(self) -> Iterator[tuple[str, str]]:
        """Yield tables of how steps grow, of each full build against the small one."""
        small = self.shown.get(f"{self._small:,}")
        for documents in (self._large, self._documents or 0):
            build = self.shown.get(f"{documents:,}")
            if small is not None and build is not None:
                ratio = documents / self._small
                title = f"{documents:,} documents against {self._small:,}"
                yield title, slope_table(small.steps, build.steps, ratio)

    def _full(self, documents: int) -> Build:
        build = self.shown[f"{documents:,}"] = self._builds.full(documents)
        return build


def _shortest(runs: Iterable[Run]) -> Run:
    return min(runs, key=lambda run: run.seconds)


#: What can be measured, in this order.
ROWS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "models": Bench.models,
    "datatrove": Bench.datatrove,
    "seeds": Bench.seeds,
    "changes": Bench.changes,
    "growth": Bench.growth,
    "prefect": Bench.prefect,
}


def chosen_rows(only: str, documents: int | None) -> list[Callable[[Bench], Iterator[Row]]]:
    """Return what `--only` and `--documents` ask for.

    Args:
        only: Names of rows with commas between them, or `all` or `none`.
        documents: Asked for one more build of so many, or None.

    Raises:
        SystemExit: There is no row of a name.
    """
    names = {"all": list(ROWS), "none": []}.get(only, only.split(","))
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        raise SystemExit(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return [ROWS[name] for name in names] + ([Bench.once] if documents else [])


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return what is asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="all", help="rows, with commas between them")
    parser.add_argument("--documents", type=int, help="build this many documents, once")
    parser.add_argument("--small", type=int, default=4_000, help="documents of the small corpus")
    parser.add_argument("--large", type=int, default=20_000, help="and of the large one")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="which corpus")
    parser.add_argument("--repeat", type=int, default=3, help="how often the seeds are built")
    parser.add_argument("--data", type=Path, help="the folder of development data")
    parser.add_argument("--peer-python", help="the Python of an environment that has DataTrove")
    parser.add_argument("--folder", type=Path, help="where to work and keep what was built")
    return parser.parse_args(given)


def measured_rows(bench: Bench, rows: Iterable[Callable[[Bench], Iterator[Row]]]) -> Iterator[Row]:
    """Yield the rows; of a command that fails, a row that says so, and go on."""
    for row in rows:
        try:
            yield from row(bench)
        except CommandFailed as failed:
            print(failed, file=sys.stderr)
            yield Row(row.__name__, "a command failed")


def main() -> None:
    """Build, measure, print."""
    given = arguments()
    rows = chosen_rows(given.only, given.documents)
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        builds = Builds(folder, given.workers, given.seed, writer_of(given.data))
        bench = Bench(builds, given)
        print(rows_table(list(measured_rows(bench, rows))))
        if bench.shown:
            print(f"\n{process_table({name: build.run for name, build in bench.shown.items()})}")
            print(f"\n{step_table({name: build.steps for name, build in bench.shown.items()})}")
        for title, grown in bench.slopes():
            print(f"\n{title}:\n\n{grown}")


if __name__ == "__main__":
    main()
