"""List the words of languages that hyphenate at line ends: `python -m training.write_words DATA`.

DATA is the folder of development data: its `language`, `stories` (NTREX-128), `pos` (Universal
Dependencies) and `ner`, under CC BY or CC BY-SA as its README and `ner/SOURCES.md` say file by
file. Only words, no text.
"""

import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import regex
import typer

from tasks.clean.hyphens import WORDS_FILE

LANGUAGES = (
    "bg ca cs da de el en es et fi fr hr hu id it lt lv nb nl nn pl pt ro ru sk sl sv tr uk".split()  # noqa: SIM905
)
#: Rarer words are names and misspellings, unless there are few texts.
_MIN_COUNT = 3
_FEW_WORDS = 3000
_MOST_WORDS = 10_000
_MOST_WORDS_OF_ENGLISH = 40_000
_NAMES = {"no": "nb"}
_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}-])[\p{Ll}\p{M}]{2,30}(?![\p{L}\p{M}\p{N}-])")
_HEADER = """\
# Words by language (BCP-47), a line each, the commonest first: `python -m training.write_words`.
# Counted in NTREX-128 (CC BY-SA 4.0), treebanks of Universal Dependencies and corpora of names
# (CC BY and CC BY-SA): see docs/model-card.md.
"""


def _texts(data: Path, language: str) -> Iterator[str]:
    for name in ("sent", "para"):
        path = data / "language" / f"{name}.jsonl.xz"
        yield from (row["text"] for row in _rows(path) if row["lang"] == language)
    stories = data / "stories" / "stories.jsonl.xz"
    yield from (row["text"] for row in _rows(stories) if row["lang"] == language)
    for folder in ("train", "train_silver", "train_noisy"):
        names = [language, *(name for name, tag in _NAMES.items() if tag == language)]
        for path in sorted(p for n in names for p in (data / "ner" / folder / n).glob("*.xz")):
            yield from (row["text"] for row in _rows(path))
    treebank = data / "pos" / f"{language}.tsv.xz"
    if treebank.exists():
        with lzma.open(treebank, "rt", encoding="utf-8", newline="\n") as lines:
            yield " ".join(line.split("\t")[0] for line in lines)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Not splitlines(): U+2028 and U+0085 stand inside rows.
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)


def words(texts: Iterator[str], most: int) -> list[str]:
    """Return the commonest words that are written small, in order."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(text))
    known = [word for word, count in counts.items() if count >= _MIN_COUNT]
    if len(known) < _FEW_WORDS:
        known = [word for word, count in counts.items() if count > 1]
    return sorted(known, key=lambda word: (-counts[word], word))[:most]


def write_lists(file: Path, header: str, lists: Iterable[tuple[str, list[str]]]) -> None:
    """Write the words of each language as a line of a compressed file, below a header."""
    lines = [header]
    for language, found in lists:
        print(language, len(found))
        lines.append(f"{language}\t{' '.join(found)}\n")
    with lzma.open(file, "wb", preset=9) as stream:
        stream.write("".join(lines).encode())


def main(data: Annotated[Path, typer.Argument(exists=True, file_okay=False)]) -> None:
    """Write the file."""
    most = dict.fromkeys(LANGUAGES, _MOST_WORDS) | {"en": _MOST_WORDS_OF_ENGLISH}
    lists = ((language, words(_texts(data, language), most[language])) for language in LANGUAGES)
    write_lists(WORDS_FILE, _HEADER, lists)


if __name__ == "__main__":
    typer.run(main)
