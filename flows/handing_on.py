"""Offer the commands that hand a release on to other tools; none needs Prefect."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from flows.console import DEFAULT_STORE, AsJson, StoreFolder, out, show_json
from tasks.reading.confinement import refuse_outside
from tasks.releases.releases import read_release
from tasks.stores import existing_store, readable_store

app = typer.Typer()

Release = Annotated[str | None, typer.Option("--release", help="A release; default: the latest.")]


@app.command()
def export(
    folder: Annotated[Path, typer.Option("--to", help="Where to; gets a folder for each shape.")],
    store: StoreFolder = DEFAULT_STORE,
    shapes: Annotated[
        str, typer.Option("--as", help="Some of jsonl, csv, ftm, conll, brat (a,b).")
    ] = "jsonl",
    release: Release = None,
    as_json: AsJson = False,
) -> None:
    """Write a release as JSON lines, CSV, FollowTheMoney, CoNLL or BRAT."""
    from tasks.releases.exports.export import export_release

    opened = readable_store(store, release, tell=lambda sentence: typer.echo(sentence, err=True))
    found = read_release(opened, release)
    written = export_release(opened, found, folder, shapes.split(","))
    if as_json:
        show_json(dict(written))
        return
    for shape, files in written.items():
        out.print(Text(f"{shape}: {files:,} files in {folder / shape}"))


@app.command()
def register(
    iceberg: Annotated[
        Path | None,
        typer.Option("--iceberg", help="A folder: the catalogue of Iceberg is or comes there."),
    ] = None,
    ducklake: Annotated[
        Path | None, typer.Option("--ducklake", help="A folder: a DuckLake is or comes there.")
    ] = None,
    lineage: Annotated[
        str | None,
        typer.Option(
            "--openlineage", help="Gets events of OpenLineage: a file, or the address of a service."
        ),
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    release: Release = None,
) -> None:
    """Make a release known to a catalogue (Iceberg, DuckLake) or to OpenLineage; copy nothing."""
    if iceberg is None and ducklake is None and lineage is None:
        raise typer.BadParameter("name a catalogue: --iceberg, --ducklake or --openlineage")
    from tasks.releases.catalogues.ducklake import register_ducklake
    from tasks.releases.catalogues.iceberg import register_iceberg
    from tasks.releases.catalogues.lineage import write_lineage

    opened = existing_store(store)
    found = read_release(opened, release)
    for place in (iceberg, ducklake, lineage):
        if place is not None:
            refuse_outside(place, "catalogue")
    if iceberg is not None or ducklake is not None:
        with opened.locked(lambda: out.print("waiting for a build to finish")):
            if iceberg is not None:
                tables = len(register_iceberg(opened, found, iceberg))
                out.print(Text(f"release {found.release_id}: {tables} tables in {iceberg}"))
            if ducklake is not None:
                snapshot = register_ducklake(opened, found, ducklake)
                out.print(Text(f"release {found.release_id}: snapshot {snapshot} in {ducklake}"))
    if lineage is not None:
        events = write_lineage(opened, found, lineage)
        out.print(Text(f"release {found.release_id}: {events} events to {lineage}"))
