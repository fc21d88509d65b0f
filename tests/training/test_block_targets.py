"""Check which blocks are found in a text that people wrote down, and small pages made of them."""

import numpy as np
import pytest

from tasks.pages.blocks import page_blocks
from tasks.pages.page import parse_page
from training.block_targets import shares_of_text
from training.boxed_pages import boxed_page

_LONG = "The council agreed on Tuesday to rebuild the old ferry landing"
_OTHER = "Engineers found that forty of the sixty piles can be kept"


@pytest.mark.parametrize(
    ("blocks", "text", "shares"),
    [
        (["Home", _LONG, "Costs", _OTHER, "Login"], f"{_LONG}\nCosts\n{_OTHER}", [0, 1, 1, 1, 0]),
        (["Costs", _LONG, "Costs", _OTHER], f"{_LONG} - Costs {_OTHER}", [0, 1, 1, 1]),
        (["Red shoe", "Blue shoe", "Cart"], "Red shoe\nBlue shoe", [1, 1, 0]),
        (["", "-", _LONG], "", [0, 0, 0]),
        ([], _LONG, []),
    ],
)
def test_blocks_are_found_in_their_order(blocks: list[str], text: str, shares: list[float]) -> None:
    assert shares_of_text(blocks, text).tolist() == shares


def test_a_small_page_has_text_and_links_in_a_container() -> None:
    lines = [_LONG + ".", _OTHER + ".", "Home", "World", "Sport", "Login"]
    boxed = boxed_page(lines, np.array([1, 1, 0, 0, 0, 0.0]), np.random.default_rng(1))
    assert boxed is not None
    blocks = [block.text for block in page_blocks(parse_page(boxed.html)).blocks]
    assert set(lines[:2]) == boxed.text
    assert boxed.text < set(blocks)
    assert set(blocks) <= set(lines)


def test_a_page_without_links_or_text_makes_no_small_page() -> None:
    chooser = np.random.default_rng(1)
    assert boxed_page([_LONG] * 9, np.ones(9), chooser) is None
    assert boxed_page([], np.zeros(0), chooser) is None
