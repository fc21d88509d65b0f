"""Write the mentions as CoNLL: a token and its tag (IOB2) a line, a segment a sentence.

Tokens are runs of letters and digits, single other signs, and single characters in scripts that
are written without spaces. They are cut where a mention begins or ends, so that no tag is lost. Of
mentions that overlap the longest is told.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import regex

from tasks.releases.exports.parts import DocumentPart, Row

_WITHOUT_SPACES = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Javanese}"
)
_TOKEN = regex.compile(
    rf"[{_WITHOUT_SPACES}]\p{{M}}*|[[\p{{L}}\p{{N}}\p{{M}}_]--[{_WITHOUT_SPACES}]]+|\S",
    regex.VERSION1,
)
_OUTSIDE = "O"


def write_conll(parts: Iterable[DocumentPart], folder: Path) -> int:
    """Write `mentions.conll`: all documents that an entity model has read.

    Args:
        parts: The documents with their mentions.
        folder: Where to write; it exists.

    Returns:
        How many files were written.
    """
    with (folder / "mentions.conll").open("w", encoding="utf-8", newline="\n") as stream:
        for part in parts:
            for document, mentions in part:
                if document["analysed_share"] > 0:
                    stream.writelines(_lines(document, mentions))
    return 1


def _lines(document: Row, mentions: list[Row]) -> Iterator[str]:
    yield f"# doc_id = {document['doc_id']}\n# language = {document['language']}\n"
    yield f"-DOCSTART- {_OUTSIDE}\n\n"
    chosen = without_overlaps(mentions)
    start = 0
    for line in document["text"].split("\n"):
        yield from _tagged(line, start, chosen)
        yield "\n"
        start += len(line) + 1


def _tagged(line: str, start: int, mentions: list[Row]) -> Iterator[str]:
    """Yield the tokens of a line, which begins at a character of the text, with their tags."""
    reached = 0
    for mention in mentions:
        first, last = mention["start_char"] - start, mention["end_char"] - start
        if 0 <= first < len(line):
            yield from _outside(line[reached:first])
            for index, token in enumerate(_TOKEN.findall(line[first:last])):
                yield f"{token} {'I' if index else 'B'}-{mention['label']}\n"
            reached = last
    yield from _outside(line[reached:])


def _outside(text: str) -> Iterator[str]:
    return (f"{token} {_OUTSIDE}\n" for token in _TOKEN.findall(text))


def without_overlaps(mentions: list[Row]) -> list[Row]:
    """Return the mentions but for those that overlap a longer or an earlier one, in order."""
    chosen, taken = [], set[int]()
    for mention in sorted(
        mentions, key=lambda m: (m["start_char"] - m["end_char"], m["start_char"])
    ):
        covered = range(mention["start_char"], mention["end_char"])
        if taken.isdisjoint(covered):
            taken.update(covered)
            chosen.append(mention)
    return sorted(chosen, key=lambda mention: mention["start_char"])
