"""Offer the commands that hand a release on to other tools; none needs Prefect."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from flows.console import DEFAULT_STORE, StoreFolder, out
from tasks.build import open_store
from tasks.releases.releases import read_release

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
) -> None:
    """Write a release as JSON lines, CSV, FollowTheMoney, CoNLL or BRAT."""
    from tasks.releases.exports.export import export_release

    opened = open_store(store)
    found = read_release(opened, release)
    written = export_release(opened, found, folder, shapes.split(","))
    for shape, files in written.items():
        out.print(Text(f"{shape}: {files:,} files in {folder / shape}"))
