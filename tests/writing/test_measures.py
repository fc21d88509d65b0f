"""Measures of lines are the same for one line and for many."""

import polars as pl
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tasks.writing.measures import (
    SENTENCE_END,
    ends_sentence,
    main_writing,
    main_writings,
    width,
    widths,
)
from tasks.writing.vocabulary import WIDE_LETTERS
from tests.making.texts_in_many_scripts import PARAGRAPHS

_TEXTS = st.lists(st.text() | st.sampled_from([t for ts in PARAGRAPHS.values() for t in ts]))


@given(_TEXTS)
def test_many_lines_are_as_wide_as_each(texts: list[str]) -> None:
    assert widths(pl.Series(texts, dtype=pl.String)).to_list() == [width(t) for t in texts]


def test_letters_of_any_unicode_are_as_wide() -> None:
    """Polars and `regex` do not know the same Unicode."""
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert widths(pl.Series(letters)).to_list() == [width(letter) for letter in letters]


def test_every_wide_letter_counts_twice() -> None:
    every = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    wide = regex.findall(f"[{WIDE_LETTERS}]", every)
    assert all(width(letter) == 2 for letter in wide)
    assert width(every) == len(every) + len(wide)


@given(_TEXTS)
def test_many_texts_are_written_as_each(texts: list[str]) -> None:
    assert main_writings(texts) == [main_writing(text) for text in texts]


@given(st.text(st.sampled_from("aあ.。…!»)\"'* \n1٣\u200b\u0f0d")))
def test_a_sentence_ends_where_its_pattern_is_found(text: str) -> None:
    assert ends_sentence(text) == (regex.search(SENTENCE_END, text) is not None)


@pytest.mark.parametrize("text", ["He said so.", "“So!”", "そうだ。", "wait…", "see it.12"])
def test_these_end_a_sentence(text: str) -> None:
    assert ends_sentence(text)
