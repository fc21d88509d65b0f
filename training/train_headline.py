"""Train `tasks/clean/headline_model.json` on development pages, flattened to text.

Run `python -m training.train_headline --data ../shared/data` (needs inscriptis). With
`--without-fold 0 --output FILE` the sites of a group are left out, and `benchmarks.titles --fold 0
--model FILE` measures on sites that the weights have never seen. Each page is learned from as it
was laid out, without its layout, from its headline on, as its body alone (no line is a headline),
and as a script that lacks case, phrases or sentence ends would have it. News in ten languages, with
its headline, is learned from as it stands and with a menu above, of words of other news.
"""

import json
import lzma
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import regex
import typer

from benchmarks.titles import FlattenedPage, flattened_pages, plain
from tasks.clean import headline as headline_model
from tasks.clean.cut import cut_text
from tasks.clean.headline_lines import Above, choices, features_above, lines_above
from tasks.clean.judge import judged_documents
from tasks.settings import CleanSettings
from tasks.writing.measures import ends_sentence
from tasks.writing.vocabulary import JOINED_LETTERS
from training.network_training import SEED, Choice, Size, fitted_to_choose
from training.train_chrome import weakened

SIZE, EPOCHS, NETWORKS = Size(hidden_units=12, batch_lines=8), 16, 3
#: A menu above news has fewer items, of up to so many words.
MENU_ITEMS, MENU_WORDS = 16, 3
DATELINE_SHARE = 0.3
_WORD = regex.compile(
    rf"[{JOINED_LETTERS}]{{1,6}}|[[\p{{L}}\p{{M}}]--[{JOINED_LETTERS}]]+", regex.V1
)


def page_choices(page: FlattenedPage) -> list[Choice]:
    """Return what is learned from a page; nothing if its headline stands below its text."""
    segments = cut_text(page.text)
    unlaid = [segment._replace(indent=0, gap=0) for segment in segments]
    first = next((n for n, line in enumerate(segments) if plain(line.text) == page.headline), None)
    if first is None:
        return []
    forms = [segments, unlaid, unlaid[first:], unlaid[first + 1 :]]
    above = lines_above(judged_documents(forms, CleanSettings()))
    chooser = np.random.default_rng([SEED, *page.name.encode()])
    made = []
    for text, features in zip(above, features_above(above), strict=True):
        right = _right(text, page.headline)
        made += [
            Choice(choices(text, seen), right) for seen in (features, weakened(features, chooser))
        ]
    return made


def _right(text: Above, headline: str) -> list[int]:
    """Return which candidates say the headline."""
    return [
        place
        for place, number in enumerate(text.candidates)
        if plain(text.top[number].text) == headline
    ]


def news_pages(data: Path) -> Iterator[FlattenedPage]:
    """Yield news with a menu above, a byline or a date now and then below the headline."""
    path = data / "stories" / "stories.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as rows:
        news = [json.loads(row) for row in rows]
    words = defaultdict[str, list[str]](list)
    for row in news:
        words[row["lang"]] += _WORD.findall(row["text"].partition("\n")[0])
    for row in news:
        chooser = np.random.default_rng([SEED, *row["id"].encode()])
        title, _, body = row["text"].partition("\n")
        if ends_sentence(title) or not body:
            continue
        items = chooser.integers(MENU_ITEMS)
        above = [_item(words[row["lang"]], chooser) for _ in range(items)]
        dateline = ["12.03.2024"] if chooser.random() < DATELINE_SHARE else []
        text = "\n".join([*above, title, *dateline, body])
        yield FlattenedPage("news", row["id"], text, plain(title))


def _item(words: Sequence[str], chooser: np.random.Generator) -> str:
    return " ".join(chooser.choice(words, chooser.integers(1, MENU_WORDS + 1)).tolist())


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    output: Annotated[Path, typer.Option(help="Where the weights go.")] = headline_model.FILE,
    without_fold: Annotated[int | None, typer.Option(help="Leave out a group of sites.")] = None,
) -> None:
    """Train and write the weights."""
    pages = [page for page in flattened_pages(data) if page.fold != without_fold]
    pages += news_pages(data)
    made = [choice for page in pages for choice in page_choices(page)]
    layers = fitted_to_choose(made, SIZE, EPOCHS, NETWORKS)
    hundredths = [np.round(np.asarray(part) * 100).astype(int).tolist() for part in layers]
    output.write_text(json.dumps(hundredths, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(pages)} pages, {len(made)} texts made of them: {output}")


if __name__ == "__main__":
    typer.run(main)
