"""Read what an HTML page says of itself: title, author, date, site, address, language.

By trafilatura and htmldate, with options whose outcome depends on the page alone: dates come
from markup and address only, since htmldate's search of free text reads phrases like
"2 hours ago" by the clock.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.metadata import extract_metadata
from trafilatura.utils import load_html

from tasks.reading.encodings import without_surrogates
from tasks.reading.values import language_tag

#: htmldate's own latest date is today; a fixed one far ahead gives the same answer on every day.
_DATE_OPTIONS: dict[str, Any] = {
    "original_date": True,
    "extensive_search": False,
    "max_date": "2100-01-01",
}
#: What parsing a page gone wrong raises: lxml's own errors (XPath, serialisation), deep nesting,
#: and values that trafilatura's and htmldate's converters cannot take.
_PAGE_FAILURES = (LxmlError, RecursionError, ValueError, OverflowError, TypeError, AttributeError)
# Trafilatura takes no author without a space, as Chinese, Japanese and Korean names are.
_AUTHORS = (
    "//meta[@name='author' or @property='author' or @name='dc.creator' or @name='DC.creator'"
    " or @property='article:author' or @itemprop='author']/@content"
)
_LANGUAGES = (
    "/html/@lang",
    "/html/@*[name()='xml:lang']",
    "//meta[translate(@http-equiv, 'CLNTGUAE', 'clntguae')='content-language']/@content",
    "//meta[@property='og:locale']/@content",
)
#: What leads somewhere: with a host, and without a space.
_ADDRESS = re.compile(r"https?://[^/\s]\S*")
_MAX_CHARS = 1000
_MAX_AUTHOR_CHARS = 200

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; null what it does not say."""

    canonical_url: str | None = None
    title: str | None = None
    author: str | None = None
    site: str | None = None
    published_at: datetime | None = None
    declared_language: str | None = None


NO_METADATA = PageMetadata()


def read_metadata(page: str | HtmlElement) -> PageMetadata:
    """Return what a page says of itself; nothing if nothing can be made of it.

    Args:
        page: Its markup, or the tree of it; a tree is not changed.
    """
    try:
        tree = load_html(page)
        if tree is None:
            return NO_METADATA
        found = extract_metadata(tree, date_config=_DATE_OPTIONS, extensive=False)
        return PageMetadata(
            canonical_url=_address(found.url),
            title=_line(found.title),
            author=_line(found.author) or _author(tree.xpath(_AUTHORS)),
            site=_line(found.sitename),
            published_at=_midnight(found.date),
            declared_language=_language(tree),
        )
    except _PAGE_FAILURES:
        return NO_METADATA


def _line(value: object) -> str | None:
    """Return a value as one line of text."""
    if not isinstance(value, str):
        return None
    return " ".join(without_surrogates(value[:_MAX_CHARS])[0].split()) or None


def _author(values: Iterable[str]) -> str | None:
    names = [_line(value) or "" for value in values]
    fitting = (name for name in names if name and "://" not in name)
    return next((name for name in fitting if len(name) <= _MAX_AUTHOR_CHARS), None)


def _address(value: str | None) -> str | None:
    line = _line(value) or ""
    return line if _ADDRESS.fullmatch(line) else None


def _language(tree: HtmlElement) -> str | None:
    values = (value for path in _LANGUAGES for value in tree.xpath(path))
    tags = (language_tag(value) for value in values)
    return next((tag for tag in tags if tag), None)


def _midnight(date: str | None) -> datetime | None:
    """Return midnight UTC of an ISO date; None if there is none."""
    return datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None
