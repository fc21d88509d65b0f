"""What the blocks of a page look like, as numbers that mean the same in every script.

Of its text (`tasks.readers.block_texts`), of its elements (tags, words of class names) and of
where it stands: how much of the running text of the page is in the elements around it, and how
far away.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from tasks.readers.block_texts import BODY_WIDTH, TEXT_CAPS, text_rows
from tasks.readers.page_blocks import HOLDER_KINDS, MARKS, Block, Place

Matrix = NDArray[np.float64]
#: What words of class names say, by word: on near elements, and on far ones.
NameWeights = tuple[dict[str, float], dict[str, float]]

#: Links weigh against a text more than they are long.
_LINK_WEIGHT = 1.5
#: More of one block counts no more.
_MAX_MASS = 1200.0
#: Of running text in menus, footers and what is hidden so much counts.
_ASIDE_WEIGHT = 0.3
_ASIDE = sum(1 << MARKS.index(name) for name in ("nav", "footer", "hidden", "noscript"))
#: What running text adds to the scores of the elements around it, from the nearest one
#: (Readability's falling shares).
_SHARES_ABOVE = (1.0, 1.0, 0.5, 0.3, 0.2, 0.1)
#: Names on so many elements, from the nearest one, are near.
_NEAR_PLACES = 3
#: Distances to running text are told apart up to so many blocks, from texts of so much mass.
_MAX_DISTANCE = 64
_LANDMARK_MASS = 60.0
#: What holds less running text holds no article.
_MIN_HELD_MASS = 200.0
_TAGS = ("p", "li", "h", "div", "td", "section")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

#: What is said of where a block stands, and the value from which on more says no more.
_PLACE_CAPS: dict[str, float] = {
    "near_names": 4,
    "far_names": 4,
    "mass_here": 1,
    "mass_around": 1,
    "mass_around_2": 1,
    "mass_around_3": 1,
    "mass_alike": 1,
    "in_best": 1,
    "below_best": 6,
    "blocks_around": 32,
    "depth": 32,
    **{f"in_holder_{kind}": 1 for kind in range(1, HOLDER_KINDS + 1)},
    "in_first_holder": 1,
    "has_holder": 1,
}
#: What is said of a block's place in the order of all, and the value as above.
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
}
#: What the numbers of a block are, in their order: all from -1 to 1.
COLUMNS = (
    *TEXT_CAPS,
    *(f"in_{name}" for name in MARKS),
    *(f"is_{tag}" for tag in _TAGS),
    *_PLACE_CAPS,
    *_ORDER_CAPS,
)


@dataclass(frozen=True)
class _Page:
    """What all blocks of a page have in common."""

    mass: float
    mass_alike: Counter[tuple[str, str]]
    best: Place
    holders: Sequence[Place | None]
    names: NameWeights


def block_features(
    blocks: Sequence[Block], places: Sequence[Place], titles: Collection[str], names: NameWeights
) -> Matrix:
    """Return one row per block, one column per name in `COLUMNS`; no blocks: no rows.

    Args:
        blocks: The blocks of a page.
        places: All places of the page, those around before those within. They are filled in.
        titles: The page's titles, case-folded.
        names: What words of class names say.
    """
    if not blocks:
        return np.zeros((0, len(COLUMNS)))
    texts = np.array(text_rows(blocks, titles), dtype=np.float64)
    masses = [
        _mass(block, *row) for block, row in zip(blocks, texts[:, [0, 3]].tolist(), strict=True)
    ]
    _fill(blocks, places, masses)
    page = _page(blocks, places, masses, names)
    found = {place: _place_row(place, page) for place in {block.place: None for block in blocks}}
    stands = np.array([found[block.place] for block in blocks], dtype=np.float64)
    order = _order_columns(blocks, np.array(masses), texts[:, 0])
    return np.hstack(
        [
            _capped(texts, TEXT_CAPS),
            _mark_columns(blocks),
            _capped(stands, _PLACE_CAPS),
            _capped(order, _ORDER_CAPS),
        ]
    )


def _capped(rows: Matrix, caps: dict[str, float]) -> Matrix:
    most = np.array(list(caps.values()), dtype=np.float64)
    return np.clip(rows, -most, most) / most


def _mass(block: Block, wide: float, is_sentence: float) -> float:
    """Return how much running text a block is: its width without links, 0 if it is none."""
    if wide < BODY_WIDTH and not (is_sentence and 2 * wide >= BODY_WIDTH):
        return 0.0
    free = max(0.0, 1 - _LINK_WEIGHT * block.link_chars / len(block.text))
    weight = _ASIDE_WEIGHT if block.place.marks & _ASIDE else 1.0
    return min(weight * wide * free, _MAX_MASS)


def _fill(blocks: Sequence[Block], places: Sequence[Place], masses: Sequence[float]) -> None:
    """Sum up the blocks and their mass in each place."""
    for place in places:
        place.mass, place.score, place.count = 0.0, 0.0, 0
    for block, mass in zip(blocks, masses, strict=True):
        block.place.mass += mass
        block.place.count += 1
        outer: Place | None = block.place if mass else None
        for share in _SHARES_ABOVE:
            if outer is None:
                break
            outer.score += share * mass
            outer = outer.parent
    for inner in reversed(places):
        if inner.parent is not None:
            inner.parent.mass += inner.mass
            inner.parent.count += inner.count


def _page(
    blocks: Sequence[Block], places: Sequence[Place], masses: Sequence[float], names: NameWeights
) -> _Page:
    alike: Counter[tuple[str, str]] = Counter()
    for block, mass in zip(blocks, masses, strict=True):
        alike[_signature(block.place)] += mass  # type: ignore[assignment]
    holders: list[Place | None] = [None] * HOLDER_KINDS
    for place in places:
        kind = place.holder_kind
        if kind and holders[kind - 1] is None and place.mass >= _MIN_HELD_MASS:
            holders[kind - 1] = place
    best = max(places, key=lambda place: place.score)
    return _Page(max(sum(masses), 1.0), alike, best, holders, names)


def _signature(place: Place) -> tuple[str, str]:
    return place.signature, place.parent.signature if place.parent else ""


def _place_row(place: Place, page: _Page) -> list[float]:
    around = places_around(place)
    last = len(around) - 1
    said = [
        sum(map(weights.get, found, repeat(0.0)))
        for weights, found in zip(page.names, names_around(around), strict=True)
    ]
    is_held = [holder in around for holder in page.holders]
    first = next((kind for kind, holder in enumerate(page.holders) if holder), None)
    is_in_best = page.best in around
    return [
        *said,
        *(around[min(level, last)].mass / page.mass for level in range(4)),
        page.mass_alike[_signature(place)] / page.mass,
        is_in_best,
        around.index(page.best) if is_in_best else _PLACE_CAPS["below_best"],
        around[min(1, last)].count,
        place.depth,
        *is_held,
        first is not None and is_held[first],
        first is not None,
    ]


def places_around(place: Place) -> list[Place]:
    """Return a place and all places around it, the nearest first."""
    around = [place]
    while (parent := around[-1].parent) is not None:
        around.append(parent)
    return around


def names_around(around: Sequence[Place]) -> tuple[list[str], list[str]]:
    """Return the words of class names of near places, and those of far ones."""
    near = [name for place in around[:_NEAR_PLACES] for name in place.names]
    return near, [name for place in around[_NEAR_PLACES:] for name in place.names]


def _mark_columns(blocks: Sequence[Block]) -> Matrix:
    marks = np.array([block.place.marks for block in blocks], dtype=np.int64)
    tags = np.array([block.place.tag for block in blocks])
    tags[np.isin(tags, _HEADINGS)] = "h"
    bits = (marks[:, None] >> np.arange(len(MARKS))) & 1
    return np.hstack([bits, tags[:, None] == np.array(_TAGS)]).astype(np.float64)


def _order_columns(blocks: Sequence[Block], masses: Matrix, widths: Matrix) -> Matrix:
    count, total = len(blocks), max(masses.sum(), 1.0)
    before = np.cumsum(masses) - masses
    is_landmark = masses >= _LANDMARK_MASS
    columns = [
        np.log2(1 + widths),
        before / total,
        (total - before - masses) / total,
        _distances(is_landmark),
        _distances(is_landmark[::-1])[::-1],
        masses,
        np.full(count, np.log2(1 + total)),
        np.full(count, np.log2(1 + count)),
        np.maximum.accumulate([block.place.tag == "h1" for block in blocks]),
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def _distances(is_landmark: NDArray[np.bool_]) -> Matrix:
    """Return how far before each block the last landmark is, itself not counted, in doublings."""
    positions = np.arange(len(is_landmark))
    last = np.maximum.accumulate(np.where(is_landmark, positions, -_MAX_DISTANCE))
    before = np.concatenate([[-_MAX_DISTANCE], last[:-1]])
    found: Matrix = np.log2(np.minimum(positions - before, _MAX_DISTANCE).astype(np.float64))
    return found
