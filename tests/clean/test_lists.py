"""Very many very short lines stand in segments of several lines; everything else as it is."""

import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import clean_documents as cleaning
from tasks.clean import cut
from tasks.clean.clean_documents import clean_documents
from tasks.clean.cut import cut_lines, cut_text
from tasks.settings import CleanSettings
from tests.making.raw_documents import raw_documents

_MANY = 400
_LINES = [f"Lot {number}" for number in range(_MANY + 1)]


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut, "MANY_LINES", _MANY)
    monkeypatch.setattr(cleaning, "_MAX_DENSE_TAGS", _MANY - 1)


def test_a_text_of_many_short_lines_is_cut_into_pieces_of_several() -> None:
    text = "\n".join(_LINES)
    segments = cut_text(text)
    assert len(segments) <= len(text) // 200 + 1
    assert " ".join(segment.text for segment in segments) == " ".join(_LINES)
    places = [(segment.start_char or 0, segment.end_char or 0) for segment in segments]
    between = [text[end:start] for (_, end), (start, _) in itertools.pairwise(places)]
    assert set(between) == {"\n"}
    assert (places[0][0], places[-1][1]) == (0, len(text))


def test_few_lines_and_long_ones_are_segments_of_their_own() -> None:
    long_lines = [f"{line} was sold on Monday" for line in _LINES]
    assert [segment.text for segment in cut_text("\n".join(_LINES[:-1]))] == _LINES[:-1]
    assert [segment.text for segment in cut_text("\n".join(long_lines))] == long_lines
    ideographs = [f"第{number}号拍卖品已售出" for number in range(1000, 1001 + _MANY)]
    assert len(cut_text("\n".join(ideographs))) == len(ideographs)


def test_the_lines_of_a_page_are_joined_in_the_same_way() -> None:
    segments = cut_lines(_LINES)
    assert len(segments) < _MANY / 10
    assert " ".join(segment.text for segment in segments) == " ".join(_LINES)
    assert len(cut_lines(_LINES[:-1])) == _MANY


@pytest.mark.parametrize("kind", ["html", "jsonl", "epub", "email"])
def test_a_page_of_very_many_elements_is_read_without_a_look_at_each(kind: str) -> None:
    documents = raw_documents({"a": "<p>".join(_LINES)}).with_columns(
        format=pl.lit(kind), is_markup=True
    )
    segments, _ = clean_documents(documents, CleanSettings())
    assert len(segments) < _MANY / 10
    assert segments["kept"].all()
    assert " ".join(segments["text"]) == " ".join(_LINES)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text("ab -\u0e01中.\u00a0\u0085\ufeff", max_size=3), min_size=_MANY + 1))
def test_every_visible_character_stands_in_one_piece(lines: list[str]) -> None:
    text, end = "\n".join(lines), 0
    for segment in cut_text(text):
        assert not text[end : segment.start_char].strip()
        end = segment.end_char or 0
    assert not text[end:].strip()


def test_cleaning_what_was_kept_of_a_list_changes_nothing() -> None:
    text = "\n".join(_LINES)
    kept = "\n".join(clean_documents(raw_documents({"a": text}), CleanSettings())[0]["text"])
    again = "\n".join(clean_documents(raw_documents({"a": kept}), CleanSettings())[0]["text"])
    assert again == kept != text
