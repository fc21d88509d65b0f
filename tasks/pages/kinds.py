"""Tell what kind of page a page is: an article, a forum, a product, a listing and the like.

By what its markup says of itself (`hints_of`): kinds of schema.org and Open Graph, the program
that made it, words of its address and its class names, how often it has which element. Weights:
`model.json`, written by `python -m training.train_blocks`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

import numpy as np
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.blocks import words_of_names
from tasks.pages.elements import Matrix

#: The kinds of pages that weights are learned for.
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")
#: What the hints say, by hint: a weight for each kind.
KindWeights = Mapping[str, tuple[float, ...]]
#: The weights of a page that gives no hint.
NO_HINT = ""

_LD_KIND = re.compile(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"([A-Za-z]{2,40})"')
_ADDRESS_WORD = re.compile(r"[a-z]{3,20}")
_SAYING = (
    ("ld", "//script[contains(@type, 'ld+json')]/text()", _LD_KIND),
    ("item", "//@itemtype", re.compile(r"schema\.org/([A-Za-z]{2,40})")),
    ("og", "//meta[@property='og:type']/@content", re.compile(r"^\s*([a-z.:_-]{2,30})")),
    ("by", "//meta[@name='generator']/@content", re.compile(r"^\s*([A-Za-z]{2,20})")),
)
_ADDRESSES = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
_TOP_NAMES = "/html/@class | /html/body/@class | /html/body/@id | //main/@class"
_COUNTED_TAGS = (
    "a article blockquote button code details dt figure form h1 h2 h3 iframe img input li option p"
    " pre section select table td time video"
)
_COUNTED = frozenset(_COUNTED_TAGS.split())
#: What is counted of links: those that are headings, items or around headings.
_LINKED = frozenset({"h2", "h3", "li"})
_COUNTED_NAMES = ("price", "author")
#: Counts are told apart in doublings, up to this many.
_MAX_COUNT_LOG = 8


def hints_of(tree: HtmlElement) -> frozenset[str]:
    """Return what the markup of a page says of its kind."""
    return frozenset(_hints(tree))


def _hints(tree: HtmlElement) -> Iterator[str]:
    for name, path, pattern in _SAYING:
        said = {word.casefold() for value in tree.xpath(path) for word in pattern.findall(value)}
        yield from (f"{name} {word}" for word in said)
        if not said:
            yield f"{name} -"
    for address in tree.xpath(_ADDRESSES)[:1]:
        yield from _address_hints(address)
    for names in tree.xpath(_TOP_NAMES):
        yield from (f"top {word}" for word in words_of_names(names))
    counts, classes = _counts(tree)
    for names in classes:
        yield from (f"class {word}" for word in words_of_names(names))
    for counted, count in counts.items():
        log = min(count.bit_length(), _MAX_COUNT_LOG)
        yield from (f"{counted} {bits}" for bits in range(1, log + 1))


def _counts(tree: HtmlElement) -> tuple[Counter[str], set[str]]:
    """Return how often a page has which elements, and all names of classes in it."""
    counts: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for node in tree.iter():
        tag = node.tag
        if tag in _COUNTED:
            counts[tag] += 1
        names = node.get("class") if isinstance(tag, str) else None
        if names:
            classes[names] += 1
        if tag == "a" and node.getparent() is not None and node.getparent().tag in _LINKED:
            counts[f"{node.getparent().tag} of links"] += 1
        elif tag in _LINKED and node.getparent() is not None and node.getparent().tag == "a":
            counts["links around"] += 1
    for names, count in classes.items():
        for word in _COUNTED_NAMES:
            if word in names:
                counts[word] += count
    return counts, set(classes)


def _address_hints(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
    except ValueError:
        return
    names = [name for name in path.split("/") if name]
    yield f"depth {min(len(names), 4)}"
    yield from (f"host {word}" for word in _ADDRESS_WORD.findall(host.rpartition(".")[0]))
    yield from (f"path {word}" for name in names[:-1] for word in _ADDRESS_WORD.findall(name))
    if names:
        last = names[-1]
        yield f"dashes {min(last.count('-'), 6)}"
        yield from (f"last {word}" for word in _ADDRESS_WORD.findall(last)[:2])
        if any(character.isdigit() for character in last):
            yield "last number"


def kind_probabilities(hints: Collection[str], weights: KindWeights) -> Matrix:
    """Return how likely a page is of each of `KINDS`, to three digits.

    Args:
        hints: What the page says of its kind.
        weights: What hints say.
    """
    logits = np.array(weights[NO_HINT], dtype=np.float64)
    for hint in sorted(hints):
        if hint in weights:
            logits = logits + weights[hint]
    powers = np.exp(logits - logits.max())
    shares: Matrix = np.round(powers / powers.sum(), 3)
    return shares
