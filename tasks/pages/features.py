"""Describe the blocks of a page by numbers that mean the same in every script.

They say what its text looks like, which elements stand around it (`tasks.pages.elements`), what its
tags are, and where it stands in the order of all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
import regex
from numpy.typing import NDArray

from tasks.pages.blocks import MARKS, Block, Element
from tasks.pages.elements import ELEMENT_CAPS, Matrix, NameWeights, element_columns
from tasks.pages.kinds import KINDS
from tasks.writing.measures import BODY_LINE_WIDTH, width
from tasks.writing.network import rows_since
from tasks.writing.vocabulary import DATE_IN_DIGITS, SENTENCE_ENDS

_NARROW_WIDTH = 25
#: Characters are counted, and dates looked for, in this many.
_LOOKED_AT_CHARS = 200

_SENTENCE_TERMINAL = regex.compile(f"[{SENTENCE_ENDS}]")
_COMMAS = frozenset(",;،؛、，；・፣፤၊")
_SEPARATORS = frozenset("|/·•›»>→©")
_QUOTES = frozenset('"「」『』《》')
#: The kind that a character is counted as, by a letter.
_END, _COMMA, _SEPARATOR, _QUOTE, _DIGIT, _UPPER, _OTHER = "ecsqduo"
_CATEGORIES = {"Lu": _UPPER, "Nd": _DIGIT, "Pi": _QUOTE, "Pf": _QUOTE}
_DATE = re.compile(DATE_IN_DIGITS)
_PRICE = regex.compile(r"\p{Sc}\s?\d|\d\s?\p{Sc}")
_CLOSERS = "\"'»”’)]」』）"


class _Kinds(dict[int, str]):
    """What a character is counted as, worked out when it first occurs."""

    def __missing__(self, codepoint: int) -> str:
        return self.setdefault(codepoint, _kind(chr(codepoint)))


def _kind(char: str) -> str:
    if _SENTENCE_TERMINAL.match(char):
        return _END
    if char in _COMMAS:
        return _COMMA
    if char in _SEPARATORS:
        return _SEPARATOR
    return _QUOTE if char in _QUOTES else _CATEGORIES.get(unicodedata.category(char), _OTHER)


_KINDS = _Kinds()

#: What is said of a text, and the value from which on more says no more.
TEXT_CAPS: dict[str, float] = {
    "width": 300,
    "is_wide": 1,
    "is_narrow": 1,
    "ends_sentence": 1,
    "ends_colon": 1,
    "ends_ellipsis": 1,
    "ends_question": 1,
    "ends": 8,
    "commas": 8,
    "digit_share": 1,
    "separators": 4,
    "quotes": 4,
    "upper_share": 1,
    "starts_lower": 1,
    "has_date": 1,
    "link_share": 1,
    "bold_share": 1,
    "after_break": 1,
    "repeated": 1,
    "is_title": 1,
}


def text_rows(blocks: Sequence[Block], titles: Collection[str]) -> list[list[float]]:
    """Return what is said of each text, in the order of `TEXT_CAPS`.

    Args:
        blocks: The blocks of a page.
        titles: The page's titles, case-folded.
    """
    counts = Counter(block.text for block in blocks)
    return [
        [*_row(block), counts[block.text] > 1, block.text.casefold() in titles] for block in blocks
    ]


def _row(block: Block) -> list[float]:
    text, chars, wide = block.text, len(block.text), width(block.text)
    begin = text[:_LOOKED_AT_CHARS]
    kinds = begin.translate(_KINDS)
    digits = kinds.count(_DIGIT)
    last = text.rstrip(_CLOSERS)[-1:]
    return [
        wide,
        wide >= BODY_LINE_WIDTH,
        wide < _NARROW_WIDTH,
        last.translate(_KINDS) == _END,
        last in {":", "："},
        text.endswith(("…", "...", "[...]", "[…]")),
        last in {"?", "？", "؟", "\u037e"},
        kinds.count(_END),
        kinds.count(_COMMA),
        digits / len(begin),
        kinds.count(_SEPARATOR),
        kinds.count(_QUOTE),
        kinds.count(_UPPER) / len(begin),
        begin[0].islower(),
        digits > 1 and _DATE.search(begin) is not None,
        block.link_chars / chars,
        block.bold_chars / chars,
        block.after_break,
    ]


#: Links weigh against a text more than they are long.
_LINK_WEIGHT = 1.5
#: The mass of a block counts up to this.
_MAX_MASS = 1200.0
#: Running text in menus, footers and hidden elements counts this much.
_ASIDE_WEIGHT = 0.3
_ASIDE = sum(1 << MARKS.index(name) for name in ("nav", "footer", "hidden", "noscript"))
#: Distances to running text are told apart up to this many blocks, from texts of this mass.
_MAX_DISTANCE = 64
_LANDMARK_MASS = 60.0
_TAGS = ("p", "li", "h", "div", "td", "section")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

#: What is said of a block's position in the order of all, and the value as above.
_ORDER_CAPS: dict[str, float] = {
    "log_width": 10,
    "mass_before": 1,
    "mass_after": 1,
    "distance_before": 6,
    "distance_after": 6,
    "own_mass": 600,
    "log_mass": 16,
    "log_blocks": 10,
    "after_heading": 1,
    "place": 1,
    "since_h1": 10,
    "has_price": 1,
}
#: What the numbers of a block are, in their order: all from -1 to 1.
COLUMNS = (
    *TEXT_CAPS,
    *(f"in_{name}" for name in MARKS),
    *(f"is_{tag}" for tag in _TAGS),
    *ELEMENT_CAPS,
    *_ORDER_CAPS,
    *(f"kind_{kind}" for kind in KINDS),
)


def block_features(
    blocks: Sequence[Block],
    elements: Sequence[Element],
    titles: Collection[str],
    names: NameWeights,
    kinds: Matrix,
) -> Matrix:
    """Return one row per block, one column per name in `COLUMNS`; no blocks: no rows.

    Args:
        blocks: The blocks of a page.
        elements: All elements of the page, those around before those within.
        titles: The page's titles, case-folded.
        names: What words of class names say.
        kinds: How likely the page is of each kind.
    """
    if not blocks:
        return np.zeros((0, len(COLUMNS)))
    texts = np.array(text_rows(blocks, titles), dtype=np.float64)
    seen = texts[:, [0, 3]].tolist()
    masses = np.array([_mass(block, *row) for block, row in zip(blocks, seen, strict=True)])
    stands = element_columns(blocks, elements, masses, names)
    order = _order_columns(blocks, masses, texts[:, 0])
    return np.hstack(
        [
            _capped(texts, TEXT_CAPS),
            _mark_columns(blocks),
            _capped(stands, ELEMENT_CAPS),
            _capped(order, _ORDER_CAPS),
            np.tile(kinds, (len(blocks), 1)),
        ]
    )


def _capped(rows: Matrix, caps: dict[str, float]) -> Matrix:
    most = np.array(list(caps.values()), dtype=np.float64)
    return np.clip(rows, -most, most) / most


def _mass(block: Block, wide: float, is_sentence: float) -> float:
    """Return how much running text a block is: its width without links, 0 if it is none."""
    if wide < BODY_LINE_WIDTH and not (is_sentence and 2 * wide >= BODY_LINE_WIDTH):
        return 0.0
    free = max(0.0, 1 - _LINK_WEIGHT * block.link_chars / len(block.text))
    weight = _ASIDE_WEIGHT if block.element.marks & _ASIDE else 1.0
    return min(weight * wide * free, _MAX_MASS)


def _mark_columns(blocks: Sequence[Block]) -> Matrix:
    marks = np.array([block.element.marks for block in blocks], dtype=np.int64)
    tags = np.array([block.element.tag for block in blocks])
    tags[np.isin(tags, _HEADINGS)] = "h"
    bits = (marks[:, None] >> np.arange(len(MARKS))) & 1
    return np.hstack([bits, tags[:, None] == np.array(_TAGS)]).astype(np.float64)


def _order_columns(blocks: Sequence[Block], masses: Matrix, widths: Matrix) -> Matrix:
    count, total = len(blocks), max(masses.sum(), 1.0)
    before = np.cumsum(masses) - masses
    is_landmark = masses >= _LANDMARK_MASS
    is_h1 = np.array([block.element.tag == "h1" for block in blocks])
    columns = [
        np.log2(1 + widths),
        before / total,
        (total - before - masses) / total,
        _distances(is_landmark),
        _distances(is_landmark[::-1])[::-1],
        masses,
        np.full(count, np.log2(1 + total)),
        np.full(count, np.log2(1 + count)),
        np.maximum.accumulate(is_h1),
        np.arange(count) / count,
        np.log2(1 + rows_since(is_h1, count)),
        np.array([_PRICE.search(block.text[:_LOOKED_AT_CHARS]) is not None for block in blocks]),
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def _distances(is_landmark: NDArray[np.bool_]) -> Matrix:
    """Return how far before each block the last landmark is, itself not counted, in doublings."""
    before = np.concatenate([[_MAX_DISTANCE], 1 + rows_since(is_landmark, _MAX_DISTANCE)[:-1]])
    found: Matrix = np.log2(np.minimum(before, _MAX_DISTANCE).astype(np.float64))
    return found
