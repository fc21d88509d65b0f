"""The main text of a parsed HTML page, by trafilatura, without the page's title.

Only options whose outcome depends on the page alone: no duplicate cache (it outlives the
page: trafilatura#778), no time limit, no language filter.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.settings import Document, Extractor

#: Neither text nor, on a saved page, of use to whoever looks for it.
_NEVER_TEXT = ("style", "svg", "noscript", "iframe", "template")
#: JSON-LD stays: it is where trafilatura looks last.
_PROGRAMS = "//script[not(contains(@type, 'ld+json'))]"
#: Trafilatura's own least size of an extraction; below it the doubtful is taken too.
_MIN_TEXT_CHARS = 250
_WORD = re.compile(r"\w+")
_TITLES = "//h1|//head/title|//meta[@property='og:title']"
#: Rules of tables, which trafilatura writes in Markdown.
_TABLE_RULE = re.compile(r"[|\s:-]+")
_PARSER = lxml_html.HTMLParser(
    collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True
)

# Trafilatura warns of each page without text; here that page becomes a row of `rejects`.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def parse_page(html: str) -> HtmlElement | None:
    """Return the tree of a page or fragment; None if there is nothing in it.

    Raises:
        LxmlError: The parser fails.
    """
    try:
        return lxml_html.document_fromstring(html.encode(errors="replace"), parser=_PARSER)
    except etree.ParserError:  # an empty document
        return None


def main_text(tree: HtmlElement) -> tuple[str, ...]:
    """Return the lines of the main text without the title; none if there is none.

    Args:
        tree: The page. It is taken apart.

    Raises:
        LxmlError, RecursionError, ValueError: What trafilatura raises on a page gone wrong.
    """
    titles = {_words(title) for title in _titles(tree)} - {()}
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    for program in tree.xpath(_PROGRAMS):
        program.drop_tree()
    lines = _lines_of(deepcopy(tree), precise=True)
    if sum(map(len, lines)) < _MIN_TEXT_CHARS:
        lines = _lines_of(tree, precise=False)
    while len(lines) > 1 and _words(lines[0]) in titles:
        lines = lines[1:]
    return tuple(lines)


def _titles(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(_TITLES):
        yield element.get("content") or element.text_content()


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _lines_of(page: HtmlElement, *, precise: bool) -> list[str]:
    """Return the lines that trafilatura finds on a page."""
    document = trafilatura.bare_extraction(page, options=_options(precise))
    text = document.text or "" if isinstance(document, Document) else ""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not _TABLE_RULE.fullmatch(line)]


def _options(precise: bool) -> Extractor:
    """Return trafilatura's options (`benchmarks/main_text.py` compares them).

    `fast` leaves out two further extractors, which cost half of the time; precision leaves
    out what is doubtful: teasers and comments in a text are worse than a caption too few.
    """
    return Extractor(
        output_format="python", fast=True, precision=precise, comments=False, dedup=False
    )
