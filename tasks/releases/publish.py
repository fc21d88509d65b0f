"""Describe a release from what a build made, and write the report that goes with it.

Reads: the public tables, and those of the release before. Writes: a release record, a report.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

import polars as pl

from expectations.results import Verdict
from tasks.releases.diff import ReleaseDiff, diff_releases
from tasks.releases.releases import (
    IncompleteRelease,
    Release,
    UnknownRelease,
    read_release,
    release_folder,
    release_tables,
)
from tasks.releases.report.page import ReportHeader, StageRow, render_report
from tasks.releases.report.summary import render_summary
from tasks.settings import Settings
from tasks.steps.build import StepSummary
from tasks.steps.fingerprint import installed_digest
from tasks.steps.store import Store, TableVersion

#: Examples of changed documents that a release's report shows.
DIFF_EXAMPLES = 20


@dataclass(frozen=True)
class Built:
    """What a build made, before it is a release."""

    release_id: str
    created_at: str
    source: str
    tables: Mapping[str, TableVersion]
    settings: Settings
    models: Sequence[str]
    steps: Sequence[StepSummary]
    verdict: Verdict
    previous: str | None


@dataclass(frozen=True)
class Publication:
    """A release with its report (HTML) and its summary (Markdown)."""

    release: Release
    report: str
    summary: str


def prepare_publication(store: Store, built: Built) -> Publication:
    """Compare with the release before, and write the record, the report and the summary."""
    tables = {name: store.scan(table) for name, table in built.tables.items()}
    diff = _difference(store, built.previous, tables)
    path = release_folder(store, built.release_id) / "report.html"
    header = ReportHeader(
        release_id=built.release_id,
        created_at=built.created_at,
        source=built.source,
        previous=built.previous,
        stages=[_stage_row(step) for step in built.steps],
        models=list(built.models),
    )
    return Publication(
        release=_release(built, diff),
        report=render_report(header, tables, built.verdict, diff),
        summary=render_summary(header, tables, built.verdict, diff, str(path.resolve())),
    )


def _difference(
    store: Store, previous: str | None, tables: Mapping[str, pl.LazyFrame]
) -> ReleaseDiff | None:
    if previous is None:
        return None
    try:
        earlier = release_tables(store, read_release(store, previous))
    except (IncompleteRelease, UnknownRelease):  # it was deleted: there is nothing to compare with
        return None
    return diff_releases(earlier, tables, DIFF_EXAMPLES)


def _stage_row(step: StepSummary) -> StageRow:
    return StageRow(step.step, step.documents, step.computed, step.reused, step.elapsed_seconds)


def _release(built: Built, diff: ReleaseDiff | None) -> Release:
    return Release(
        release_id=built.release_id,
        created_at=built.created_at,
        source=built.source,
        previous=built.previous,
        tables=dict(built.tables),
        settings=built.settings.model_dump(mode="json"),
        models=list(built.models),
        environment={
            "python": platform.python_version(),
            "platform": platform.platform(),
            "babelmill": metadata.version("babelmill"),
            "packages": installed_digest(),
        },
        steps=list(built.steps),
        verdict=built.verdict,
        changes={} if diff is None else _changes(diff),
    )


def _changes(diff: ReleaseDiff) -> dict[str, int]:
    return {
        "records_came": diff.records_came,
        "records_went": diff.records_went,
        "records_changed": diff.records_changed,
        "entities_came": diff.entities_came,
        "entities_went": diff.entities_went,
    }
