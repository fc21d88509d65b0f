"""Measure how well and how fast the main text of HTML pages is found, beside trafilatura.

Run `python -m benchmarks.main_text --data ../shared/data`: F1 of the strings that must and must not
be in the text (`benchmarks.pages`), pages per second of processor time, page by page in turn, and
shingle F1 against the article bodies that some pages give in JSON-LD. `cleaned` is what the
cleaning stage keeps of our text. The weights in the repository have learned from these
pages: only `--half` with `--model` of `training.train_blocks --without-half` measures on others.
"""

import html as entities
import json
import re
from collections.abc import Callable, Iterator

import trafilatura
import typer

from benchmarks.pages import (
    DATA,
    DataOption,
    EveryOption,
    GoldPage,
    HalfOption,
    ModelOption,
    chosen,
    extracted,
    our_text,
    read_pages,
    shingle_f1,
    strings_f1,
)
from tasks.clean.cut import cut_lines
from tasks.clean.judge import judged
from tasks.pages import model as block_model
from tasks.pages.page import read_page
from tasks.settings import CleanSettings

_SCRIPT = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
#: A shorter body is a summary.
_MIN_BODY_CHARS = 400
#: A body is cut off or of another thing if all extractors find less or more than this much of it.
_BODY_RANGE = (0.7, 1.4)


def _cleaned(html: str) -> str:
    segments = judged(cut_lines(read_page(html).lines), CleanSettings())
    return "\n".join(segment.text for segment in segments if segment.is_kept)


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "babelmill": our_text,
    "babelmill, cleaned": _cleaned,
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


def _references(pages: list[GoldPage], texts: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the articles that publishers give, where they are whole, by file."""
    low, high = _BODY_RANGE
    bodies = {page.file: max(_bodies(page), key=len, default="") for page in pages}
    return {
        file: body
        for file, body in bodies.items()
        if len(body) >= _MIN_BODY_CHARS
        and any(low <= len(found[file]) / len(body) <= high for found in texts.values())
    }


def main(
    data: DataOption = DATA,
    every: EveryOption = 1,
    half: HalfOption = None,
    model: ModelOption = block_model.FILE,
) -> None:
    """Measure each extractor on the same pages."""
    pages = chosen(read_pages(data, every), half, model)
    texts, seconds = extracted(pages, EXTRACTORS)
    references = _references(pages, texts)
    print(f"{len(pages)} pages, {len(references)} with their article in JSON-LD")
    for name, found in texts.items():
        strings = " ".join(f"{figure:.4f}" for figure in strings_f1(pages, found))
        pairs = [(reference, found[file]) for file, reference in references.items()]
        shingles = f"{shingle_f1(pairs)[2]:.4f}" if pairs else "-"
        print(
            f"{name:20} strings P R F1 {strings}  shingle F1 {shingles}  "
            f"{len(pages) / seconds[name]:6.1f} pages/s, "
            f"{seconds['trafilatura'] / seconds[name]:.2f} × trafilatura"
        )


if __name__ == "__main__":
    typer.run(main)
