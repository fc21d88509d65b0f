"""Sum a release up in a page of Markdown, for where a report cannot be opened."""

from collections.abc import Iterable

from expectations.results import ExpectationResult, Verdict
from tasks.releases.diff import ReleaseDiff
from tasks.releases.releases import Release
from tasks.releases.report.figures import Figures
from tasks.releases.report.names import language_name, script_name

# A summary is read at a glance; the report has the rest.
_LANGUAGES = 15
_FAILURES = 20
# What could begin markup, HTML or a new cell (CommonMark 0.31, section 2.4).
_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#!&~"} | dict.fromkeys("\r\n\t", " "))
#: What could end a stretch of code.
_IN_CODE = str.maketrans({"`": None, "\r": " ", "\n": " "})


def render_summary(
    release: Release, figures: Figures, diff: ReleaseDiff | None, report_path: str
) -> str:
    """Return verdict, fates, languages and difference of a release as Markdown.

    Args:
        release: Its record.
        figures: What is counted of it.
        diff: The difference from the previous release; None: there is none.
        report_path: Where the full report stands.
    """
    parts = [
        f"# Release {escaped(release.release_id)}",
        _verdict(release.verdict),
        _difference(diff),
        f"Report: `{report_path.translate(_IN_CODE)}`",
        "## What became of the records",
        _fates(figures),
        "## Languages",
        _languages(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _verdict(verdict: Verdict) -> str:
    if verdict.passed and not verdict.warnings:
        return f"**Fit to publish**: all {len(verdict.results):,} expectations were met."
    if verdict.passed:
        warnings = [_failure(result) for result in verdict.warnings]
        counts = f"{len(warnings):,} of {len(verdict.results):,}"
        return "\n".join([f"**Fit to publish**, with warnings: {counts}.", "", *warnings])
    failures = verdict.failures
    lines = [_failure(result) for result in failures[:_FAILURES]]
    if len(failures) > _FAILURES:
        lines.append(f"- and {len(failures) - _FAILURES:,} more")
    counts = f"{len(failures):,} of {len(verdict.results):,}"
    return "\n".join([f"**Not fit to publish**: {counts} expectations failed.", "", *lines])


def _failure(result: ExpectationResult) -> str:
    named = f"- {escaped(result.table)}: {escaped(result.expectation)}"
    if result.error:
        return f"{named} could not run: {escaped(result.error)}"
    counts = f"{result.unexpected_count:,} of {result.checked_count:,}"
    return f"{named}, {counts} failed ({escaped(result.reason)})"


def _difference(diff: ReleaseDiff | None) -> str:
    if diff is None:
        return "There is no release before this one."
    if diff.is_empty:
        return "Nothing differs from the release before."
    return (
        f"Since the release before: {diff.records_came:,} records came, "
        f"{diff.records_went:,} went, {diff.records_changed:,} changed."
    )


def _fates(figures: Figures) -> str:
    rows = [
        (row["fate"], row["stage"], row["reason"], f"{row['records']:,}") for row in figures.fates
    ]
    return markdown_table(("Fate", "Stage", "Rule", "Records"), rows)


def _languages(figures: Figures) -> str:
    rows = [
        (
            f"{language_name(row['language'])} ({row['language']})",
            script_name(row["script"]),
            f"{row['documents']:,}",
            f"{row['chars']:,}",
        )
        for row in figures.languages[:_LANGUAGES]
    ]
    more = len(figures.languages) - _LANGUAGES
    note = f"\n\nand {more:,} more" if more > 0 else ""
    return markdown_table(("Language", "Script", "Documents", "Characters"), rows) + note


def markdown_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Lay out a Markdown table of texts, whatever they hold; its last column is a number."""
    ruler = ["---"] * (len(header) - 1) + ["---:"]
    body = [[escaped(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ruler, *body))


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it on one line, whatever it holds."""
    return text.translate(_ESCAPES)
