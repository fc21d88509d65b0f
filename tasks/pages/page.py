"""A page of HTML as the lines of its main text; what it says of itself: `page_metadata`."""

from dataclasses import dataclass

from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.main_text import main_text, parse_page

#: What parsing a page gone wrong raises: lxml's own errors (XPath, serialisation), deep nesting,
#: and values that trafilatura's converters cannot take.
_PAGE_FAILURES = (LxmlError, RecursionError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page's main text; none: it has no main text."""

    lines: tuple[str, ...]


EMPTY_PAGE = Page(())


def parsed_page(html: str) -> HtmlElement | None:
    """Return the tree of a page or fragment; None if nothing can be made of it."""
    try:
        return parse_page(html)
    except _PAGE_FAILURES:
        return None


def read_page(page: str | HtmlElement) -> Page:
    """Return the main text of a page or fragment; an empty page if nothing can be made of it.

    Args:
        page: Its markup, or the tree of it, which is taken apart: read its metadata before.
    """
    tree = parsed_page(page) if isinstance(page, str) else page
    try:
        return EMPTY_PAGE if tree is None else Page(main_text(tree))
    except _PAGE_FAILURES:
        return EMPTY_PAGE
