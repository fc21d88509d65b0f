"""Run a suite on a Polars frame: the only door of Great Expectations and pandas.

Great Expectations takes 4 to 8 s to import, so it is imported when first needed. Of its
result only counts, examples and errors are taken; whether a number of bad rows is too many
is judged over the whole table (`expectations.results`), since it sees one batch at a time.
"""

import math
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from expectations.results import Example, ExpectationResult, judged
from expectations.suites.expectation import Expectation, Suite, holds


def run_suite(suite: Suite, frame: pl.DataFrame, example_limit: int) -> list[ExpectationResult]:
    """Check every expectation of a suite on every row of a frame.

    Args:
        suite: What to expect. Of the frame, only its columns are looked at.
        frame: Rows, with the facts that the suite names. Empty: all expectations run and hold.
        example_limit: How many failing rows to name for each expectation.

    Returns:
        One result per expectation, in the order of the suite. An expectation that could not
        run, e.g. because its column is missing, has `error` set.
    """
    columns = [column for column in suite.columns if column in frame.columns]
    narrow = frame.select(columns)
    outcomes = _quick_outcomes(suite, narrow)
    failed = [e for e in suite.expectations if not outcomes[e.name]["success"]]
    outcomes |= _validate(narrow, failed, "COMPLETE", columns)
    return [
        _result(suite, expectation, outcomes[expectation.name], frame.height, example_limit)
        for expectation in suite.expectations
    ]


def _quick_outcomes(suite: Suite, narrow: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Say which expectations hold, not which rows break them: that takes twice as long.

    An expectation costs 15 ms whatever the number of rows, so all facts are asked at once;
    if that fails, each of them is asked again.
    """
    facts = [e for e in suite.expectations if e.is_fact and set(e.columns) <= set(narrow.columns)]
    others = [e for e in suite.expectations if e not in facts]
    if not facts:
        return _validate(narrow, others, "BOOLEAN_ONLY", [])
    together = holds("every_fact_holds", "All facts of the suite.")
    values = [pl.col(fact.columns).fill_null(value=True) for fact in facts]
    combined = narrow.with_columns(pl.all_horizontal(values).alias(together.name))
    outcomes = _validate(combined, [*others, together], "BOOLEAN_ONLY", [])
    return outcomes | dict.fromkeys((fact.name for fact in facts), outcomes.pop(together.name))


@cache
def _batch_definition() -> Any:  # noqa: ANN401
    """Return what frames are handed to: an in-memory context that writes no files."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("rows")


def _validate(
    frame: pl.DataFrame, expectations: Sequence[Expectation], detail: str, index: list[str]
) -> dict[str, dict[str, Any]]:
    """Return Great Expectations' results as plain JSON, by the name of the expectation."""
    if not expectations:
        return {}
    definition = _batch_definition()
    import pandas as pd  # noqa: PLC0415
    from great_expectations import ExpectationSuite  # noqa: PLC0415

    rows = frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)
    suite = ExpectationSuite(name="suite", expectations=[_native(e) for e in expectations])
    validated = definition.get_batch({"dataframe": rows}).validate(
        suite,
        result_format={
            "result_format": detail,
            "unexpected_index_column_names": index,
            "return_unexpected_index_query": False,
        },
    )
    outcomes = (result.to_json_dict() for result in validated.results)
    return {outcome["expectation_config"]["meta"]["name"]: outcome for outcome in outcomes}


def _native(expectation: Expectation) -> Any:  # noqa: ANN401
    from great_expectations.expectations.registry import (  # noqa: PLC0415
        get_expectation_impl,
    )

    implementation: Any = get_expectation_impl(expectation.kind)
    return implementation(**expectation.arguments, meta={"name": expectation.name})


def _result(
    suite: Suite,
    expectation: Expectation,
    outcome: Mapping[str, Any],
    checked_count: int,
    example_limit: int,
) -> ExpectationResult:
    found = outcome.get("result", {})
    rows = found.get("unexpected_index_list") or []
    wanted = (*suite.key, *expectation.columns, *expectation.shows)
    return judged(
        ExpectationResult(
            table=suite.table,
            expectation=expectation.name,
            reason=expectation.reason,
            passed=False,
            checked_count=checked_count,
            unexpected_count=found.get("unexpected_count", 0),
            tolerated_rows=expectation.tolerated_rows,
            tolerated_share=expectation.tolerated_share,
            examples=[_example(row, wanted) for row in rows[:example_limit]],
            error=_error(outcome["exception_info"]),
        )
    )


def _example(row: Mapping[str, Any], wanted: Sequence[str]) -> Example:
    return {name: _plain(row.get(name)) for name in dict.fromkeys(wanted)}


def _plain(value: object) -> str | int | float | bool | None:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _error(exception_info: Mapping[str, Any]) -> str | None:
    """Return what was raised: Great Expectations gives one exception, or one per metric."""
    infos = [exception_info] if "raised_exception" in exception_info else exception_info.values()
    messages = [str(info["exception_message"]) for info in infos if info["raised_exception"]]
    return "; ".join(dict.fromkeys(messages)) or None
