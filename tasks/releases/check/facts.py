"""What facts are, and those about columns that several tables have.

Functions of facts add boolean or numeric columns to a table's rows and drop the wide ones.
A fact is false where what it compares is missing. Offsets count code points.
"""

import polars as pl

from expectations.tables import TABLES
from tasks.writing.languages import KNOWN_TAGS

_DROPPED_COLUMNS = ("text", "language_shares", "names", "documents", "languages")


def with_facts(table: str, frame: pl.DataFrame, **facts: pl.Expr) -> pl.DataFrame:
    """Add boolean facts, false for null, and drop the columns that are wide."""
    key = pl.all_horizontal(pl.col(TABLES[table].key).is_not_null())
    facts = {"key_is_present": key, **facts}
    columns = [fact.fill_null(value=False).alias(name) for name, fact in facts.items()]
    return frame.with_columns(columns).drop(_DROPPED_COLUMNS, strict=False)


def facts_of_text() -> dict[str, pl.Expr]:
    """Return the facts about a text and its length."""
    text = pl.col("text")
    return {
        "text_chars_is_right": text.str.len_chars() == pl.col("text_chars"),
        "text_is_not_blank": text.str.contains(r"\S"),
    }


def are_known_languages(languages: pl.Expr) -> pl.Expr:
    """Say whether every tag of a column of lists is in the vocabulary."""
    known = pl.Series(sorted(KNOWN_TAGS))
    return languages.list.eval(pl.element().is_in(known.implode())).list.all()
