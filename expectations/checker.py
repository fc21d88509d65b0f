"""Judge counts of failing rows: the only door of Great Expectations and pandas.

Great Expectations takes 2 s of processor time to import, so it is imported when first
needed, in one process: `warm_up` does it while other work runs. It sees a row per part of
a release and a column per expectation with the number of rows that break it, and says of
each sum whether that is too many.
"""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from expectations.results import ExpectationResult, Outcome, merge_outcomes
from expectations.suites.expectation import Expectation, Suite

_Key = tuple[str, str]
#: One thread imports it; another that asks meanwhile waits.
_WARMING = Lock()


def judge(
    suites: Sequence[Suite], parts: Sequence[Sequence[Outcome]], example_limit: int
) -> list[ExpectationResult]:
    """Say of every expectation whether it was met over all parts together.

    Args:
        suites: What was expected.
        parts: Outcomes of each part, in the order of the parts.
        example_limit: How many failing rows to name for each expectation.

    Returns:
        One result per expectation, in the order of the suites. One that no part has an
        outcome of has `error` set.
    """
    found = merge_outcomes(parts, example_limit)
    expected = {(suite.table, e.name): e for suite in suites for e in suite.expectations}
    limits = {
        key: _tolerated(expectation, found[key])
        for key, expectation in expected.items()
        if key in found and found[key].error is None
    }
    judged = _validate(_counts(parts, limits), limits, expected)
    return [
        _result(key, expectation, found.get(key), judged.get(key, {}))
        for key, expectation in expected.items()
    ]


def _tolerated(expectation: Expectation, outcome: Outcome) -> float:
    """Return how many rows may break an expectation."""
    share = expectation.tolerated_share * outcome.checked_count
    return max(expectation.tolerated_rows, share)


def _counts(
    parts: Sequence[Sequence[Outcome]], limits: Mapping[_Key, float]
) -> dict[str, list[int]]:
    """Return by expectation how many rows of each part break it."""
    by_part = [{(o.table, o.expectation): o.unexpected_count for o in part} for part in parts]
    return {_column(key): [counts.get(key, 0) for counts in by_part] for key in limits}


def _column(key: _Key) -> str:
    return f"{key[0]}: {key[1]}"


def warm_up() -> None:
    """Import Great Expectations and run it once, so that `judge` does not wait for it.

    Safe in a thread beside other work: most of it is reading and compiling modules.
    """
    key = ("rows", "none_fails")
    with _WARMING:
        _validate({_column(key): [0]}, {key: 0.0}, {})


@cache
def _batch_definition() -> Any:  # noqa: ANN401
    """Return what frames are handed to: an in-memory context that writes no files."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _collector_paused():
        import great_expectations  # noqa: PLC0415
        from great_expectations.data_context.types.base import (  # noqa: PLC0415
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = great_expectations.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("counts")
    return asset.add_batch_definition_whole_dataframe("parts")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Collect no garbage meanwhile: an import makes little, and looking takes a quarter of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _validate(
    counts: Mapping[str, list[int]],
    limits: Mapping[_Key, float],
    expected: Mapping[_Key, Expectation],
) -> dict[_Key, dict[str, Any]]:
    """Return Great Expectations' results as plain JSON, by the expectation."""
    if not limits:
        return {}
    definition = _batch_definition()
    import pandas as pd  # noqa: PLC0415
    from great_expectations import ExpectationSuite  # noqa: PLC0415
    from great_expectations.expectations.core.expect_column_sum_to_be_between import (  # noqa: PLC0415
        ExpectColumnSumToBeBetween,
    )

    columns = {_column(key): key for key in limits}
    suite = ExpectationSuite(
        name="release",
        expectations=[
            ExpectColumnSumToBeBetween(
                column=column,
                max_value=limits[key],
                notes=expected[key].reason if key in expected else None,
            )
            for column, key in columns.items()
        ],
    )
    batch = definition.get_batch({"dataframe": pd.DataFrame(counts)})
    outcomes = [result.to_json_dict() for result in batch.validate(suite).results]
    return {columns[found["expectation_config"]["kwargs"]["column"]]: found for found in outcomes}


def _result(
    key: _Key, expectation: Expectation, outcome: Outcome | None, judged: Mapping[str, Any]
) -> ExpectationResult:
    """Join what was counted with what Great Expectations said of it."""
    if outcome is None:
        outcome = Outcome(table=key[0], expectation=key[1], error="it was not run")
    error = outcome.error or _error(judged["exception_info"])
    return ExpectationResult(
        **outcome.model_dump(exclude={"error"}),
        error=error,
        reason=expectation.reason,
        passed=error is None and judged["success"],
        tolerated_rows=expectation.tolerated_rows,
        tolerated_share=expectation.tolerated_share,
        warns=expectation.warns,
    )


def _error(exception_info: Mapping[str, Any]) -> str | None:
    """Return what was raised: Great Expectations gives one exception, or one per metric."""
    infos = [exception_info] if "raised_exception" in exception_info else exception_info.values()
    messages = [str(info["exception_message"]) for info in infos if info["raised_exception"]]
    return "; ".join(dict.fromkeys(messages)) or None
