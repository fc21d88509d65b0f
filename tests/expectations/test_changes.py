"""A release beside the last one: each limit is broken by a made-up release and kept by a sound one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.results import ExpectationResult, Verdict
from expectations.suites import change_suites
from expectations.suites.changes import SIGMAS, wilson
from tasks.releases.accepted import acceptable_names
from tasks.releases.check import check_release, judge_outcomes
from tasks.settings import CheckSettings
from tests.making.release_tables import release_tables

Frames = dict[str, pl.DataFrame]
SETTINGS = CheckSettings()
NAMES = [
    e.accepted_as for suite in change_suites(SETTINGS.model_dump()) for e in suite.expectations
]
DAY = datetime(2026, 11, 1, tzinfo=UTC)


def _documents(count: int = 300) -> pl.DataFrame:
    """Return documents of three sites and three languages, one an hour."""
    rows = [
        {
            "doc_id": f"{number:024x}",
            "source_uri": f"feed{number % 3}.xml#{number}",
            "url": f"https://www.site{number % 3}.example/{number}",
            "language": ("en", "ru", "ar")[number % 3],
            "text_chars": 1000 + number % 7 * 100,
            "mention_count": 10 + number % 5,
            "published_at": DAY + timedelta(hours=number),
            "fetched_at": DAY + timedelta(hours=number, minutes=5),
        }
        for number in range(count)
    ]
    return pl.DataFrame(rows)


def _release(documents: pl.DataFrame, rejected: int = 10) -> dict[str, pl.LazyFrame]:
    """Return the tables of a release of these documents; what is not compared is a small one's."""
    tables = release_tables()
    fates = ["published"] * documents.height + ["rejected"] * rejected
    uris = [f"a.xml#{n}" for n in range(len(fates))]
    ledger = pl.DataFrame({"source_uri": uris, "fate": fates}).with_columns(reason=pl.lit("empty"))
    typed = dict(tables["documents"].collect_schema().items())
    rows = [{name: row.get(name) for name in typed} for row in documents.to_dicts()]
    return {
        **tables,
        "documents": pl.DataFrame(rows, schema=typed).lazy(),
        "ledger": ledger.lazy(),
    }


def _judged(
    new: Mapping[str, pl.LazyFrame], old: Mapping[str, pl.LazyFrame] | None
) -> dict[str, ExpectationResult]:
    verdict = judge_outcomes([check_release(new, SETTINGS, old)], SETTINGS)
    return {result.accepted_as: result for result in verdict.results if result.accepted_as in NAMES}


def _failed(new: pl.DataFrame, old: pl.DataFrame, rejected: int = 10) -> set[str]:
    results = _judged(_release(new, rejected), _release(old))
    return {name for name, result in results.items() if result.stops}


def _without(column: str, value: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda documents: documents.filter(~pl.col(column).str.contains(value))


BREAKING: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "document_loss": lambda documents: documents.tail(50),
    "language_loss": lambda documents: documents.with_columns(
        language=pl.col("language").replace({"ar": "en"})
    ),
    "site_loss": lambda documents: documents.with_columns(
        url=pl.col("url").str.replace("site2", "site1")
    ),
    "freshness_loss": lambda documents: documents.with_columns(
        pl.col("published_at") - timedelta(days=9)
    ),
    "length_change": lambda documents: documents.with_columns(
        pl.col("text_chars") // 5, pl.col("mention_count") // 5
    ),
    "mention_change": lambda documents: documents.with_columns(mention_count=pl.lit(0)),
}


@pytest.mark.parametrize("name", BREAKING)
def test_each_change_alone_is_refused(name: str) -> None:
    assert _failed(BREAKING[name](_documents()), _documents()) == {name}


def test_rejects_that_rise_are_refused() -> None:
    assert _failed(_documents(), _documents(), rejected=200) == {"reject_rise"}


def test_every_change_that_can_be_accepted_is_tried_here() -> None:
    assert {*BREAKING, "reject_rise"} == set(NAMES)
    assert set(acceptable_names()) == {*NAMES, "language_drift", "source"}


def test_growth_and_the_same_again_are_published() -> None:
    assert _failed(_documents(), _documents()) == set()
    assert _failed(_documents(900), _documents()) == set()
    assert _failed(_documents(200).sort("doc_id", descending=True), _documents(220)) == set()


