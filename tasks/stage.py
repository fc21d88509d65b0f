"""What a stage is, and how one part of it is computed with the rows that can be reused."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.fingerprint import row_digests
from tasks.ranges import Range
from tasks.settings import Settings
from tasks.store import PartFile, Record, Store, TableVersion, in_range, part_file, write_frame

#: Functions of frames and groups of settings; each returns one frame or a tuple of them.
StageFunction = Callable[..., pl.DataFrame | tuple[pl.DataFrame, ...]]


@dataclass(frozen=True)
class Stage:
    """A pure function over tables, and what of its surroundings its rows depend on.

    Attributes:
        name: A verb; also the name of its task in the UI.
        function: Called with the frames of `reads`, then the settings groups of `settings`.
        reads: Tables; of a per-document stage, the first has a row for every document.
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
        self, frames: list[pl.DataFrame] | list[pl.LazyFrame], settings: Settings
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


def compute_part(stage: Stage, plan: StepPlan, part: Range) -> PartResult:
    """Compute one range of documents, reusing rows whose input and rule did not change.

    Does nothing if an earlier run of the same version, perhaps killed, wrote the part.
    """
    store = Store(plan.store)
    finished = _finished_part(store, stage, plan, part)
    return finished or _fresh_part(store, stage, plan, part)


def _inputs_path(stage: str, version: str, index: int) -> str:
    return f"{stage}/{version}/part-{index:05d}.parquet"


def _finished_part(
    store: Store, stage: Stage, plan: StepPlan, part: Range
) -> PartResult | None:
    """Return the part if a run that was killed had finished it. The digests come last."""
    digests = store.root / "steps" / _inputs_path(stage.name, plan.version, part.index)
    paths = {name: store.part_path(name, plan.version, part.index) for name in stage.writes}
    if not digests.is_file() or not all(path.is_file() for path in paths.values()):
        return None
    documents = pl.read_parquet(digests, glob=False).height
    return PartResult({name: part_file(path) for name, path in paths.items()}, 0, documents)


def _fresh_part(store: Store, stage: Stage, plan: StepPlan, part: Range) -> PartResult:
    frames = [store.read_range(plan.inputs[name], part) for name in stage.reads]
    digests = _digests(stage, frames, plan.settings)
    unchanged = _unchanged(store, stage, plan, part, digests)
    outputs = _compute_rows(store, stage, plan, frames, digests, unchanged)
    if plan.previous is not None and unchanged.height:
        outputs = {
            name: _with_previous(store, plan.previous.outputs[name], part, unchanged, frame)
            for name, frame in outputs.items()
        }
    files = {
        name: store.write_part(name, plan.version, part.index, frame)
        for name, frame in outputs.items()
    }
    path = store.root / "steps" / _inputs_path(stage.name, plan.version, part.index)
    write_frame(path, digests)
    return PartResult(files, digests.height - unchanged.height, unchanged.height)


def _digests(stage: Stage, frames: list[pl.DataFrame], settings: Settings) -> pl.DataFrame:
    if stage.looks_up:
        return frames[0].select("doc_id", pl.lit("").alias("input_digest"))
    context = stage.row_context
    rows = None if context is None else context(*frames, *stage.groups(settings))
    return row_digests(frames, rows)


def _unchanged(
    store: Store, stage: Stage, plan: StepPlan, part: Range, digests: pl.DataFrame
) -> pl.DataFrame:
    """Return the `doc_id`s whose rows the previous run computed from the same input."""
    if plan.previous is None or stage.looks_up:
        return digests.select("doc_id").clear()
    previous = plan.previous
    folder = store.root / "steps"
    files = [folder / _inputs_path(stage.name, previous.version, i) for i in range(previous.ranges)]
    earlier = pl.concat([in_range(pl.scan_parquet(file, glob=False), part) for file in files])
    return digests.join(earlier.collect(), on=["doc_id", "input_digest"], how="semi").select("doc_id")


def _compute_rows(  # noqa: PLR0913
    store: Store,
    stage: Stage,
    plan: StepPlan,
    frames: list[pl.DataFrame],
    digests: pl.DataFrame,
    unchanged: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    if unchanged.height == digests.height and digests.height:
        return {name: ALL_TABLES[name].empty() for name in stage.writes}
    changed = [frame.join(unchanged, on="doc_id", how="anti") for frame in frames]
    looked_up = [store.scan(plan.inputs[name]) for name in stage.looks_up]
    return stage.outputs([*changed, *looked_up], plan.settings)  # type: ignore[list-item]


def _with_previous(
    store: Store,
    version: TableVersion,
    part: Range,
    unchanged: pl.DataFrame,
    computed: pl.DataFrame,
) -> pl.DataFrame:
    earlier = store.read_range(version, part).join(unchanged, on="doc_id", how="semi")
    rows = pl.concat([earlier, computed])
    return rows.sort(ALL_TABLES[version.table].key)
