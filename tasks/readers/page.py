"""The main text of an HTML page and what it says of itself, by trafilatura.

Only options whose outcome depends on the page alone: no duplicate cache (it outlives the
page: trafilatura#778), no time limit, no language filter, and dates from markup and address
only: htmldate's search of free text reads phrases like "2 hours ago" by the clock.
"""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import trafilatura
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from trafilatura.settings import Document, Extractor

#: htmldate's own latest date is today; a fixed one far ahead gives the same answer on every day.
_DATE_OPTIONS: dict[str, Any] = {
    "original_date": True,
    "extensive_search": False,
    "max_date": "2100-01-01",
}
#: What parsing a page gone wrong raises: lxml's own errors (XPath, serialisation), deep nesting,
#: and values that trafilatura's and htmldate's converters cannot take.
_PAGE_FAILURES = (LxmlError, RecursionError, ValueError, OverflowError)

_PAGE_START = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)

# Trafilatura warns of each page without text; here that page becomes a row of `rejects`.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, and the lines of its main text (none: it has no main text)."""

    title: str | None
    url: str | None
    published_at: datetime | None
    lines: tuple[str, ...]


EMPTY_PAGE = Page(None, None, None, ())


def read_page(html: str) -> Page:
    """Return main text and metadata of a page; an empty page if nothing can be made of it."""
    try:
        document = trafilatura.bare_extraction(_whole_page(html), options=_options())
    except _PAGE_FAILURES:
        return EMPTY_PAGE
    if not isinstance(document, Document):
        return EMPTY_PAGE
    lines = (line.strip() for line in (document.text or "").splitlines())
    return Page(
        title=document.title or None,
        url=document.url if (document.url or "").startswith("http") else None,
        published_at=_midnight(document.date),
        lines=tuple(line for line in lines if line),
    )


def _whole_page(html: str) -> str:
    """Return the page; a bare fragment, which trafilatura takes for no HTML, inside a body."""
    return html if _PAGE_START.search(html) else f"<html><body>{html}</body></html>"


def _options() -> Extractor:
    """Return trafilatura's options.

    `fast` leaves out two further extractors: on 181 article pages shingle F1 .962 at 77 pages/s
    on a core, against .960 at 38 with them.
    """
    return Extractor(
        output_format="python",
        fast=True,
        comments=False,
        dedup=False,
        with_metadata=True,
        date_params=_DATE_OPTIONS,
    )


def _midnight(date: str | None) -> datetime | None:
    """Return midnight UTC of an ISO date; None if there is none."""
    return datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None
