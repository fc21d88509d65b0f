"""Say what an expectation is: a name, a reason, and which rows break it.

An expectation and what it compares have one home, its suite: `Suite.rows` joins what the rows
of a table are compared with, and `Expectation.fails` is a Polars expression over them. Polars
counts the rows that fail (`expectations.outcomes`); Great Expectations judges whether they
are too many (`expectations.checker`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

#: The fields of `CheckSettings` by name: this package does not import settings.
Thresholds = Mapping[str, int | float]


@dataclass(frozen=True)
class Languages:
    """The languages that tables may name, and how each is written: known to `tasks.writing`.

    Attributes:
        tags: BCP-47 tags.
        fits_script: Says of a tag and an ISO 15924 code whether they go together.
    """

    tags: frozenset[str]
    fits_script: Callable[[str, str], bool]


#: Whose fault it is if an expectation is not met. `our code`: no input can break it alone, since
#: the stages make it true by construction. `the source`: a source can, if most of it is so; whoever
#: knows that it is raises the limit. `the source, a warning`: a few records can, so it is told and
#: keeps no release from readers.
Guard = Literal["our code", "the source", "the source, a warning"]

#: Tables, or the rows that some documents have in them, by the table's name.
Frames = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, eq=False)
class Expectation:
    """One statement about the rows of a frame.

    Attributes:
        name: A statement in snake case, unique within its table.
        fails: Boolean; true for a row that breaks it, null where there is nothing to say.
        what: What is checked, in a few words of Markdown.
        reason: Why it must be so, for a reader who has never seen the code.
        shows: Columns that an example carries besides the key.
        is_fact: Whether it compares more than a column with constants: an example then says
            that it is false.
        tolerated_rows: How many rows may break it, whatever their share.
        tolerated_share: Which share of the rows may break it, from 0 to 1.
        thresholds: The fields of `CheckSettings` that it depends on.
        guards: Whose fault it is if it is not met.
        accepted_as: By which name whoever knows better publishes once although it is not met;
            empty: by none.
    """

    name: str
    fails: pl.Expr
    what: str
    reason: str
    shows: tuple[str, ...]
    is_fact: bool = False
    tolerated_rows: int = 0
    tolerated_share: float = 0.0
    thresholds: tuple[str, ...] = ()
    guards: Guard = "our code"
    accepted_as: str = ""

    @property
    def warns(self) -> bool:
        """Whether it keeps no release from readers."""
        return self.guards == "the source, a warning"


@dataclass(frozen=True, eq=False)
class Suite:
    """The expectations on one frame of rows about a table.

    Attributes:
        table: The table's name.
        key: Columns of the frame that name a row.
        rows: Makes the frame from tables, with all that the expectations compare.
        expectations: What must be true of its rows.
        shows_broken: Whether the frame has only rows that break the one expectation; what
            was checked are then all rows of the table.
        minimum_sample: Rows whose `sample_count` is smaller are too few to judge by.
        sample: What `sample_count` counts.
        needs: A table without which there is nothing to judge by: the previous release's.
    """

    table: str
    key: tuple[str, ...]
    rows: Callable[[Frames], pl.LazyFrame]
    expectations: tuple[Expectation, ...]
    shows_broken: bool = False
    minimum_sample: int = 0
    sample: str = "rows"
    needs: str | None = None


def rows_of(table: str) -> Callable[[Frames], pl.LazyFrame]:
    """Return what gives a table's rows as they are."""
    return lambda frames: frames[table]


def unique(columns: tuple[str, ...], reason: str) -> Expectation:
    """Expect that no two rows agree in all of these columns."""
    what = f"{', '.join(f'`{column}`' for column in columns)} unique"
    present = pl.any_horizontal(pl.col(columns).is_not_null())
    fails = present & (pl.len().over(columns) > 1)
    return Expectation("key_is_unique", fails, what, reason, columns)


def matches(name: str, column: str, pattern: str, reason: str) -> Expectation:
    """Expect that values match a regular expression; nulls are not looked at."""
    fails = ~pl.col(column).str.contains(pattern)
    return Expectation(name, fails, f"`{column}` matches `{pattern}`", reason, (column,))


def one_of(name: str, column: str, values: Iterable[str], reason: str) -> Expectation:
    """Expect that values are among these; nulls are not looked at."""
    known = sorted(values)
    fails = ~pl.col(column).is_in(known)
    return Expectation(name, fails, f"`{column}` one of {_words(known)}", reason, (column,))


#: Longer lists of words, such as that of all languages, are not spelled out.
_SHOWN_VALUES = 12


def _words(values: list[str]) -> str:
    if len(values) > _SHOWN_VALUES:
        return f"{len(values)} known words"
    return ", ".join(f"`{value}`" for value in values)


def within(
    name: str, column: str, low: float | None, high: float | None, reason: str
) -> Expectation:
    """Expect that numbers lie between two bounds, both included.

    Nulls are not looked at; a NaN is more than any number.
    """
    value = pl.col(column)
    sides = {
        f"≥ {low}": None if low is None else value < low,
        f"≤ {high}": None if high is None else value > high,
    }
    bounds = {words: fails for words, fails in sides.items() if fails is not None}
    what = f"`{column}` {' and '.join(bounds)}"
    return Expectation(name, pl.any_horizontal(*bounds.values()), what, reason, (column,))


def holds(name: str, statement: pl.Expr, reason: str, *shows: str) -> Expectation:
    """Expect that a statement about each row is true; where it is null, it is not."""
    fails = ~statement.fill_null(value=False)
    return Expectation(name, fails, "a fact about the row", reason, shows, is_fact=True)
