"""Read real news texts for benchmarks: `stories/stories.jsonl.xz` of the development data.

61 documents of NTREX-128 in ten languages each (CC BY-SA 4.0); one sentence a line, the first
line mostly the headline. Nothing of it is in this repository.
"""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from random import Random

#: Written without spaces between words.
UNSPACED = frozenset({"ja", "zh"})
#: Sentences of a paragraph.
PARAGRAPH_SENTENCES = (1, 4)


@dataclass(frozen=True)
class NewsText:
    """A news text in one language: a headline and sentences."""

    id: str
    language: str
    title: str
    sentences: tuple[str, ...]

    @property
    def space(self) -> str:
        """What stands between two sentences or words."""
        return "" if self.language in UNSPACED else " "

    def paragraphs(self, rng: Random) -> list[str]:
        """Return the sentences as paragraphs of a few each."""
        left = list(self.sentences)
        made = []
        while left:
            size = rng.randint(*PARAGRAPH_SENTENCES)
            made.append(self.space.join(left[:size]))
            left = left[size:]
        return made


@dataclass(frozen=True)
class Case:
    """A text to be set in some way, its paragraphs, and what chance there is in it."""

    text: NewsText
    paragraphs: list[str]
    rng: Random


def case_of(text: NewsText, seed: str) -> Case:
    """Return a case of a text; the same seed gives the same."""
    rng = Random(seed)
    return Case(text, text.paragraphs(rng), rng)


def read_news_texts(data: Path) -> list[NewsText]:
    """Read the texts below a folder of development data, sorted by id.

    Raises:
        SystemExit: The folder holds none.
    """
    path = data / "stories" / "stories.jsonl.xz"
    if not path.is_file():
        raise SystemExit(f"no {path}: say with --data where the development data is")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = sorted((json.loads(line) for line in lines), key=lambda row: str(row["id"]))
    return [_news_text(row) for row in rows]


def _news_text(row: dict[str, str]) -> NewsText:
    title, *sentences = (line.strip() for line in row["text"].split("\n") if line.strip())
    return NewsText(row["id"], row["lang"], title, tuple(sentences))
