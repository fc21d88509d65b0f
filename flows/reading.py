"""Offer the commands that read a store or move its pointer; none needs Prefect.

Each imports what it needs when it is called: every command imports this module, and `build` is to
start its server at once.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from flows.console import (
    DEFAULT_STORE,
    PATH_HERE,
    AsJson,
    ReleaseName,
    StoreFolder,
    out,
    show_json,
)
from tasks.reading.places import shown

app = typer.Typer()

#: Where doubtful names are written, if no other file is named.
_REVIEW = Path("decisions.tsv")
#: Names whose join is less sure than this are doubtful: forms and names in one document are surer.
_REVIEWED_BELOW = 0.9


@app.command()
def releases(store: StoreFolder = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """List the releases, oldest first."""
    from flows.shown import release_facts
    from tasks.releases.releases import list_releases
    from tasks.stores import readable_store

    opened = readable_store(store, tell=_say)
    facts = [release_facts(opened, release) for release in list_releases(opened)]
    if as_json:
        show_json([one.model_dump() for one in facts])
        return
    table = Table("release", "created", "documents", "checks", "", "source", box=None)
    for one in facts:
        marks = [*(["latest"] if one.latest else []), *(["rolled back"] if one.rolled_back else [])]
        table.add_row(
            one.release,
            one.created_at,
            f"{one.rows['documents']:,}",
            f"{one.checks.met}/{one.checks.total}",
            " ".join(marks),
            Text(shown(one.source)),
        )
    out.print(table)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A release, or how its name begins.")],
    new: Annotated[str | None, typer.Argument(help="A later one; default: the latest.")] = None,
    store: StoreFolder = DEFAULT_STORE,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Rows per list.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show what came, went or changed between two releases, with reasons."""
    from flows.views.diff_view import render_diff
    from tasks.releases.diff import diff_releases, tables_of_other_rules
    from tasks.releases.releases import read_release, release_tables
    from tasks.stores import readable_store

    opened = readable_store(store, old, new, tell=_say)
    releases = [read_release(opened, name) for name in (old, new)]
    before, after = (release_tables(opened, release) for release in releases)
    difference = diff_releases(before, after, examples)
    other_rules = tables_of_other_rules(*(release.tables for release in releases))
    difference = difference.model_copy(update={"other_rules": other_rules})
    if as_json:
        show_json(difference)
    else:
        out.print(render_diff(difference))


@app.command()
def rollback(
    release: Annotated[
        str | None,
        typer.Argument(help="A release, or how its name begins; default: the one before."),
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Let people read an earlier release again."""
    from flows.shown import release_facts
    from tasks.releases.releases import roll_back
    from tasks.stores import pointed_store

    with pointed_store(store, release, _say_waiting, _say) as opened:
        back = roll_back(opened, release)
    if as_json:
        show_json(release_facts(opened, back))
    else:
        out.print(Text(f"Release {back.release_id} of {back.created_at} is the latest."))


@app.command()
def explain(
    record: Annotated[
        str | None, typer.Argument(help="A record: its source_uri or doc_id, as in the ledger.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", help="An entity instead: its id or one of its names.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    release: ReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Show the whole way of one record, or which names are one entity, and why."""
    from flows.views.explain_entity_view import render_entity
    from flows.views.explain_facts import explanation_facts
    from flows.views.explain_view import render_explanation
    from tasks.releases.explain import explain_record
    from tasks.releases.explain_entity import explain_entity
    from tasks.releases.releases import read_release, release_tables
    from tasks.stores import readable_store

    if (record is None) == (entity is None):
        raise typer.BadParameter("name either a record or --entity")
    opened = readable_store(store, release, tell=_say)
    tables = release_tables(opened, read_release(opened, release))
    if entity is not None:
        row = explain_entity(tables, entity)
        show_json(row) if as_json else out.print(render_entity(row))
    elif record is not None:
        explanation = explain_record(tables, record)
        if as_json:
            show_json(explanation_facts(explanation))
        else:
            out.print(render_explanation(explanation))


@app.command()
def entities(
    review: Annotated[
        bool, typer.Option("--review", help="Write the doubtful names and joins to a file.")
    ] = False,
    file: Annotated[
        Path,
        typer.Option("--out", help="The file: Parquet if its name ends so, else TSV.", **PATH_HERE),
    ] = _REVIEW,
    below: Annotated[
        float, typer.Option("--below", min=0, max=1, help="Scores below this are doubtful.")
    ] = _REVIEWED_BELOW,
    store: StoreFolder = DEFAULT_STORE,
    release: ReleaseName = None,
) -> None:
    """Write doubtful names to be decided: fill `decision`, then name it in resolve.decisions."""
    from tasks.entities.decisions import DECISIONS
    from tasks.releases.releases import read_release, release_tables
    from tasks.releases.review_entities import doubtful_names, write_review
    from tasks.stores import readable_store

    if not review:
        raise typer.BadParameter("say what to do: --review")
    if file.exists():
        raise typer.BadParameter(f"{file} exists, and may hold your decisions: name another --out")
    opened = readable_store(store, release, tell=_say)
    found = doubtful_names(release_tables(opened, read_release(opened, release))["entities"], below)
    write_review(found, file)
    out.print(
        Text(f"{found.height:,} doubtful names in {file}: fill in the column decision ")
        + Text(
            f"({', '.join(DECISIONS)}; empty: as it is), then name the file in resolve.decisions"
        )
    )


@app.command()
def report(
    store: StoreFolder = DEFAULT_STORE, release: ReleaseName = None, as_json: AsJson = False
) -> None:
    """Print where the report of a release is: one HTML file, readable offline."""
    from tasks.releases.releases import read_release, release_folder
    from tasks.stores import readable_store

    opened = readable_store(store, release, tell=_say)
    found = read_release(opened, release)
    place = release_folder(opened, found.release_id).resolve() / "report.html"
    if as_json:
        show_json({"release": found.release_id, "report": str(place)})
    else:
        typer.echo(place)


@app.command()
def prune(
    store: StoreFolder = DEFAULT_STORE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Releases to keep.")] = 5,
    keep_daily: Annotated[
        int, typer.Option("--keep-daily", min=0, help="Days whose newest release is kept, too.")
    ] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing; say what would go.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Delete old releases and the table versions that nothing needs any more."""
    from tasks.stores import pruned_store

    plan = pruned_store(store, keep, keep_daily, dry_run=dry_run, waiting=_say_waiting, tell=_say)
    if as_json:
        show_json({"releases": plan.releases, "table_versions": plan.versions, "dry_run": dry_run})
        return
    for release in plan.releases:
        out.print(Text(f"{'would delete' if dry_run else 'deleted'} release {release}"))
    out.print(plan.sentence(dry_run=dry_run))


def _say_waiting() -> None:
    _say("waiting for a build to finish")


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
