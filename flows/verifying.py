"""Offer the command that proves a release."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows import environment, lost_server
from flows.console import DEFAULT_STORE, AsJson, StoreFolder, out, show_json
from flows.failures import EXIT_DIFFERS
from flows.talk import Talk

if TYPE_CHECKING:
    from flows.verify import Comparison

app = typer.Typer()


@app.command()
def verify(  # noqa: PLR0913, PLR0917 - each is an option
    release: Annotated[str | None, typer.Argument(help="A release; none: the latest.")] = None,
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
    from tasks.stores import existing_store

    Talk.as_json = as_json
    existing_store(store)
    if quick:
        raise typer.Exit(_show_survey(store))
    with environment.prefect_server() as server:
        from flows.verify import verify as flow

        again = server.start_again
        with lost_server.watched(server.answers, _show_comparison, again) as run:
            code = run.show(run.call(lambda: flow(store, release, source, workers)))
    raise typer.Exit(code)


def _show_survey(folder: str) -> int:
    from tasks.releases.survey import survey_store
    from tasks.stores import open_store

    survey = survey_store(open_store(folder))
    code = EXIT_DIFFERS if survey.damage else 0
    if Talk.as_json:
        show_json(survey)
        return code
    for finding in survey.findings:
        out.print(
            f"{finding.problem}: {finding.path}; to mend it: {finding.remedy}",
            markup=False,
            soft_wrap=True,
        )
    size = survey.size_bytes / 2**20
    out.print(
        f"{survey.files:,} files, {size:,.1f} MiB: "
        + (f"{len(survey.damage)} damaged" if survey.damage else "as they were written")
    )
    return code


def _show_comparison(comparison: "Comparison") -> int:
    code = EXIT_DIFFERS if comparison.differences or comparison.damaged else 0
    if Talk.as_json:
        show_json(comparison)
        return code
    for difference in comparison.differences:
        out.print(f"differs: {difference.table}/{difference.file}", markup=False)
    for name in comparison.damaged:
        out.print(f"damaged in the store: {name}", markup=False)
    if comparison.differences and comparison.other_values is not None:
        columns = ", ".join(comparison.other_values)
        out.print(f"other values in: {columns or 'no column'}", markup=False)
    same = comparison.files - len(comparison.differences)
    out.print(f"release {comparison.release_id}: {same} of {comparison.files} files identical")
    return code
