"""What a stage is, and what is said of a run of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.settings import Settings
from tasks.steps.store import PartFile, Record, TableVersion

#: Functions of frames and groups of settings; each returns one frame or a tuple of them.
StageFunction = Callable[..., pl.DataFrame | tuple[pl.DataFrame, ...]]


@dataclass(frozen=True)
class Stage:
    """A pure function over tables, and what of its surroundings its rows depend on.

    Attributes:
        name: A verb; also the name of its task in the UI.
        function: Called with the frames of `reads`, then the settings groups of `settings`.
        reads: Tables that it is given, as frames.
        writes: Tables, in the order in which the function returns them.
        settings: Names of the groups of `Settings` that the function is given.
        whole: Whether the function must see all documents, as lazy frames. Otherwise it
            sees some documents' rows, and a document's output depends on these rows only.
        looks_up: Tables without `doc_id` order that a part sees whole, as lazy frames
            after `reads`. Rows of such a stage are never reused.
        row_context: For per-document stages, what else a document's rows depend on, from
            the frames and groups that the function is given: `doc_id, context`.
        surroundings: What else the whole stage depends on, e.g. installed models.
    """

    name: str
    function: StageFunction
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    settings: tuple[str, ...] = ()
    whole: bool = False
    looks_up: tuple[str, ...] = ()
    row_context: Callable[..., pl.DataFrame] | None = None
    surroundings: Callable[[Settings], object] | None = None

    def groups(self, settings: Settings) -> list[object]:
        """Return the groups of settings that the function is given."""
        return [getattr(settings, name) for name in self.settings]

    def outputs(
        self, frames: Sequence[pl.DataFrame | pl.LazyFrame], settings: Settings
    ) -> dict[str, pl.DataFrame]:
        """Call the function and return its frames by table, sorted by key."""
        result = self.function(*frames, *self.groups(settings))
        tables = result if isinstance(result, tuple) else (result,)
        named = zip(self.writes, tables, strict=True)
        return {name: frame.sort(ALL_TABLES[name].key) for name, frame in named}


class StepRecord(Record):
    """A finished run of a stage: what a later run may reuse."""

    stage: str
    version: str
    rule: str
    outputs: dict[str, TableVersion]
    ranges: int
    documents: int


@dataclass(frozen=True)
class StepPlan:
    """Everything a worker needs to compute any part of a step. Small: it travels by pickle."""

    store: str
    version: str
    rule: str
    inputs: dict[str, TableVersion]
    previous: StepRecord | None
    settings: Settings


@dataclass(frozen=True)
class PartResult:
    """What came of a part: its files by table, and how many documents were worked on."""

    files: dict[str, PartFile]
    computed: int
    reused: int
