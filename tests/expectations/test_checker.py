"""Polars counts rows and Great Expectations judges them; our errors are not taken for bad data."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from expectations.checker import judge_sums
from expectations.judge import JudgingEnded, _judging, judge
from expectations.outcomes import count_outcomes
from expectations.results import ExpectationResult, Outcome, Verdict
from expectations.suites.expectation import Suite, holds, one_of, rows_of, unique, within

IN_RANGE = within("in_range", "score", 0, 1, "A share.")
KNOWN = one_of("known", "language", ["ru", "ja"], "A vocabulary.")
SOUND = holds("sound", pl.col("is_sound"), "A fact.", "language")
KEY = ("doc_id", "place")
SUITE = Suite("toys", KEY, rows_of("toys"), (unique(KEY, "A key."), KNOWN, IN_RANGE, SOUND))


def _frame(**columns: list[object]) -> pl.DataFrame:
    rows = {
        "doc_id": ["a", "a", "b"],
        "place": [0, 1, 0],
        "language": ["ru", None, "ja"],
        "score": [0.0, 1.0, None],
        "is_sound": [True, True, True],
        "text": ["wide", "wide", "wide"],
    }
    return pl.DataFrame({**rows, **columns})


def _count(frame: pl.DataFrame, example_limit: int = 5) -> list[Outcome]:
    return count_outcomes([SUITE], {"toys": frame.lazy()}, example_limit)


def run_suite(frame: pl.DataFrame, example_limit: int = 5) -> list[ExpectationResult]:
    return judge([SUITE], [_count(frame, example_limit)], example_limit)


def _judged(suite: Suite, *counts: tuple[int, int], error: str | None = None) -> ExpectationResult:
    """Return what becomes of the suite's one expectation: checked and bad rows of each part."""
    [expectation] = suite.expectations
    outcomes = [
        [
            Outcome(
                table=suite.table,
                expectation=expectation.name,
                checked_count=checked,
                unexpected_count=bad,
                examples=[{"a": 1}] * bad,
                error=error,
            )
        ]
        for checked, bad in counts
    ]
    [result] = judge([suite], outcomes, example_limit=1)
    return result


def _tolerant(rows: int = 0, share: float = 0.0) -> Suite:
    expectation = replace(IN_RANGE, tolerated_rows=rows, tolerated_share=share)
    return replace(SUITE, expectations=(expectation,))


def _names(results: Sequence[ExpectationResult]) -> list[str]:
    return [result.expectation for result in results]


def test_sound_rows_pass() -> None:
    results = run_suite(_frame())
    assert _names(results) == ["key_is_unique", "known", "in_range", "sound"]
    assert all(r.passed and r.checked_count == 3 and not r.examples for r in results)


def test_a_failing_row_is_named_by_key_with_its_value_as_plain_json() -> None:
    results = run_suite(_frame(score=[0.5, float("nan"), 7.5], is_sound=[True, False, True]))
    assert _names([r for r in results if not r.passed]) == ["in_range", "sound"]
    _, _, in_range, sound = results
    assert in_range.examples == [
        {"doc_id": "a", "place": 1, "score": None},
        {"doc_id": "b", "place": 0, "score": 7.5},
    ]
    assert sound.examples == [{"doc_id": "a", "place": 1, "sound": False, "language": None}]
    assert type(sound.examples[0]["place"]) is int
    assert Verdict.model_validate_json(Verdict(results=results).model_dump_json()).failures


def test_examples_are_limited_and_counts_are_not() -> None:
    result = run_suite(_frame(language=["xx", "yy", "zz"]), 2)[1]
    assert result.unexpected_count == 3
    assert [example["language"] for example in result.examples] == ["xx", "yy"]


def test_a_repeated_key_is_found() -> None:
    result = run_suite(_frame(place=[0, 0, 0]))[0]
    assert (result.passed, result.unexpected_count) == (False, 2)


