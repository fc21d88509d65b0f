"""Offer the commands that read a store or move its pointer; none needs Prefect."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from flows.console import DEFAULT_STORE, StoreFolder, out
from flows.views.diff_view import render_diff
from flows.views.explain_entity_view import render_entity
from flows.views.explain_view import render_explanation
from tasks.build import open_store
from tasks.reading.places import shown
from tasks.releases.diff import diff_releases, tables_of_other_rules
from tasks.releases.explain import explain_record
from tasks.releases.explain_entity import explain_entity
from tasks.releases.prune import plan_pruning, prune_store
from tasks.releases.releases import (
    is_withdrawn,
    latest_id,
    list_releases,
    read_release,
    release_folder,
    release_tables,
    roll_back,
)

app = typer.Typer()

Release = Annotated[str | None, typer.Option("--release", help="A release; default: the latest.")]


@app.command()
def releases(store: StoreFolder = DEFAULT_STORE) -> None:
    """List the releases, oldest first."""
    opened = open_store(store)
    table = Table("release", "created", "documents", "checks", "", "source", box=None)
    for release in list_releases(opened):
        met = sum(result.passed for result in release.verdict.results)
        marks = [
            "latest" if release.release_id == latest_id(opened) else "",
            "rolled back" if is_withdrawn(opened, release.release_id) else "",
        ]
        table.add_row(
            release.release_id,
            release.created_at,
            f"{release.tables['documents'].rows:,}",
            f"{met}/{len(release.verdict.results)}",
            " ".join(mark for mark in marks if mark),
            Text(shown(release.source)),
        )
    out.print(table)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A release.")],
    new: Annotated[str | None, typer.Argument(help="A later one; default: the latest.")] = None,
    store: StoreFolder = DEFAULT_STORE,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Rows per list.")] = 10,
) -> None:
    """Show what came, went or changed between two releases, with reasons."""
    opened = open_store(store)
    releases = [read_release(opened, name) for name in (old, new)]
    before, after = (release_tables(opened, release) for release in releases)
    difference = diff_releases(before, after, examples)
    other_rules = tables_of_other_rules(*(release.tables for release in releases))
    out.print(render_diff(difference.model_copy(update={"other_rules": other_rules})))


@app.command()
def rollback(
    release: Annotated[str | None, typer.Argument(help="Default: the one before.")] = None,
    store: StoreFolder = DEFAULT_STORE,
) -> None:
    """Let people read an earlier release again."""
    opened = open_store(store)
    with opened.locked(_say_waiting):
        back = roll_back(opened, release)
    out.print(Text(f"Release {back.release_id} of {back.created_at} is the latest."))


@app.command()
def explain(
    record: Annotated[
        str | None, typer.Argument(help="Its source_uri or doc_id, as in the ledger.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", help="An entity instead: its id, or a name of it.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    release: Release = None,
) -> None:
    """Show the whole way of one record, or which names are one entity, and why."""
    if (record is None) == (entity is None):
        raise typer.BadParameter("name either a record or --entity")
    opened = open_store(store)
    tables = release_tables(opened, read_release(opened, release))
    if entity is not None:
        out.print(render_entity(explain_entity(tables, entity)))
    elif record is not None:
        out.print(render_explanation(explain_record(tables, record)))


@app.command()
def report(store: StoreFolder = DEFAULT_STORE, release: Release = None) -> None:
    """Print where the report of a release is: one HTML file, readable offline."""
    opened = open_store(store)
    found = read_release(opened, release)
    typer.echo(release_folder(opened, found.release_id).resolve() / "report.html")


@app.command()
def prune(
    store: StoreFolder = DEFAULT_STORE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Releases to keep.")] = 5,
    keep_daily: Annotated[
        int, typer.Option("--keep-daily", min=0, help="Days whose newest release stays, too.")
    ] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing: say what would be.")
    ] = False,
) -> None:
    """Delete old releases and the table versions that nothing needs any more."""
    opened = open_store(store)
    if dry_run:
        plan = plan_pruning(opened, keep, keep_daily)
    else:
        with opened.locked(_say_waiting):
            plan = prune_store(opened, keep, keep_daily)
    for release in plan.releases:
        out.print(Text(f"{'would delete' if dry_run else 'deleted'} release {release}"))
    out.print(plan.sentence(dry_run=dry_run))


def _say_waiting() -> None:
    out.print("waiting for a build to finish")
