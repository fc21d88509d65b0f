"""Show a build on its own tab in the Prefect UI."""

from pathlib import Path

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from expectations.results import Verdict
from flows.serving.links import link_release
from tasks.releases.publish import Publication
from tasks.releases.report.summary import escaped


def show_release(publication: Publication, folder: Path) -> None:
    """Show the summary of a release, its tables and what each step did.

    Args:
        publication: The release.
        folder: Where its tables and its report are.
    """
    release = publication.release
    heading, _, rest = publication.summary.partition("\n")
    create_markdown_artifact(
        f"{heading}\n\n{_links(folder)}{rest}",
        key="release",
        description=f"Release {release.release_id}",
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


def _links(folder: Path) -> str:
    place = link_release(folder)
    return "" if place is None else f"[Report]({place}report.html) · [Tables]({place})\n"


def show_nothing_new(outcome: str, release_id: str, folder: Path) -> None:
    """Show why a run published nothing new, and the release that people read."""
    text = f"# Nothing new to publish\n\n{_links(folder)}\nRelease `{release_id}`: {outcome}."
    create_markdown_artifact(text, key="release", description=f"Release {release_id}")


def show_day(sentence: str, folder: Path) -> None:
    """Show what came of a day: what was collected, and the release, which another run built."""
    text = f"# {sentence}\n\n{_links(folder)}"
    create_markdown_artifact(text, key="day", description=f"Release {folder.name}")


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
