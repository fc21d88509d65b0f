"""Offer the commands that hand a release on to other tools; none needs Prefect."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
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
from tasks.reading.confinement import is_address, refuse_outside
from tasks.writing.counts import counted

if TYPE_CHECKING:
    from tasks.releases.releases import Release
    from tasks.steps.store import Store

app = typer.Typer()


_NO_DUCKLAKE = (
    "--ducklake needs a store in a folder: DuckDB reads addresses with its extension httpfs, which "
    "no package brings; --iceberg takes an address"
)


@app.command()
def export(
    folder: Annotated[
        Path,
        typer.Option("--to", help="A folder; each shape gets one of its own in it.", **PATH_HERE),
    ],
    store: StoreFolder = DEFAULT_STORE,
    shapes: Annotated[
        str, typer.Option("--as", help="Shapes: some of jsonl, csv, ftm, conll, brat (a,b).")
    ] = "jsonl",
    release: ReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Write a release as JSON lines, CSV, FollowTheMoney, CoNLL or BRAT."""
    from tasks.releases.exports.export import export_release
    from tasks.releases.releases import read_release
    from tasks.stores import readable_store

    opened = readable_store(store, release, tell=_say)
    found = read_release(opened, release)
    written = export_release(opened, found, folder, shapes.split(","))
    if as_json:
        show_json(dict(written))
        return
    for shape, files in written.items():
        out.print(Text(f"{shape}: {counted(files, 'file')} in {folder / shape}"))


@app.command()
def register(
    iceberg: Annotated[
        Path | None,
        typer.Option(
            "--iceberg",
            help="The folder of a catalogue of Iceberg; made if it is not there.",
            **PATH_HERE,
        ),
    ] = None,
    ducklake: Annotated[
        Path | None,
        typer.Option(
            "--ducklake", help="The folder of a DuckLake; made if it is not there.", **PATH_HERE
        ),
    ] = None,
    lineage: Annotated[
        str | None,
        typer.Option(
            "--openlineage",
            help="Where events of OpenLineage go: a file, or the address of a service.",
        ),
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    release: ReleaseName = None,
) -> None:
    """Make a release known to a catalogue (Iceberg, DuckLake) or to OpenLineage; copy nothing."""
    address = store.rstrip("/") if is_address(store) else None
    _refuse_unusable(iceberg, ducklake, lineage, is_far=address is not None)
    from tasks.releases.catalogues.lineage import write_lineage
    from tasks.releases.releases import read_release
    from tasks.stores import described_store

    opened = described_store(store, release, _say)
    found = read_release(opened, release)
    if iceberg is not None or ducklake is not None:
        with opened.locked(lambda: out.print("waiting for a build to finish")):
            _register_tables(opened, found, iceberg, ducklake, address)
    if lineage is not None:
        events = write_lineage(opened, found, lineage, address)
        out.print(Text(f"release {found.release_id}: {events} events to {lineage}"))


def _refuse_unusable(
    iceberg: Path | None, ducklake: Path | None, lineage: str | None, *, is_far: bool
) -> None:
    if ducklake is not None and is_far:
        raise typer.BadParameter(_NO_DUCKLAKE)
    places = [place for place in (iceberg, ducklake, lineage) if place is not None]
    if not places:
        raise typer.BadParameter("name a catalogue: --iceberg, --ducklake or --openlineage")
    for place in places:
        refuse_outside(place, "catalogue")


def _register_tables(
    store: "Store",
    found: "Release",
    iceberg: Path | None,
    ducklake: Path | None,
    address: str | None,
) -> None:
    from tasks.releases.catalogues.ducklake import register_ducklake
    from tasks.releases.catalogues.iceberg import register_iceberg

    if iceberg is not None:
        tables = len(register_iceberg(store, found, iceberg, address))
        out.print(Text(f"release {found.release_id}: {tables} tables in {iceberg}"))
    if ducklake is not None:
        snapshot = register_ducklake(store, found, ducklake)
        out.print(Text(f"release {found.release_id}: snapshot {snapshot} in {ducklake}"))


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
