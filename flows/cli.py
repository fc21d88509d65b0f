"""Offer the commands of `babelmill` that build. Those that read are in `flows.reading`."""

from pathlib import Path
from typing import Annotated

import typer

from flows import environment
from flows.console import (
    DEFAULT_STORE,
    EXIT_CHECKS_FAILED,
    EXIT_DIFFERS,
    StoreFolder,
    out,
    show_outcome,
    show_rows,
    show_verdict,
)
from flows.reading import app as reading
from flows.settings_file import read_settings, read_toml

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Turn messy multilingual text into clean, checked, versioned Parquet.",
)
app.add_typer(reading)
training = typer.Typer(no_args_is_help=True, help="Train models of our own.")
app.add_typer(training, name="train")

Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Worker processes; default: what the input is worth."),
]


@app.command()
def build(  # noqa: PLR0913, PLR0917 - each is an option
    source: Annotated[str, typer.Argument(help="A folder, file or glob; a path or s3://…")],
    store: StoreFolder = DEFAULT_STORE,
    workers: Workers = None,
    dask_address: Annotated[
        str | None, typer.Option("--dask", help="Address of a Dask scheduler to use instead.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="A TOML file (docs/settings.md).")
    ] = None,
    without: Annotated[
        str, typer.Option("--without", help="Not to look for: entities, stories or both (a,b).")
    ] = "",
) -> None:
    """Build a release from a source and publish it if it passes the checks."""
    chosen = read_settings(settings, [name for name in without.split(",") if name])
    from tasks.build import ChecksFailed, load_ahead, refuse_unusable_settings, unchanged_release

    refuse_unusable_settings(chosen)
    unchanged = unchanged_release(source, store, chosen)
    if unchanged is not None:
        show_outcome(store, "unchanged", unchanged)
        return
    server = environment.TemporaryServer()
    server.start()
    from expectations.judge import warm_up
    from flows.build import build as flow

    load_ahead(store, chosen)  # while the server starts
    with server.used():
        warm_up()
        try:
            outcome = flow(source, store, workers, dask_address, chosen)
        except ChecksFailed as failed:
            show_verdict(failed.verdict)
            out.print("[bold red]Not published.[/] The last good release stays in place.")
            raise typer.Exit(EXIT_CHECKS_FAILED) from failed
    show_outcome(store, outcome.status, outcome.release_id)


@app.command()
def verify(
    release: Annotated[str | None, typer.Argument(help="A release; none: the latest.")] = None,
    store: StoreFolder = DEFAULT_STORE,
    source: Annotated[
        str | None, typer.Option("--source", help="Where the source is now, if it has moved.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Worker processes.")] = 1,
) -> None:
    """Build a release again elsewhere, with nothing to reuse, and compare every file."""
    with environment.prefect_server():
        from flows.verify import verify as flow

        comparison = flow(store, release, source, workers)
    for difference in comparison.differences:
        out.print(f"differs: {difference.table}/{difference.file}", markup=False)
    for name in comparison.damaged:
        out.print(f"damaged in the store: {name}", markup=False)
    if comparison.differences and comparison.other_values is not None:
        columns = ", ".join(comparison.other_values)
        out.print(f"other values in: {columns or 'no column'}", markup=False)
    same = comparison.files - len(comparison.differences)
    out.print(f"release {comparison.release_id}: {same} of {comparison.files} files identical")
    if comparison.differences or comparison.damaged:
        raise typer.Exit(EXIT_DIFFERS)


@training.command("entities")
def train_entities(  # noqa: PLR0913, PLR0917 - each is an option
    corpus: Annotated[
        list[Path], typer.Option("--corpus", help="A folder of marked texts; may be repeated.")
    ],
    folder: Annotated[Path, typer.Option("--out", help="Gets a directory for each model.")],
    names: Annotated[
        Path | None, typer.Option("--names", help="A folder of lists of persons' names.")
    ] = None,
    recipe: Annotated[Path | None, typer.Option("--recipe", help="A TOML file.")] = None,
    models: Annotated[
        list[str] | None, typer.Option("--models", help="Train this one only; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Before the recipe's.")] = None,
) -> None:
    """Train models that find names, and measure them."""
    from training.recipe import Recipe

    given = {"only": models or None, "seed": seed}
    overrides = {key: value for key, value in given.items() if value is not None}
    chosen = read_toml(recipe, Recipe, overrides)
    corpora, lists = [str(path) for path in corpus], None if names is None else str(names)
    with environment.prefect_server():
        from flows.train import rows_of
        from flows.train import train_entities as flow

        scores = flow(corpora, str(folder), lists, chosen)
    show_rows(rows_of(scores))


@app.command()
def serve(
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port of the Prefect UI.")
    ] = 4200,
) -> None:
    """Start the Prefect server, a worker and the deployments, on this machine only."""
    from flows.serve import serve_everything

    serve_everything(port)
