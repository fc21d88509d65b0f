"""Run a step: the one shell around its stages. It fingerprints, reuses, computes and commits.

What is between `plan_step` and `finish_step`, the parts, may be computed anywhere and in
any order: in this process, by others or by Dask (see `tasks.steps.build`).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.settings import Settings
from tasks.settings.group import Group
from tasks.steps.fingerprint import code_digest, digest, packages_digest
from tasks.steps.intact import damage_of
from tasks.steps.stage import AnyStage, PartResult, Step, StepPlan, StepRecord
from tasks.steps.store import (
    Part,
    PartFile,
    Store,
    TableVersion,
    read_record,
    write_record,
)

#: The modules that turn what stages return into files.
_SHELL = (
    "tasks.steps.intact",
    "tasks.steps.part",
    "tasks.steps.stage",
    "tasks.steps.step",
    "tasks.steps.store",
)
#: Rows in a file of a table that is not cut by document: four row groups.
WHOLE_PART_ROWS = 262_144


def rule_of(step: Step, settings: Settings) -> str:
    """Digest what computes a step's rows: code, settings, packages, columns."""
    return digest(
        [
            step.name,
            shell_digest(),
            [_stage_rule(stage, settings) for stage in step.stages],
            [[name, str(ALL_TABLES[name].polars_schema)] for name in step.writes],
        ]
    )


def shell_digest() -> str:
    """Digest the code that turns what any stage returns into files."""
    return digest([code_digest(module) for module in _SHELL])


def _stage_rule(stage: AnyStage, settings: Settings) -> list[object]:
    return [
        stage.name,
        code_digest(stage.function.__module__),
        groups_json(stage.groups(settings)),
        packages_digest(stage.packages),
    ]


def groups_json(groups: Sequence[Group]) -> dict[str, object]:
    """Return groups of settings as JSON values, without names of files and models.

    What these are enters a version through the stage's `surroundings`.
    """
    return {group.key: group.model_dump(mode="json", exclude=group.references) for group in groups}


def plan_step(
    store: Store, step: Step, tables: dict[str, TableVersion], settings: Settings
) -> StepPlan:
    """Return what a step will do.

    Args:
        store: Where the tables stand.
        step: The step to run.
        tables: A version of each table that it reads, perhaps of others.
        settings: All settings.
    """
    rule = rule_of(step, settings)
    inputs = {table.name: tables[table.name] for table in step.reads}
    versions = {name: table.version for name, table in sorted(inputs.items())}
    asked = [stage.surroundings for stage in step.stages if stage.surroundings is not None]
    version = digest([rule, versions, [surroundings(settings) for surroundings in asked]])
    is_reused = not step.whole or bool(step.remembers)
    previous = newest_record(store, step.name, rule) if is_reused else None
    return StepPlan(step, str(store.root), version, rule, inputs, previous, settings)


def finished_step(store: Store, step: str, version: str) -> StepRecord | None:
    """Return the record of a step that ran before, if all that it wrote is as it was written."""
    record, damaged = checked_step(store, step, version)
    return None if damaged else record


def checked_step(store: Store, step: str, version: str) -> tuple[StepRecord | None, list[str]]:
    """Return the record of a step that ran before, and the files of it that are damaged."""
    record = read_record(store.step_folder(step) / f"{version}.json", StepRecord)
    return record, [] if record is None else damage_of(store, list(record.outputs.values()))


def is_newest(store: Store, record: StepRecord) -> bool:
    """Whether the next run would reuse the rows of this one."""
    return read_record(_newest_path(store, record.step), StepRecord) == record


def _newest_path(store: Store, step: str) -> Path:
    return store.step_folder(step) / "newest.json"


def newest_record(store: Store, step: str, rule: str) -> StepRecord | None:
    """Return the last finished run of a step if it followed the same rule.

    Its files may be damaged: whoever takes rows of them looks.
    """
    newest = read_record(_newest_path(store, step), StepRecord)
    return newest if newest is not None and newest.rule == rule else None


