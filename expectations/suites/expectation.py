"""What an expectation is: data, with a plain-language reason, that the checker can run.

Nothing here knows Great Expectations but the names of its expectation types. Four are
enough, because what compares columns or tables is computed beforehand as a boolean fact
column: comparing Arrow-backed columns that hold nulls fails inside Great Expectations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: The fields of `CheckSettings` by name: this package does not import settings.
Thresholds = Mapping[str, int | float]


@dataclass(frozen=True)
class Vocabulary:
    """The words that columns may hold and that other packages declare."""

    languages: frozenset[str]
    segment_reasons: frozenset[str]
    record_reasons: frozenset[str]
    document_reasons: frozenset[str]


@dataclass(frozen=True)
class Expectation:
    """One statement about the rows of a frame.

    Attributes:
        name: A statement in snake case, unique within its table.
        kind: The expectation type of Great Expectations.
        arguments: Its arguments, column names among them.
        reason: Why it must be so, for a reader who has never seen the code.
        shows: Further columns that an example carries beside the key and the value.
        tolerated_rows: How many rows may break it, whatever their share.
        tolerated_share: Which share of the rows may break it, whatever their number.
        minimum_sample: Rows whose `sample_count` is smaller are too few to judge by.
        sample: What `sample_count` counts.
        needs_previous: Whether it compares with the previous release.
        thresholds: The fields of `CheckSettings` that it depends on.
    """

    name: str
    kind: str
    arguments: Mapping[str, object]
    reason: str
    shows: tuple[str, ...] = ()
    tolerated_rows: int = 0
    tolerated_share: float = 0.0
    minimum_sample: int = 0
    sample: str = "rows"
    needs_previous: bool = False
    thresholds: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be there for it to run."""
        several = self.arguments.get("column_list")
        if isinstance(several, list):
            return tuple(several)
        return (str(self.arguments["column"]),)

    @property
    def is_fact(self) -> bool:
        """Whether it expects a boolean fact to be true."""
        return self.arguments.get("value_set") == [True]


@dataclass(frozen=True)
class Suite:
    """The expectations of one frame of rows about a table."""

    table: str
    key: tuple[str, ...]
    expectations: tuple[Expectation, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The key, then every column that an expectation reads or shows, each once."""
        wanted = [*self.key]
        for expectation in self.expectations:
            wanted += [*expectation.columns, *expectation.shows]
        return tuple(dict.fromkeys(wanted))


def unique(columns: tuple[str, ...], reason: str) -> Expectation:
    """Expect that no two rows agree in all of these columns."""
    if len(columns) == 1:
        kind = "expect_column_values_to_be_unique"
        return Expectation("key_is_unique", kind, {"column": columns[0]}, reason)
    kind = "expect_compound_columns_to_be_unique"
    return Expectation("key_is_unique", kind, {"column_list": list(columns)}, reason)


def matches(name: str, column: str, pattern: str, reason: str) -> Expectation:
    """Expect that values match a regular expression; nulls are not looked at."""
    arguments = {"column": column, "regex": pattern}
    return Expectation(name, "expect_column_values_to_match_regex", arguments, reason)


def one_of(name: str, column: str, values: Iterable[str], reason: str) -> Expectation:
    """Expect that values are among these; nulls are not looked at."""
    arguments = {"column": column, "value_set": sorted(values)}
    return Expectation(name, "expect_column_values_to_be_in_set", arguments, reason)


def within(
    name: str, column: str, low: float | None, high: float | None, reason: str
) -> Expectation:
    """Expect that numbers lie between two bounds, both included; nulls are not looked at."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Expectation(name, "expect_column_values_to_be_between", arguments, reason)


def holds(name: str, reason: str, *shows: str) -> Expectation:
    """Expect that the boolean fact column of the same name is true; nulls are not looked at."""
    arguments = {"column": name, "value_set": [True]}
    return Expectation(name, "expect_column_values_to_be_in_set", arguments, reason, shows)
