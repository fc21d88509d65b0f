"""The phrases of page furniture, from `chrome_phrases.tsv`.

A phrase has one of four rules: `whole` (the whole line, anywhere in a document), `edge` (the
whole line, at its edge), `start` and `end` (how a short line at the edge begins or ends).
"""

import csv
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import regex

from tasks.writing.vocabulary import JOINED_LETTERS

_FILE = Path(__file__).parent / "chrome_phrases.tsv"
_RULES = ("whole", "edge", "start", "end")
_OUTSIDE = regex.compile(r"^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$")
_SPACE = regex.compile(r"\s+")
#: After a phrase in a script that writes words together, anything may follow.
_NO_SPACES = regex.compile(f"[{JOINED_LETTERS}]")


def is_phrase(line: str) -> bool:
    """Return whether the line is furniture wherever it stands."""
    return _key(line) in _phrases("whole")


def is_edge_phrase(line: str) -> bool:
    """Return whether the line is furniture at the edge of a document."""
    return _key(line) in _phrases("edge")


def starts_or_ends_as_phrase(line: str) -> bool:
    """Return whether the line begins or ends as furniture does (`Share with …`, `…でシェア`)."""
    folded = _folded(line)
    return _start_pattern().match(folded) is not None or _end_pattern().search(folded) is not None


def _folded(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'")).strip()


def _key(text: str) -> str:
    """Return the text without case, and without signs and digits around it: `» Comments (3)`."""
    return _OUTSIDE.sub("", _folded(text))


@cache
def _phrases(rule: str) -> frozenset[str]:
    return frozenset(_key(phrase) for phrase in _read()[rule])


@cache
def _read() -> dict[str, list[str]]:
    """Read the file.

    Raises:
        ValueError: A line has a rule that is not one of the four.
    """
    phrases: dict[str, list[str]] = {rule: [] for rule in _RULES}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["rule"] not in phrases:
                raise ValueError(f"{_FILE.name}: rule {row['rule']!r} is none of {_RULES}")
            phrases[row["rule"]].append(row["phrase"])
    return phrases


@cache
def _start_pattern() -> "regex.Pattern[str]":
    alternatives = (_bounded(phrase, after=True) for phrase in _longest_first("start"))
    return regex.compile(rf"[^\p{{L}}\p{{M}}©]*(?:{'|'.join(alternatives)})")


@cache
def _end_pattern() -> "regex.Pattern[str]":
    alternatives = (_bounded(phrase, after=False) for phrase in _longest_first("end"))
    return regex.compile(rf"(?:{'|'.join(alternatives)})[^\p{{L}}\p{{M}}]*$")


def _longest_first(rule: str) -> Iterable[str]:
    return sorted(
        {_folded(phrase) for phrase in _read()[rule]}, key=lambda text: (-len(text), text)
    )


def _bounded(phrase: str, *, after: bool) -> str:
    """Return a pattern for the phrase as whole words, where words are spaced."""
    edge = phrase[-1] if after else phrase[0]
    if _NO_SPACES.match(edge) or not edge.isalpha():
        return regex.escape(phrase)
    pattern = regex.escape(phrase)
    return rf"{pattern}(?![\p{{L}}\p{{M}}])" if after else rf"(?<![\p{{L}}\p{{M}}]){pattern}"
