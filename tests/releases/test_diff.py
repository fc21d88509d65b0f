"""Check what `tasks.releases.diff` says of two releases."""

from dataclasses import replace

import pytest
from rich.console import Console

from flows.views.diff_view import render_diff
from tasks.releases.diff import ReleaseDiff, diff_releases, tables_of_other_rules
from tasks.steps.store import TableVersion
from tests.making.release_records import RECORDS, REFUSALS, Record, Refusal, changed, without
from tests.making.release_tables import release_tables

FIRST, JAPANESE, ARABIC, FRENCH, COPY = RECORDS


def difference(
    records: tuple[Record, ...],
    refusals: tuple[Refusal, ...] = REFUSALS,
    example_limit: int = 10,
) -> ReleaseDiff:
    return diff_releases(release_tables(), release_tables(records, refusals), example_limit)


def test_a_release_does_not_differ_from_itself() -> None:
    unchanged = difference(RECORDS)
    assert unchanged.is_empty
    assert unchanged.records_unchanged == len(RECORDS) + len(REFUSALS)
    assert all(count.before == count.after for count in unchanged.languages + unchanged.segments)


def test_two_empty_releases_do_not_differ() -> None:
    empty = release_tables((), ())
    assert diff_releases(empty, empty, 5).is_empty


def test_a_record_that_goes_takes_its_segments_and_mentions_along() -> None:
    gone = difference(without(RECORDS, FIRST.source_uri))
    assert [record.source_uri for record in gone.went] == [FIRST.source_uri]
    assert gone.records_went == 1
    assert gone.records_changed == 0
    assert [(c.name, c.before, c.after) for c in gone.languages if c.before != c.after] == [
        ("ru", 1, 0)
    ]
    chrome = next(count for count in gone.segments if count.name == "chrome")
    assert (chrome.before, chrome.after) == (1, 0)


def test_a_record_that_comes_is_named_with_its_fate() -> None:
    came = diff_releases(release_tables(without(RECORDS, ARABIC.source_uri)), release_tables(), 9)
    assert [(record.source_uri, record.after) for record in came.came] == [
        (ARABIC.source_uri, "published")
    ]


def test_other_bytes_are_blamed_before_what_follows_from_them() -> None:
    other = replace(ARABIC.pieces[1], text="نقطة أخرى")
    change = difference(
        changed(RECORDS, ARABIC.source_uri, pieces=(ARABIC.pieces[0], other))
    ).changed
    assert [(record.source_uri, record.reasons) for record in change] == [
        (ARABIC.source_uri, ["content"])
    ]


def test_other_kept_segments_of_the_same_bytes_are_a_change_of_cleaning() -> None:
    dropped = replace(ARABIC.pieces[1], reason="chrome")
    change = difference(changed(RECORDS, ARABIC.source_uri, pieces=(ARABIC.pieces[0], dropped)))
    assert change.changed[0].reasons == ["cleaning"]
    assert change.change_reasons == {"cleaning": 1}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"encoding": "windows-1251"}, "decoding"),
        ({"title": "Другое"}, "metadata"),
        ({"pieces": [replace(piece, language="uk") for piece in FIRST.pieces]}, "language"),
        ({"names": {}}, "entities"),
    ],
)
def test_each_kind_of_change_is_named(fields: dict[str, object], reason: str) -> None:
    assert difference(changed(RECORDS, FIRST.source_uri, **fields)).changed[0].reasons == [reason]


def test_a_document_that_no_longer_repeats_another_changes_both_stories() -> None:
    change = difference(changed(RECORDS, COPY.source_uri, duplicate_of=None))
    reasons = {record.source_uri: record.reasons for record in change.changed}
    assert reasons == {COPY.source_uri: ["duplicate", "story"], FRENCH.source_uri: ["story"]}
    copy = next(record for record in change.changed if record.source_uri == COPY.source_uri)
    assert (copy.before, copy.after) == ("duplicate (exact)", "published")


