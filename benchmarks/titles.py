"""Measure how often the headline of a page is found when the page is flattened to text.

    python -m benchmarks.titles [--data FOLDER] [--fold 0 --model FILE] [--show]

Needs inscriptis, as `benchmarks.plain_text` does. A page counts if it has one `<h1>` that its
`<title>` or `og:title` repeats, and the flattened text has it as a line. Beside them stand made-up
pages in ten languages, whose headline is known, and news without any, of which none is one.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import typer
from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from benchmarks.dates import read_html_types
from benchmarks.made_up_sites import make_site, site_documents
from benchmarks.pages import FOLDS, read_pages
from benchmarks.prose import LANGUAGES
from tasks.clean import headline as headline_model
from tasks.clean.cut import cut_text
from tasks.clean.headline import find_headlines
from tasks.clean.judge import judged_documents
from tasks.settings import CleanSettings

_SITES, _DOCUMENTS = 4, 5
#: Pages of these kinds have a text with a headline.
_KINDS = ("article", "documentation", "forum", "service")


class FlattenedPage(NamedTuple):
    """A page as text, its headline as it is compared, and where it is from."""

    kind: str
    name: str
    text: str
    headline: str
    fold: int | None = None


def plain(text: str | None) -> str:
    """Return a text as it is compared: its words without case."""
    return re.sub(r"[\W_]+", " ", text or "").casefold().strip()


def flattened_pages(data: Path) -> Iterator[FlattenedPage]:
    """Yield the development pages that tell their headline and have it in a line."""
    from inscriptis import get_text

    for kind, name, url, markup in _pages(data):
        headline = headline_of(markup)
        try:
            text = get_text(markup) if headline else ""
        except (LxmlError, ValueError):
            continue
        if headline and headline in {plain(line) for line in text.splitlines()}:
            yield FlattenedPage(kind, name, text, headline, _fold(url))


def _pages(data: Path) -> Iterator[tuple[str, str, str, str]]:
    for page in read_pages(data):
        yield "html", page.file, page.url, page.html
    for markup, told in read_html_types(data):
        if told["page_type"] in _KINDS:
            yield told["page_type"], told["file"], told["url"], markup


def _fold(url: str) -> int:
    site = ".".join((urlsplit(url).hostname or url).split(".")[-2:])
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def headline_of(markup: str) -> str | None:
    """Return the text of a page's only `<h1>` if the page repeats it as its title.

    The name of the site, which many titles end with, is no headline.
    """
    try:
        tree = lxml_html.fromstring(markup.encode())
    except (LxmlError, ValueError):
        return None
    headings = [plain(heading.text_content()) for heading in tree.iter("h1")]
    titles = [title.text for title in tree.iter("title")][:1]
    titles += tree.xpath("//meta[@property='og:title']/@content")
    names = [plain(name) for name in tree.xpath("//meta[@property='og:site_name']/@content")]
    if len(headings) != 1 or not headings[0] or headings[0] in names:
        return None
    told = [title for title in map(plain, titles) if headings[0] in title]
    is_name = told and all(title.endswith(headings[0]) and title != headings[0] for title in told)
    return headings[0] if told and not is_name else None


def made_up_pages() -> Iterator[FlattenedPage]:
    """Yield made-up pages with a headline."""
    for language in LANGUAGES:
        random = Random(sum(map(ord, language)))
        for _ in range(_SITES):
            site = make_site(language, random)
            for lines in site_documents(site, _DOCUMENTS, random):
                headline = next(text for text, kind in lines if kind == "article")
                text = "\n".join(text for text, _ in lines)
                yield FlattenedPage(f"made up, {language}", "", text, plain(headline))


def _bodies(pages: Iterable[FlattenedPage]) -> Iterator[FlattenedPage]:
    """Yield what stands below the headlines of made-up pages: it has none."""
    for page in pages:
        lines = page.text.splitlines()
        body = next(n for n, line in enumerate(lines) if plain(line) == page.headline) + 1
        yield FlattenedPage("body alone", "", "\n".join(lines[body:]), "")


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    fold: Annotated[int | None, typer.Option(help="Only the sites of this group.")] = None,
    model: Annotated[Path, typer.Option(help="The weights to measure.")] = headline_model.FILE,
    show: Annotated[bool, typer.Option("--show", help="Print what was missed or wrong.")] = False,
) -> None:
    """Print how many headlines are found, wrong and missed by kind of page."""
    headline_model.FILE = model
    made_up = list(made_up_pages())
    pages = [page for page in flattened_pages(data) if fold in {None, page.fold}]
    pages += [*made_up, *_bodies(made_up)]
    judged = judged_documents([cut_text(page.text) for page in pages], CleanSettings())
    counts: Counter[tuple[str, str]] = Counter()
    for page, found in zip(pages, find_headlines(judged), strict=True):
        title = plain(found.title) if found else ""
        outcome = "right" if title == page.headline else "wrong" if title else "missed"
        counts[page.kind, outcome] += 1
        if show and outcome != "right":
            print(f"    {page.kind} {outcome}: {page.headline!r}, {found and found.title!r}")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        told = {outcome: n for (name, outcome), n in sorted(counts.items()) if name == kind}
        print(f"{kind:14} {told}, right: {told.get('right', 0) / sum(told.values()):.3f}")


if __name__ == "__main__":
    typer.run(main)
