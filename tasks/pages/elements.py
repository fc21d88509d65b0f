"""Find where the blocks of a page stand among its elements: how deep, in how much running text.

Elements are numbered as a reader meets them, those around before those within.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from tasks.pages.blocks import HOLDER_KINDS, Block, Element

Matrix = NDArray[np.float64]
Numbers = NDArray[np.intp]
#: What words of class names say, by word, on near elements and on far ones; in pages that are
#: articles, then in others.
NameWeights = Sequence[dict[str, float]]

#: What running text adds to the scores of the elements around it, from the nearest one
#: (Readability's falling shares).
_SHARES_ABOVE = (1.0, 1.0, 0.5, 0.3, 0.2, 0.1)
#: Names on this many elements, from the nearest one, are near.
_NEAR_ELEMENTS = 3
#: An element with less running text holds no article.
_MIN_HELD_MASS = 200.0

#: The elements around a block of which links and siblings are counted.
_LEVELS = 5

#: What is said of where a block stands, and the value from which on more says no more.
ELEMENT_CAPS: dict[str, float] = {
    "near_names": 4,
    "far_names": 4,
    "near_names_else": 4,
    "far_names_else": 4,
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
    **{f"links_around_{level}": 1 for level in range(_LEVELS)},
    **{f"siblings_{level}": 6 for level in range(_LEVELS)},
    "blocks_alike": 8,
    "links_alike": 1,
}


@dataclass(frozen=True)
class _Page:
    """All elements of a page as columns; `here` are those of the blocks."""

    elements: Sequence[Element]
    here: Numbers
    #: The number of the element around each; the first one's is its own.
    outer: Numbers
    depths: Numbers

    def around(self, levels: int) -> Numbers:
        """Return the element this many levels around each block, the outermost at most."""
        numbers = self.here
        for _ in range(levels):
            numbers = self.outer[numbers]
        return numbers

    def is_within(self, number: int) -> NDArray[np.bool_]:
        """Return which blocks stand in an element, or anywhere within it."""
        # What is in an element follows it, up to the next one that is no deeper.
        after = np.flatnonzero(self.depths[number + 1 :] <= self.depths[number])
        end = number + 1 + after[0] if len(after) else len(self.depths)
        return (self.here >= number) & (self.here < end)


def element_columns(
    blocks: Sequence[Block], elements: Sequence[Element], masses: Matrix, names: NameWeights
) -> Matrix:
    """Return one row per block, one column per name in `ELEMENT_CAPS`.

    Args:
        blocks: The blocks of a page, at least one.
        elements: All its elements, those around before those within.
        masses: How much running text each block is.
        names: What words of class names say.
    """
    page = _page(blocks, elements)
    held = _within(page, np.bincount(page.here, masses, len(elements)))
    total = max(masses.sum(), 1.0)
    best = int(np.argmax(_scores(page, masses)))
    in_best = page.is_within(best)
    columns = [
        *_name_columns(page, names),
        *(held[page.around(level)] / total for level in range(4)),
        _masses_alike(blocks, masses) / total,
        in_best,
        np.where(in_best, page.depths[page.here] - page.depths[best], ELEMENT_CAPS["below_best"]),
        _within(page, np.bincount(page.here, minlength=len(elements)))[page.around(1)],
        page.depths[page.here],
        *_holder_columns(page, held),
        *_link_columns(page, blocks),
        *_repeat_columns(page, blocks),
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def _page(blocks: Sequence[Block], elements: Sequence[Element]) -> _Page:
    numbers = {element: number for number, element in enumerate(elements)}
    return _Page(
        elements,
        np.array([numbers[block.element] for block in blocks]),
        np.array(
            [0 if element.parent is None else numbers[element.parent] for element in elements]
        ),
        np.array([element.depth for element in elements]),
    )


def _within(page: _Page, own: NDArray[np.generic]) -> Matrix:
    """Return what stands in each element or within it, from what stands in each itself."""
    sums, outer = own.tolist(), page.outer.tolist()
    for number in range(len(sums) - 1, 0, -1):
        sums[outer[number]] += sums[number]
    return np.array(sums, dtype=np.float64)


def _scores(page: _Page, masses: Matrix) -> Matrix:
    """Return what running text in and below each element adds to it."""
    scores = np.zeros(len(page.elements))
    for level, share in enumerate(_SHARES_ABOVE):
        is_so_deep = page.depths[page.here] >= level
        around = page.around(level)[is_so_deep]
        scores += np.bincount(around, share * masses[is_so_deep], len(scores))
    return scores


def _masses_alike(blocks: Sequence[Block], masses: Matrix) -> Matrix:
    """Return how much running text stands in elements that look like each block's."""
    looks = [_look(block.element) for block in blocks]
    alike: Counter[tuple[str, str]] = Counter()
    for look, mass in zip(looks, masses.tolist(), strict=True):
        alike[look] += mass
    return np.array([alike[look] for look in looks], dtype=np.float64)


