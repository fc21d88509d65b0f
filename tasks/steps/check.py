"""Check a release: its parts on their own, then the release as a whole.

Reads the tables of a release; writes no table but a verdict, kept under a digest of what was
checked against what, and the outcomes of each part, so that nothing is checked twice: where a
part's files and the rules are those of the last check, its outcomes are.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from expectations.judge import warm_up
from expectations.results import ExpectationResult, Outcome, Verdict
from expectations.tables import TABLES
from tasks.clean.personal_data import mask
from tasks.releases.check import check_part, check_release, judge_outcomes
from tasks.settings import Settings
from tasks.steps.build import Advance, Made, Runner
from tasks.steps.fingerprint import code_digest, digest, packages_digest
from tasks.steps.step import groups_json
from tasks.steps.store import Part, Record, Store, TableVersion, read_record, write_record
from tasks.writing.languages import UNDETERMINED

#: What a verdict depends on besides the code.
PACKAGES = ("babel", "ftfy", "great-expectations", "pandas")
STEP = "check"
#: What counting takes, as a share of making the tables (`python -m benchmarks.speed`).
CHECKING_SHARE = 0.02
#: Tables that are cut by document, checked part by part.
PART_TABLES = ("raw_documents", "documents", "segments", "mentions", "personal_data")


@dataclass(frozen=True)
class CheckPlan:
    """What a check will look at."""

    store: str
    version: str
    rule: str
    tables: Mapping[str, TableVersion]
    previous: Mapping[str, TableVersion] | None
    settings: Settings


class PartOutcomes(Record):
    """What came of a part, and a digest of the files and rules that it came of."""

    digest: str
    outcomes: list[Outcome]


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
    rule = check_rule(settings)
    return CheckPlan(str(store.root), digest([rule, versions]), rule, tables, previous, settings)


def known_verdict(plan: CheckPlan) -> Verdict | None:
    """Return the verdict if an earlier build reached it on the same tables."""
    return read_record(_verdict_path(plan), Verdict)


def _verdict_path(plan: CheckPlan) -> Path:
    return Store(plan.store).step_folder(STEP) / f"{plan.version}.json"


def check_one_part(plan: CheckPlan, part: Part) -> list[Outcome]:
    """Check a part of the tables that are cut by document."""
    store = Store(plan.store)
    made_of = digest([plan.rule, [_content(plan.tables[name], part) for name in PART_TABLES]])
    path = _part_path(store, part)
    known = read_record(path, PartOutcomes)
    if known is not None and known.digest == made_of:
        return known.outcomes
    frames = {name: store.read_part(plan.tables[name], part) for name in PART_TABLES}
    outcomes = check_part(frames, plan.settings.checks)
    if all(outcome.error is None for outcome in outcomes):
        write_record(path, PartOutcomes(digest=made_of, outcomes=outcomes))
    return outcomes


def files_to_check(plan: CheckPlan, part: Part) -> list[Path]:
    """Return those files of the store that `check_one_part` reads, if they are there."""
    store = Store(plan.store)
    tables = [plan.tables[name] for name in PART_TABLES]
    found = [file for table in tables for file in store.part_files(table, part)]
    return [file for file in [*found, _part_path(store, part)] if file.is_file()]


def _part_path(store: Store, part: Part) -> Path:
    """Return where a part's outcomes stand: each check writes over the last, so that none grows."""
    return store.step_folder(STEP) / "newest" / f"{part.index:05d}-of-{part.count:05d}.json"


def _content(table: TableVersion, part: Part) -> list[str]:
    """Return what names the rows of a part: its file, or all files if they are cut otherwise."""
    files = [file.sha256 for file in table.files]
    return [files[part.index]] if len(files) == part.count else [*files, part.lower]


def check_whole(plan: CheckPlan) -> list[Outcome]:
    """Check what can be seen only of all rows together."""
    store = Store(plan.store)
    tables = _scanned(store, plan.tables)
    previous = None if plan.previous is None else _scanned(store, plan.previous)
    return check_release(tables, plan.settings.checks, previous)


def _scanned(store: Store, tables: Mapping[str, TableVersion]) -> dict[str, pl.LazyFrame]:
    return {name: store.scan(table) for name, table in tables.items()}


def finish_check(plan: CheckPlan, parts: Sequence[Sequence[Outcome]]) -> Verdict:
    """Judge the outcomes of the parts and of the whole, and remember the verdict."""
    judged = judge_outcomes(parts, plan.settings.checks)
    verdict = Verdict(results=[_masked(result) for result in judged.results])
    if all(result.error is None for result in verdict.results):
        write_record(_verdict_path(plan), verdict)
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
    """Count failing rows while Great Expectations is imported elsewhere."""
    warm_up()
    size_bytes = sum(file.size_bytes for file in made.tables["raw_documents"].files)
    outcomes = []
    for outcome in runner.map(
        partial(check_one_part, plan), made.parts, int(CHECKING_SHARE * size_bytes)
    ):
        advance(made.documents // len(made.parts))
        outcomes.append(outcome)
    outcomes.append(check_whole(plan))
    return finish_check(plan, outcomes)
