"""Each expectation finds the row that breaks it, and nothing is found in sound tables."""

from functools import cache

import polars as pl
import pytest

from expectations.results import ExpectationResult, Outcome, merge_outcomes
from expectations.suites import change_suites, rate_suites, reference_suites
from expectations.suites.damage import markup_share, words_per_line
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


def _as_it_was() -> Frames:
    """Return tables as builds of public cases made them: a sound record, and one for each fault."""
    faults = (
        "published_at_is_plausible",
        "markup_share_is_low",
        "mojibake_share_is_low",
        "replaced_share_is_low",
        "is_no_menu",
        "long_text_has_language",
        "title_of_page_is_taken",
    )
    broken = [BREAKING["documents", name](sound(f"{name}.html")) for name in faults]
    return joined([sound("sound.html"), *broken])


def test_a_small_build_with_such_faults_as_readers_found_is_not_published() -> None:
    results = check(_as_it_was(), CheckSettings())
    refused = {name for name, found in results.items() if not found.passed and not found.warns}
    warned = {name for (_, name), found in results.items() if not found.passed and found.warns}
    assert ("documents", "published_at_is_plausible") in refused
    assert warned >= {
        "markup_share_is_low",
        "is_no_menu",
        "long_text_has_language",
        "title_of_page_is_taken",
    }


@pytest.mark.parametrize(
    "line",
    [
        "In the manual, <b> stands for bold and 3 < 4 holds; write <p> before each paragraph.",
        "AT&T and R&D; see [1], [sic] and [a_b], if x_1 < y_2 and y_2 > z.",
        "Wrap each order in the role tags <system> and <user>, and never write <think>.",
    ],
)
def test_a_text_that_speaks_of_markup_has_none_left(line: str) -> None:
    share = pl.DataFrame({"text": [line]}).select(markup_share(pl.col("text"))).item()
    assert share <= CheckSettings().max_markup_share


@pytest.mark.parametrize(
    "left",
    [
        "<p>The council agreed.</p>",
        "The council<br>agreed, after all that had been said",
        '[vc_row css="a"][vc_column]The council agreed[/vc_column][/vc_row]',
        "The council&nbsp;agreed &quot;at last&quot;",
        "<img src='a.png' alt='b'>The council agreed",
    ],
)
def test_markup_that_was_read_as_text_is_seen(left: str) -> None:
    share = pl.DataFrame({"text": [left]}).select(markup_share(pl.col("text"))).item()
    assert share > CheckSettings().max_markup_share


def test_verses_are_no_menu_in_scripts_with_and_without_spaces() -> None:
    verses = {
        "The woods are lovely, dark and deep,\n" * 6: 42,
        "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。\n" * 3: None,
    }
    menus = {"Home\nWorld\nSport\nLog in\nShop": 6, "首页\n国际\n体育\n登录\n商店": None}
    limit = CheckSettings().max_menu_words
    for texts, is_menu in ((verses, False), (menus, True)):
        frame = pl.DataFrame(
            {"text": list(texts), "words": list(texts.values())},
            schema={"text": pl.String, "words": pl.Int64},
        )
        found = frame.select(words_per_line(pl.col("text"), pl.col("words"))).to_series()
        assert ((found < limit) == is_menu).all()
