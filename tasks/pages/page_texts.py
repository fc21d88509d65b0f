"""Read texts of a page's elements as lines, and find the elements around its headline."""

import html
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex
from lxml.etree import XPath  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.bylines import CHANGED, HAS_DIGIT, JOINED, MAX_DATELINE_CHARS, dateline_parts
from tasks.pages.json_ld import JsonLd
from tasks.reading.encodings import without_surrogates

#: What `<meta>` of a page says, by name, in order.
Named = dict[str, list[str]]

#: Classes of the frame that holds a text beside its side bar: no side bars.
_BESIDE_SIDEBAR = " or ".join(
    f"contains(@class, '{word}-sidebar')" for word in ("has", "with", "fixed", "content", "no")
)
#: Elements that are no part of the page's own subject.
ELSEWHERE = (
    "ancestor-or-self::*[self::nav or self::footer or (not(self::body or self::html or self::main)"
    " and (contains(@class, 'comment') or contains(@class, 'related')"
    f" or (contains(@class, 'sidebar') and not({_BESIDE_SIDEBAR})) or contains(@id, 'comment')))]"
)
#: How many pieces of text of an element that is called a date, or an author, may hold it.
MAX_PIECES = 8
_is_elsewhere = XPath(f"boolean({ELSEWHERE})")
#: What readers wrote below a page: names as WordPress, Disqus, Drupal and most others have them.
_NAMES = "concat(' ', translate(@class, 'CDM', 'cdm'), ' ', @id, ' ')"
_is_in_comments = XPath(
    "boolean(ancestor-or-self::*[not(self::body or self::html)]["
    + " or ".join(
        f"contains({_NAMES}, ' {name} ')"
        for name in ("comment", "comments", "comment-list", "commentlist", "comment-body",
                     "comment-content", "disqus_thread", "kommentare", "commentaires")
    )
    + "])"
)  # fmt: skip
_MAX_CHARS = 1000
#: A date is no longer than that with the white space of the markup around it.
MAX_SPACED_CHARS = 400
#: What parts the day of publication from that of the last change, in one line.
_SIDE_BY_SIDE = regex.compile(rf"[|•·⋅()（）;/]|,(?= ?(?:{CHANGED.pattern}))", regex.IGNORECASE)
#: Where what has no markup is looked for: so many elements before the headline and after it.
_BEFORE_HEADLINE, _AFTER_HEADLINE = 12, 60
_before = XPath(f"preceding::*[position() <= {_BEFORE_HEADLINE}]")
_after = XPath(f"following::*[position() <= {_AFTER_HEADLINE}]")


#: A headline that is no heading has so many words, or so many characters without a space.
_MIN_WORDS, _MIN_JOINED_CHARS = 3, 8
#: A title and what follows of the site's name.
_TITLE_PARTS = regex.compile(r"\s[|\-–—·•»:/]\s|[｜_]")


class Around(NamedTuple):
    """The elements before a headline, the nearest first, and itself and those after it."""

    before: Sequence[HtmlElement]
    after: Sequence[HtmlElement]


class Sources(NamedTuple):
    """Where a page says what it is: its elements, `<meta>`, JSON-LD, what is by its headline."""

    tree: HtmlElement
    named: Named
    said: JsonLd
    headline: Around


def line_of(value: object) -> str | None:
    """Return a value as one line of text; None if it is none, or empty."""
    if not isinstance(value, str):
        return None
    text = html.unescape(value[:_MAX_CHARS])
    return " ".join(without_surrogates(text)[0].split()) or None


def text_of(element: HtmlElement) -> str:
    """Return the text of an element as one line."""
    return line_of(element.text_content()) or ""


def folded(text: str) -> str:
    """Return a text as it is compared: its words without case."""
    return regex.sub(r"[\W_]+", " ", text.casefold()).strip()


def is_elsewhere(element: HtmlElement) -> bool:
    """Return whether an element is no part of the page's own subject."""
    return bool(_is_elsewhere(element))


def is_in_comments(element: HtmlElement) -> bool:
    """Return whether an element is part of what readers wrote below a page."""
    return bool(_is_in_comments(element))


def around_headline(tree: HtmlElement, titles: Sequence[str]) -> Around:
    """Return the elements around the heading that says most of what the page calls itself.

    If none does, around the first other element that says just that, as old pages and forums have
    it, or the first `<h1>`; nothing if there is none.

    Args:
        tree: The page.
        titles: What it calls itself.
    """
    heading = _headline(tree, titles)
    if heading is None:
        return Around((), ())
    after = [element for element in heading.iter() if isinstance(element.tag, str)]
    after += _after(heading)
    return Around(_before(heading)[::-1], after[:_AFTER_HEADLINE])


def _headline(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    headings = list(tree.iter("h1", "h2"))
    declared = [folded(title) for title in titles]
    words = [folded(text_of(heading)) for heading in headings]
    said = [
        (-len(text), number)
        for number, text in enumerate(words)
        if text and any(text in title for title in declared)
    ]
    if said:
        return headings[min(said)[1]]
    other = _saying_a_title(tree, titles)
    return next((h1 for h1 in headings if h1.tag == "h1"), None) if other is None else other


def _saying_a_title(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    """Return the first element of the body whose own text is a title, without the site's name."""
    firsts = (_TITLE_PARTS.split(title)[0] for title in titles)
    wanted = {text for title in (*titles, *firsts) if _is_worded(text := folded(title))}
    longest = max(map(len, titles), default=0)
    for element in tree.xpath("//body//*[not(self::script or self::style)]") if wanted else ():
        text = element.text
        if not text or len(text) > longest + MAX_SPACED_CHARS or not isinstance(element.tag, str):
            continue
        if folded(line_of(text) or "") in wanted and not is_elsewhere(element):
            return element
    return None


def _is_worded(text: str) -> bool:
    return text.count(" ") >= _MIN_WORDS - 1 or (" " not in text and len(text) >= _MIN_JOINED_CHARS)


def short_parts(text: str | None) -> Iterator[str]:
    """Yield a text whole and in parts if it is as short as a date, and tells no change."""
    short = line_of(text) if text and len(text) <= MAX_SPACED_CHARS else None
    is_dateline = short and len(short) <= MAX_DATELINE_CHARS and HAS_DIGIT.search(short)
    if not short or not is_dateline or JOINED.search(short):
        return
    if not CHANGED.search(short):
        yield from dateline_parts(short)
        return
    # What is called a change has a figure of its own: then the date beside it is another.
    parts = _SIDE_BY_SIDE.split(short)
    if all(HAS_DIGIT.search(part) for part in parts if CHANGED.search(part)):
        for part in parts:
            if not CHANGED.search(part):
                yield from dateline_parts(part)
