"""Rates of a release are judged when there is enough to judge by, and said to be not otherwise."""

from functools import cache

import polars as pl
import pytest

from expectations.results import ExpectationResult
from expectations.suites import rate_suites
from tasks.releases.check import check_release, judge_outcomes
from tasks.settings import CheckSettings
from tests.making.release_records import RECORDS
from tests.making.release_tables import release_tables

Tables = dict[str, pl.LazyFrame]
ANY_SAMPLE = {"min_documents": 1, "min_documents_for_drift": 1, "min_analysed_chars": 1}
NOTHING_IS_LOW = CheckSettings(
    **ANY_SAMPLE,
    max_rejected_share=0,
    max_dropped_share=0,
    max_language_drift=0,
    max_entity_density=0.1,
)
RATES = {
    "rejected_share_is_low",
    "undecodable_share_is_low",
    "dropped_share_is_low",
    "undetermined_share_is_low",
    "language_drift_is_low",
    "entity_density_is_plausible",
}


def _check(
    tables: Tables, settings: CheckSettings, previous: Tables | None
) -> dict[str, ExpectationResult]:
    """Return the results on counts and rates by their names."""
    suites = rate_suites(settings.model_dump())
    names = {expectation.name for suite in suites for expectation in suite.expectations}
    verdict = judge_outcomes([check_release(tables, settings, previous)], settings)
    return {result.expectation: result for result in verdict.results if result.expectation in names}


@cache
def _broken() -> dict[str, ExpectationResult]:
    tables = release_tables()
    raw, documents = tables["raw_documents"], tables["documents"]
    tables["raw_documents"] = raw.with_columns(replaced_chars="text_chars")
    tables["documents"] = documents.with_columns(
        language="und" + documents.collect()["language"].str.slice(9)
    )
    tables["ledger"] = tables["ledger"].slice(1).with_columns(fate=pl.lit("rejected"))
    return _check(tables, NOTHING_IS_LOW, release_tables())


@pytest.mark.parametrize("name", sorted(RATES | {"ledger_counts_every_record", "fates_add_up"}))
def test_a_bad_rate_is_found_and_shown(name: str) -> None:
    result = _broken()[name]
    assert not result.passed
    assert result.error is None
    assert result.examples


def test_five_documents_are_too_few_for_rates() -> None:
    results = _check(release_tables(), CheckSettings(), None)
    assert {name for name, result in results.items() if result.not_applicable} == RATES
    assert all(result.passed for result in results.values())
    assert results["language_drift_is_low"].not_applicable == "there is no previous release"


def test_five_documents_are_enough_where_settings_say_so() -> None:
    settings = CheckSettings(**ANY_SAMPLE, max_entity_density=1000)
    results = _check(release_tables(), settings, release_tables())
    assert all(result.passed and not result.not_applicable for result in results.values())


def test_a_language_that_left_is_named() -> None:
    previous = release_tables()
    tables = release_tables(RECORDS[:1])
    settings = CheckSettings(**ANY_SAMPLE)
    drift = _check(tables, settings, previous)["language_drift_is_low"]
    assert {example["language"] for example in drift.examples} == {"fr", "ru"}


def test_a_file_counts_once_however_large_it_is() -> None:
    tables = release_tables()
    segments = tables["segments"].collect()
    first = segments["doc_id"][0]
    huge = pl.when(pl.col("doc_id") == first).then(10**9).otherwise(pl.col("text_chars"))
    tables["segments"] = segments.with_columns(
        text_chars=huge, kept=pl.col("doc_id") != first
    ).lazy()
    raw = tables["raw_documents"].collect()
    damaged = pl.when(pl.col("doc_id") == first).then("text_chars").otherwise(0)
    tables["raw_documents"] = raw.with_columns(replaced_chars=damaged).lazy()
    results = _check(tables, CheckSettings(**ANY_SAMPLE, max_entity_density=1000), None)
    assert results["dropped_share_is_low"].passed
    assert results["undecodable_share_is_low"].passed


def test_what_the_source_can_break_names_its_limit() -> None:
    settings = CheckSettings()
    limited = [
        expectation
        for suite in rate_suites(settings.model_dump())
        for expectation in suite.expectations
        if expectation.thresholds
    ]
    assert {e.guards for e in limited} == {"the source"}
    assert all(f"`checks.{e.thresholds[0]}`" in e.reason for e in limited)
