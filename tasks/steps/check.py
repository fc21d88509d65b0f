"""Check a release: its parts on their own, then the release as a whole.

Reads the tables of a release; writes no table but a verdict, kept under a digest of what was
checked against what, so that nothing is checked twice.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from expectations.results import ExpectationResult, Verdict, merge_results
from expectations.tables import TABLES
from tasks.clean.personal_data import mask
from tasks.releases.check import check_part, check_release
from tasks.settings import Settings
from tasks.steps.build import Advance, Made, Runner
from tasks.steps.fingerprint import code_digest, digest, packages_digest
from tasks.steps.step import groups_json
from tasks.steps.store import Part, Store, TableVersion, read_record, write_record
from tasks.writing.languages import UNDETERMINED

#: What a verdict depends on beside the code.
PACKAGES = ("great-expectations", "pandas")
STEP = "check"
#: Tables whose parts are parts of a release, checked part by part.
PART_TABLES = ("raw_documents", "documents", "segments", "mentions", "personal_data")
#: Parts that are checked at once: a run of the suites takes half a second of processor time
#: whatever the number of rows, about as long as the rows of one part.
PARTS_AT_ONCE = 4


@dataclass(frozen=True)
class CheckPlan:
    """What a check will look at."""

    store: str
    version: str
    tables: Mapping[str, TableVersion]
    previous: Mapping[str, TableVersion] | None
    settings: Settings


def check_rule(settings: Settings) -> str:
    """Digest what decides whether a release is good: the suites and their thresholds."""
    code = code_digest(check_release.__module__)
    return digest([code, groups_json([settings.checks]), packages_digest(PACKAGES)])


def plan_check(
    store: Store,
    tables: Mapping[str, TableVersion],
    previous: Mapping[str, TableVersion] | None,
    settings: Settings,
) -> CheckPlan:
    """Return what to check, against the tables of the release that people read now."""
    versions = [
        {name: table.version for name, table in sorted(side.items())}
        for side in (tables, previous or {})
    ]
    version = digest([check_rule(settings), versions])
    return CheckPlan(str(store.root), version, tables, previous, settings)


def known_verdict(plan: CheckPlan) -> Verdict | None:
    """Return the verdict if an earlier build reached it on the same tables."""
    path = Store(plan.store).step_folder("check") / f"{plan.version}.json"
    return read_record(path, Verdict)


def check_together(plan: CheckPlan, parts: Sequence[Part]) -> list[ExpectationResult]:
    """Check some parts of the tables that are cut by document, all at once."""
    store = Store(plan.store)
    frames = {
        name: pl.concat([store.read_part(plan.tables[name], part) for part in parts])
        for name in PART_TABLES
    }
    return check_part(frames, plan.settings.checks)


def check_whole(plan: CheckPlan) -> list[ExpectationResult]:
    """Check what can be seen only of all rows together."""
    store = Store(plan.store)
    tables = _scanned(store, plan.tables)
    previous = None if plan.previous is None else _scanned(store, plan.previous)
    return check_release(tables, plan.settings.checks, previous)


def _scanned(store: Store, tables: Mapping[str, TableVersion]) -> dict[str, pl.LazyFrame]:
    return {name: store.scan(table) for name, table in tables.items()}


def finish_check(plan: CheckPlan, parts: Sequence[list[ExpectationResult]]) -> Verdict:
    """Merge the outcomes of the parts and of the whole, and remember the verdict."""
    limit = plan.settings.checks.example_limit
    verdict = Verdict(results=[_masked(result) for result in merge_results(parts, limit)])
    if all(result.error is None for result in verdict.results):
        path = Store(plan.store).step_folder("check") / f"{plan.version}.json"
        write_record(path, verdict)
    return verdict


def _masked(result: ExpectationResult) -> ExpectationResult:
    """Hide personal data in the examples, which terminals and logs show."""
    examples = [
        {k: mask(v, UNDETERMINED) if isinstance(v, str) else v for k, v in example.items()}
        for example in result.examples
    ]
    return result.model_copy(update={"examples": examples})


def check_tables(
    store: Store,
    made: Made,
    previous: Mapping[str, TableVersion] | None,
    settings: Settings,
    runner: Runner,
) -> Verdict:
    """Check the tables of a release, or find the verdict of an earlier build."""
    started = time.monotonic()
    tables = {name: made.tables[name] for name in TABLES}
    plan = plan_check(store, tables, previous, settings)
    verdict = known_verdict(plan)
    computed = 0 if verdict else made.documents
    if verdict is None:
        verdict = runner.step(STEP, made.documents, partial(_check, plan, made, runner))
    made.note(STEP, made.documents, computed, started)
    return verdict


def _check(plan: CheckPlan, made: Made, runner: Runner, advance: Advance) -> Verdict:
    size_bytes = sum(file.size_bytes for file in made.tables["raw_documents"].files)
    groups = [
        made.parts[start : start + PARTS_AT_ONCE]
        for start in range(0, len(made.parts), PARTS_AT_ONCE)
    ]
    results = runner.map(partial(check_together, plan), groups, size_bytes)
    parts = []
    for result in results:
        advance(made.documents // len(groups))
        parts.append(result)
    return finish_check(plan, [*parts, check_whole(plan)])
