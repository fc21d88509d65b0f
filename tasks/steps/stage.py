"""Declare a stage on its function, and chain stages into the steps of a pipeline.

A stage is a pure function from tables to tables. A step is a chain of stages that hand tables
to each other in memory: only what a later step or a reader needs is written. Everything that
is declared is checked when the module that declares it is imported.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

import polars as pl

from expectations.schema import Table
from expectations.working_tables import ALL_TABLES
from tasks.settings import Settings
from tasks.settings.group import Group
from tasks.steps.store import PartFile, Record, TableVersion

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Frames = Mapping[str, pl.DataFrame]
LazyFrames = Mapping[str, pl.LazyFrame]


class BadDeclaration(TypeError):
    """What is declared of a stage or a pipeline is not what its functions and tables are."""


@dataclass(frozen=True, eq=False)
class Stage(Generic[Parameters, Result]):
    """A pure function over tables, and what of its surroundings its rows depend on.

    It is called like the function that it is declared on, and pickled by its name, so that a
    worker imports only the modules of the stages that it runs.

    Attributes:
        function: Called with the frames of `reads` and `remembers`, then its groups of settings.
        reads: Tables that it is given, with the columns that it sees.
        writes: Tables, in the order in which the function returns them.
        settings: Keys of the groups of `Settings` that the function is given.
        packages: Packages that its rows depend on, beside those that every table depends on.
        whole: Whether the function must see all documents, as lazy frames. Otherwise it
            sees some documents' rows, and a document's output depends on these rows only.
        remembers: Tables among `writes` that the function is given as the last run of the same
            rule left them, empty at first. No row of what it returns may depend on them.
        row_context: For per-document stages, what else a document's rows depend on, from
            the frames and groups that the function is given: `doc_id, context`.
        surroundings: What else the whole stage depends on, e.g. installed models.
    """

    function: Callable[Parameters, Result]
    reads: tuple[Table, ...]
    writes: tuple[Table, ...]
    settings: tuple[str, ...]
    packages: tuple[str, ...]
    whole: bool
    remembers: tuple[Table, ...]
    row_context: Callable[..., pl.DataFrame] | None
    surroundings: Callable[[Settings], object] | None

    def __post_init__(self) -> None:
        # Where pickle, and a reader of a traceback, look for this stage.
        object.__setattr__(self, "__module__", self.function.__module__)
        object.__setattr__(self, "__doc__", self.function.__doc__)

    def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        """Call the function."""
        return self.function(*args, **kwargs)

    def __reduce__(self) -> str:
        """Return the name by which pickle finds this stage in its module."""
        return self.name

    @property
    def name(self) -> str:
        """The name of the function: a verb and what it is done to."""
        return self.function.__name__

    def outputs(
        self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame], settings: Settings
    ) -> dict[str, pl.DataFrame]:
        """Call the function with its columns of its tables; its frames, sorted by key."""
        frames = [tables[table.name].select(table.column_names) for table in self._given]
        result = self.function(*frames, *self.groups(settings))  # type: ignore[call-arg, arg-type]
        returned = result if isinstance(result, tuple) else (result,)
        named = zip(self.writes, returned, strict=True)
        return {table.name: frame.sort(table.key) for table, frame in named}

    def context(self, tables: Frames, settings: Settings) -> pl.DataFrame | None:
        """Return what else a document's rows depend on, if anything: `doc_id, context`."""
        if self.row_context is None:
            return None
        frames = [tables[table.name].select(table.column_names) for table in self.reads]
        return self.row_context(*frames, *self.groups(settings))

    def groups(self, settings: Settings) -> list[Group]:
        """Return the groups of settings that the function is given."""
        return [getattr(settings, key) for key in self.settings]

    @property
    def _given(self) -> tuple[Table, ...]:
        return (*self.reads, *self.remembers)


def stage(  # noqa: PLR0913 - each is a part of the declaration
    *,
    reads: Sequence[Table],
    writes: Sequence[Table],
    packages: Sequence[str] = (),
    whole: bool = False,
    remembers: Sequence[Table] = (),
    row_context: Callable[..., pl.DataFrame] | None = None,
    surroundings: Callable[[Settings], object] | None = None,
) -> Callable[[Callable[Parameters, Result]], Stage[Parameters, Result]]:
    """Declare a stage; see `Stage`. Its signature names its groups of settings.

    Raises:
        BadDeclaration: The function's parameters are not the tables and groups of settings.
    """

    def declared(function: Callable[Parameters, Result]) -> Stage[Parameters, Result]:
        tables = [table.name for table in (*reads, *remembers)]
        return Stage(
            function=function,
            reads=tuple(reads),
            writes=tuple(writes),
            settings=_setting_keys(function, tables),
            packages=tuple(packages),
            whole=whole,
            remembers=tuple(remembers),
            row_context=row_context,
            surroundings=surroundings,
        )

    return declared


