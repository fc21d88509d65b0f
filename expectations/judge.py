"""Say of every expectation whether too many rows break it.

Great Expectations says so (`expectations.checker`), in a process of its own: it takes 2 s of
processor time to import, while this process works on. It gets a row per part of a release and a
column per expectation with the number of rows that break it, and says of each sum whether that is
too many.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from subprocess import PIPE, Popen
from threading import Lock
from typing import Any, TextIO, cast

from expectations.checker import serve
from expectations.results import ExpectationResult, Outcome, merge_outcomes
from expectations.suites.expectation import Expectation, Suite

_Key = tuple[str, str]
#: Not by `multiprocessing`, which would run a script without `if __name__ == "__main__"` again.
_SERVE = f"from {serve.__module__} import serve; serve()"


class JudgingEnded(RuntimeError):
    """The process that judges has ended before it was done."""


class _Judging:
    """A process that judges, for as long as this one lives."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        command = [sys.executable, "-P", "-c", _SERVE]
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, env=environment, encoding="utf-8")
        self._asking = Lock()

    def judge_sums(self, *given: object) -> dict[str, dict[str, Any]]:
        """Return what `expectations.checker.judge_sums` does of what is given.

        Raises:
            JudgingEnded: The process was killed, or failed, which it says itself.
        """
        asked = cast("TextIO", self._process.stdin)
        answered = cast("TextIO", self._process.stdout)
        with self._asking:
            with suppress(BrokenPipeError):
                asked.write(json.dumps(given) + "\n")
                asked.flush()
            answer = answered.readline()
        if not answer:
            _judging.cache_clear()  # whoever tries again gets another
            raise JudgingEnded(f"the process that judges has ended: {self._process.wait()}")
        found: dict[str, dict[str, Any]] = json.loads(answer)
        return found


#: One for all that this process judges.
_judging = cache(_Judging)


def warm_up() -> None:
    """Start the process that judges, so that `judge` need not wait for it."""
    _judging()


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
        _column(key): _tolerated(expectation, found[key])
        for key, expectation in expected.items()
        if key in found and found[key].error is None
    }
    reasons = {_column(key): expectation.reason for key, expectation in expected.items()}
    judged = _judging().judge_sums(_counts(parts, limits), limits, reasons)
    return [
        _result(key, expectation, found.get(key), judged.get(_column(key), {}))
        for key, expectation in expected.items()
    ]


def _tolerated(expectation: Expectation, outcome: Outcome) -> float:
    """Return how many rows may break an expectation."""
    share = expectation.tolerated_share * outcome.checked_count
    return max(expectation.tolerated_rows, share)


def _counts(parts: Sequence[Sequence[Outcome]], columns: Iterable[str]) -> dict[str, list[int]]:
    """Return by column how many rows of each part break its expectation."""
    by_part = [
        {_column((o.table, o.expectation)): o.unexpected_count for o in part} for part in parts
    ]
    return {column: [counts.get(column, 0) for counts in by_part] for column in columns}


def _column(key: _Key) -> str:
    return f"{key[0]}: {key[1]}"


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
        accepted_as=expectation.accepted_as,
    )


def _error(exception_info: Mapping[str, Any]) -> str | None:
    """Return what was raised: Great Expectations gives one exception, or one per metric."""
    infos = [exception_info] if "raised_exception" in exception_info else exception_info.values()
    messages = [str(info["exception_message"]) for info in infos if info["raised_exception"]]
    return "; ".join(dict.fromkeys(messages)) or None
