"""Measure how well the main text of pages of seven types is found: not only of articles.

Run `python -m benchmarks.page_types --data ../shared/data`: per type the mean F1 of the words of a
page's text against those that its annotators took for main text, counted, and the shares of the
strings that stand in the text, or do not, as they should. The weights in the repository have not
learned from these pages. `--peer-python` measures trafipy beside (`benchmarks.trafipy_peer`).
"""

import json
import lzma
import statistics
import subprocess
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from trafilatura.utils import decode_file

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
    words_of,
)
from tasks.pages import model as block_model

_FOLDER = "html_types"
#: What runs in the other environment.
_PEER = Path(__file__).with_name("trafipy_peer.py")


@dataclass(frozen=True)
class TypedPage(GoldPage):
    """A page with its type and the whole of its main text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Scores:
    """What is measured of a page."""

    precision: float
    recall: float
    f1: float
    right: float


def read_typed_pages(data: Path, every: int = 1) -> list[TypedPage]:
    """Return every n-th page of `html_types/` in the folder of development data."""
    with lzma.open(data / _FOLDER / "gold.jsonl.xz", "rt", encoding="utf-8") as lines:
        gold = {row["file"]: row for row in map(json.loads, list(lines)[::every])}
    with tarfile.open(data / _FOLDER / "pages.tar.xz", "r|xz") as archive:
        return sorted(_pages(archive, gold), key=lambda page: page.file)


def _pages(archive: tarfile.TarFile, gold: dict[str, dict[str, Any]]) -> Iterator[TypedPage]:
    for member in archive:
        row = gold.get(Path(member.name).name)
        file = archive.extractfile(member) if row else None
        if row is not None and file is not None and row.get("main_content"):
            kind = row["page_type"]
            yield TypedPage(
                file=row["file"],
                url=row["url"],
                html=decode_file(file.read()),
                wanted=tuple(row.get("with", ())),
                unwanted=tuple(row.get("without", ())),
                kind=kind["primary"] if isinstance(kind, dict) else kind,
                text=row["main_content"],
            )


def scores(page: TypedPage, text: str) -> Scores:
    """Return how right a text is for a page."""
    true, found = Counter(words_of(page.text.casefold())), Counter(words_of(text.casefold()))
    common = (true & found).total()
    precision, recall = common / max(found.total(), 1), common / max(true.total(), 1)
    f1 = 2 * common / max(true.total() + found.total(), 1)
    return Scores(precision, recall, f1, page.share_right(text))


def _means(found: Sequence[Scores]) -> str:
    columns = [
        statistics.mean(getattr(score, name) for score in found)
        for name in ("precision", "recall", "f1", "right")
    ]
    return " ".join(f"{value:.3f}" for value in columns)


def _peer_texts(pages: Sequence[TypedPage], python: Path) -> tuple[dict[str, str], float]:
    """Return trafipy's text of each page by file, and its processor seconds."""
    given = json.dumps([[page.file, page.url, page.html] for page in pages])
    command = [str(python), str(_PEER)]
    done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return found["texts"], found["seconds"]


def _print_table(name: str, pages: Sequence[TypedPage], texts: dict[str, str], took: float) -> None:
    by_kind: dict[str, list[Scores]] = defaultdict(list)
    for page in pages:
        by_kind[page.kind].append(scores(page, texts[page.file]))
    print(f"{name:15} pages  words P R F1, strings right")
    for kind in sorted(by_kind):
        print(f"{kind:15} {len(by_kind[kind]):5}  {_means(by_kind[kind])}")
    everything = [score for found in by_kind.values() for score in found]
    print(f"{'all':15} {len(pages):5}  {_means(everything)}  {len(pages) / took:.1f} pages/s")


def main(
    data: DataOption = DATA,
    every: EveryOption = 1,
    half: HalfOption = None,
    model: ModelOption = block_model.FILE,
    peer_python: Annotated[
        Path | None, typer.Option(help="The Python of an environment that has trafipy.")
    ] = None,
) -> None:
    """Measure each type."""
    pages = chosen(read_typed_pages(data, every), half, model)
    texts, seconds = extracted(pages, {"babelmill": our_text})
    _print_table("babelmill", pages, texts["babelmill"], seconds["babelmill"])
    if peer_python is not None:
        _print_table("trafipy", pages, *_peer_texts(pages, peer_python))


if __name__ == "__main__":
    typer.run(main)
