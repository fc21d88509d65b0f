"""Read the lines of a page's main text, without the page's title.

Each block of the page is scored (`tasks.pages.model`). A page with hardly any text is given to
trafilatura, which also looks into JSON-LD; only with options whose outcome depends on the page
alone: no duplicate cache (it outlives the page: trafilatura#778), no time limit, no language
filter. What a page says of itself is read by `tasks.pages.metadata`.
"""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.settings import Document, Extractor

from tasks.pages.blocks import page_blocks
from tasks.pages.embedded import embedded_lines
from tasks.pages.features import block_features
from tasks.pages.model import name_weights, text_scores
from tasks.pages.neighbours import with_what_joins
from tasks.pages.set_aside import set_aside
from tasks.writing.measures import is_body_line

#: A block is kept from this score on (`python -m benchmarks.main_text`).
_MIN_SCORE = 0.5
#: Trafilatura's own least size of an extraction; below it trafilatura is asked.
_MIN_TEXT_CHARS = 250
#: Lines of a page whose text has not come: who made it, and what it needs.
_NOTICE = re.compile(
    r"©|\(c\)\s*(?:19|20)\d\d|\bjava\s?script\b|\ball rights reserved\b"
    r"|^\W*(?:loading|please wait|redirecting|just a moment|wird geladen|bitte warten|chargement"
    r"|cargando|caricamento|carregando|laden|загрузка|завантаження|yükleniyor|ładowanie"
    r"|読み込み中|加载中|載入中|로딩|جار)\b",
    re.IGNORECASE,
)
_MAX_NOTICE_CHARS = 200
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
    titles = page_titles(tree)
    lines = _lines_of_markup(tree, titles)
    if sum(map(len, lines)) < _MIN_TEXT_CHARS:
        data = embedded_lines(tree)  # trafilatura takes the scripts away
        lines = _fuller(lines, data, _lines_of_trafilatura(tree))
    title_words = {_words(title) for title in titles} - {()}
    while len(lines) > 1 and _words(lines[0]) in title_words:
        lines = lines[1:]
    return tuple(lines)


def _fuller(lines: list[str], data: list[str], lines_of_trafilatura: list[str]) -> list[str]:
    """Return the best lines of a page with hardly any text; none if all are labels and notices.

    Args:
        lines: What its blocks say.
        data: What its scripts hold. It is of another thing if it lacks the text that is shown.
        lines_of_trafilatura: What trafilatura makes of it.
    """
    shown = [line for line in lines if is_text(line)]
    written = " ".join(data)
    if data and all(line in written for line in shown):
        return data
    others = lines_of_trafilatura if any(map(is_text, lines_of_trafilatura)) else []
    best = max(lines, others, key=lambda found: sum(map(len, found)))
    return best if any(map(_is_no_notice, best)) else []


def is_text(line: str) -> bool:
    """Return whether a line is running text, and no notice of the program or the publisher."""
    return is_body_line(line) and _is_no_notice(line)


def _is_no_notice(line: str) -> bool:
    return _NOTICE.search(line) is None if len(line) <= _MAX_NOTICE_CHARS else True


def page_titles(tree: HtmlElement) -> set[str]:
    """Return the titles of a page, case-folded: its own, its first heading and its Open Graph."""
    titles = (element.get("content") or element.text_content() for element in tree.xpath(_TITLES))
    return {" ".join(title.split()).casefold() for title in titles} - {""}


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _lines_of_markup(tree: HtmlElement, titles: set[str]) -> list[str]:
    """Return the likely lines of a page without its boxes; of all of it if nothing else is text.

    What is left out for good is taken from the tree.
    """
    consent, others = set_aside(tree)
    for node in consent:
        node.drop_tree()
    lines = _likely_lines(tree, titles, frozenset(others))
    if others and not any(map(is_body_line, lines)):
        alone = _likely_lines(tree, titles, frozenset())
        if any(map(is_body_line, alone)):
            return alone
    for node in others:
        node.drop_tree()
    return lines


def _likely_lines(
    tree: HtmlElement, titles: set[str], left_out: Collection[HtmlElement]
) -> list[str]:
    """Return the blocks that are likely main text."""
    blocks, elements = page_blocks(tree, left_out)
    scores = text_scores(block_features(blocks, elements, titles, name_weights()))
    kept = with_what_joins(blocks, [score >= _MIN_SCORE for score in scores.tolist()])
    return [block.layout or block.text for block, is_kept in zip(blocks, kept, strict=True) if is_kept]


def _lines_of_trafilatura(tree: HtmlElement) -> list[str]:
    options = Extractor(output_format="python", fast=True, comments=False, dedup=False)
    document = trafilatura.bare_extraction(tree, options=options)
    text = document.text or "" if isinstance(document, Document) else ""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not _TABLE_RULE.fullmatch(line)]


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
