"""Each expectation finds the row that breaks it, and nothing is found in sound tables."""

from functools import cache

import polars as pl
import pytest

from expectations.results import ExpectationResult, Outcome, merge_outcomes
from expectations.suites import change_suites, rate_suites, reference_suites
from tasks.releases.check import check_part, check_release, judge_outcomes, suites_of
from tasks.settings import CheckSettings
from tests.making.broken_tables import BREAKING
from tests.making.release_tables import release_tables
from tests.making.table_changes import Frames, joined, sound

STRICT = CheckSettings(
    example_limit=1000, tolerated_documents=0, tolerated_segments=0, tolerated_share=0
)
Key = tuple[str, str]
ROWS = [
    (suite.table, expectation.name)
    for suite in suites_of(STRICT)
    for expectation in suite.expectations
]
METRICS = {
    (suite.table, expectation.name)
    for suite in (*rate_suites(STRICT.model_dump()), *change_suites(STRICT.model_dump()))
    for expectation in suite.expectations
}


def _uri(case: Key) -> str:
    return f"{case[0]}.{case[1]}.txt"


def check(tables: Frames, settings: CheckSettings = STRICT) -> dict[Key, ExpectationResult]:
    lazy = {name: frame.lazy() for name, frame in tables.items()}
    parts = [check_part(tables, settings), check_release(lazy, settings, None)]
    results = judge_outcomes(parts, settings).results
    return {(result.table, result.expectation): result for result in results}


@cache
def _broken_parts() -> dict[Key, Frames]:
    return {case: breaking(sound(_uri(case))) for case, breaking in BREAKING.items()}


@cache
def _broken_results() -> dict[Key, ExpectationResult]:
    return check(joined(list(_broken_parts().values())))


def _names(case: Key) -> set[str | None]:
    """Return what a record's rows may be known by in an example."""
    frames = [sound(_uri(case)), _broken_parts()[case]]
    columns = ("doc_id", "source_uri", "entity_id", "story_id")
    found = {
        value
        for tables in frames
        for frame in tables.values()
        for column in columns
        if column in frame.columns
        for value in frame[column]
    }
    return found - {"ab" * 12} - (set() if case[1] == "key_is_present" else {None})


def test_every_expectation_on_rows_has_a_row_that_breaks_it() -> None:
    assert set(ROWS) - METRICS == set(BREAKING)


def test_no_expectation_is_there_twice() -> None:
    assert len(ROWS) == len(set(ROWS))


@pytest.mark.parametrize("case", BREAKING, ids=_uri)
def test_a_broken_row_is_found_and_named(case: Key) -> None:
    result = _broken_results()[case]
    assert result.error is None
    assert not result.passed
    named = [set(example.values()) & _names(case) for example in result.examples]
    assert any(named), result.examples


@pytest.mark.parametrize(
    "case",
    [
        ("segments", "language_confidence_is_in_range"),
        ("segments", "script_fits_language"),
        ("segments", "raw_offsets_are_sound"),
        ("segments", "place_in_document_is_right"),
        ("documents", "mojibake_share_is_low"),
        ("documents", "mention_count_adds_up"),
        ("documents", "language_shares_are_sorted"),
        ("mentions", "surface_is_in_text"),
        ("mentions", "label_is_known"),
        ("ledger", "fate_is_known"),
    ],
    ids=_uri,
)
def test_a_broken_row_breaks_no_other_expectation_of_its_table(case: Key) -> None:
    uri = _names(case)
    found = {
        key[1]
        for key, result in _broken_results().items()
        if key[0] == case[0]
        and any(example.get(_key_column(case[0])) in uri for example in result.examples)
    }
    assert found == {case[1]} | ({"fate_is_what_happened"} if case[0] == "ledger" else set())


def _key_column(table: str) -> str:
    return "source_uri" if table in {"ledger", "rejects"} else "doc_id"


def test_sound_tables_pass() -> None:
    tables = {name: frame.collect() for name, frame in release_tables().items()}
    failed = {key: result for key, result in check(tables).items() if not result.passed}
    assert not failed


def test_tables_without_rows_break_nothing_but_that_something_is_published() -> None:
    tables = {name: frame.clear().collect() for name, frame in release_tables().items()}
    failed = [key for key, result in check(tables).items() if not result.passed]
    assert failed == [("ledger", "something_is_published")]


def test_references_have_a_key_to_name_rows_by_and_one_expectation() -> None:
    assert all(suite.key for suite in reference_suites())
    assert all(len(suite.expectations) == 1 for suite in reference_suites())


def test_parts_add_up_to_what_all_rows_together_give() -> None:
    tables = joined(list(_broken_parts().values()))
    whole = check_part(tables, STRICT)
    doc_ids = tables["raw_documents"]["doc_id"].drop_nulls().sort()
    middle = doc_ids[len(doc_ids) // 2]
    halves = [
        {name: frame.filter(cut) for name, frame in tables.items() if "doc_id" in frame.columns}
        for cut in (_is_below(middle), ~_is_below(middle))
    ]
    merged = merge_outcomes([check_part(half, STRICT) for half in halves], STRICT.example_limit)
    assert [_counts(outcome) for outcome in merged.values()] == [_counts(o) for o in whole]


def _is_below(doc_id: str) -> pl.Expr:
    return (pl.col("doc_id") < doc_id).fill_null(value=True)


def _counts(outcome: Outcome) -> tuple[str, str, int, int]:
    return (
        outcome.table,
        outcome.expectation,
        outcome.checked_count,
        outcome.unexpected_count,
    )
