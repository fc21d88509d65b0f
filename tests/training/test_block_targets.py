"""Check which blocks are found in a text that people wrote down, and small pages made of them."""

from collections.abc import Iterator

import numpy as np
import pytest

from tasks.pages.blocks import page_blocks
from tasks.pages.page import parse_page
from training.block_targets import shares_of_text
from training.boxed_code import boxed_code
from training.boxed_pages import BoxedPage, boxed_page

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
    for seed, (boxed, blocks) in enumerate(_small_pages([_LONG + ".", _OTHER + "."])):
        assert {_LONG + ".", _OTHER + "."} <= boxed.text & blocks, seed
        assert not boxed.text & {"Home", "World", "Sport", "Login"}, seed


def test_teasers_in_a_small_page_are_no_text_of_it() -> None:
    text = [f"{_LONG}, said speaker number {number} of the day." for number in range(12)]
    shown = set()
    for boxed, blocks in _small_pages(text):
        teasers = {block for block in blocks if text[0].startswith(block[:30])} - set(text)
        assert not teasers & boxed.text
        shown.add(bool(teasers))
    assert shown == {False, True}


def test_some_small_pages_show_code_as_text() -> None:
    text = {_LONG + ".", _OTHER + "."}
    shown = [bool((boxed.text & blocks) - text) for boxed, blocks in _small_pages(sorted(text))]
    assert set(shown) == {False, True}


def _small_pages(text: list[str]) -> Iterator[tuple[BoxedPage, set[str]]]:
    """Yield forty small pages of a text, each with its blocks."""
    lines = [*text, "Home", "World", "Sport", "Login"]
    targets = np.array([line in text for line in lines], dtype=np.float64)
    for seed in range(40):
        boxed = boxed_page(lines, targets, np.random.default_rng(seed))
        assert boxed is not None
        yield boxed, {block.text for block in page_blocks(parse_page(boxed.html)).blocks}


def test_a_page_without_links_or_text_makes_no_small_page() -> None:
    chooser = np.random.default_rng(1)
    assert boxed_page([_LONG] * 9, np.ones(9), chooser) is None
    assert boxed_page([], np.zeros(0), chooser) is None


def test_of_code_made_up_neither_numbers_of_lines_nor_buttons_are_text() -> None:
    chooser = np.random.default_rng(1)
    for _ in range(200):
        code = boxed_code(chooser)
        tree = parse_page(f"<html><body><p>{_LONG}</p>{code.html}<p>{_OTHER}</p></body></html>")
        blocks = {block.text for block in page_blocks(tree).blocks}
        assert blocks & set(code.lines)
        assert not any("Copy" in line for line in code.lines)
