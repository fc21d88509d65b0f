"""Make the notebook of the five questions from the page of recipes, so that both say the same."""

import json
import re
from collections.abc import Iterator

#: What the page of recipes calls a record, and one of the sample documents.
_RECORD, _SAMPLE = "page.txt", "000_df01b2b724b5794d.txt"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = """\
# Five questions to a release

Of the sample documents, which `make run` builds into `data`; for a release of your own change
`store` and the names in the questions. It needs Babelmill, DuckDB (`pip install duckdb`) and
Jupyter. Made of [the recipes](recipes.md), which have each question in pandas, too."""
_OPENING = """\
from pathlib import Path

import duckdb
import polars as pl

from babelmill import open_release

store = "data"
release = open_release(store)
latest = Path(store) / "latest"
connection = duckdb.connect()
connection.execute(f"SET file_search_path = '{latest}'")
connection.execute((latest / "babelmill.duckdb.sql").read_text(encoding="utf-8"))
release.documents.select("source_uri", "language", "title").collect()"""


def notebook_of(recipes: str) -> str:
    """Return the text of a Jupyter notebook (nbformat 4.5) without outputs.

    Args:
        recipes: The text of `recipes.md`: a heading that ends in `?` for each question, and below
            it what it means and its blocks `sql` and `polars`.
    """
    cells = [
        {**cell, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
        for number, (cell, text) in enumerate(_cells(recipes.replace(_RECORD, _SAMPLE)))
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cells(recipes: str) -> Iterator[tuple[dict[str, object], str]]:
    said: dict[str, object] = {"cell_type": "markdown"}
    code: dict[str, object] = {"cell_type": "code", "execution_count": None, "outputs": []}
    yield said, _TITLE
    yield code, _OPENING
    for section in recipes.split("\n## ")[1:]:
        if not section.partition("\n")[0].endswith("?"):
            continue
        blocks = dict(_BLOCK.findall(section))
        yield said, f"## {_BLOCK.sub('', section).strip()}"
        yield code, f'connection.sql("""{blocks["sql"].strip()}""")'
        yield said, "The same in Polars:"
        yield code, f"{blocks['polars']}answer"