def compute_whole(plan: StepPlan, parts: Sequence[Part], documents: int) -> PartResult:
    """Run a step that must see all documents, and write what it returns in parts."""
    store, step = Store(plan.store), plan.step
    tables = {
        table.name: store.scan(plan.inputs[table.name]).select(table.column_names)
        for table in step.reads
    }
    outputs = step.outputs({**tables, **_remembered(store, plan)}, plan.settings)
    for name, frame in outputs.items():
        commit(store, plan, name, write_parts(store, name, plan.version, frame, parts))
    return PartResult({}, documents, 0)


def _remembered(store: Store, plan: StepPlan) -> dict[str, pl.LazyFrame]:
    previous = None if plan.previous is None else plan.previous.outputs
    if previous is None or damage_of(store, [previous[name] for name in plan.step.remembers]):
        return {name: ALL_TABLES[name].empty().lazy() for name in plan.step.remembers}
    return {name: store.scan(previous[name]) for name in plan.step.remembers}


def write_parts(
    store: Store, table: str, version: str, frame: pl.DataFrame, parts: Sequence[Part]
) -> list[PartFile]:
    """Write a sorted frame in parts: by document where that is its key, else by rows."""
    if ALL_TABLES[table].key[0] == "doc_id":
        pieces = _cut_by_document(frame, parts)
    else:
        starts = range(0, max(frame.height, 1), WHOLE_PART_ROWS)
        pieces = [frame.slice(start, WHOLE_PART_ROWS) for start in starts]
    return [store.write_part(table, version, i, piece) for i, piece in enumerate(pieces)]


def _cut_by_document(frame: pl.DataFrame, parts: Sequence[Part]) -> list[pl.DataFrame]:
    starts = frame["doc_id"].search_sorted(pl.Series([part.lower for part in parts])).to_list()
    ends = [*starts[1:], frame.height]
    return [frame.slice(start, end - start) for start, end in zip(starts, ends, strict=True)]


def commit(store: Store, plan: StepPlan, table: str, files: list[PartFile]) -> TableVersion:
    """Make a table version exist from its written files, in the order of its key."""
    version = TableVersion(
        table=table,
        version=plan.version,
        step=plan.step.name,
        rule=plan.rule,
        inputs={name: found.version for name, found in sorted(plan.inputs.items())},
        rows=sum(file.rows for file in files),
        files=files,
    )
    store.commit(version)
    return version


def finish_step(store: Store, plan: StepPlan, results: Sequence[PartResult]) -> StepRecord:
    """Commit what the parts wrote and remember the step for the next run.

    Args:
        store: Where the tables stand.
        plan: What `plan_step` returned.
        results: What came of the parts, in their order.
    """
    step = plan.step
    if not step.whole:
        for table in step.writes:
            commit(store, plan, table, [result.files[table] for result in results])
    outputs = {table: _committed(store, table, plan.version) for table in step.writes}
    return remember(
        store,
        StepRecord(
            step=step.name,
            version=plan.version,
            rule=plan.rule,
            outputs=outputs,
            parts=len(results),
            documents=sum(result.computed + result.reused for result in results),
        ),
    )


def _committed(store: Store, table: str, version: str) -> TableVersion:
    found = store.table_version(table, version)
    if found is None:
        raise FileNotFoundError(f"{table} {version} was deleted while it was made; build again")
    return found


def remember(store: Store, record: StepRecord) -> StepRecord:
    """Write a step's record, under its version and as the newest of its step."""
    folder: Path = store.step_folder(record.step)
    write_record(folder / f"{record.version}.json", record)
    make_newest(store, record)
    return record


def make_newest(store: Store, record: StepRecord) -> None:
    """Let the next run reuse the rows of this one."""
    if not is_newest(store, record):
        write_record(_newest_path(store, record.step), record)
