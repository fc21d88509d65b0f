"""The door of Great Expectations: plain results, rows by name, our errors told from bad data."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from expectations.checker import run_suite
from expectations.results import ExpectationResult, Verdict, judged, merge_results
from expectations.suites.expectation import Suite, holds, one_of, unique, within

IN_RANGE = within("in_range", "score", 0, 1, "A share.")
KNOWN = one_of("known", "language", ["ru", "ja"], "A vocabulary.")
SOUND = holds("sound", "A fact.", "language")
SUITE = Suite(
    "toys", ("doc_id", "place"), (unique(("doc_id", "place"), "A key."), KNOWN, IN_RANGE, SOUND)
)


def _frame(**columns: list[object]) -> pl.DataFrame:
    rows = {
        "doc_id": ["a", "a", "b"],
        "place": [0, 1, 0],
        "language": ["ru", None, "ja"],
        "score": [0.0, 1.0, None],
        "sound": [True, True, True],
        "text": ["wide", "wide", "wide"],
    }
    return pl.DataFrame({**rows, **columns})


def _result(**fields: object) -> ExpectationResult:
    whole = {"table": "t", "expectation": "e", "reason": "r", "passed": True, **fields}
    return ExpectationResult.model_validate(whole)


def test_sound_rows_pass() -> None:
    results = run_suite(SUITE, _frame(), 5)
    assert [result.expectation for result in results] == [
        "key_is_unique",
        "known",
        "in_range",
        "sound",
    ]
    assert all(r.passed and r.checked_count == 3 and not r.examples for r in results)


def test_a_failing_row_is_named_by_key_with_its_value_as_plain_json() -> None:
    results = run_suite(SUITE, _frame(score=[0.5, float("nan"), 7.5], sound=[True, False, True]), 5)
    assert [result.expectation for result in results if not result.passed] == ["in_range", "sound"]
    _, _, in_range, sound = results
    assert in_range.examples == [
        {"doc_id": "a", "place": 1, "score": None},
        {"doc_id": "b", "place": 0, "score": 7.5},
    ]
    assert sound.examples == [{"doc_id": "a", "place": 1, "sound": False, "language": None}]
    assert type(sound.examples[0]["place"]) is int
    assert Verdict.model_validate_json(Verdict(results=results).model_dump_json()).failures


def test_examples_are_limited_and_counts_are_not() -> None:
    result = run_suite(SUITE, _frame(language=["xx", "yy", "zz"]), 2)[1]
    assert result.unexpected_count == 3
    assert [example["language"] for example in result.examples] == ["xx", "yy"]


def test_a_repeated_key_is_found() -> None:
    result = run_suite(SUITE, _frame(place=[0, 0, 0]), 5)[0]
    assert (result.passed, result.unexpected_count) == (False, 2)


@pytest.mark.parametrize(
    ("frame", "broken"),
    [
        (_frame().drop("score"), "in_range"),
        (_frame().drop("sound"), "sound"),
        (_frame(score=["a", "b", "c"]), "in_range"),
    ],
)
def test_an_expectation_that_cannot_run_is_our_error(frame: pl.DataFrame, broken: str) -> None:
    failed = [result for result in run_suite(SUITE, frame, 5) if not result.passed]
    assert [result.expectation for result in failed] == [broken]
    assert failed[0].error
    assert failed[0].unexpected_count == 0


def test_an_unknown_kind_of_expectation_raises() -> None:
    unknown = replace(IN_RANGE, kind="expect_luck")
    with pytest.raises(Exception, match="expect_luck"):
        run_suite(Suite("toys", (), (unknown,)), _frame(), 5)


def test_a_frame_without_rows_passes() -> None:
    results = run_suite(SUITE, _frame().clear(), 5)
    assert all(result.passed and result.checked_count == 0 for result in results)


def test_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    run_suite(SUITE, _frame(score=[2.0, 2.0, 2.0]), 5)
    assert list(tmp_path.iterdir()) == []


def test_great_expectations_is_imported_only_when_needed() -> None:
    code = "import sys, expectations.checker; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("unexpected", "passed"), [(0, True), (5, True), (10, True), (11, False)])
def test_bad_rows_are_tolerated_by_number_or_by_share(unexpected: int, passed: bool) -> None:
    counts = {"checked_count": 1000, "unexpected_count": unexpected}
    result = _result(**counts, tolerated_rows=5, tolerated_share=0.01)
    assert judged(result).passed is passed


def test_an_error_is_never_tolerated() -> None:
    assert not judged(_result(error="boom", tolerated_rows=5)).passed


def test_merged_parts_are_judged_as_a_whole() -> None:
    bad = judged(
        _result(checked_count=2, unexpected_count=2, tolerated_share=0.1, examples=[{"a": 1}] * 2)
    )
    good = judged(_result(checked_count=98, tolerated_share=0.1))
    assert not bad.passed
    (merged,) = merge_results([[bad], [good]], example_limit=1)
    assert merged.passed
    assert (merged.checked_count, merged.unexpected_count, len(merged.examples)) == (100, 2, 1)
    assert not merge_results([[good], [_result(error="boom")]], 1)[0].passed
