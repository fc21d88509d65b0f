"""Read what an HTML page says of itself: title, author, date, site, address, language.

From JSON-LD, the names of `<meta>` that sites use, and what stands in the page where titles,
bylines and dates stand. Neither the clock nor a search of free text decides: a date is one that
the page declares, that stands in its address, or beside its headline.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from urllib.parse import urlsplit

import regex
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.utils import load_html

from tasks.pages.bylines import (
    CHANGED,
    JOINED,
    MAX_AUTHOR_CHARS,
    MAX_DATELINE_CHARS,
    author_name,
    dateline_parts,
    name_in_byline,
)
from tasks.pages.json_ld import JsonLd, read_json_ld
from tasks.reading.dates import parse_date
from tasks.reading.encodings import without_surrogates
from tasks.reading.values import language_tag

#: What parsing a page gone wrong raises: lxml's own errors (XPath, serialisation), deep nesting.
_PAGE_FAILURES = (LxmlError, RecursionError, ValueError)

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "title", "parsely-title",
           "sailthru.title", "citation_title")  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
            "sailthru.author", "byl", "citation_author", "og:author", "article:author_name",
            "news_author", "cxenseparse:author")  # fmt: skip
_SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "copyright",
          "al:android:app_name", "twitter:app:name:iphone")  # fmt: skip
#: First publication, by the surest name first; never the last change.
_DATES = ("article:published_time", "article.published", "og:article:published_time",
          "og:published_time", "datepublished", "date.published", "parsely-pub-date",
          "sailthru.date", "cxenseparse:recs:publishtime", "publish_date", "publish-date",
          "publishdate", "publication_date", "published-date", "pubdate", "dc.date.issued",
          "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date",
          "citation_publication_date", "citation_online_date", "rnews:datepublished",
          "originalpublicationdate", "article_date_original", "cdate", "date_published",
          "datecreated", "date")  # fmt: skip
_LANGUAGES = (
    "/html/@lang",
    "/html/@*[name()='xml:lang']",
    "//meta[translate(@http-equiv, 'CLNTGUAE', 'clntguae')='content-language']/@content",
    "//meta[@property='og:locale']/@content",
)
#: Elements that are no part of the page's own subject.
_ELSEWHERE = (
    "ancestor-or-self::*[self::nav or self::footer or (not(self::body or self::html or self::main)"
    " and (contains(@class, 'comment') or contains(@class, 'related')"
    " or contains(@class, 'sidebar') or contains(@id, 'comment')))]"
)
_BYLINES = (
    "//*[@itemprop='author' or @rel='author' or contains(concat(' ', @class, ' '), ' author ')"
    " or contains(@class, 'byline') or contains(@class, 'author-name')"
    " or contains(@class, 'author__name') or contains(@class, 'article-author')"
    f" or contains(@class, 'post-author')][not({_ELSEWHERE})]"
)
_PUBLISHED = (
    "//*[@itemprop='datePublished' or @itemprop='published-date' or @itemprop='dateCreated']"
)
_MOMENTS = (
    "//time[@datetime] | //*[@title and contains(@class, 'published')] | //*[@created-timestamp]"
)
_DATELINES = (
    "//*[contains(@class, 'date') or contains(@class, 'time') or contains(@class, 'posted')]"
    f"[not({_ELSEWHERE})]"
)
#: A name of so many letters may be told by the host of the page's address.
_MIN_NAME_CHARS = 4
#: Other names of `<meta>` for the date of publication.
_DATE_NAME = regex.compile(
    r"(?:.*[-_.:])?publi(?:sh|sh_?ed|cation)[-_.:]?(?:date|time|on|at)?|published"
)
#: What leads somewhere: with a host, and without a space.
_ADDRESS = regex.compile(r"https?://[^/\s]\S*")
_DATE_IN_ADDRESS = regex.compile(
    r"/((?:19[89]|20[012])\d)[/-]?(0\d|1[0-2])[/-]?([0-2]\d|3[01])(?!\d)"
)
_MONTH_IN_ADDRESS = regex.compile(
    r"/((?:19[89]|20[012])\d)/([a-z]{3,9})/([0-2]?\d|3[01])(?!\d)", regex.IGNORECASE
)
#: A title and the name of its site, or a section.
_SEPARATOR = regex.compile(r"(?<!\s)\s++[|\-–—·•»:/]\s+|(?:(?<!\s)\s++)?[｜_]\s*")
_MAX_CHARS = 1000
#: A date is no longer than that with the white space of the markup around it.
_MAX_SPACED_CHARS = 400
#: How many elements are looked at that declare a time.
_MAX_MOMENTS = 12
#: How many pieces of text of an element that is called a date may hold it.
_MAX_PIECES = 8
#: Where a date without markup is looked for: so many elements before the headline and after it.
_BEFORE_HEADLINE, _AFTER_HEADLINE = 12, 60


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
_Named = dict[str, list[str]]


def read_metadata(page: str | HtmlElement) -> PageMetadata:
    """Return what a page says of itself; nothing if nothing can be made of it.

    Args:
        page: Its markup, or the tree of it; a tree is not changed.
    """
    try:
        tree = load_html(page)
        if tree is None:
            return NO_METADATA
        named, said = _named(tree), read_json_ld(tree)
        language = _language(tree)
        address = _canonical(tree, named)
        site = _line(said.publisher) or _first(named, _SITES[:2]) or _first(named, _SITES[2:4])
        return PageMetadata(
            canonical_url=address,
            title=_title(tree, named, said, site, address),
            author=_author(tree, named, said),
            site=site,
            published_at=_published(tree, named, said, address, language),
            declared_language=language,
        )
    except _PAGE_FAILURES:
        return NO_METADATA


def _named(tree: HtmlElement) -> _Named:
    """Return the contents of `<meta>` by name, in order."""
    named = _Named()
    for meta in tree.iter("meta"):
        content = meta.get("content")
        for attribute in ("property", "name", "itemprop"):
            if content and (name := meta.get(attribute)):
                named.setdefault(name.strip().lower(), []).append(content)
    return named


def _first(named: _Named, names: Iterable[str]) -> str | None:
    lines = (_line(value) for name in names for value in named.get(name, ()))
    return next((line for line in lines if line), None)


def _line(value: object) -> str | None:
    """Return a value as one line of text."""
    if not isinstance(value, str):
        return None
    text = html.unescape(value[:_MAX_CHARS])
    return " ".join(without_surrogates(text)[0].split()) or None


def _text_of(element: HtmlElement) -> str:
    return _line(element.text_content()) or ""


def _title(
    tree: HtmlElement, named: _Named, said: JsonLd, site: str | None, address: str | None
) -> str | None:
    """Return the headline: what several places say, without the site's name."""
    headings = [text for h1 in tree.iter("h1") if (text := _without_mark(_text_of(h1)))]
    declared = _declared_titles(tree, named, said)
    if not declared:
        return headings[0] if len(headings) == 1 else None
    folded = [_folded(title) for title in declared]
    # Where the heading of the first rank is the site's, the headline is one of the second.
    firsts = {_folded(_SEPARATOR.split(title)[0]) for title in declared}
    firsts = {words for words in firsts if " " in words}
    headings += [text for h2 in tree.iter("h2") if _folded(text := _text_of(h2)) in firsts]
    names = {_folded(site or "")} - set(folded)
    repeated = [
        (_standing_in(folded, words), heading)
        for heading in headings
        if (words := _folded(heading)) not in names and any(words in title for title in folded)
    ]
    best = max(repeated, key=lambda found: found[0], default=None)
    return best[1] if best else _without_site(declared[0], site, address)


