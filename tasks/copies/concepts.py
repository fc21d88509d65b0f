"""Find words for things that every language has words for: CLDR's keywords of the emoji.

`concepts.zip` has a member per language, `word<TAB>emoji` a line, written by
`python -m training.write_concepts`. A shark is 🦈 in 130 languages; no text is
translated, and a word that is not there is no trace.
"""

import zipfile
from functools import lru_cache
from operator import add
from pathlib import Path

from tasks.copies.words import stem

CONCEPTS = Path(__file__).with_name("concepts.zip")
#: Longest word that is looked up in unspaced text.
MAX_WORD_CHARS = 8


def concepts_of(word: str, language: str) -> str:
    """Return the emoji that a word of a spaced language may be meant by; often none."""
    return _words(language).get(stem(word), "")


def concepts_in(text: str, language: str) -> list[tuple[int, str]]:
    """Return the words of unspaced text, the longest that begins at a code point: it, an emoji."""
    words, beginnings = _words(language), _beginnings(language)
    found: list[tuple[int, str]] = []
    end = 0  # of the last word
    for start, pair in enumerate(map(add, text, text[1:])):
        if pair in beginnings and start >= end:
            word = _longest(text[start : start + MAX_WORD_CHARS], words)
            found += [(start, concept) for concept in words.get(word, "")]
            end = start + len(word)
    return found


def _longest(chars: str, words: dict[str, str]) -> str:
    for length in range(len(chars), 1, -1):
        if chars[:length] in words:
            return chars[:length]
    return ""


@lru_cache(maxsize=256)
def _beginnings(language: str) -> frozenset[str]:
    """Return the first two letters of the words of a language."""
    return frozenset(word[:2] for word in _words(language))


@lru_cache(maxsize=256)
def _words(language: str) -> dict[str, str]:
    """Return the words of a language, or of its base; none if CLDR has none."""
    with zipfile.ZipFile(CONCEPTS) as archive:
        tags = (language, language.split("-", maxsplit=1)[0])
        members = [tag for tag in tags if tag in archive.namelist()]
        lines = archive.read(members[0]).decode().splitlines() if members else []
    return {word: emoji for word, _, emoji in (line.partition("\t") for line in lines)}