def _look(element: Element) -> tuple[str, str]:
    return element.signature, element.parent.signature if element.parent else ""


def _holder_columns(page: _Page, held: Matrix) -> list[NDArray[np.bool_]]:
    """Return which blocks are in the first holder of each kind, and of any; whether there is one.

    Args:
        page: The page.
        held: How much running text is in each element.
    """
    kinds = np.array([element.holder_kind for element in page.elements])
    kinds[held < _MIN_HELD_MASS] = 0
    found = [np.flatnonzero(kinds == kind) for kind in range(1, HOLDER_KINDS + 1)]
    none = np.zeros(len(page.here), dtype=np.bool_)
    columns = [page.is_within(int(numbers[0])) if len(numbers) else none for numbers in found]
    first = next((kind for kind, numbers in enumerate(found) if len(numbers)), None)
    return [*columns, none if first is None else columns[first], none | (first is not None)]


def _name_columns(page: _Page, names: NameWeights) -> Iterator[Matrix]:
    for near, far in zip(names[::2], names[1::2], strict=True):
        said = _said(page.elements, near)
        yield sum((said[page.around(level)] for level in range(_NEAR_ELEMENTS)), np.zeros(1))
        yield _summed_above(_said(page.elements, far), page.outer)[page.around(_NEAR_ELEMENTS)]


def _link_columns(page: _Page, blocks: Sequence[Block]) -> Iterator[Matrix]:
    """Yield which share of the text in the elements around each block is links."""
    chars = np.array([len(block.text) for block in blocks])
    links = np.array([block.link_chars for block in blocks])
    count = len(page.elements)
    shares = _within(page, np.bincount(page.here, links, count)) / np.maximum(
        _within(page, np.bincount(page.here, chars, count)), 1.0
    )
    for level in range(_LEVELS):
        yield shares[page.around(level)]


def _repeat_columns(page: _Page, blocks: Sequence[Block]) -> Iterator[Matrix]:
    """Yield how many elements stand beside those around each block that look like them.

    Then how many blocks look like it, and which share of their text is links.
    """
    keys = [
        (around, element.signature)
        for around, element in zip(page.outer.tolist(), page.elements, strict=True)
    ]
    counts = Counter(keys)
    siblings = np.log2(np.array([counts[key] for key in keys], dtype=np.float64))
    for level in range(_LEVELS):
        yield siblings[page.around(level)]
    looks = [_look(block.element) for block in blocks]
    alike = Counter(looks)
    chars: Counter[tuple[str, str]] = Counter()
    links: Counter[tuple[str, str]] = Counter()
    for look, block in zip(looks, blocks, strict=True):
        chars[look] += len(block.text)
        links[look] += block.link_chars
    yield np.log2(np.array([alike[look] for look in looks], dtype=np.float64))
    yield np.array([links[look] / chars[look] for look in looks])


def _said(elements: Sequence[Element], weights: dict[str, float]) -> Matrix:
    """Return what the words of each element's own names say."""
    return np.array([sum(map(weights.get, element.names, repeat(0.0))) for element in elements])


def _summed_above(values: Matrix, outer: NDArray[np.intp]) -> Matrix:
    """Return for each element the sum over itself and all elements around it."""
    sums = values.tolist()
    for number, around in enumerate(outer.tolist()[1:], 1):
        sums[number] += sums[around]
    return np.array(sums)


def elements_around(element: Element) -> list[Element]:
    """Return an element and all elements around it, the nearest first."""
    around = [element]
    while (parent := around[-1].parent) is not None:
        around.append(parent)
    return around


def names_around(around: Sequence[Element]) -> tuple[list[str], list[str]]:
    """Return the words of class names of near elements, and those of far ones."""
    near = [name for element in around[:_NEAR_ELEMENTS] for name in element.names]
    return near, [name for element in around[_NEAR_ELEMENTS:] for name in element.names]
