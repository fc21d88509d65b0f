"""Texts are cut into pieces that a model can read, at the ends of sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.mentions.extract_entities import cut_pieces


@given(st.text(alphabet="aя。. \n漢😀é!", max_size=400), st.integers(2, 40))
def test_pieces_are_the_text(text: str, max_chars: int) -> None:
    pieces = cut_pieces(text, max_chars)
    assert all(text[p.start : p.start + len(p.text)] == p.text for p in pieces)
    assert all(0 < len(piece.text) <= max_chars for piece in pieces)
    assert "".join("".join(p.text for p in pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Он ушёл. Она осталась.", ["Он ушёл. ", "Она осталась."]),
        ("彼は去った。彼女は残った。", ["彼は去った。", "彼女は残った。"]),
        ("example.com or others", ["example.com ", "or others"]),
        ("x" * 20, ["x" * 14, "x" * 6]),
    ],
)
def test_a_piece_ends_with_a_sentence_if_it_can(text: str, pieces: list[str]) -> None:
    limit = 9 if "。" in text else 14
    assert [piece.text for piece in cut_pieces(text, limit)] == pieces