def test_old_documents_that_are_added_are_no_loss_of_freshness() -> None:
    old = _documents(900).with_columns(
        pl.col("published_at", "fetched_at") - timedelta(days=900),
        source_uri="archive.xml#" + pl.col("doc_id"),
    )
    assert _failed(pl.concat([_documents(), old]), _documents()) == set()


def test_one_document_of_next_century_is_no_measure_of_freshness() -> None:
    first = pl.col("doc_id") == f"{0:024x}"
    dated = pl.when(first).then(datetime(2099, 1, 1, tzinfo=UTC)).otherwise("published_at")
    assert _failed(_documents(), _documents().with_columns(published_at=dated)) == set()


def test_a_feed_of_three_that_collapsed_is_refused_by_its_name() -> None:
    number = pl.int_range(pl.len())
    rest = _documents(900).filter(~pl.col("url").str.contains("site2") | (number < 15))
    results = _judged(_release(rest), _release(_documents(900)))
    site = results["site_loss"]
    assert {name for name, result in results.items() if result.stops} >= {"site_loss"}
    assert [example["site"] for example in site.examples] == ["site2.example"]
    assert site.examples[0]["limit"] == SETTINGS.max_site_loss


def test_a_small_site_that_ended_is_not_refused() -> None:
    documents = _documents(900).with_columns(url=pl.lit("https://site.example/"))
    small = _documents(60).with_columns(
        url=pl.lit("https://small.example/"), source_uri="small.xml#" + pl.col("doc_id")
    )
    assert _failed(documents, pl.concat([documents, small])) == set()


@pytest.mark.parametrize(("before", "refused"), [(4, False), (9, False), (10, True), (300, True)])
def test_few_documents_may_all_but_vanish_many_may_not(before: int, refused: bool) -> None:
    failed = _failed(_documents(0 if before == 10 else min(before, 1)), _documents(before))
    assert ("document_loss" in failed) == refused


def test_what_was_lost_is_said_with_value_limit_and_records() -> None:
    results = _judged(_release(_documents().tail(5)), _release(_documents()))
    said = results["document_loss"].headline
    assert said == (
        "document_loss (document_loss 0.983, limit 0.5, documents 5, previous_documents 300, "
        "lost_records feed0.xml#0, feed0.xml#102, feed0.xml#105)"
    )


def test_without_a_last_release_nothing_is_compared_and_said_so() -> None:
    results = _judged(_release(_documents()), None)
    assert {r.not_applicable for r in results.values()} == {"there is no previous release"}
    assert all(result.passed for result in results.values())


def test_entities_that_are_switched_off_are_no_change() -> None:
    new = _release(_documents().with_columns(mention_count=pl.lit(0)))
    new["segments"] = new["segments"].with_columns(analysis=pl.lit("switched_off"))
    assert not _judged(new, _release(_documents()))["mention_change"].stops


def test_what_is_accepted_stops_nothing_else() -> None:
    documents = _documents().tail(5).with_columns(mention_count=pl.lit(0))
    judged = judge_outcomes(
        [check_release(_release(documents, 100), SETTINGS, _release(_documents()))], SETTINGS
    )
    verdict = Verdict(results=[r for r in judged.results if r.accepted_as in NAMES])
    accepted = verdict.accepting({"document_loss", "site_loss"})
    assert {f.accepted_as for f in verdict.failures} == {"document_loss", "reject_rise"}
    assert {f.accepted_as for f in accepted.failures} == {"reject_rise"}
    assert [result.accepted_as for result in accepted.results if result.accepted] == [
        "document_loss"
    ]


@given(
    count=st.integers(1, 10_000), share=st.floats(0, 1), sigmas=st.sampled_from([-SIGMAS, SIGMAS])
)
def test_wilsons_interval_has_the_share_in_it_and_shrinks(
    count: int, share: float, sigmas: float
) -> None:
    frame = pl.DataFrame({"share": [share, share], "count": [count, 4 * count]})
    ends = frame.select(wilson(pl.col("share"), pl.col("count"), sigmas)).to_series()
    assert all(-1e-9 <= end <= 1 + 1e-9 for end in ends)
    near, far = abs(ends[1] - share), abs(ends[0] - share)
    assert near <= far + 1e-9
    assert (ends[0] - share) * sigmas >= -1e-9