def test_a_document_that_is_now_rejected_says_by_what() -> None:
    refused = Refusal(JAPANESE.source_uri, "compose", "nothing_kept")
    change = difference(without(RECORDS, JAPANESE.source_uri), (*REFUSALS, refused))
    assert [(record.reasons, record.after) for record in change.changed] == [
        (["rejected_now"], "rejected by compose: nothing_kept")
    ]
    rejects = {count.name: (count.before, count.after) for count in change.rejects}
    assert rejects["compose: nothing_kept"] == (1, 2)


def test_a_record_rejected_for_another_reason_is_a_change() -> None:
    change = difference(RECORDS, (replace(REFUSALS[0], reason="binary"), *REFUSALS[1:]))
    assert change.change_reasons == {"rejected_otherwise": 1}


def test_an_entity_that_goes_and_a_name_that_comes_are_told_apart() -> None:
    names = {"Elon Musk": FRENCH.names["Elon Musk"], "Musk": FRENCH.names["Elon Musk"]}
    change = difference(changed(RECORDS, FRENCH.source_uri, names=names))
    assert (change.entities_came, change.entities_went, change.entities_renamed) == (0, 1, 1)
    musk, city = change.entity_examples
    assert (musk.names_added, musk.names_removed) == (["Musk"], [])
    assert (city.canonical_name, city.mentions_before, city.mentions_after) == (
        "San Francisco", 1, 0,
    )  # fmt: skip


def test_examples_are_limited_and_counts_are_not() -> None:
    change = diff_releases(release_tables(), release_tables((), ()), 2)
    assert change.records_went == len(RECORDS) + len(REFUSALS)
    assert [record.source_uri for record in change.went] == ["ar/ماسك.html", "bad/broken.jsonl#7"]
    assert len(change.entity_examples) == 2


def test_a_difference_survives_being_written_as_json() -> None:
    change = difference(without(RECORDS, FIRST.source_uri))
    assert ReleaseDiff.model_validate_json(change.model_dump_json()) == change


def printed(diff: ReleaseDiff) -> str:
    console = Console(width=110, color_system=None)
    with console.capture() as capture:
        console.print(render_diff(diff))
    return capture.get()


def test_a_difference_is_printed_with_records_reasons_and_entities() -> None:
    refused = Refusal(JAPANESE.source_uri, "compose", "nothing_kept")
    text = printed(difference(without(RECORDS, JAPANESE.source_uri), (*REFUSALS, refused)))
    assert "published → rejected by compose: nothing_kept" in text
    assert "have other names" in text
    assert "−マスク" in text


def test_no_difference_is_said_in_one_line() -> None:
    assert printed(difference(RECORDS)) == "No difference: 8 records are as they were.\n"


def test_a_hostile_name_reaches_the_terminal_without_its_escape_sequence() -> None:
    hostile = replace(ARABIC, source_uri="\x1b[2Jماسك[bold]")
    assert "\x1b" not in printed(difference((*RECORDS, hostile)))


def _version(table: str, rule: str) -> TableVersion:
    return TableVersion(table=table, version="v", step="s", rule=rule, inputs={}, rows=0, files=[])


def test_tables_made_by_other_code_are_named_though_no_row_differs() -> None:
    old = {name: _version(name, "one") for name in ("documents", "segments")}
    new = {"documents": _version("documents", "two"), "segments": _version("segments", "one")}
    assert tables_of_other_rules(old, new) == ["documents"]
    same = difference(RECORDS).model_copy(update={"other_rules": ["documents"]})
    console = Console(width=100, record=True)
    console.print(render_diff(same))
    assert "no row was reused: documents" in console.export_text()


def test_a_record_of_the_first_version_called_a_step_a_stage() -> None:
    record = _version("documents", "one").model_dump()
    first = {"stage" if name == "step" else name: value for name, value in record.items()}
    assert TableVersion.model_validate(first) == _version("documents", "one")
