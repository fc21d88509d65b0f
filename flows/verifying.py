"""Offer the command that proves a release."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from flows import environment, lost_server
from flows.console import DEFAULT_STORE, AsJson, StoreFolder, out, show_json
from flows.talk import Talk

if TYPE_CHECKING:
    from flows.verify import Comparison

app = typer.Typer()


@app.command()
def verify(  # noqa: PLR0913, PLR0917 - each is an option
    release: Annotated[
        str | None, typer.Argument(help="A release, or how its name begins; default: the latest.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    source: Annotated[
        str | None, typer.Option("--source", help="Where the source is now, if it has moved.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Worker processes.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="Build nothing: look at every file of the store.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build a release again elsewhere, with nothing to reuse, and compare every file."""
    from tasks.releases.releases import read_release
    from tasks.stores import readable_store

    Talk.as_json = as_json
    if quick:
        raise typer.Exit(_show_survey(store))
    # Before a server is started for it.
    read_release(readable_store(store, tell=partial(typer.echo, err=True)), release)
    with environment.prefect_server() as server:
        from flows.verify import verify as flow

        again = server.start_again
        with lost_server.watched(server.answers, _show_comparison, again) as run:
            code = run.show(run.call(lambda: flow(store, release, source, workers)))
    raise typer.Exit(code)


def _show_survey(store: str) -> int:
    from flows.failures import EXIT_DIFFERS
    from tasks.stores import survey

    found = survey(store)
    code = EXIT_DIFFERS if found.damage else 0
    if Talk.as_json:
        show_json(found)
        return code
    for finding in found.findings:
        out.print(
            f"{finding.problem}: {finding.path} ({finding.remedy})",
            markup=False,
            soft_wrap=True,
        )
    size = found.size_bytes / 2**20
    out.print(
        f"{found.files:,} files, {size:,.1f} MiB: "
        + (f"{len(found.damage)} damaged" if found.damage else "as they were written")
    )
    return code


def _show_comparison(comparison: "Comparison") -> int:
    from flows.failures import EXIT_DIFFERS

    code = EXIT_DIFFERS if comparison.differences or comparison.damaged else 0
    if Talk.as_json:
        show_json(comparison)
        return code
    for difference in comparison.differences:
        out.print(Text(f"differs: {difference.table}/{difference.file}"), soft_wrap=True)
    for name in comparison.damaged:
        out.print(Text(f"damaged in the store: {name}"), soft_wrap=True)
    if comparison.differences and comparison.other_values is not None:
        columns = ", ".join(comparison.other_values)
        out.print(Text(f"other values in: {columns or 'no column'}"), soft_wrap=True)
    same = comparison.files - len(comparison.differences)
    out.print(f"release {comparison.release_id}: {same} of {comparison.files} files identical")
    return code
