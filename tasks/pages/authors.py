"""Read who wrote a page: from what it says in JSON-LD and `<meta>`, else from where names stand."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

import regex
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.bylines import (
    MAX_AUTHOR_CHARS,
    MAX_DATELINE_CHARS,
    author_name,
    is_byline,
    may_name,
    name_in_byline,
)
from tasks.pages.page_texts import (
    MAX_PIECES,
    Around,
    Named,
    Sources,
    folded,
    is_elsewhere,
    line_of,
    text_of,
)

_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
            "sailthru.author", "byl", "citation_author", "og:author", "article:author_name",
            "news_author", "cxenseparse:author")  # fmt: skip
#: What labels a name in `<meta name="twitter:label1">`, which WordPress writes.
_WRITTEN_BY = regex.compile(
    r"written by|escrito por|écrit par|verfasst von|geschrieben von|scritto da|geschreven door"
    r"|napisane przez|skriven av|skrevet av|написано автором|автор|yazan|作者|執筆者|글쓴이",
    regex.IGNORECASE,
)
#: Where an author may be named; which of these say so in as many words.
_CALLED_AUTHOR = (
    "//*[@itemprop='author' or @rel='author' or contains(@class, 'uthor')"
    " or contains(@class, 'byline')]"
)
_BYLINE_NAMES = regex.compile(
    r"(?:^|\s)author(?:\s|$)|byline|author-name|author__name|article-author|post-author"
)
#: Who may write is no author.
_NO_AUTHOR = "uthori"
_LINKS_TO_AUTHORS = "//a[contains(@href, '/author/') or contains(@href, '/authors/')]"
_MEMBERS = (
    "//*[@data-author or @data-author-username or contains(@class, 'username')"
    " or contains(@class, 'PostUser-name')]"
)
#: Stands before a name, in a text of its own.
_LABEL = regex.compile(r"(?:^|\s)(?:by|von|par|por|di|da|av|af|door)\s*:?$", regex.IGNORECASE)
#: What a member of a forum calls himself has up to so many characters.
_MAX_MEMBER_CHARS = 40


def read_authors(page: Sources, site: str | None) -> str | None:
    """Return the names of authors, from the surest place that has any; the site's own last.

    Args:
        page: Where they may stand.
        site: The name of the page's site.
    """
    meta = [value for name in _AUTHORS for value in page.named.get(name, ())]
    places: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: page.said.authors,
        lambda: [*meta, *_labelled(page.named)],
        lambda: islice(_bylines(page), 1),
    )
    of_site = None
    for values in places:
        names = _joined(values())
        if names and folded(names) != folded(site or ""):
            return names
        of_site = of_site or names
    return of_site or next(_members(page.tree), None)


def _joined(values: Iterable[str]) -> str | None:
    """Return what may be names as one text; the first if all are too long."""
    lines = (line_of(value) or "" for value in values)
    names = list(dict.fromkeys(name for line in lines if (name := author_name(line))))
    joined = "; ".join(names)
    return (joined if len(joined) <= MAX_AUTHOR_CHARS else names[0]) or None


def _labelled(named: Named) -> Iterator[str]:
    for number in ("1", "2"):
        if any(map(_WRITTEN_BY.fullmatch, named.get(f"twitter:label{number}", ()))):
            yield from named.get(f"twitter:data{number}", ())


def _bylines(page: Sources) -> Iterator[str]:
    """Yield names from where pages name their author, the surest place first.

    In so many words, beside the headline, by a link to what else he wrote, by a class.
    """
    called: tuple[list[HtmlElement], list[HtmlElement]] = ([], [])
    for element in page.tree.xpath(_CALLED_AUTHOR):
        called[not _is_called_byline(element)].append(element)
    others = (element for element in called[1] if _NO_AUTHOR not in element.get("class", ""))
    yield from _names_in(called[0])
    yield from _names_near(page.headline)
    yield from _names_in(chain(page.tree.xpath(_LINKS_TO_AUTHORS), others))


def _is_called_byline(element: HtmlElement) -> bool:
    is_said = element.get("itemprop") == "author" or element.get("rel") == "author"
    return is_said or _BYLINE_NAMES.search(element.get("class", "")) is not None


def _names_in(elements: Iterable[HtmlElement]) -> Iterator[str]:
    named = ((element, _name_in(element)) for element in elements)
    return (name for element, name in named if name and not is_elsewhere(element))


def _name_in(element: HtmlElement) -> str | None:
    """Return the name in an element: all of a byline, else the first of its texts that is one."""
    pieces = islice(element.itertext(), MAX_PIECES + 1)
    texts = [text for piece in pieces if (text := line_of(piece))]
    whole = " ".join(texts)
    if len(texts) > MAX_PIECES or len(whole) > MAX_DATELINE_CHARS:
        return None
    if is_byline(whole):
        return name_in_byline(whole)
    # One letter stands for a picture.
    names = (name_in_byline(text) or "" for text in texts if not _LABEL.search(text))
    return next((name for name in names if len(name) > 1 and may_name(name)), None)


def _names_near(headline: Around) -> Iterator[str]:
    """Yield the names in lines after the headline that say by whom it is."""
    lines = (text_of(element) for element in headline.after if len(element) <= MAX_PIECES)
    return (name for line in lines if is_byline(line) and (name := name_in_byline(line)))


def _members(tree: HtmlElement) -> Iterator[str]:
    """Yield the names under which people write in a forum, of the first post first."""
    for element in tree.xpath(_MEMBERS):
        told = element.get("data-author") or element.get("data-author-username")
        name = line_of(told) or text_of(element)
        if name and len(name) <= _MAX_MEMBER_CHARS and not is_elsewhere(element):
            yield name