def test_the_order_of_rows_changes_nothing() -> None:
    frame = _frame(score=[2.0, 3.0, 4.0])
    assert _count(frame.reverse(), 2) == _count(frame, 2)


@pytest.mark.parametrize(
    ("frame", "broken"),
    [
        (_frame().drop("score"), "in_range"),
        (_frame().drop("is_sound"), "sound"),
        (_frame(score=["a", "b", "c"]), "in_range"),
    ],
)
def test_an_expectation_that_cannot_run_is_our_error(frame: pl.DataFrame, broken: str) -> None:
    failed = [result for result in run_suite(frame) if not result.passed]
    assert _names(failed) == [broken]
    assert failed[0].error
    assert failed[0].unexpected_count == 0


def test_an_expectation_that_was_not_run_is_our_error() -> None:
    results = judge([SUITE], [_count(_frame())[1:]], 5)
    assert [(r.expectation, r.error) for r in results if not r.passed] == [
        ("key_is_unique", "it was not run")
    ]


def test_a_frame_without_rows_passes() -> None:
    results = run_suite(_frame().clear())
    assert all(result.passed and result.checked_count == 0 for result in results)


def test_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    judge_sums({"rows": [2]}, {"rows": 1.0}, {})  # as the process that judges does it
    assert list(tmp_path.iterdir()) == []


def test_counting_and_reporting_import_nothing_that_is_slow_until_it_is_needed() -> None:
    modules = "expectations.judge, tasks.steps.check, tasks.releases.publish"
    slow = "{'great_expectations', 'pandas', 'altair', 'vl_convert', 'jinja2', 'ftfy'}"
    code = f"import sys, {modules}; sys.exit(str({slow} & sys.modules.keys() or ''))"
    command = [sys.executable, "-W", "ignore::EncodingWarning", "-c", code]
    found = subprocess.run(command, check=False, capture_output=True)
    assert found.stderr.decode().strip() == ""


def test_what_great_expectations_imports_for_others_is_not_imported_to_judge() -> None:
    program = (
        "import sys; from expectations import checker; sys.stdin = iter(());"
        "checker.serve(); print(*(n for n in sys.argv[1:] if n in sys.modules), file=sys.stderr)"
    )
    spared = ["scipy.stats._stats_py", "altair.vegalite", "sqlalchemy.sql", "botocore.client"]
    command = [sys.executable, "-c", program, *spared, "great_expectations"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert ran.stderr.splitlines()[-1] == "great_expectations"


def test_a_judge_whose_asker_was_killed_ends_without_a_traceback() -> None:
    command = [sys.executable, "-c", "from expectations.checker import serve; serve()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate(b'[{"a": [0]}, {"a": 0.0}, {}]\n')
    assert b"BrokenPipeError" not in said
    assert process.returncode == -signal.SIGPIPE


@pytest.mark.parametrize(("unexpected", "passed"), [(0, True), (5, True), (10, True), (11, False)])
def test_bad_rows_are_tolerated_by_number_or_by_share(unexpected: int, passed: bool) -> None:
    suite = _tolerant(rows=5, share=0.01)
    assert _judged(suite, (1000, unexpected)).passed is passed


def test_an_error_is_never_tolerated() -> None:
    assert not _judged(_tolerant(rows=5), (1000, 0), error="boom").passed


def test_of_a_process_that_judges_and_is_killed_it_is_said_and_another_is_started() -> None:
    run_suite(_frame())
    _judging()._process.kill()
    with pytest.raises(JudgingEnded, match="-9"):
        run_suite(_frame())
    assert all(result.passed for result in run_suite(_frame()))


def test_parts_are_judged_as_a_whole() -> None:
    suite = _tolerant(share=0.1)
    assert not _judged(suite, (2, 2)).passed
    merged = _judged(suite, (2, 2), (98, 0))
    assert merged.passed
    assert (merged.checked_count, merged.unexpected_count, len(merged.examples)) == (100, 2, 1)
