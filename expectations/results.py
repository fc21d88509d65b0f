"""Record what came of an expectation: the data that verdicts, releases and reports are made of."""

from collections.abc import Collection, Iterable

from pydantic import BaseModel, ConfigDict

Example = dict[str, str | int | float | bool | None]


class Outcome(BaseModel):
    """What was counted for one expectation on some rows of one table.

    `error` is set when the expectation could not run: a fault of ours, not of the data.
    `not_applicable` says why there was nothing to judge by, e.g. too few documents.
    `examples` are failing rows, each with the table's key and the value found; there may be
    some although it passed, where bad rows are tolerated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    expectation: str
    checked_count: int = 0
    unexpected_count: int = 0
    examples: list[Example] = []
    not_applicable: str | None = None
    error: str | None = None


class ExpectationResult(Outcome):
    """The outcome of one expectation on a whole table, judged.

    One that `warns` is told if it is not met, and keeps no release from readers; nor does one that
    whoever built the release had `accepted`, which can be had for what has a name in `accepted_as`.
    """

    reason: str
    passed: bool
    tolerated_rows: int = 0
    tolerated_share: float = 0.0
    warns: bool = False
    accepted_as: str = ""
    accepted: bool = False

    @property
    def stops(self) -> bool:
        """Whether it keeps the release from readers."""
        return self.error is not None or not (self.passed or self.warns or self.accepted)

    @property
    def headline(self) -> str:
        """What came of it in a line: its name, and the first row that broke it, or the error."""
        name = self.accepted_as or f"{self.table}: {self.expectation}"
        if self.error is not None:
            return f"{name} (could not run)"
        found = ", ".join(f"{key} {_short(value)}" for key, value in self._first().items())
        return f"{name} ({found})" if found else name

    def _first(self) -> Example:
        return self.examples[0] if self.examples else {}


def _short(value: str | float | None) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


class Verdict(BaseModel):
    """All outcomes of a release."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    results: list[ExpectationResult]

    @property
    def passed(self) -> bool:
        """Whether every expectation ran and was met, but for those that only warn."""
        return not self.failures

    @property
    def failures(self) -> list[ExpectationResult]:
        """The outcomes that keep a release from being published."""
        return [result for result in self.results if result.stops]

    @property
    def warnings(self) -> list[ExpectationResult]:
        """The outcomes that a reader should know of."""
        return [result for result in self.results if not (result.passed or result.stops)]

    def accepting(self, names: Collection[str]) -> "Verdict":
        """Return the verdict where what is accepted by these names keeps no release from readers.

        What passed is not marked: it needed nobody's word.
        """
        results = [
            result.model_copy(
                update={"accepted": not result.passed and result.accepted_as in names}
            )
            for result in self.results
        ]
        return Verdict(results=results)


def merge_outcomes(
    parts: Iterable[Iterable[Outcome]], example_limit: int
) -> dict[tuple[str, str], Outcome]:
    """Add up the outcomes of the same expectation over parts of a table.

    Args:
        parts: Outcomes per part, in the order of the parts.
        example_limit: How many examples to keep, the first ones.

    Returns:
        Outcomes by table and name of the expectation.
    """
    merged: dict[tuple[str, str], Outcome] = {}
    for outcome in (outcome for part in parts for outcome in part):
        key = (outcome.table, outcome.expectation)
        merged[key] = _added(merged[key], outcome, example_limit) if key in merged else outcome
    return merged


def _added(first: Outcome, second: Outcome, example_limit: int) -> Outcome:
    return Outcome(
        table=first.table,
        expectation=first.expectation,
        checked_count=first.checked_count + second.checked_count,
        unexpected_count=first.unexpected_count + second.unexpected_count,
        examples=[*first.examples, *second.examples][:example_limit],
        not_applicable=first.not_applicable or second.not_applicable,
        error=first.error or second.error,
    )
