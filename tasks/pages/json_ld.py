"""Read what a page says of itself in JSON-LD, by the words of schema.org."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml.html import HtmlElement  # type: ignore[import-untyped]

Node = dict[str, Any]

#: Kinds of what a page may be, the likeliest to be its subject first: kinds of articles (by the
#: end of their name), what is published otherwise, and the page itself.
_ARTICLES = ("Article", "BlogPosting", "Report", "Posting", "Review", "Statement", "QAPage")
_WORKS = (
    "Blog", "CreativeWork", "VideoObject", "AudioObject", "PodcastEpisode", "Recipe", "HowTo",
    "Question", "Event", "Product", "Course", "Book", "Dataset", "SoftwareSourceCode",
)  # fmt: skip
_PAGES = ("WebPage", "ItemPage", "AboutPage", "FAQPage", "MedicalWebPage", "CollectionPage")
#: Of one that lists several articles, none is the page's.
_MAX_DEPTH = 6
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|;)\s*$", re.DOTALL
)


class JsonLd(NamedTuple):
    """What JSON-LD says of the page's subject; empty and null for what it does not say."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: tuple[str, ...] = ()


def read_json_ld(tree: HtmlElement) -> JsonLd:
    """Return what the scripts of a page say of its subject: its first article, or else the page."""
    nodes = [node for script in _scripts(tree) for node in _nodes(script, 0)]
    by_id = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    subjects = sorted(nodes, key=_rank)  # stable: the first of a kind stays first
    known = [node for node in subjects if _rank(node) < _UNKNOWN]
    if not known:
        return JsonLd(publisher=_site(nodes))
    subject = known[0]
    return JsonLd(
        headline=_text(subject.get("headline")) or _text(subject.get("name")),
        authors=tuple(_names(subject.get("author") or subject.get("creator"), by_id)),
        publisher=next(iter(_names(subject.get("publisher"), by_id)), None) or _site(nodes),
        published=tuple(
            value
            for node in known[:2]
            for key in ("datePublished", "uploadDate", "dateCreated")
            if (value := _text(node.get(key)))
        ),
    )


def article_bodies(tree: HtmlElement) -> list[str]:
    """Return the texts that JSON-LD gives of the page's subject, its own paragraphs kept."""
    nodes = [node for script in _scripts(tree) for node in _nodes(script, 0)]
    subjects = sorted((node for node in nodes if _rank(node) < _UNKNOWN), key=_rank)
    bodies = (
        _text(node.get(name))
        for node in subjects
        for name in ("articleBody", "reviewBody", "text", "recipeInstructions", "transcript")
    )
    return [html.unescape(body) for body in bodies if body]


def _scripts(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        text = _WRAPPING.sub("", script.text_content() or "")
        try:
            yield json.loads(text, strict=False)
        except ValueError:
            continue


def _nodes(value: Any, depth: int) -> Iterator[Node]:  # noqa: ANN401 - any JSON
    """Yield the objects of a type, outer before inner, but not the items of a list of items."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        # None of its questions is what a page of questions is about.
        is_list = "@type" in value and "FAQPage" in _kinds(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "publisher", "author"):
            if not (is_list and key == "mainEntity"):
                yield from _nodes(value.get(key), depth + 1)


def _kinds(node: Node) -> list[str]:
    kinds = node["@type"]
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)]


_UNKNOWN = 3


def _rank(node: Node) -> int:
    """Return how likely an object is what the page is about: 0, 1, 2; `_UNKNOWN`: not at all."""
    kinds = _kinds(node)
    if any(kind.endswith(_ARTICLES) for kind in kinds):
        return 0
    return next((rank for rank, of in ((1, _WORKS), (2, _PAGES)) if set(kinds) & set(of)), _UNKNOWN)


def _site(nodes: list[Node]) -> str | None:
    return next((_text(node.get("name")) for node in nodes if "WebSite" in _kinds(node)), None)


def _names(value: Any, by_id: dict[str, Node]) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the names of persons or organisations: given as text, object, reference or list."""
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, list):
                yield from _names(item, by_id)
    elif isinstance(value, dict):
        known = by_id.get(str(value.get("@id")), value) if "name" not in value else value
        name = known.get("name")
        yield from _names(name if isinstance(name, str | list) else None, by_id)
    elif text := _text(value):
        yield text


def _text(value: object) -> str | None:
    """Return a text, or the first of several."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value")
    return value.strip() or None if isinstance(value, str) else None
