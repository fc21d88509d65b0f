"""List words that look like names and are none: `python -m training.write_common_words DATA`.

DATA is the folder of development data: of its `ner/train`, whose texts people marked, and `pos`
(Universal Dependencies) is counted how often a word stands in a name and how often outside; both
are under CC BY or CC BY-SA, as `ner/SOURCES.md` and the README of `pos` say. Only words, no text.
"""

import lzma
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple

import regex
import sudachipy
import typer

from tasks.mentions.common_words import WORDS_FILE, folded_word
from training.corpus import read_examples
from training.write_words import write_lists

#: Rarer words say too little.
_MIN_COUNT = 4
#: The largest share of a word's occurrences that may be in names. On the test sets of
#: `benchmarks.entities`, which are not counted, 18 % of the one-word names with it are right.
_MAX_NAME_SHARE = 0.1
#: Old prints, whose words are misread.
_MISREAD = "ocr"
_NAMES = {"no": "nb"}
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*")
_LETTER = regex.compile(r"\p{L}")
_HEADER = """\
# Words by language (BCP-47) that seldom stand in names: `python -m training.write_common_words`.
# Counted in corpora of names and treebanks of Universal Dependencies (CC BY and CC BY-SA).
"""


class _Seen(NamedTuple):
    """A word of a text and whether it stands in a name."""

    word: str
    is_named: bool


def _of_names(data: Path) -> Iterator[tuple[str, _Seen]]:
    """Yield the words of texts in which people marked names, with their language."""
    for file in sorted((data / "ner" / "train").glob("*/*.jsonl.xz")):
        language = _NAMES.get(file.parent.name, file.parent.name)
        if _MISREAD in file.name:
            continue
        for example in read_examples(file):
            named = bytearray(len(example.text))
            for start, end, _ in example.spans:
                named[start:end] = b"\1" * (end - start)
            for start, end in _words(example.text, language):
                yield language, _Seen(example.text[start:end], any(named[start:end]))


def _words(text: str, language: str) -> Iterator[tuple[int, int]]:
    if language == "ja":
        for token in _japanese().tokenize(text):
            yield token.begin(), token.end()
    else:
        yield from (match.span() for match in _WORD.finditer(text))


@cache
def _japanese() -> sudachipy.Tokenizer:
    return sudachipy.Dictionary().create()


def _of_treebanks(data: Path) -> Iterator[tuple[str, _Seen]]:
    """Yield the words of treebanks; in a name is what is tagged as a proper noun."""
    for file in sorted((data / "pos").glob("*.tsv.xz")):
        language = file.name.split(".")[0].split("_")[0]
        with lzma.open(file, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                word, _, tags = line.rstrip("\n").rpartition("\t")
                if word:
                    yield language, _Seen(word, "PROPN" in tags)


def main(data: Annotated[Path, typer.Argument(exists=True, file_okay=False)]) -> None:
    """Write the file."""
    counts: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for source in (_of_names, _of_treebanks):
        for language, seen in source(data):
            if _LETTER.search(seen.word):
                counts[language][folded_word(seen.word), seen.is_named] += 1
    lists = ((language, _common(counted)) for language, counted in sorted(counts.items()))
    write_lists(WORDS_FILE, _HEADER, lists)


def _common(counted: Counter[tuple[str, bool]]) -> list[str]:
    """Return the words that are frequent enough and seldom stand in names, sorted."""
    words = {word: (counted[word, False], counted[word, True]) for word, _ in counted}
    return sorted(
        word
        for word, (outside, named) in words.items()
        if outside + named >= _MIN_COUNT and named <= _MAX_NAME_SHARE * (outside + named)
    )


if __name__ == "__main__":
    typer.run(main)
