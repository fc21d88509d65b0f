"""Write reports on small releases, for tests of what they say."""

import polars as pl

from expectations.results import ExpectationResult, Verdict
from tasks.releases.diff import ReleaseDiff
from tasks.releases.releases import Release
from tasks.releases.report.figures import measure_release
from tasks.releases.report.page import gather_contents, render_files, render_report
from tasks.releases.report.summary import render_summary
from tasks.settings import Settings
from tasks.steps.build import StepSummary

Tables = dict[str, pl.LazyFrame]
MET = ExpectationResult(table="documents", expectation="unique", reason="why", passed=True)
STEP = StepSummary(step="clean", documents=5, computed=4, reused=1, elapsed_seconds=0.25)
RELEASE = Release(
    release_id="r-1", created_at="2026-01-01T00:00:00+00:00", source="seeds", previous="r-0", tables={},
    settings=Settings().model_dump(mode="json"), models=["ru=slovnet 1.0"], environment={}, steps=[STEP], verdict=Verdict(results=[MET]),
)  # fmt: skip


def report_on(tables: Tables, diff: ReleaseDiff | None = None, **fields: object) -> str:
    """Return the report of a release of these tables, whose record has some other fields."""
    release = RELEASE.model_copy(update=fields)
    return render_report(release, gather_contents(tables), diff)


def files_on(tables: Tables, diff: ReleaseDiff | None = None, **fields: object) -> dict[str, str]:
    """Return all files of the report of a release of these tables, by path."""
    release = RELEASE.model_copy(update=fields)
    return render_files(release, gather_contents(tables), diff)


def summary_of(tables: Tables, **fields: object) -> str:
    """Return the summary of a release of these tables."""
    release = RELEASE.model_copy(update=fields)
    return render_summary(release, measure_release(tables), None, "a/r.html")
