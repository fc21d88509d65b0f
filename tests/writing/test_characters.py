"""Tables of characters say what patterns say, whatever was looked up before."""

from itertools import pairwise

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean import quality, trace_site_lines
from tasks.copies import shingles
from tasks.writing.characters import CharacterTable, batches, code_points, table_of_patterns
from tasks.writing.vocabulary import COMPLEX_LETTERS, IDEOGRAPHIC_LETTERS

#: All but surrogates, which no text has.
_EVERY = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
_PATTERNS = (r"\p{L}", r"[\p{N}\p{M}]", r"[a-f٣]")


@pytest.mark.parametrize(
    ("table", "patterns"),
    [
        (table_of_patterns(_PATTERNS), _PATTERNS),
        (quality._KINDS, (r"[\p{L}\p{M}]", r"\p{Nd}", r"[\p{S}#]", r"\p{White_Space}")),
        (trace_site_lines._KINDS, (r"[\p{M}\p{N}]", r"\p{L}")),
        (
            shingles._KINDS,
            (
                r"[\p{L}\p{M}\p{N}]",
                f"[{IDEOGRAPHIC_LETTERS}ー]",
                f"[{COMPLEX_LETTERS}]",
            ),
        ),
    ],
)
def test_a_table_says_of_every_character_what_its_patterns_say(
    table: CharacterTable, patterns: tuple[str, ...]
) -> None:
    points, _ = code_points([_EVERY])
    expected = np.zeros(len(_EVERY), np.uint8)
    for number, pattern in enumerate(patterns, 1):
        for run in regex.finditer(f"(?:{pattern})+", _EVERY):
            expected[run.start() : run.end()] = number
    assert (table[points[:-1]] == expected).all()
    assert (table[points[:-1]] == expected).all()  # now that it knows them


@given(st.lists(st.text()))
def test_texts_are_found_again_in_their_code_points(texts: list[str]) -> None:
    points, starts = code_points(texts)
    ends = [*starts.tolist(), len(points)]
    found = [points[begin : end - 1].tobytes().decode("utf-32-le") for begin, end in pairwise(ends)]
    assert found == texts


@given(st.lists(st.integers(0, 20)), st.integers(1, 30))
def test_batches_hold_all_and_not_too_much(sizes: list[int], most: int) -> None:
    found = [sizes[batch] for batch in batches(sizes, most)]
    assert [size for batch in found for size in batch] == sizes
    assert all(batch and (sum(batch) <= most or len(batch) == 1) for batch in found)
