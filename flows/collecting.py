"""Offer the commands that collect: from a list of feeds to files, and to a release."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from flows import environment, lost_server, stopping
from flows.console import AsJson, out, show_json, show_rows
from flows.talk import Talk
from tasks.writing.counts import counted

if TYPE_CHECKING:
    from flows.collect import Collection

app = typer.Typer()
_SHOWN_TROUBLES = 20


@app.command()
def collect(
    sources: Annotated[str, typer.Argument(help="A TOML or OPML list (docs/collect.md).")],
    into: Annotated[str, typer.Option("--into", help="The folder that pages are kept in.")],
    contact: Annotated[
        str,
        typer.Option(
            "--contact", help="E-mail or web address that sites are told; overrides the list's."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fetch what is new at feeds, sitemaps and pages, politely, as WARC files."""
    stopping.keeps_work()
    Talk.as_json = as_json
    from tasks.reading.collect.source_list import read_source_list

    read_source_list(sources, contact)  # before a server is started for it
    with environment.prefect_server() as server:
        from flows.collect import collect as flow

        with lost_server.watched(server.answers, _show, server.start_again) as run:
            code = run.show(run.call(lambda: flow(sources, into, contact)))
    raise typer.Exit(code)


def _show(collection: "Collection") -> int:
    """Print what was collected, and what was not, with why."""
    if Talk.as_json:
        show_json(collection)
        return 0
    show_rows([{"outcome": name, "addresses": n} for name, n in collection.counts.items()])
    for told in collection.troubles[:_SHOWN_TROUBLES]:
        via = f" (of {told['via']})" if told["via"] else ""
        line = f"{told['outcome']}: {told['address']}{via}: {told['detail']}"
        out.print(Text(line, style="yellow"), soft_wrap=True)
    if len(collection.troubles) > _SHOWN_TROUBLES:
        out.print(f"and {len(collection.troubles) - _SHOWN_TROUBLES:,} more that were not fetched")
    for file in collection.files:
        out.print(Text(f"kept in {file}"), soft_wrap=True)
    left = counted(collection.left, "page")
    out.print(f"{counted(collection.requests, 'request')}; {left} left for the next run")
    return 0
