"""Read when a page was first published.

A date is one that the page declares, that stands in its address, or beside its headline; one of a
change is none. Neither the clock nor a search of free text decides.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import filterfalse, islice
from urllib.parse import unquote

import regex
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.bylines import (
    CHANGED,
    HAS_DIGIT,
    JOINED,
    MAX_DATELINE_CHARS,
    dateline_parts,
)
from tasks.pages.page_texts import (
    ELSEWHERE,
    MAX_PIECES,
    MAX_SPACED_CHARS,
    Around,
    Sources,
    is_elsewhere,
    is_in_comments,
    line_of,
    short_parts,
    text_of,
)
from tasks.reading.dates import parse_date

#: First publication, by the surest name first; never the last change.
_DATES = ("article:published_time", "article.published", "og:article:published_time",
          "og:published_time", "datepublished", "date.published", "parsely-pub-date",
          "sailthru.date", "cxenseparse:recs:publishtime", "publish_date", "publish-date",
          "publishdate", "publication_date", "published-date", "pubdate", "dc.date.issued",
          "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date",
          "citation_publication_date", "citation_online_date", "rnews:datepublished",
          "originalpublicationdate", "article_date_original", "cdate", "date_published",
          "datecreated", "date")  # fmt: skip
_PUBLISHED = (
    "//*[@itemprop='datePublished' or @itemprop='published-date' or @itemprop='dateCreated']"
)
_MOMENTS = (
    "//time[@datetime] | //*[@title and contains(@class, 'published')] | //*[@created-timestamp]"
)
_DATELINES = (
    "//*[contains(@class, 'date') or contains(@class, 'Date') or contains(@class, 'time') or"
    f" contains(@class, 'posted') or contains(@class, 'ublished')][not({ELSEWHERE})]"
)
_TEXTS = f"//body//text()[not(parent::script or parent::style)][not(parent::*[{ELSEWHERE}])]"
#: What a line begins with that says in words when a page was published.
_WORDS_OF_PUBLISHING = regex.compile(
    r"(?:first |originally |erst|zuerst |ursprünglich )?(?:published|posted|veröffentlicht"
    r"|erschienen|erstellt|publié|posté|publicad[oa]|pubblicat[oa]|geplaatst|gepubliceerd"
    r"|opublikowan[oey]|dodano"
    r"|publicerad|publisert|publiceret|julkaistu|publikováno|zveřejněno|objavljen[oa]|közzétéve"
    r"|publicat|yayınlan\w+|yayın tarihi|опубликован[оа]?|опубліковано|публикувано|diterbitkan"
    r"|đăng|نشر|تاريخ النشر|تاریخ انتشار|发布|發布|发表|發表|公開日|投稿日|掲載日|등록|입력|게시)"
    r"(?![\p{L}\p{M}--\p{Lo}])",
    regex.IGNORECASE | regex.V1,
)
#: Addresses of the programs of forums.
_THREADS = (
    "boolean(//a[contains(@href, 'viewtopic') or contains(@href, 'showthread')"
    " or contains(@href, '/threads/') or contains(@href, 'topic=')"
    " or contains(@href, 'forumdisplay') or contains(@href, 'viewforum')])"
)
_CLOCK = regex.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
#: Since when one takes part, and what time it is now: dates of a forum that are no post's.
_NO_POST = regex.compile(r"regist|join|member|current|now\b|aktuell|last |letzte", regex.IGNORECASE)
#: Other names of `<meta>` for the date of publication.
_DATE_NAME = regex.compile(
    r"(?:.*[-_.:])?publi(?:sh|sh_?ed|cation)[-_.:]?(?:date|time|on|at)?|published"
)
_DATE_IN_ADDRESS = regex.compile(
    r"/((?:19[89]|20[012])\d)[/-]?(0\d|1[0-2])[/-]?([0-2]\d|3[01])(?!\d)"
)
_MONTH_IN_ADDRESS = regex.compile(
    r"/((?:19[89]|20[012])\d)/([a-z]{3,9})/([0-2]?\d|3[01])(?!\d)", regex.IGNORECASE
)
#: Two places that tell a day in other zones differ by less.
_SAME_DAY = timedelta(hours=36)
#: How many elements are looked at that declare a time.
_MAX_MOMENTS = 12


def read_published(page: Sources, address: str | None, language: str | None) -> datetime | None:
    """Return when a page was first published, with its time if any place says it.

    Args:
        page: Where it may say so.
        address: Its own.
        language: BCP-47 tag of what it says it is written in.
    """
    others = [
        name for name in page.named if _DATE_NAME.fullmatch(name) and not CHANGED.search(name)
    ]
    meta = [value for name in (*_DATES, *others) for value in page.named.get(name, ())]
    places: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: [*page.said.published, *meta, *_declared_in_text(page.tree)],
        lambda: _in_address(address or ""),
        lambda: _near_headline(page.headline),
        lambda: _datelines(page.tree),
        lambda: _said_in_words(page.tree),
    )
    found = (list(_moments(values(), language)) for values in places)
    moments = next(filter(None, found), []) or _of_thread(page.tree, language)
    is_headed = page.headline.after and page.headline.after[0].tag in {"h1", "h2"}
    beside = _near_headline(page.headline) if moments and is_headed else ()
    near = next(_moments(beside, language), None)
    # A page that was moved, or a thread, declares a later day than the one beside its headline.
    return near if near and near < moments[0] - _SAME_DAY else _with_time(moments)


def _with_time(moments: Sequence[datetime]) -> datetime | None:
    """Return the first of some moments, with the time of day that another of them gives it."""
    if not moments:
        return None
    first = moments[0]
    timed = (m for m in moments if m.date() == first.date() and m.time() != time())
    return first if first.time() != time() else next(timed, first)


def _moments(values: Iterable[str], language: str | None) -> Iterator[datetime]:
    return (moment for value in values if (moment := parse_date(line_of(value), language)))


def _declared_in_text(tree: HtmlElement) -> Iterator[str]:
    """Yield what elements of the page declare as its date; a change of it is none."""
    for element in tree.xpath(_PUBLISHED)[:1]:
        yield from _said_by(element)
    for element in tree.xpath(_MOMENTS)[:_MAX_MOMENTS]:
        if not _is_of_change(element) and not is_elsewhere(element):
            yield from _said_by(element)


def _is_of_change(element: HtmlElement) -> bool:
    """Return whether the moment of an element is called one of a change, by class or before it."""
    parent = element.getparent()
    around = " ".join(line_of(e.get("class")) or "" for e in (element, parent) if e is not None)
    before = "" if parent is None else parent.text or ""
    return bool(CHANGED.search(around) or CHANGED.search(before))


def _said_by(element: HtmlElement) -> Iterator[str]:
    """Yield the moments that an element declares, and its text."""
    names = ("datetime", "content", "title", "created-timestamp")
    for value in (*(element.get(name, "") for name in names), text_of(element)):
        yield from dateline_parts(value) if len(value) <= MAX_DATELINE_CHARS else (value,)


def _in_address(address: str) -> Iterator[str]:
    for pattern in (_DATE_IN_ADDRESS, _MONTH_IN_ADDRESS):
        if found := pattern.search(unquote(address)):
            yield "-".join(found.groups())


def _near_headline(around: Around) -> Iterator[str]:
    """Yield the short texts around the headline, whole and in parts; none that tell a change."""
    for element in filterfalse(is_in_comments, (*around.after, *around.before)):
        is_told = element.text and (CHANGED.search(element.text) or JOINED.search(element.text))
        after = None if is_told else element.tail
        moment = element.get("datetime")
        if moment and not _is_of_change(element):
            yield from short_parts(moment)
        # Many are numbers, or names of events; a moment has its time of day.
        kept = (value for name, value in element.items() if name.startswith("data-"))
        told = [value for value in kept if _CLOCK.search(value)]
        for text in (element.text, after, element.get("title"), *told):
            yield from short_parts(text)


def _said_in_words(tree: HtmlElement) -> Iterator[str]:
    """Yield the lines that begin with a word such as *published*."""
    for text in tree.xpath(f"{_TEXTS}[not(ancestor::*[contains(@class, 'teaser')])]"):
        line = line_of(text) if len(text) <= MAX_SPACED_CHARS and HAS_DIGIT.search(text) else None
        if line and _WORDS_OF_PUBLISHING.match(line):
            yield from short_parts(line)


def _of_thread(tree: HtmlElement, language: str | None) -> list[datetime]:
    """Return the moment of the first post of a thread, with a time of day, if none is earlier."""
    if not tree.xpath(_THREADS):
        return []
    lines = (line_of(text) for text in tree.xpath(_TEXTS) if _CLOCK.search(text))
    told = [line for line in lines if line and not _NO_POST.search(line)]
    moments = list(_moments((part for line in told for part in short_parts(line)), language))
    return moments[:1] if moments and moments[0] == min(moments) else []


def _datelines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts of elements whose class says that they hold a date."""
    for element in tree.xpath(_DATELINES)[:_MAX_MOMENTS]:
        if _is_of_change(element):
            continue
        yield from short_parts(element.text_content())
        for piece in islice(element.itertext(), MAX_PIECES):
            yield from short_parts(piece)
