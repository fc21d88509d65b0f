"""A step: the one shell around a stage. It fingerprints, reuses, cuts into parts and commits.

What is between `plan_step` and `finish_step`, the parts, may be computed anywhere and in
any order: by threads, processes or Dask (see `flows.steps`).
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from expectations.working_tables import ALL_TABLES
from tasks.settings import Group, Settings
from tasks.steps.fingerprint import code_digest, digest, environment_digest
from tasks.steps.ranges import Range
from tasks.steps.stage import PartResult, Stage, StepPlan, StepRecord
from tasks.steps.store import PartFile, Store, TableVersion, in_range, read_record, write_record

#: The modules that turn what a stage returns into files.
_SHELL = ("tasks.steps.part", "tasks.steps.step")
#: Rows in a file of a table that is not cut by document: four row groups.
WHOLE_PART_ROWS = 262_144


def rule_of(stage: Stage, settings: Settings) -> str:
    """Digest what computes a stage's rows: code, settings, packages."""
    return digest(
        [
            stage.name,
            [code_digest(module) for module in (stage.function.__module__, *_SHELL)],
            groups_json(settings, stage.settings),
            environment_digest(),
            [[table, str(ALL_TABLES[table].polars_schema)] for table in stage.writes],
        ]
    )


def groups_json(settings: Settings, names: Sequence[str]) -> dict[str, object]:
    """Return groups of settings as JSON values, without names of files and models.

    What these are enters a version through the stage's `surroundings`.
    """
    groups: dict[str, Group] = {name: getattr(settings, name) for name in names}
    return {
        name: group.model_dump(mode="json", exclude=group.places) for name, group in groups.items()
    }


def plan_step(
    store: Store, stage: Stage, inputs: dict[str, TableVersion], settings: Settings
) -> StepPlan:
    """Return what a step will do.

    Args:
        store: Where the tables stand.
        stage: The stage to run.
        inputs: A version of each table that it reads or looks up.
        settings: All settings.
    """
    rule = rule_of(stage, settings)
    surroundings = None if stage.surroundings is None else stage.surroundings(settings)
    versions = {name: table.version for name, table in sorted(inputs.items())}
    version = digest([rule, versions, surroundings])
    previous = None if stage.whole else newest_record(store, stage.name, rule)
    return StepPlan(str(store.root), version, rule, inputs, previous, settings)


def finished_step(store: Store, stage: str, version: str) -> StepRecord | None:
    """Return the record of a step that ran before, if all that it wrote is still there."""
    folder = store.step_folder(stage)
    record = read_record(folder / f"{version}.json", StepRecord)
    if record is None:
        return None
    if all(store.table_version(table.table, table.version) for table in record.outputs.values()):
        if read_record(folder / "newest.json", StepRecord) != record:
            write_record(folder / "newest.json", record)
        return record
    # Files were lost or damaged: forget the parts, which would pass for finished.
    shutil.rmtree(folder / version, ignore_errors=True)
    return None


def newest_record(store: Store, stage: str, rule: str) -> StepRecord | None:
    """Return the last finished step of a stage if it followed the same rule."""
    newest = read_record(store.step_folder(stage) / "newest.json", StepRecord)
    if newest is None or newest.rule != rule:
        return None
    return finished_step(store, stage, newest.version)


def compute_whole(stage: Stage, plan: StepPlan, ranges: list[Range], documents: int) -> PartResult:
    """Run a stage that must see all documents, and write what it returns in parts."""
    store = Store(plan.store)
    frames = [store.scan(plan.inputs[name]) for name in stage.reads]
    outputs = stage.outputs(frames, plan.settings)
    for name, frame in outputs.items():
        files = write_parts(store, name, plan.version, frame, ranges)
        commit(store, stage, plan, name, files)
    return PartResult({}, documents, 0)


def write_parts(
    store: Store, table: str, version: str, frame: pl.DataFrame, ranges: list[Range]
) -> list[PartFile]:
    """Write a sorted frame in parts: by document range where that is its key, else by rows."""
    if ALL_TABLES[table].key[0] == "doc_id":
        pieces = [in_range(frame.lazy(), part).collect() for part in ranges]
    else:
        starts = range(0, max(frame.height, 1), WHOLE_PART_ROWS)
        pieces = [frame.slice(start, WHOLE_PART_ROWS) for start in starts]
    return [store.write_part(table, version, i, piece) for i, piece in enumerate(pieces)]


def commit(
    store: Store, stage: Stage, plan: StepPlan, table: str, files: list[PartFile]
) -> TableVersion:
    """Make a table version exist from its written files, in the order of its key."""
    version = TableVersion(
        table=table,
        version=plan.version,
        stage=stage.name,
        rule=plan.rule,
        inputs={name: found.version for name, found in sorted(plan.inputs.items())},
        rows=sum(file.rows for file in files),
        files=files,
    )
    store.commit(version)
    return version


def finish_step(
    store: Store, stage: Stage, plan: StepPlan, parts: Sequence[PartResult]
) -> StepRecord:
    """Commit what the parts wrote and remember the step for the next run.

    Args:
        store: Where the tables stand.
        stage: The stage that ran.
        plan: What `plan_step` returned.
        parts: The results in the order of the ranges.
    """
    if not stage.whole:
        for table in stage.writes:
            commit(store, stage, plan, table, [part.files[table] for part in parts])
    outputs = {table: _committed(store, table, plan.version) for table in stage.writes}
    return remember(
        store,
        StepRecord(
            stage=stage.name,
            version=plan.version,
            rule=plan.rule,
            outputs=outputs,
            ranges=len(parts),
            documents=sum(part.computed + part.reused for part in parts),
        ),
    )


def _committed(store: Store, table: str, version: str) -> TableVersion:
    found = store.table_version(table, version)
    if found is None:
        raise FileNotFoundError(f"{table} {version} was deleted while it was made; build again")
    return found


def remember(store: Store, record: StepRecord) -> StepRecord:
    """Write a step's record, under its version and as the newest of its stage."""
    folder: Path = store.step_folder(record.stage)
    write_record(folder / f"{record.version}.json", record)
    write_record(folder / "newest.json", record)
    return record
