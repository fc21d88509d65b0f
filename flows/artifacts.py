"""Show a build on its own tab in the Prefect UI."""

from typing import TYPE_CHECKING

import polars as pl
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from expectations.results import Verdict
from tasks.reading.collect.outcomes import OUTCOMES
from tasks.releases.metrics import METRICS
from tasks.releases.publish import Publication
from tasks.releases.report.summary import escaped

if TYPE_CHECKING:
    from tasks.reading.collect.collect import Collected

_SHOWN_RELEASES = 30
_SHOWN_TROUBLES = 500


def show_release(publication: Publication) -> None:
    """Show the summary of a release, its tables and what each step did."""
    release = publication.release
    create_markdown_artifact(
        publication.summary, key="release", description=f"Release {release.release_id}"
    )
    create_table_artifact(
        [
            {"table": name, "rows": table.rows, "version": table.version}
            for name, table in release.tables.items()
        ],
        key="tables",
        description="The tables of the release",
    )
    create_table_artifact(
        [step.model_dump() for step in release.steps],
        key="steps",
        description="What each step computed and reused",
    )


def show_collected(collected: "Collected") -> None:
    """Show what was collected: how many addresses by outcome, and those not fetched, with why."""
    counts = [
        {"outcome": name, "addresses": count, "meaning": OUTCOMES[name]}
        for name, count in collected.in_order().items()
    ]
    create_table_artifact(counts, key="collected", description="What was collected")
    rows = [vars(told) for told in collected.troubles[:_SHOWN_TROUBLES]]
    more = len(collected.troubles) - len(rows)
    also = f", and {more:,} more" if more else ""
    create_table_artifact(
        rows, key="not-fetched", description=f"What was not fetched, and why{also}"
    )


def show_metrics(metrics: pl.DataFrame) -> None:
    """Show what the newest releases measured, a row each, newest first."""
    names = [name for name in METRICS if name in metrics["metric"]]
    rows = [
        {
            "release": release,
            "published": f"{group['created_at'][0]:%Y-%m-%d %H:%M}",
            **{name: values.get(name) for name in names},
        }
        for (release,), group in metrics.group_by("release", maintain_order=True)
        for values in [dict(zip(group["metric"], group["value"], strict=True))]
    ]
    create_table_artifact(
        rows[: -_SHOWN_RELEASES - 1 : -1], key="metrics", description="What releases measured"
    )


def show_nothing_new(outcome: str, release_id: str) -> None:
    """Show why a run published nothing new."""
    text = f"# Nothing new to publish\n\nRelease `{release_id}`: {outcome}."
    create_markdown_artifact(text, key="release", description=f"Release {release_id}")


def show_failures(verdict: Verdict) -> None:
    """Show which expectations failed, with examples, where the failed run is looked at."""
    lines = ["# Not published", ""]
    lines += [f"- {escaped(failure.headline)}" for failure in verdict.failures]
    lines += ["", "The last good release stays in place.", ""]
    for failure in verdict.failures:
        lines.append(f"## {escaped(failure.table)}: {escaped(failure.expectation)}")
        lines.append(escaped(failure.error or failure.reason))
        lines.append(f"\n{failure.unexpected_count} of {failure.checked_count} rows, for example:")
        lines.extend(f"- {escaped(str(example))}" for example in failure.examples)
    create_markdown_artifact("\n".join(lines), key="release", description="Checks failed")


def show_refusal(sentence: str) -> None:
    """Show why a run made nothing, and what to do."""
    text = f"# Nothing was built\n\n{escaped(sentence)}\n\nThe last good release stays in place."
    create_markdown_artifact(text, key="release", description="Nothing was built")
