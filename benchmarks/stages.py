"""Measure each stage alone: its processor seconds in one process, in memory.

    python -m benchmarks.stages --documents 1000 --data DATA
    python -m benchmarks.stages --documents 1000 --profile tag_language,trace_stories

Runs the stages of the pipeline one after the other on a generated corpus, without steps, store,
Prefect and checks, and prints what each took, the first time and again: the first time also loads
modules, models and tables. Processor seconds of one process hardly depend on what else the machine
does, so that this shows what a change to a stage brought (`benchmarks.speed` shows what
a build gains by it). `--profile` prints where the time of some stages goes.
"""

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

import polars as pl
from threadpoolctl import threadpool_limits

from benchmarks.corpus import write_corpus, writer_of
from benchmarks.speed_tables import table
from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.pipeline import PIPELINE
from tasks.reading.ingest import ingest_files
from tasks.reading.source import list_source
from tasks.settings import Settings
from tasks.steps.stage import AnyStage

Frames = dict[str, pl.DataFrame]
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
#: Lines of a profile.
_PROFILE_LINES = 30


class StageSeconds(NamedTuple):
    """Processor seconds of a stage: the first time, and again in the same process."""

    stage: str
    first: float
    again: float


def stage_seconds(source: Path, settings: Settings, profiled: set[str]) -> Iterator[StageSeconds]:
    """Read a source, run every stage twice in memory, and yield what each took.

    Args:
        source: A folder of documents.
        settings: All settings.
        profiled: Names of stages that are run once more, and whose profile is printed.
    """
    frames, first = _timed(_read, source, settings)
    _, again = _timed(_read, source, settings)
    yield StageSeconds("ingest", first, again)
    for stage in (stage for step in PIPELINE for stage in step.stages):
        outputs, first = _timed(_run, stage, frames, settings)
        _, again = _timed(_run, stage, frames, settings)
        yield StageSeconds(stage.name, first, again)
        if stage.name in profiled:
            profile = cProfile.Profile()
            profile.runcall(_run, stage, frames, settings)
            pstats.Stats(profile).sort_stats("tottime").print_stats(_PROFILE_LINES)
        frames |= outputs


def _read(source: Path, settings: Settings) -> Frames:
    batches = list(ingest_files(list_source(str(source)).files, settings.ingest))
    documents, rejects = (pl.concat(frames) for frames in zip(*batches, strict=True))
    return {
        RAW_DOCUMENTS.name: documents.sort(RAW_DOCUMENTS.key),
        INGEST_REJECTS.name: rejects.sort(INGEST_REJECTS.key),
    }


def _run(stage: AnyStage, frames: Frames, settings: Settings) -> Frames:
    """Run a stage on what was made before it; what it remembers is empty."""
    given = frames | {table.name: table.empty() for table in stage.remembers}
    if stage.whole:
        return stage.outputs({name: frame.lazy() for name, frame in given.items()}, settings)
    return stage.outputs(given, settings)


def _timed(
    work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> tuple[Result, float]:
    started = time.process_time()
    result = work(*args, **kwargs)
    return result, time.process_time() - started


def main() -> None:
    """Generate, run, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="which corpus")
    parser.add_argument("--data", type=Path, help="the folder of development data")
    parser.add_argument("--profile", default="", help="stages, with commas between them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        write_corpus(Path(name), given.documents, given.seed, write=writer_of(given.data))
        profiled = set(given.profile.split(","))
        found = list(stage_seconds(Path(name) / "source", Settings(), profiled))
    total = StageSeconds("together", sum(s.first for s in found), sum(s.again for s in found))
    rows = [(s.stage, f"{s.first:.2f}", f"{s.again:.2f}") for s in [*found, total]]
    print(table(("stage", "processor s", "again"), rows))


if __name__ == "__main__":
    main()
