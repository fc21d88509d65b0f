"""Run the steps one after the other in this process, as the flow does with one worker."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import polars as pl

from tasks.pipeline import PIPELINE
from tasks.reading.source import absolute_source, list_source
from tasks.settings import Settings
from tasks.steps.build import Advance, Made
from tasks.steps.build import make_tables as make_all
from tasks.steps.stage import AnyStage, Step
from tasks.steps.store import Store, TableVersion

#: Every stage, by its name, in the order in which they run.
STAGES = {stage.name: stage for step in PIPELINE for stage in step.stages}
Frames = dict[str, pl.DataFrame]
Unit = TypeVar("Unit")
Result = TypeVar("Result")


class PlainRunner:
    """Shows nothing, and computes parts with `map`."""

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:
        """Run a step."""
        return work(lambda documents: None)

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units, one after the other."""
        return map(function, units)


def make(
    source: Path | str,
    folder: Path,
    settings: Settings | None = None,
    steps: Sequence[Step] = PIPELINE,
) -> Made:
    """Run the steps, and return the tables and what each step did."""
    listing = list_source(absolute_source(str(source)))
    return make_all(Store(folder), listing, settings or Settings(), steps, PlainRunner())


def make_tables(
    source: Path | str,
    folder: Path,
    settings: Settings | None = None,
    last: str | None = None,
) -> dict[str, TableVersion]:
    """Run every step, or those up to the last one named, and return the versions of all tables."""
    names = [step.name for step in PIPELINE]
    steps = PIPELINE[: names.index(last) + 1] if last else PIPELINE
    return make(source, folder, settings, steps).tables


def outputs(stage: AnyStage, frames: Frames, settings: Settings | None = None) -> Frames:
    """Run a stage in memory; what it remembers is empty."""
    given = {**frames, **{table.name: table.empty() for table in stage.remembers}}
    lazy = {name: frame.lazy() for name, frame in given.items()}
    return stage.outputs(lazy if stage.whole else given, settings or Settings())


def computed(known: Frames, names: Iterable[str], settings: Settings | None = None) -> Frames:
    """Return the tables that are known and those that some stages make of them in memory."""
    frames = dict(known)
    for name in names:
        frames.update(outputs(STAGES[name], frames, settings))
    return frames
