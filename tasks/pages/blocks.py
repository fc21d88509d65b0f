"""Take a parsed page apart into blocks of running text, each with the element it stands in.

A block is what a reader sees as one paragraph, cell, item or heading: the text between two tags
that break the line.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.layout import is_laid_out, laid_out_parts
from tasks.pages.note_marks import is_mark
from tasks.pages.set_aside import is_folded

#: Never text, or not the text of this page. Ruby (rt, rp) repeats what stands under it.
_NOT_READ_TAGS = (
    "applet audio canvas datalist embed head iframe img input link map math meta noframes object"
    " option rp rt script select source style svg template textarea video"
)
_NOT_READ = frozenset(_NOT_READ_TAGS.split())
#: Tags that break the line.
_BREAKING_TAGS = (
    "address amp-sidebar article aside blockquote body br button caption center dd details dialog"
    " dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html"
    " label legend li main menu nav noscript ol p pre section summary table tbody td tfoot th thead"
    " tr ul"
)
_BREAKING = frozenset(_BREAKING_TAGS.split())
#: Where a browser may break a word: no part of it.
_SOFT_HYPHEN = "\u00ad"
#: Tags that may hold the number of a note, or a link to edit a section or to point at it.
_MARKING = frozenset({"a", "span", "sup"})
_BOLD = frozenset({"b", "strong"})
#: What stands in these is meant as it stands: `<code>&amp;amp;</code>` says `&amp;`.
_CODE = frozenset({"code", "kbd", "pre", "samp", "tt", "var"})
_MARK_NAMES = (
    "nav footer header aside form figure figcaption table li blockquote article main heading"
    " button label dl pre p details section noscript hidden"
)
#: What an element or one around it is; a bit of `Element.marks` each.
MARKS = tuple(_MARK_NAMES.split())
_BITS = {name: 1 << index for index, name in enumerate(MARKS)}
_BITS |= {f"h{level}": _BITS["heading"] for level in range(1, 7)}
_BITS |= dict.fromkeys(("td", "th", "tr"), _BITS["table"])
_BITS |= dict.fromkeys(("ul", "ol"), _BITS["li"]) | dict.fromkeys(("dt", "dd"), _BITS["dl"])
_BITS |= {"caption": _BITS["figcaption"], "amp-sidebar": _BITS["nav"], "fieldset": _BITS["form"]}
_BITS |= {"summary": _BITS["details"]}
_ENTITY = re.compile(r"&#?\w{1,32};")
_HIDING = re.compile(r"display:\s*none|visibility:\s*hidden")
#: Words in names of classes, whichever way they are joined: `articleBody`, `article-body`.
_NAME_WORD = re.compile(r"[a-z]{3,}|[A-Z][a-z]{2,}|[A-Z]{3,}")
#: Elements that hold an article, the likeliest kind first, by their names or their tag
#: (trafilatura 2.3, `trafilatura.xpaths.BODY_XPATH`).
_HOLDING_TAGS = frozenset({"article", "div", "main", "section"})
_HOLDING_NAMES = (
    re.compile(
        r" (?:post|entry) \n| articleBody |post[-_]?(?:text|body|content|entry)|postContent"
        r"|post_inner_wrapper|article-?text|articleText|(?:entry|page|text|article|art)-content"
        r"|article__co(?:ntent|ntainer)|article(?:-|__)?body|articleBody|ArticleContent|body-text"
    ),
    None,
    re.compile(
        r" (?:article|story|postarea|art-postcontent|text|cell) \n| article |[Ff]ulltext"
        r"|post-bodycopy|story-?(?:content|body)|(?:theme|blog|section|single)-content|single-post"
        r"|main-column|wpb_text_column|field-body| primary"
    ),
    re.compile(
        r" content \n|content(?:[-_]|__)(?:main|body)|contentBody|[Mm]ain-[Cc]ontent"
        r"|[Pp]age-[Cc]ontent"
    ),
    re.compile(r"\n main| main"),
)
HOLDER_KINDS = len(_HOLDING_NAMES)


@dataclass(slots=True, eq=False)
class Element:
    """An element that breaks the line."""

    parent: "Element | None"
    tag: str
    marks: int
    names: tuple[str, ...]
    signature: str
    depth: int
    holder_kind: int = 0


@dataclass(slots=True)
class Block:
    """A text in one line; how much of it are links and bold; whether a `br` is before.

    `has_entity`: an entity stands in code in it, and is meant. `layout` is the same text in the
    lines and with the leading spaces that its page gives it; empty where they say nothing.
    `leads_on`: a link with an address begins in it.
    """

    text: str
    element: Element
    link_chars: int
    bold_chars: int
    after_break: bool
    has_entity: bool = False
    layout: str = ""
    leads_on: bool = False

    @property
    def line(self) -> str:
        """What is published of it."""
        return self.layout or self.text


@dataclass(slots=True)
class _Reader:
    """What has been read of a page."""

    element: Element
    elements: list[Element]
    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    #: How many links, bold elements and pieces of code are open.
    links: int = 0
    bolds: int = 0
    codes: int = 0
    has_entity: bool = False
    leads_on: bool = False
    link_chars: int = 0
    bold_chars: int = 0
    after_break: bool = False

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links:
            self.link_chars += len(text.strip())
        if self.bolds:
            self.bold_chars += len(text.strip())
        if self.codes and _ENTITY.search(text):
            self.has_entity = True

    def end_block(self) -> None:
        if not self.parts:
            return
        text = " ".join("".join(self.parts).replace(_SOFT_HYPHEN, "").split())
        if text:
            links, bolds = min(self.link_chars, len(text)), min(self.bold_chars, len(text))
            block = Block(text, self.element, links, bolds, self.after_break, self.has_entity)
            block.leads_on = self.leads_on
            self.blocks.append(block)
        self.parts.clear()
        self.link_chars = self.bold_chars = 0
        self.after_break = self.has_entity = self.leads_on = False

    def add_laid_out(self, node: HtmlElement) -> None:
        """Add the parts of an element whose line breaks are meant, as blocks of their own."""
        for part in laid_out_parts(node):
            text = " ".join(part.replace(_SOFT_HYPHEN, "").split())
            if text:
                has_entity = _ENTITY.search(part) is not None
                self.blocks.append(Block(text, self.element, 0, 0, False, has_entity, part))

    def enter(self, node: HtmlElement, tag: str) -> None:
        if tag in _BREAKING:
            self.end_block()
            self.after_break = tag == "br"
            if tag != "br":
                self.element = _element(node, self.element)
                self.elements.append(self.element)
        elif tag == "a":
            self.links += 1
            self.leads_on = self.leads_on or node.get("href") is not None
        elif tag in _BOLD:
            self.bolds += 1
        self.codes += tag in _CODE

    def leave(self, tag: str) -> None:
        self.codes -= tag in _CODE
        if tag in _BREAKING:
            self.end_block()
            if tag != "br" and self.element.parent is not None:
                self.element = self.element.parent
        elif tag == "a":
            self.links -= 1
        elif tag in _BOLD:
            self.bolds -= 1


def marked(*names: str) -> int:
    """Return the bits of some of `MARKS`, to compare with `Element.marks`."""
    return sum(_BITS[name] for name in names)


class PageBlocks(NamedTuple):
    """What was read of a page.

    Attributes:
        blocks: Its blocks in order.
        elements: All elements, those around before those within.
        passed_over: The elements that were left out, each with the number of blocks before it.
    """

    blocks: list[Block]
    elements: list[Element]
    passed_over: list[tuple[int, HtmlElement]]


def page_blocks(tree: HtmlElement, left_out: Collection[HtmlElement] = ()) -> PageBlocks:
    """Return the blocks of a page.

    Args:
        tree: The page, or an element of it.
        left_out: Elements that are not read.
    """
    body = tree.find("body")
    body = tree if body is None else body
    top = Element(None, "", 0, (), "", 0)
    reader = _Reader(top, [top])
    walker = etree.iterwalk(body, events=("start", "end"))
    skipped: set[HtmlElement] = set()
    passed_over: list[tuple[int, HtmlElement]] = []
    for event, node in walker:
        tag = node.tag
        if event == "end":
            if node in skipped:
                skipped.discard(node)
            else:
                reader.leave(tag)
            if node.tail and node is not body:
                reader.add(node.tail)
        elif node in left_out or _is_skipped(node):
            if node in left_out:
                reader.end_block()
                passed_over.append((len(reader.blocks), node))
            skipped.add(node)
            walker.skip_subtree()
        else:
            reader.enter(node, tag)
            if tag in _BREAKING and is_laid_out(node):
                reader.add_laid_out(node)
                walker.skip_subtree()
            elif node.text:
                reader.add(node.text)
    reader.end_block()
    return PageBlocks(reader.blocks, reader.elements, passed_over)


def _is_skipped(node: HtmlElement) -> bool:
    """Whether nothing in an element is read: scripts, comments, marks of notes."""
    tag = node.tag
    return not isinstance(tag, str) or tag in _NOT_READ or (tag in _MARKING and is_mark(node))


def _element(node: HtmlElement, parent: Element) -> Element:
    tag, attributes = node.tag, dict(node.items())
    marks, depth = parent.marks | _BITS.get(tag, 0), parent.depth + 1
    if not attributes:
        return Element(parent, tag, marks, (), tag, depth, _holder_kind(tag, ""))
    get = attributes.get
    style = get("style")
    hides = "hidden" in attributes or (style is not None and _HIDING.search(style) is not None)
    if get("aria-hidden") == "true" or (hides and not is_folded(node)):
        marks |= _BITS["hidden"]
    named = _named(tag, get("class", ""), get("id", ""), get("role", ""), get("itemprop", ""))
    return Element(parent, tag, marks, named.words, named.signature, depth, named.holder_kind)


@dataclass(frozen=True, slots=True)
class _Named:
    """What the names on an element say: their words, what sets it apart from others, its kind."""

    words: tuple[str, ...]
    signature: str
    holder_kind: int


@lru_cache(maxsize=4096)
def _named(tag: str, classes: str, *others: str) -> _Named:
    names = " \n ".join((classes, *others))
    return _Named(words_of_names(names), f"{tag}.{classes}", _holder_kind(tag, f" {names} \n"))


@lru_cache(maxsize=4096)
def words_of_names(names: str) -> tuple[str, ...]:
    """Return the words in names of classes, in order: `articleBody` says `article` and `body`."""
    return tuple(sorted({word.lower() for word in _NAME_WORD.findall(names)}))


def _holder_kind(tag: str, names: str) -> int:
    """Return which kind of holder of an article an element is, from 1 on; 0 if none."""
    if tag not in _HOLDING_TAGS:
        return 0
    for kind, pattern in enumerate(_HOLDING_NAMES, 1):
        if tag == "article" if pattern is None else pattern.search(names):
            return kind
    return HOLDER_KINDS if tag == "main" else 0