def _standing_in(titles: Sequence[str], words: str) -> tuple[int, int, int]:
    """Return how likely a heading is the headline: the name of the site may be a heading, too.

    That is in fewer of the titles, and behind the headline. Of 29 pages of the development set with
    two such headings 24 are so told right, 21 by the longer one, 20 by the first.
    """
    places = [title.find(words) for title in titles if words in title]
    return len(places), -min(places), len(words)


def _declared_titles(tree: HtmlElement, named: _Named, said: JsonLd) -> list[str]:
    """Return what a page calls itself, the surest first."""
    tag = _line(next((title.text for title in tree.iter("title") if title.text), None))
    given = [_line(said.headline), _first(named, _TITLES), tag]
    return [title for title in given if title]


def _without_mark(heading: str) -> str:
    """Return a heading without the mark by which one links to it."""
    return heading.rstrip(" ¶#§🔗")


def _folded(text: str) -> str:
    return regex.sub(r"[\W_]+", " ", text.casefold()).strip()


def _without_site(title: str, site: str | None, address: str | None) -> str:
    """Return a title without its last part, or its first, if that names the site."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = title[: parts[0].start()], title[parts[-1].end() :]
    name = _folded(site or "")
    if _folded(last) == name or _is_of_host(last, address):
        return title[: parts[-1].start()]
    # What stands first in the title of a home page is its own name, and may be the host's.
    return title[parts[0].end() :] if _folded(first) == name else title


def _is_of_host(part: str, address: str | None) -> bool:
    """Return whether a part of a title is written in the name of the page's host."""
    letters = _folded(part).replace(" ", "")
    host = (urlsplit(address).hostname or "") if address else ""
    labels = [label.replace("-", "") for label in host.split(".")]
    return any(
        min(len(letters), len(label)) >= _MIN_NAME_CHARS and (letters in label or label in letters)
        for label in labels[:-1]
    )


def _author(tree: HtmlElement, named: _Named, said: JsonLd) -> str | None:
    """Return the names of authors, from the surest place that has any."""
    meta = [value for name in _AUTHORS for value in named.get(name, ())]
    for names in (said.authors, meta, _bylines(tree)):
        fitting = dict.fromkeys(
            name for value in names if (name := author_name(_line(value) or ""))
        )
        if fitting:
            joined = "; ".join(fitting)
            return joined if len(joined) <= MAX_AUTHOR_CHARS else next(iter(fitting))
    return None


