"""How well and how fast the main text of HTML pages is found, beside trafilatura.

Run `python -m benchmarks.main_text --data ../shared/data`: F1 of the strings that must and must not
be in the text (`benchmarks.pages`), pages per second of processor time on the same pages in
the same run, and shingle F1 against the article bodies that some pages give in JSON-LD.
"""

import html as entities
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import trafilatura
import typer

from benchmarks.pages import GoldPage, read_pages, shingle_f1, strings_f1
from tasks.readers.page import read_page

_SCRIPT = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
#: A shorter body is a summary.
_MIN_BODY_CHARS = 1000
#: A body with less or more than so much of what trafilatura finds is cut off or of another thing.
_BODY_RANGE = (0.7, 1.4)

EXTRACTORS: dict[str, Callable[[str], str]] = {
    "babelmill": lambda html: "\n".join(read_page(html).lines),
    "trafilatura": lambda html: trafilatura.extract(html) or "",
    "trafilatura fast": lambda html: trafilatura.extract(html, fast=True) or "",
    "trafilatura precise": lambda html: trafilatura.extract(html, favor_precision=True) or "",
}


def _bodies(page: GoldPage) -> Iterator[str]:
    for script in _SCRIPT.findall(page.html):
        try:
            yield from _article_bodies(json.loads(script, strict=False))
        except json.JSONDecodeError:
            continue


def _article_bodies(value: object) -> Iterator[str]:
    if isinstance(value, list):
        children = value
    elif isinstance(value, dict):
        children = list(value.values())
        body = value.get("articleBody")
        if isinstance(body, str):
            yield _TAG.sub(" ", entities.unescape(body))
    else:
        return
    for child in children:
        yield from _article_bodies(child)


def _references(pages: list[GoldPage], texts: dict[str, str]) -> dict[str, str]:
    """Return the articles that publishers give, where they are whole, by file."""
    low, high = _BODY_RANGE
    bodies = {page.file: max(_bodies(page), key=len, default="") for page in pages}
    return {
        file: body
        for file, body in bodies.items()
        if len(body) >= _MIN_BODY_CHARS and low * len(body) <= len(texts[file]) <= high * len(body)
    }


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    every: Annotated[int, typer.Option(min=1, help="Read every n-th page only.")] = 1,
) -> None:
    """Measure each extractor on the same pages."""
    logging.disable(logging.CRITICAL)
    pages = read_pages(data, every)
    texts: dict[str, dict[str, str]] = {}
    speeds: dict[str, float] = {}
    for name, extract in EXTRACTORS.items():
        began = time.process_time()
        texts[name] = {page.file: extract(page.html) for page in pages}
        speeds[name] = len(pages) / (time.process_time() - began)
    references = _references(pages, texts["trafilatura"])
    print(f"{len(pages)} pages, {len(references)} with their article in JSON-LD")
    for name, found in texts.items():
        strings = " ".join(f"{figure:.4f}" for figure in strings_f1(pages, found))
        pairs = [(reference, found[file]) for file, reference in references.items()]
        shingles = f"{shingle_f1(pairs)[2]:.4f}" if pairs else "-"
        times = speeds[name] / speeds["trafilatura"]
        print(
            f"{name:20} strings P R F1 {strings}  shingle F1 {shingles}  "
            f"{speeds[name]:6.1f} pages/s, {times:.2f} × trafilatura"
        )


if __name__ == "__main__":
    typer.run(main)
