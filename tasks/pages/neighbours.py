"""Keep what joins kept blocks of a page: headings above running text, sentences between two of it.

The network judges each block by itself and its near neighbours; a heading, a sentence full of
links in the middle of an article, or code below it is part of it.
"""

from collections.abc import Sequence

from tasks.pages.blocks import Block
from tasks.writing.measures import ends_sentence, is_body_line

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
#: A heading is no longer, and no link.
_MAX_HEADING_CHARS = 160


def with_what_joins(blocks: Sequence[Block], kept: Sequence[bool]) -> list[bool]:
    """Return which blocks are kept, with those that join kept ones, without headings of nothing.

    Args:
        blocks: The blocks of a page in order.
        kept: Which of them are main text.
    """
    found = list(kept)
    seen = [False, *(before := _any_before(kept))][: len(before)] if kept else []
    for position in reversed(range(len(blocks) - 1)):
        block = blocks[position]
        level = _HEADINGS.get(block.element.tag)
        if found[position]:
            if level and _is_above_links(blocks, found, position, level):
                found[position] = False
        elif found[position + 1] and seen[position] and _joins(block, blocks[position + 1], level):
            found[position] = level is not None or _is_beside_text(blocks, kept, position)
    for position in range(1, len(blocks)):
        if blocks[position].layout and found[position - 1]:
            found[position] = found[position] or _is_together(
                blocks[position - 1], blocks[position]
            )
    return found


def _any_before(kept: Sequence[bool]) -> list[bool]:
    any_kept, found = False, []
    for is_kept in kept:
        any_kept = any_kept or is_kept
        found.append(any_kept)
    return found


def _joins(block: Block, after: Block, level: int | None) -> bool:
    """Return whether a block stands in one element with the next, and may belong to it."""
    if not _is_together(block, after):
        return False
    if level:
        return len(block.text) <= _MAX_HEADING_CHARS and not block.leads_on
    return is_body_line(block.text) and ends_sentence(block.text)


def _is_beside_text(blocks: Sequence[Block], kept: Sequence[bool], position: int) -> bool:
    before = position - 1
    return (
        kept[before]
        and is_body_line(blocks[before].text)
        and _is_together(blocks[before], blocks[position])
    )


def _is_together(one: Block, other: Block) -> bool:
    places = {id(element) for element in (one.element, one.element.parent) if element is not None}
    return id(other.element) in places or id(other.element.parent) in places


def _is_above_links(
    blocks: Sequence[Block], kept: Sequence[bool], position: int, level: int
) -> bool:
    """Return whether nothing stands between a heading and the next as high but links left out."""
    links = 0
    for block, is_kept in zip(blocks[position + 1 :], kept[position + 1 :], strict=True):
        other = _HEADINGS.get(block.element.tag)
        if other and other <= level:
            break
        if is_kept or 2 * block.link_chars <= len(block.text):
            return False
        links += 1
    return links > 0
