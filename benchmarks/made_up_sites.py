"""Make up sites: articles with menus and footers around them, and with what recurs by nature.

A site has a menu and a footer of its own, and four sections with a menu each. Between the menus
stands a line that changes (a day). What recurs by nature: a heading within every article,
statements that a few articles quote, and one article that stands there in twelve versions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from benchmarks.prose import Article, Language, edited, language, write_article

Kind = Literal["menu", "section", "footer", "disclaimer", "day", "heading", "statement", "article"]
#: What recurs and is no text of the article.
PLANTED: tuple[Kind, ...] = ("menu", "section", "footer", "disclaimer")
SECTIONS = 4
STATEMENTS = 5
#: Share of the articles that quote each of them.
QUOTING_SHARE = 0.05
#: Versions of one article, and the share of tokens by which they differ.
VERSIONS, EDITED_SHARE = 12, 0.02

Line = tuple[str, Kind]


@dataclass(frozen=True)
class Site:
    """What the documents of a site share."""

    spoken: Language
    menu: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...]
    disclaimer: str
    heading: str
    statements: tuple[str, ...]
    repeated: Article


def make_site(tag: str, rng: Random) -> Site:
    """Make a site in a language."""
    spoken = language(tag)
    sentences = [write_article(tag, rng).paragraphs[0] for _ in range(STATEMENTS + 1)]
    return Site(
        spoken,
        menu=_items(spoken, 8, rng),
        sections=tuple(_items(spoken, 3, rng) for _ in range(SECTIONS)),
        footer=_items(spoken, 6, rng),
        disclaimer=sentences[0],
        heading=_items(spoken, 1, rng)[0],
        statements=tuple(sentences[1:]),
        repeated=write_article(tag, rng),
    )


def _items(spoken: Language, count: int, rng: Random) -> tuple[str, ...]:
    """Return this many items of a menu: two or three words, or five characters."""
    size = rng.randint(2, 3) if spoken.space else 5
    return tuple(spoken.space.join(rng.sample(spoken.vocabulary, size)) for _ in range(count))


def site_documents(site: Site, count: int, rng: Random) -> Iterator[list[Line]]:
    """Yield the documents of a site as lines; versions of one article if there is room for them."""
    versions = VERSIONS if count > 3 * VERSIONS else 0
    for number in range(count):
        if number < versions:
            article = edited(site.repeated, EDITED_SHARE, rng)
        else:
            article = write_article(site.spoken.tag, rng)
        yield list(_document(site, article, rng))


def _document(site: Site, article: Article, rng: Random) -> Iterator[Line]:
    yield from _of_kind("menu", site.menu)
    yield str(rng.randrange(10**9)) + site.spoken.vocabulary[0], "day"
    yield from _of_kind("section", rng.choice(site.sections))
    yield article.title, "article"
    body = list(_of_kind("article", article.paragraphs))
    body.insert(rng.randint(0, len(body) - 1), (site.heading, "heading"))
    for statement in site.statements:
        if rng.random() < QUOTING_SHARE:
            body.insert(rng.randint(1, len(body)), (statement, "statement"))
    yield from body
    yield from _of_kind("footer", site.footer)
    yield site.disclaimer, "disclaimer"


def _of_kind(kind: Kind, lines: Sequence[str]) -> Iterator[Line]:
    return ((line, kind) for line in lines)
