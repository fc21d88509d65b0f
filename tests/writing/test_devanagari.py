"""Devanagari is spelt in Latin letters with the vowels that are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.writing.devanagari import with_vowels


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("ट्रंप", "tramp"),
        ("डोनाल्ड", "donald"),
        ("एलिज़ाबेथ", "elizabeth"),
        ("क्लिंटन", "klintan"),
        ("संघ", "sangh"),
        ("भारत", "bharat"),
        ("मैनहैटन", "mainhaitan"),
        ("क", "ka"),
        ("BBC 4", "BBC 4"),
        ("", ""),
    ],
)
def test_vowels_are_written_that_are_spoken(text: str, spelt: str) -> None:
    assert with_vowels(text) == spelt


@given(st.text(st.characters(min_codepoint=0x900, max_codepoint=0x97F)))
def test_any_text_of_the_block_is_spelt(text: str) -> None:
    assert not set(with_vowels(text)) & set("कङञनऩरऱळऴवह")


@given(st.text("अआइकखगजफमपरलहंँ़्ािीुेो a"))
def test_nothing_of_devanagari_is_left_but_signs_that_stand_alone(text: str) -> None:
    assert not set("अआइकखगजफमपरलहंँ") & set(with_vowels(text))
