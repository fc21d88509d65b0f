"""Read the development pages, and score what is extracted from one.

No page has its whole text as gold: `gold.json` has strings that must (`with`) and must not
(`without`) stand in it. F1 over these is that of trafilatura's own evaluation: a wanted string
found is a true positive, an unwanted one a false positive. Shingle F1 is that of
article-extraction-benchmark (Scrapinghub): runs of four words, counted; precision and recall are
means over the pages, F1 is of the two means. It needs a whole text for a reference.
"""

import hashlib
import json
import logging
import re
import statistics
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import typer
from trafilatura.utils import decode_file

from tasks.pages import model as block_model
from tasks.pages.page import read_page

_SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")
#: Sites are dealt into this many groups; what is trained on some is measured on another.
FOLDS = 5


#: Options of the commands that read pages.
DataOption = Annotated[Path, typer.Option(exists=True, file_okay=False)]
EveryOption = Annotated[int, typer.Option(min=1, help="Read every n-th page only.")]
HalfOption = Annotated[int | None, typer.Option(help="Read the pages of this half only.")]
ModelOption = Annotated[Path, typer.Option(help="The weights of blocks.")]
DATA = Path("../shared/data")


@dataclass(frozen=True)
class GoldPage:
    """A page, and strings that must and must not stand in its main text."""

    file: str
    url: str
    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def site(self) -> str:
        """The last two labels of its host."""
        return ".".join((urlsplit(self.url).hostname or self.url).split(".")[-2:])

    @property
    def fold(self) -> int:
        """The group of its site."""
        return int(hashlib.sha256(self.site.encode()).hexdigest(), 16) % FOLDS

    @property
    def half(self) -> int:
        """The half of its site, 0 or 1, whatever its group."""
        return int(hashlib.sha256(f"half{self.site}".encode()).hexdigest(), 16) % 2

    def share_right(self, text: str) -> float:
        """Return the share of the strings that the text has or lacks as it should."""
        right = [string in text for string in self.wanted]
        right += [string not in text for string in self.unwanted]
        return sum(right) / max(len(right), 1)


def read_pages(data: Path, every: int = 1) -> list[GoldPage]:
    """Return every n-th page of `html/` in the folder of development data."""
    gold = json.loads((data / "html" / "gold.json").read_text(encoding="utf-8"))[::every]
    wanted = {row["file"] for row in gold}
    bodies: dict[str, bytes] = {}
    with tarfile.open(data / "html" / "pages.tar.xz", "r|xz") as archive:
        for member in archive:
            name = Path(member.name).name
            file = archive.extractfile(member) if name in wanted else None
            if file is not None:
                bodies[name] = file.read()
    return [
        GoldPage(
            row["file"],
            row["url"],
            decode_file(bodies[row["file"]]),
            tuple(row["with"]),
            tuple(row["without"]),
        )
        for row in gold
    ]


_Page = TypeVar("_Page", bound=GoldPage)


def chosen(pages: Iterable[_Page], half: int | None, model: Path) -> list[_Page]:
    """Return the pages of a half, or all; from now on blocks are judged by these weights."""
    logging.disable(logging.CRITICAL)
    block_model.FILE = model
    return [page for page in pages if half in {None, page.half}]


def our_text(html: str) -> str:
    """Return what we read of a page."""
    return "\n".join(read_page(html).lines)


def extracted(
    pages: Iterable[GoldPage], extractors: Mapping[str, Callable[[str], str]]
) -> tuple[dict[str, dict[str, str]], dict[str, float]]:
    """Return each extractor's text of each page by file, and its processor seconds.

    Extractors take turns, page by page.
    """
    texts: dict[str, dict[str, str]] = {name: {} for name in extractors}
    seconds = dict.fromkeys(extractors, 0.0)
    for page in pages:
        for name, extract in extractors.items():
            began = time.process_time()
            texts[name][page.file] = extract(page.html)
            seconds[name] += time.process_time() - began
    return texts, seconds


def strings_f1(pages: Iterable[GoldPage], texts: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the strings in the texts, which go by file."""
    counts: Counter[str] = Counter()
    for page in pages:
        text = texts[page.file]
        counts["found"] += sum(string in text for string in page.wanted)
        counts["wanted"] += len(page.wanted)
        counts["false"] += sum(string in text for string in page.unwanted)
    precision = counts["found"] / max(counts["found"] + counts["false"], 1)
    return _with_f1(precision, counts["found"] / max(counts["wanted"], 1))


def shingle_f1(pairs: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of pairs of a reference and a text."""
    precisions, recalls = [], []
    for reference, text in pairs:
        true, found = _shingles(reference), _shingles(text)
        common = (true & found).total()
        if found:
            precisions.append(common / found.total())
        if true:
            recalls.append(common / true.total())
    return _with_f1(statistics.mean(precisions), statistics.mean(recalls))


def _with_f1(precision: float, recall: float) -> tuple[float, float, float]:
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = words_of(text)
    starts = range(max(1, len(words) - _SHINGLE_WORDS + 1)) if words else range(0)
    return Counter(tuple(words[start : start + _SHINGLE_WORDS]) for start in starts)


def words_of(text: str) -> list[str]:
    """Return the runs of letters, digits and underscores in a text."""
    return _WORD.findall(text)


def article_of(page: GoldPage) -> tuple[str, float]:
    """Return the best text that trafilatura finds, by the page's strings, and the share right.

    This stands in for the text that nobody wrote down; of equals the most precise one is taken.
    """
    found = [(text, page.share_right(text)) for text in extractions(page.html)]
    return max(found, key=lambda pair: pair[1])


def extractions(html: str) -> list[str]:
    """Return what trafilatura extracts in four ways, the most precise first."""
    import trafilatura

    ways: list[dict[str, Any]] = [
        {"favor_precision": True, "include_comments": False},
        {},
        {"fast": True, "include_comments": False},
        {"fast": True, "include_comments": False, "favor_precision": True},
    ]
    return [trafilatura.extract(html, **way) or "" for way in ways]
