"""Count the rows that break expectations, and name the first of them.

Polars counts all expectations of all suites in one pass; only where some rows fail are they
looked at again. Great Expectations is not needed here: it judges the counts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from expectations.results import Example, Outcome
from expectations.suites.expectation import Expectation, Frames, Suite


def count_outcomes(suites: Sequence[Suite], frames: Frames, example_limit: int) -> list[Outcome]:
    """Count what breaks every expectation of some suites.

    Args:
        suites: What to expect.
        frames: The tables that the suites name. Empty ones break nothing.
        example_limit: How many failing rows to name for each expectation.

    Returns:
        One outcome per expectation, in the order of the suites. An expectation that could not
        run, e.g. because its column is missing, has `error` set.
    """
    known = [suite for suite in suites if suite.needs is None or suite.needs in frames]
    counted = iter(_counted([_Counting(suite, frames) for suite in known], example_limit))
    return [
        outcome
        for suite in suites
        for outcome in (next(counted) if suite in known else _without_previous(suite))
    ]


def _without_previous(suite: Suite) -> list[Outcome]:
    reason = "there is no previous release"
    return [
        Outcome(table=suite.table, expectation=e.name, not_applicable=reason)
        for e in suite.expectations
    ]


@dataclass(frozen=True)
class _Counting:
    """A suite and the tables that it looks at."""

    suite: Suite
    frames: Frames

    def rows(self) -> pl.LazyFrame:
        rows = self.suite.rows(self.frames)
        if not self.suite.minimum_sample:
            return rows
        return rows.filter(pl.col("sample_count") >= self.suite.minimum_sample)

    def counts(self, expectations: Sequence[Expectation]) -> pl.LazyFrame:
        """Return one row: `checked`, and by its name how many rows break an expectation."""
        if self.suite.shows_broken:
            checked = self.frames[self.suite.table].select(checked=pl.len())
            broken = self.rows().select(pl.len().alias(e.name) for e in expectations)
            return pl.concat([checked, broken], how="horizontal")
        broken_rows = [e.fails.sum().alias(e.name) for e in expectations]
        return self.rows().select(pl.len().alias("checked"), *broken_rows)

    def examples(self, expectation: Expectation, limit: int) -> pl.LazyFrame:
        """Return the first rows that break an expectation: key, value found, what explains it."""
        rows = self.rows() if self.suite.shows_broken else self.rows().filter(expectation.fails)
        columns: list[str | pl.Expr] = [*self.suite.key]
        if expectation.is_fact:
            columns.append(pl.lit(value=False).alias(expectation.name))
        shown = dict.fromkeys(expectation.shows)
        columns += [column for column in shown if column not in self.suite.key]
        ordered = rows.sort(self.suite.key, maintain_order=True) if self.suite.key else rows
        return ordered.select(columns).head(limit)


def _counted(countings: Sequence[_Counting], example_limit: int) -> list[list[Outcome]]:
    """Return the outcomes of each suite."""
    try:
        frames = pl.collect_all(
            [counting.counts(counting.suite.expectations) for counting in countings],
            engine="streaming",
        )
    except PolarsError:  # one expectation cannot run: find out which, and count the others
        return [
            [_counted_alone(counting, e, example_limit) for e in counting.suite.expectations]
            for counting in countings
        ]
    counts = [frame.row(0, named=True) for frame in frames]
    failing = {
        (index, e.name): counting.examples(e, example_limit)
        for index, (counting, found) in enumerate(zip(countings, counts, strict=True))
        for e in counting.suite.expectations
        if found[e.name]
    }
    rows = pl.collect_all(list(failing.values()), engine="streaming") if failing else []
    named = dict(zip(failing, rows, strict=True))
    return [
        [_outcome(counting.suite, e, found, named.get((index, e.name)))
         for e in counting.suite.expectations]
        for index, (counting, found) in enumerate(zip(countings, counts, strict=True))
    ]  # fmt: skip


def _counted_alone(counting: _Counting, expectation: Expectation, example_limit: int) -> Outcome:
    suite = counting.suite
    try:
        counts = counting.counts([expectation]).collect(engine="streaming").row(0, named=True)
        rows = counting.examples(expectation, example_limit).collect(engine="streaming")
    except PolarsError as error:
        return Outcome(table=suite.table, expectation=expectation.name, error=str(error))
    return _outcome(suite, expectation, counts, rows)


def _outcome(
    suite: Suite, expectation: Expectation, counts: dict[str, int], rows: pl.DataFrame | None
) -> Outcome:
    checked = counts["checked"]
    too_few = suite.minimum_sample and not checked
    return Outcome(
        table=suite.table,
        expectation=expectation.name,
        checked_count=checked,
        unexpected_count=counts[expectation.name],
        examples=[] if rows is None else [_example(row) for row in rows.iter_rows(named=True)],
        not_applicable=f"fewer than {suite.minimum_sample:,} {suite.sample}" if too_few else None,
    )


def _example(row: dict[str, object]) -> Example:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> str | int | float | bool | None:
    """Return a value that JSON can hold; NaN is none there, and an infinity is a word."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
