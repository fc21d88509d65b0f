"""What came of an expectation: the data that verdicts, releases and reports are made of."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

Example = dict[str, str | int | float | bool | None]


class ExpectationResult(BaseModel):
    """The outcome of one expectation on one table.

    `error` is set when the expectation could not run: a fault of ours, not of the data.
    `not_applicable` says why there was nothing to judge by, e.g. too few documents.
    `examples` are failing rows, each with the table's key and the value found; there may be
    some although it passed, where bad rows are tolerated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    expectation: str
    reason: str
    passed: bool
    checked_count: int = 0
    unexpected_count: int = 0
    tolerated_rows: int = 0
    tolerated_share: float = 0.0
    examples: list[Example] = []
    not_applicable: str | None = None
    error: str | None = None


class Verdict(BaseModel):
    """All outcomes of a release."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    results: list[ExpectationResult]

    @property
    def passed(self) -> bool:
        """Whether every expectation ran and was met."""
        return all(result.passed for result in self.results)

    @property
    def failures(self) -> list[ExpectationResult]:
        """The outcomes that keep a release from being published."""
        return [result for result in self.results if not result.passed]


def judged(result: ExpectationResult) -> ExpectationResult:
    """Return the result, passed if it ran and broke for no more rows than are tolerated."""
    tolerated = max(result.tolerated_rows, result.tolerated_share * result.checked_count)
    passed = result.error is None and result.unexpected_count <= tolerated
    return result.model_copy(update={"passed": passed})


def merge_results(
    parts: Iterable[list[ExpectationResult]], example_limit: int
) -> list[ExpectationResult]:
    """Add up the outcomes of the same expectation over parts of a table.

    Args:
        parts: Outcomes per part, in the order of the parts.
        example_limit: How many examples to keep, the first ones.
    """
    merged: dict[tuple[str, str], ExpectationResult] = {}
    for result in (result for part in parts for result in part):
        key = (result.table, result.expectation)
        merged[key] = _added(merged[key], result, example_limit) if key in merged else result
    return list(merged.values())


def _added(
    first: ExpectationResult, second: ExpectationResult, example_limit: int
) -> ExpectationResult:
    added = first.model_copy(
        update={
            "checked_count": first.checked_count + second.checked_count,
            "unexpected_count": first.unexpected_count + second.unexpected_count,
            "examples": [*first.examples, *second.examples][:example_limit],
            "error": first.error or second.error,
        }
    )
    return judged(added)
