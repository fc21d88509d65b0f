"""Write tables as JSON lines, as Hugging Face and scripts read, and as CSV for spreadsheets."""

from pathlib import Path

import polars as pl

#: https://owasp.org/www-community/attacks/CSV_Injection: what makes a cell a formula. The wide
#: forms begin one where the locale writes so.
_FORMULA = r"^[=+\-@\t\r＝＋－＠]"
_HARMLESS = "'"


def write_jsonl(name: str, table: pl.LazyFrame, folder: Path) -> int:
    """Write a table as `<name>.jsonl`, a row a line; return how many files that are."""
    table.sink_ndjson(folder / f"{name}.jsonl", maintain_order=True, engine="streaming")
    return 1


def write_csv(name: str, table: pl.LazyFrame, folder: Path) -> int:
    """Write a table as `<name>.csv` that Excel opens: with a BOM, and no cell is a formula.

    Lists are JSON texts. A text that could be a formula gets a `'` before it. Excel shows the first
    32,767 characters of a cell; the file has all.
    """
    schema = table.collect_schema()
    nested = [column for column, kind in schema.items() if kind.is_nested()]
    texts = [column for column, kind in schema.items() if kind == pl.String]
    plain = table.with_columns(
        *(_as_json(column) for column in nested),
        *(_harmless(pl.col(column)).alias(column) for column in texts),
    )
    plain.sink_csv(
        folder / f"{name}.csv",
        include_bom=True,
        line_terminator="\r\n",
        maintain_order=True,
        engine="streaming",
    )
    return 1


def _as_json(column: str) -> pl.Expr:
    """Return a list as JSON; it begins with `[`, so that it is no formula."""
    wrapped = pl.struct(pl.col(column).alias("v")).struct.json_encode()
    return wrapped.str.slice(5, wrapped.str.len_chars() - 6).alias(column)


def _harmless(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_FORMULA)).then(pl.lit(_HARMLESS) + text).otherwise(text)
