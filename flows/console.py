"""Provide what the commands share: the terminal, the look of verdicts and releases."""

import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from expectations.results import Verdict
from expectations.tables import TABLES
from flows.views.terminal_text import SafeConsole
from tasks.build import open_store
from tasks.releases.content import content_digest
from tasks.releases.releases import (
    Release,
    read_release,
    release_folder,
)
from tasks.steps.store import Store

DEFAULT_STORE = "data"
StoreFolder = Annotated[str, typer.Option("--store", help="The folder with the releases.")]

out = SafeConsole()
errors = SafeConsole(stderr=True)


def show_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an error of ours; what a document wrote into its message stays harmless."""
    lines = "".join(traceback.format_exception(kind, error, trace))
    errors.print(Text(lines.rstrip("\n")), soft_wrap=True)


def show_verdict(verdict: Verdict) -> None:
    """Print how many expectations were met, and those that were not, with failing rows."""
    met = sum(result.passed for result in verdict.results)
    style = "green" if verdict.passed else "red"
    out.print(f"checks: {met} of {len(verdict.results)} expectations met", style=style)
    for result in (*verdict.failures, *verdict.warnings):
        style = "bold red" if result.stops else "bold yellow"
        warning = "" if result.stops else ", accepted" if result.accepted else ", a warning"
        out.print(Text(f"  {result.table}: {result.expectation}{warning}", style=style))
        if result.error is not None:
            out.print(Text(f"    could not run, an error of ours: {result.error}"))
            continue
        out.print(Text(f"    {result.reason}"))
        out.print(Text(f"    {result.unexpected_count} of {result.checked_count} rows:"))
        for example in result.examples:
            out.print(Text(f"      {example}"))


def show_release(store: Store, release: Release) -> None:
    """Print what a release holds, the verdict and where to look."""
    table = Table("table", "rows", box=None, pad_edge=False)
    for name in TABLES:
        table.add_row(name, f"{release.tables[name].rows:,}")
    out.print(table)
    show_verdict(release.verdict)
    out.print(Text(f"content: {content_digest(release.content) or 'no digest'}"))
    out.print(Text(f"report: {release_folder(store, release.release_id) / 'report.html'}"))
    out.print(Text(f"tables: {store.root / 'latest'}/<table>/*.parquet"))


def show_outcome(folder: str, status: str, release_id: str) -> None:
    """Print what a build came to."""
    store = open_store(folder)
    sentences = {
        "published": f"Published release {release_id}.",
        "restored": f"Release {release_id} is the latest again: the source gives its content.",
        "unchanged": f"Unchanged: the source gives release {release_id}, which is published.",
        "mended": f"Mended: files of the store were lost or damaged, and were made again. Release "
        f"{release_id} is what it was.",
        "withdrawn": f"Release {release_id} was rolled back and stays away; publish it again with "
        f"`babelmill rollback {release_id}`.",
    }
    out.print(Text(sentences[status], style="bold"))
    show_release(store, read_release(store))


def show_rows(rows: Sequence[dict[str, object]]) -> None:
    """Print rows that have the same keys as a table; no rows: nothing."""
    if not rows:
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row.values()))
    out.print(table)