def _bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield what stands where the page names an author: the first place that does."""
    for element in tree.xpath(_BYLINES):
        name = name_in_byline(_text_of(element))
        if name:
            yield name
            return


def _canonical(tree: HtmlElement, named: _Named) -> str | None:
    links = tree.xpath("//link[@rel='canonical']/@href")
    addresses = (_line(value) for value in (*links, *named.get("og:url", ())))
    return next((value for value in addresses if value and _ADDRESS.fullmatch(value)), None)


def _language(tree: HtmlElement) -> str | None:
    values = (value for path in _LANGUAGES for value in tree.xpath(path))
    tags = (language_tag(value) for value in values)
    return next((tag for tag in tags if tag), None)


def _published(
    tree: HtmlElement, named: _Named, said: JsonLd, address: str | None, language: str | None
) -> datetime | None:
    """Return when the page was first published, with its time if any place says it."""
    others = [name for name in named if _DATE_NAME.fullmatch(name) and not CHANGED.search(name)]
    meta = [value for name in (*_DATES, *others) for value in named.get(name, ())]
    places: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: [*said.published, *meta, *_declared_in_text(tree)],
        lambda: _in_address(address or ""),
        lambda: _near_headline(tree, _declared_titles(tree, named, said)),
        lambda: _datelines(tree),
    )
    for values in places:
        moments = _moments(values(), language)
        if moments:
            first = moments[0]
            timed = (m for m in moments if m.date() == first.date() and m.time() != time())
            return first if first.time() != time() else next(timed, first)
    return None


def _moments(values: Iterable[str], language: str | None) -> list[datetime]:
    return [moment for value in values if (moment := parse_date(_line(value), language))]


def _declared_in_text(tree: HtmlElement) -> Iterator[str]:
    """Yield what elements of the page declare as its date; a change of it is none."""
    for element in tree.xpath(_PUBLISHED)[:1]:
        yield from _said_by(element)
    for element in tree.xpath(_MOMENTS)[:_MAX_MOMENTS]:
        parent = element.getparent()
        around = " ".join(_line(e.get("class")) or "" for e in (element, parent) if e is not None)
        before = element.text or "" if parent is None else parent.text or ""
        is_change = CHANGED.search(around) or CHANGED.search(before)
        if not is_change and not element.xpath(f"boolean({_ELSEWHERE})"):
            yield from _said_by(element)


def _said_by(element: HtmlElement) -> Iterator[str]:
    """Yield the moments that an element declares, and its text."""
    names = ("datetime", "content", "title", "created-timestamp")
    for value in (*(element.get(name, "") for name in names), _text_of(element)):
        yield from dateline_parts(value) if len(value) <= MAX_DATELINE_CHARS else (value,)


def _in_address(address: str) -> Iterator[str]:
    for pattern in (_DATE_IN_ADDRESS, _MONTH_IN_ADDRESS):
        if found := pattern.search(address):
            yield "-".join(found.groups())


def _near_headline(tree: HtmlElement, titles: Sequence[str]) -> Iterator[str]:
    """Yield the short texts around the headline, whole and in parts; none that tell a change."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    place = _place_of_headline(elements, titles)
    if place is None:
        return
    around = elements[max(0, place - _BEFORE_HEADLINE) : place]
    for element in [*elements[place : place + _AFTER_HEADLINE], *reversed(around)]:
        is_told = element.text and (CHANGED.search(element.text) or JOINED.search(element.text))
        after = None if is_told else element.tail
        for text in (element.text, after, element.get("title")):
            yield from _short_parts(text)


def _place_of_headline(elements: Sequence[HtmlElement], titles: Sequence[str]) -> int | None:
    """Return which heading says most of what the page calls itself; the first `<h1>` if none."""
    declared = [_folded(title) for title in titles]
    first, best, most = None, None, 0
    for number, element in enumerate(elements):
        if element.tag not in {"h1", "h2"}:
            continue
        if first is None and element.tag == "h1":
            first = number
        heading = _folded(_text_of(element))
        if len(heading) > most and any(heading in title for title in declared):
            best, most = number, len(heading)
    return first if best is None else best


def _datelines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts of elements whose class says that they hold a date."""
    for element in tree.xpath(_DATELINES)[:_MAX_MOMENTS]:
        yield from _short_parts(element.text_content())
        for piece in islice(element.itertext(), _MAX_PIECES):
            yield from _short_parts(piece)


def _short_parts(text: str | None) -> Iterator[str]:
    """Yield a text whole and in parts if it is as short as a date, and tells no change."""
    short = _line(text) if text and len(text) <= _MAX_SPACED_CHARS else None
    is_dateline = short and len(short) <= MAX_DATELINE_CHARS
    if short and is_dateline and not CHANGED.search(short) and not JOINED.search(short):
        yield from dateline_parts(short)
