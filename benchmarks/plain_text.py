"""Measure how well an article is found in its page flattened to text, with no markup to lean on.

Run `python -m benchmarks.plain_text --data ../shared/data` (needs inscriptis): the page, flattened,
goes through cleaning; its shingle F1 is measured against the best text that trafilatura finds in
the markup, on pages where that has all the strings it must and none it must not. The
weights shipped are trained on all sites; `--fold` and `--model` measure others on held-out sites
(`training.train_chrome`). Also: what cleaning takes from clean news in ten languages.
"""

import json
import logging
import lzma
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.pages import article_of, read_pages, shingle_f1, strings_f1
from tasks.clean import chrome_model
from tasks.clean.cut import cut_text
from tasks.clean.judge import judged
from tasks.settings import CleanSettings

#: Shorter main texts are teasers and error messages.
MIN_ARTICLE_CHARS = 1000


def cleaned(text: str, settings: CleanSettings) -> str:
    """Return what cleaning keeps of a plain text."""
    return "\n".join(s.text for s in judged(cut_text(text), settings) if s.is_kept)


def _print_losses(data: Path, settings: CleanSettings) -> None:
    """Print the share of characters that clean news loses, by language."""
    chars: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    path = data / "stories" / "stories.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row = json.loads(line)
            chars[row["lang"]] += sum(map(len, row["text"].split("\n")))
            kept[row["lang"]] += sum(map(len, cleaned(row["text"], settings).split("\n")))
    for language in sorted(chars):
        print(f"clean news, {language}: {1 - kept[language] / chars[language]:.4%} lost")


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    every: Annotated[int, typer.Option(min=1, help="Read every n-th page only.")] = 1,
    fold: Annotated[int | None, typer.Option(help="Only the sites of this group.")] = None,
    model: Annotated[Path, typer.Option(help="The weights to measure.")] = chrome_model.FILE,
    min_score: Annotated[
        float, typer.Option(help="`clean.chrome_min_score`.")
    ] = CleanSettings().chrome_min_score,
) -> None:
    """Measure flattened pages, then clean news."""
    from inscriptis import get_text

    logging.disable(logging.CRITICAL)
    chrome_model.FILE = model
    pages = [page for page in read_pages(data, every) if fold in {None, page.fold}]
    found = [(page, *article_of(page)) for page in pages]
    sure = [(p, text) for p, text, share in found if share == 1 and len(text) > MIN_ARTICLE_CHARS]
    flat = {page.file: get_text(page.html) for page, _ in sure}
    settings = CleanSettings(chrome_min_score=min_score)
    texts = {file: cleaned(text, settings) for file, text in flat.items()}
    print(f"{len(sure)} article pages")
    for name, results in (("untouched", flat), ("cleaned", texts)):
        shingles = shingle_f1([(article, results[page.file]) for page, article in sure])
        strings = strings_f1([page for page, _ in sure], results)
        print(f"{name:10} shingle P R F1 {_figures(shingles)}  strings P R F1 {_figures(strings)}")
    _print_losses(data, settings)


def _figures(values: tuple[float, float, float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)


if __name__ == "__main__":
    typer.run(main)