def _setting_keys(function: Callable[..., object], tables: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of the groups that follow the tables in a function's signature."""
    parameters = list(inspect.signature(function).parameters.values())
    names = [parameter.name for parameter in parameters[: len(tables)]]
    if names != list(tables):
        raise BadDeclaration(f"{function.__name__} takes {names}, declared is {list(tables)}")
    groups = [parameter.annotation for parameter in parameters[len(tables) :]]
    strange = [g for g in groups if not (isinstance(g, type) and issubclass(g, Group))]
    if strange:
        raise BadDeclaration(f"{function.__name__} takes {strange}, which are no settings")
    return tuple(group.key for group in groups)


#: A stage, whatever its function takes and returns.
AnyStage = Stage[..., Any]


@dataclass(frozen=True)
class Step:
    """A chain of stages: what it reads from the store, and what of its tables it writes there.

    Attributes:
        name: What the chain comes to; the name of its task in the UI.
        stages: Run one after the other; all of them see some documents, or all see all.
        reads: Tables of earlier steps, with the columns that some stage of the chain sees.
        writes: Names of the tables that a later step or a reader needs.
    """

    name: str
    stages: tuple[AnyStage, ...]
    reads: tuple[Table, ...]
    writes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether the stages must see all documents."""
        return self.stages[0].whole

    @property
    def remembers(self) -> tuple[str, ...]:
        """Names of the tables that its stages are given as the last run left them."""
        return tuple(table.name for stage in self.stages for table in stage.remembers)

    def outputs(
        self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame], settings: Settings
    ) -> dict[str, pl.DataFrame]:
        """Run the chain in memory; the frames of `writes`, sorted by key."""
        at_hand = dict(tables)
        for stage in self.stages:
            made = stage.outputs(at_hand, settings)
            at_hand.update({n: f.lazy() for n, f in made.items()} if self.whole else made)
        return {name: at_hand[name].lazy().collect() for name in self.writes}


def chain(name: str, *stages: AnyStage) -> tuple[str, tuple[AnyStage, ...]]:
    """Name a chain of stages for a pipeline."""
    return name, stages


def pipeline(
    given: Sequence[Table],
    public: Sequence[str],
    *chains: tuple[str, tuple[AnyStage, ...]],
) -> tuple[Step, ...]:
    """Return the steps of a pipeline, each with the tables that it reads and writes.

    Args:
        given: Tables that there are before the first step.
        public: Names of the tables that readers need.
        chains: What `chain` returns, in the order in which they run.

    Raises:
        BadDeclaration: A table is read that nobody made before, is made twice or is never
            needed, or a chain mixes stages that see some documents with some that see all.
    """
    made = {table.name for table in given}
    steps: list[Step] = []
    for position, (name, stages) in enumerate(chains):
        _refuse_mixed(name, stages)
        later = {t.name for _, others in chains[position + 1 :] for s in others for t in s.reads}
        step = Step(name, stages, _inputs(stages), _outputs(stages, later | set(public)))
        _refuse_unmade(step, made)
        made |= {table.name for stage in stages for table in stage.writes}
        steps.append(step)
    if missing := sorted(set(public) - made):
        raise BadDeclaration(f"nobody makes {', '.join(missing)}")
    return tuple(steps)


def _inputs(stages: Sequence[AnyStage]) -> tuple[Table, ...]:
    """Return what a chain reads from outside: each table with all columns that a stage sees."""
    within: set[str] = set()
    columns: dict[str, set[str]] = {}
    for stage in stages:
        for table in stage.reads:
            if table.name not in within:
                columns.setdefault(table.name, set()).update(table.column_names)
        within |= {table.name for table in stage.writes}
    return tuple(ALL_TABLES[name].only(*columns[name]) for name in columns)


def _outputs(stages: Sequence[AnyStage], needed: set[str]) -> tuple[str, ...]:
    remembered = {table.name for stage in stages for table in stage.remembers}
    made = [table.name for stage in stages for table in stage.writes]
    return tuple(name for name in made if name in needed | remembered)


def _refuse_mixed(name: str, stages: Sequence[AnyStage]) -> None:
    if len({stage.whole for stage in stages}) != 1:
        raise BadDeclaration(f"{name}: its stages must all see some documents, or all see all")


def _refuse_unmade(step: Step, made: set[str]) -> None:
    if unmade := sorted({table.name for table in step.reads} - made):
        raise BadDeclaration(f"{step.name} reads {', '.join(unmade)}, which nobody made before it")
    own = [table.name for stage in step.stages for table in stage.writes]
    if twice := sorted({name for name in own if name in made or own.count(name) > 1}):
        raise BadDeclaration(f"{step.name} makes {', '.join(twice)}, which there is already")


class StepRecord(Record):
    """A finished run of a step: what a later run may reuse."""

    step: str
    version: str
    rule: str
    outputs: dict[str, TableVersion]
    parts: int
    documents: int


@dataclass(frozen=True)
class StepPlan:
    """Everything a worker needs to compute any part of a step. Small: it travels by pickle."""

    step: Step
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
