"""Provide what the commands share: the terminal, options, JSON and rows.

Every command imports this, and nothing heavy with it.
"""

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.table import Table
from rich.text import Text

from flows.views.terminal_text import SafeConsole
from tasks.reading.confinement import is_address

DEFAULT_STORE = "data"
StoreFolder = Annotated[
    str, typer.Option("--store", help="The folder with the releases, or s3://…")
]

ReleaseName = Annotated[
    str | None,
    typer.Option("--release", help="A release, or how its name begins; default: the latest."),
]


def _path_here(given: str) -> Path:
    """Return a path of this machine; `Path` would take `s3://…` for a folder called `s3:`."""
    if is_address(given):
        raise typer.BadParameter(f"{given} is an address; name a place on this machine")
    return Path(given)


#: What an option that names where something is written is given, beside its name and its help.
PATH_HERE: dict[str, Any] = {"parser": _path_here, "metavar": "PATH"}
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")]
#: Nothing is cut or broken where nobody looks at columns.
_PIPE_COLUMNS = 10_000


def _console(*, stderr: bool = False) -> SafeConsole:
    stream = sys.stderr if stderr else sys.stdout
    is_piped = not stream.isatty() and "COLUMNS" not in os.environ
    return SafeConsole(stderr=stderr, width=_PIPE_COLUMNS if is_piped else None)


out = _console()
errors = _console(stderr=True)


def show_json(value: BaseModel | dict[str, object] | list[dict[str, object]]) -> None:
    """Print facts as JSON, in ASCII whatever the terminal can show."""
    data = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(data, indent=2, default=str) + "\n")


def show_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an error of ours; what a document wrote into its message stays harmless."""
    lines = "".join(traceback.format_exception(kind, error, trace))
    errors.print(Text(lines.rstrip("\n")), soft_wrap=True)


def show_rows(rows: Sequence[dict[str, object]]) -> None:
    """Print rows that have the same keys as a table; no rows: nothing."""
    if not rows:
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row.values()))
    out.print(table)
