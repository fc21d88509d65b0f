"""Check what `tasks.releases.explain` says of one record, and that a terminal survives it."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from flows.views.explain_view import render_explanation
from flows.views.terminal_text import isolated_text, shown_text, text_block
from tasks.releases.explain import UnknownRecord, explain_record
from tests.making.release_records import RECORDS, REFUSALS, changed
from tests.making.release_tables import release_tables

FIRST, JAPANESE, ARABIC, FRENCH, COPY = RECORDS


def printed(source_uri: str, **fields: object) -> str:
    explanation = explain_record(release_tables(changed(RECORDS, source_uri, **fields)), source_uri)
    console = Console(width=100, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print(render_explanation(explanation))
    return capture.get()


def test_a_published_record_is_explained_from_bytes_to_mentions() -> None:
    explanation = explain_record(release_tables(), FIRST.source_uri)
    assert explanation.ledger["fate"] == "published"
    assert explanation.raw is not None
    assert explanation.raw["encoding"] == "utf-8"
    assert [segment["reason"] for segment in explanation.segments] == [
        "chrome", None, None, "repeated",
    ]  # fmt: skip
    assert explanation.document is not None
    for mention in explanation.mentions:
        assert FIRST.text[mention["start_char"] : mention["end_char"]] == mention["surface"]
    assert {mention["canonical_name"] for mention in explanation.mentions} == {
        "Elon Musk", "Sam Altman", "OpenAI",
    }  # fmt: skip


def test_a_rejected_record_is_explained_by_its_rejection_alone() -> None:
    explanation = explain_record(release_tables(), REFUSALS[1].source_uri)
    assert explanation.rejections[0]["detail"] == REFUSALS[1].detail
    assert (explanation.raw, explanation.document, explanation.story) == (None, None, None)
    assert (explanation.segments, explanation.mentions, explanation.duplicates) == ([], [], [])


def test_a_copy_names_its_representative_and_is_named_by_it() -> None:
    copy = explain_record(release_tables(), COPY.source_uri)
    assert copy.duplicate_of is not None
    assert copy.duplicate_of["source_uri"] == FRENCH.source_uri
    original = explain_record(release_tables(), FRENCH.source_uri)
    assert [line["source_uri"] for line in original.duplicates] == [COPY.source_uri]
    assert original.story is not None
    assert original.story["source_uris"] == [COPY.source_uri, FRENCH.source_uri]


@pytest.mark.parametrize("asked", ["fr/proces.txt", "procès.txt", "fr/procès.text"])
def test_an_unknown_record_is_answered_with_near_matches(asked: str) -> None:
    with pytest.raises(UnknownRecord, match=r"fr/procès\.txt") as raised:
        explain_record(release_tables(), asked)
    assert FRENCH.source_uri in raised.value.near_matches


def test_an_empty_release_knows_no_record_and_no_near_match() -> None:
    with pytest.raises(UnknownRecord) as raised:
        explain_record(release_tables((), ()), "a.txt")
    assert raised.value.near_matches == []


@pytest.mark.parametrize("record", [*RECORDS, *REFUSALS], ids=lambda record: record.source_uri)
def test_every_fate_is_printed_with_its_reason(record: object) -> None:
    uri = record.source_uri  # type: ignore[attr-defined]
    explanation = explain_record(release_tables(), uri)
    assert explanation.ledger["reason"] in printed(uri)


def test_dropped_segments_are_printed_with_reason_and_detail() -> None:
    text = printed(FIRST.source_uri)
    assert "Share with your friend now:" in text
    assert "chrome (share_line)" in text


def test_a_record_is_explained_by_its_doc_id_too() -> None:
    assert explain_record(release_tables(), FIRST.doc_id).ledger["source_uri"] == FIRST.source_uri


def test_every_character_and_byte_of_a_plain_text_is_accounted_for() -> None:
    explanation = explain_record(release_tables(), FIRST.source_uri)
    stretches = explanation.stretches
    shown = [FIRST.raw_text[stretch.start_char : stretch.end_char] for stretch in stretches]
    assert "".join(shown) == FIRST.raw_text
    assert stretches[-1].end_byte == len(FIRST.raw_text.encode())
    assert "white space around them" in printed(FIRST.source_uri)
    assert f"(bytes 0–{stretches[0].end_byte})" in printed(FIRST.source_uri)


def test_personal_data_is_not_printed() -> None:
    piece = replace(FIRST.pieces[0], text="Write to anna@example.org", detail="anna@example.org")
    text = printed(FIRST.source_uri, pieces=(piece, *FIRST.pieces[1:]), title="a@example.org")
    assert "example.org" not in text
    assert "Write to ••••••••••••••••" in text


def test_escape_sequences_and_markup_reach_the_terminal_as_text() -> None:
    hostile = replace(
        FIRST.pieces[0], text="\x1b[31mred\x07 [bold]x[/bold] \x9b2J", detail="\x1b]0;t"
    )
    text = printed(FIRST.source_uri, pieces=(hostile, *FIRST.pieces[1:]), title="[/]\x1b[2J")
    assert not {c for c in text if unicodedata.category(c) == "Cc"} - {"\n"}
    assert "[bold]x[/bold]" in text


def test_every_line_closes_the_directions_that_it_opens() -> None:
    pieces = (
        replace(ARABIC.pieces[0], text=ARABIC.pieces[0].text * 9 + "\u202e"),
        ARABIC.pieces[1],
    )
    for line in printed(ARABIC.source_uri, pieces=pieces).splitlines():
        assert line.count("\u2068") == line.count("\u2069")
        assert "\u202e" not in line


@given(st.text(max_size=60), st.integers(min_value=2, max_value=30))
def test_any_text_is_shown_without_control_or_direction_characters(text: str, width: int) -> None:
    for shown in (shown_text(text, width), isolated_text(text), text_block(text, width, 2).plain):
        for line in shown.split("\n"):
            inner = line.removeprefix("\u2068").removesuffix("\u2069")
            assert all(unicodedata.category(c) != "Cc" for c in inner)
            assert not {"\u2066", "\u2067", "\u2068", "\u2069", "\u202e"} & set(inner)
