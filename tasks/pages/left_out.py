"""List the text of a page in order: what is main text, and why the rest is none.

What stands together and is left out for one reason is one text of several lines: a menu, a box.
Not listed is what nobody reads: scripts, styles, the choices of a form, marks of notes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.blocks import Block, Element, PageBlocks, marked, page_blocks

FURNITURE, HIDDEN, RELATED, TITLE = "page_furniture", "hidden", "related", "title"
CAPTION = "caption"
_IS_HIDDEN, _IS_CAPTION = marked("hidden"), marked("figcaption")
#: Words in the names of parts that lead on to other texts.
_LEADING_ON_NAMES = (
    "also latest mostread popular readmore recent recommend recommendation recommendations"
    " recommended related relations similar teaser teasers trending"
)
_LEADING_ON = frozenset(_LEADING_ON_NAMES.split())


class Part(NamedTuple):
    """A text of a page; `reason`: why it is no main text, None if it is."""

    text: str
    reason: str | None


class LeftOut(NamedTuple):
    """A text that is no main text; `before`: how many lines of main text stand before it."""

    before: int
    text: str
    reason: str


def page_parts(
    page: PageBlocks,
    kept: Sequence[bool],
    kinds: Mapping[HtmlElement, str],
    is_title: Callable[[str], bool],
) -> list[Part]:
    """Return all text of a page in order.

    Args:
        page: Its blocks, and the elements that were passed over.
        kept: Which blocks are main text.
        kinds: What each of those elements is, a reason.
        is_title: Says of a text whether it is the page's title.
    """
    leads_on: dict[Element, bool] = {}
    passed = iter(page.passed_over)
    number, node = next(passed, (len(page.blocks), None))
    parts: list[Part] = []
    for position, (block, is_kept) in enumerate(zip(page.blocks, kept, strict=True)):
        while node is not None and number <= position:
            parts.extend(_within(node, kinds[node]))
            number, node = next(passed, (len(page.blocks), None))
        parts.append(Part(block.line, None if is_kept else _reason(block, is_title, leads_on)))
    while node is not None:
        parts.extend(_within(node, kinds[node]))
        number, node = next(passed, (0, None))
    return parts


def _within(node: HtmlElement, reason: str) -> Iterator[Part]:
    """Yield what an element says that is left out as a whole."""
    return (Part(block.line, reason) for block in page_blocks(node).blocks)


def _reason(block: Block, is_title: Callable[[str], bool], leads_on: dict[Element, bool]) -> str:
    if is_title(block.text):
        return TITLE
    if block.element.marks & _IS_HIDDEN:
        return HIDDEN
    if block.element.marks & _IS_CAPTION:
        return CAPTION
    return RELATED if _leads_on(block.element, leads_on) else FURNITURE


def _leads_on(element: Element, known: dict[Element, bool]) -> bool:
    """Return whether the names on an element, or on one around it, say that it leads on."""
    if element not in known:
        own = not _LEADING_ON.isdisjoint(element.names)
        known[element] = own or (element.parent is not None and _leads_on(element.parent, known))
    return known[element]


def replaced(parts: Sequence[Part], lines: Sequence[str]) -> list[Part]:
    """Return the parts of a page with this main text, wherever in it that was found."""
    if lines == [part.text for part in parts if part.reason is None]:
        return list(parts)
    said = "\n".join(lines)
    others = (Part(part.text, part.reason or FURNITURE) for part in parts if part.text not in said)
    return [*(Part(line, None) for line in lines), *others]


def left_out(parts: Iterable[Part]) -> tuple[LeftOut, ...]:
    """Return what is no main text, in runs of one reason."""
    found, before = [], 0
    for reason, run in groupby(parts, key=lambda part: part.reason):
        texts = [part.text for part in run]
        if reason is None:
            before += len(texts)
        else:
            found.append(LeftOut(before, "\n".join(texts), reason))
    return tuple(found)
