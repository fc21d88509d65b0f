"""Offer the commands of `babelmill` that build.

Those that read are in `flows.reading`, those that hand a release on in `flows.handing_on`.
"""

import platform
import time
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import environment, lost_server, stopping
from flows.collecting import app as collecting
from flows.console import (
    DEFAULT_STORE,
    PATH_HERE,
    AsJson,
    StoreFolder,
    show_json,
    show_rows,
)
from flows.handing_on import app as handing_on
from flows.reading import app as reading
from flows.settings_file import read_settings, read_toml, with_period
from flows.talk import Talk
from flows.verifying import app as verifying
from tasks.reading.confinement import is_address

if TYPE_CHECKING:
    from flows.build import BuildResult
    from tasks.settings import Settings
    from training.recipe import Scores

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Turn messy multilingual text into clean, checked, versioned Parquet.",
)
app.add_typer(reading)
app.add_typer(collecting)
app.add_typer(verifying)
app.add_typer(handing_on)
training = typer.Typer(no_args_is_help=True, help="Train models of your own.")
app.add_typer(training, name="train")


def _show_version(asked: bool) -> None:
    if asked:
        versions = [f"{name} {metadata.version(name)}" for name in ("babelmill", "prefect")]
        typer.echo(f"{', '.join(versions)}, Python {platform.python_version()}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001 - acts before anything else
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Print versions."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every table, and warnings in full.")
    ] = False,
) -> None:
    """Take what holds for every command."""
    Talk.quiet, Talk.verbose = quiet, verbose


Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, help="Worker processes; default: as many as the input is worth."
    ),
]

Accepted = Annotated[
    list[str] | None,
    typer.Option("--accept", help="A check against the last release that may fail this once."),
]

Sources = Annotated[
    list[str], typer.Argument(help="Folders, files or globs; paths or s3://… (docs/ingest.md)")
]
Since = Annotated[
    str, typer.Option("--since", help="Take records from this day or moment on, in UTC.")
]
Until = Annotated[str, typer.Option("--until", help="Take records before this day or moment.")]
DatedBy = Annotated[
    str, typer.Option("--dated-by", help="The date that the two go by: fetched_at or published_at.")
]


@app.command()
def build(  # noqa: PLR0913, PLR0917 - each is an option
    source: Sources,
    store: StoreFolder = DEFAULT_STORE,
    workers: Workers = None,
    dask_address: Annotated[
        str | None, typer.Option("--dask", help="Address of a Dask scheduler to use instead.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="A TOML file (docs/settings.md).")
    ] = None,
    without: Annotated[
        str, typer.Option("--without", help="Leave out: entities, stories or both (a,b).")
    ] = "",
    accept: Accepted = None,
    since: Since = "",
    until: Until = "",
    dated_by: DatedBy = "",
    as_json: AsJson = False,
) -> None:
    """Build a release from a source and publish it if it passes the checks."""
    stopping.keeps_work()
    Talk.as_json = as_json
    started = time.monotonic()
    given = read_settings(settings, [name for name in without.split(",") if name])
    chosen = with_period(given, since, until, dated_by)
    names = [name for given in accept or [] for name in given.split(",")]
    places = "\n".join(source)
    server = _server_for(store)
    if _is_unchanged(places, store, chosen, names, started):
        return
    raise typer.Exit(_build(places, store, workers, dask_address, chosen, names, started, server))


def _server_for(store: str) -> environment.TemporaryServer:
    """Return a server that is yet to be started, if a build may find that nothing has changed."""
    server = environment.TemporaryServer()
    if not (is_address(store) or Path(store, "latest").exists()):
        server.start()
    return server


def _is_unchanged(
    source: str, store: str, settings: "Settings", accept: list[str], started: float
) -> bool:
    """Refuse what cannot be built; show and tell if a build would find that nothing has changed."""
    from flows.results import show_outcome
    from tasks.build import refuse_unusable_settings, unchanged_release
    from tasks.releases.accepted import refuse_unknown_names
    from tasks.stores import refuse_unwritable_store

    refuse_unknown_names(accept)
    refuse_unusable_settings(settings)
    told = partial(typer.echo, f"waiting for another build of {store}", err=True)
    unchanged = unchanged_release(source, store, settings, told)
    if unchanged is None:
        refuse_unwritable_store(store)
        return False
    show_outcome(store, "unchanged", unchanged, time.monotonic() - started)
    return True


def _build(  # noqa: PLR0913, PLR0917 - what to build, and how
    source: str,
    store: str,
    workers: int | None,
    dask_address: str | None,
    settings: "Settings",
    accept: list[str],
    started: float,
    server: environment.TemporaryServer,
) -> int:
    """Run the flow, and return the exit code."""
    server.start()
    from expectations.judge import warm_up
    from flows.build import build as flow
    from flows.pool import prepare_workers
    from flows.results import show_outcome
    from tasks.build import load_ahead

    is_rehearsed = load_ahead(source, store, settings)  # while the server starts
    if not is_rehearsed and not dask_address:
        prepare_workers()

    def show(outcome: "BuildResult") -> int:
        seconds = time.monotonic() - started
        show_outcome(store, outcome.status, outcome.release_id, seconds)
        return 0

    def called() -> "BuildResult":
        return flow(
            source,
            store,
            workers or 0,
            accept=accept,
            settings=settings,
            dask_address=dask_address or "",
        )

    with server.used(), lost_server.watched(server.answers, show, server.start_again) as run:
        warm_up()
        return run.show(run.call(called))


@training.command("entities")
def train_entities(  # noqa: PLR0913, PLR0917 - each is an option
    corpus: Annotated[
        list[Path], typer.Option("--corpus", help="A folder of marked texts; may be repeated.")
    ],
    folder: Annotated[
        Path,
        typer.Option("--out", help="Where models are written to.", **PATH_HERE),
    ],
    names: Annotated[
        Path | None, typer.Option("--names", help="A folder of lists of persons' names.")
    ] = None,
    recipe: Annotated[Path | None, typer.Option("--recipe", help="A TOML file of how.")] = None,
    models: Annotated[
        list[str] | None, typer.Option("--models", help="Train this one only; may be repeated.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Overrides the recipe's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train models that find names, and measure them."""
    from training.recipe import Recipe

    given = {"only": models or None, "seed": seed}
    overrides = {key: value for key, value in given.items() if value is not None}
    chosen = read_toml(recipe, Recipe, overrides)
    corpora, lists = [str(path) for path in corpus], None if names is None else str(names)
    with environment.prefect_server() as server:
        from flows.train import rows_of
        from flows.train import train_entities as flow

        def show(scores: "list[Scores]") -> int:
            rows = rows_of(scores)
            show_json(rows) if as_json else show_rows(rows)
            return 0

        with lost_server.watched(server.answers, show, server.start_again) as run:
            code = run.show(run.call(lambda: flow(corpora, str(folder), lists, chosen)))
    raise typer.Exit(code)


@app.command()
def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port of the UI; default: 4200.")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", help="A TOML file; default: serve.toml, if there is one."),
    ] = None,
) -> None:
    """Start Prefect's UI, a worker and the deployments, on this machine only."""
    from flows.serving.serve import serve_everything
    from flows.serving.settings import read_serve_settings

    stopping.unwind_on_signals()
    serve_everything(read_serve_settings(settings, port))
