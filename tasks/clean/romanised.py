"""Recognise text of a language that is written in another script, in Latin letters.

Chats and comments are full of it, and identifiers, which know no such language, take it for one
they know: Russian for Slovak, Hindi for Javanese. It is known by its commonest words, as people
spell them: `romanised_words.tsv` has those of nine languages, written for this purpose, in two
columns. Words of the first stand (but for chance) in no text in Latin script of the development
sets, 118 languages, words of the second in those of some language, too. Arabic is also known by
digits that stand for letters (`3ala`, `ma7adesh`); its article before a hyphen may stand in names.
"""

import csv
from functools import cache
from pathlib import Path

import regex

WORDS_FILE = Path(__file__).with_name("romanised_words.tsv")
#: A text of fewer words is too short to tell.
MIN_WORDS = 3
#: Share of a text's words that must be common ones of one language, one of them its own: of
#: 22,000 texts in Latin script in the development sets none has so many.
MIN_SHARE = 0.2
#: More words tell no more.
_MAX_WORDS = 400
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}'’]+(?:-[\p{L}\p{M}\p{N}'’]+)*")
# 2, 3, 5 and 7 are written for hamza, ayn, kha and ha: within a word, or before three letters, as
# in no ordinal (2nd) and no size (5km).
_WITH_DIGITS = regex.compile(
    r"(?=(?:[^a-z]*[a-z]){3})(?:[a-z']+[2357][a-z]|[2357][a-z]{3})[a-z2357']*"
)
#: So many words with an Arabic article are more than one name.
MIN_ARTICLES = 3
_WITH_ARTICLE = regex.compile(r"(?:al|el|ar|as|ash|at|ad|an|az|bil|lil|wal)-[a-z']{2,}")


def is_romanised(text: str) -> bool:
    """Return whether a text in Latin script is a romanised one of a language that we know."""
    found = regex.findall(_WORD, text[: 8 * _MAX_WORDS].lower().replace("’", "'"))[:_MAX_WORDS]
    if len(found) < MIN_WORDS:
        return False
    return any(_is_of(found, language, own, shared) for language, own, shared in _words())


def _is_of(words: list[str], language: str, own: frozenset[str], shared: frozenset[str]) -> bool:
    certain = sum(word in own for word in words)
    likely = sum(word in shared for word in words)
    if language == "ar":
        articles = sum(_WITH_ARTICLE.match(word) is not None for word in words)
        certain += sum(map(_is_with_digits, words)) + articles // MIN_ARTICLES
        likely += articles
    return certain > 0 and certain + likely >= MIN_SHARE * len(words)


def _is_with_digits(word: str) -> bool:
    return not word.isalpha() and _WITH_DIGITS.fullmatch(word) is not None


@cache
def _words() -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Return for each language its own common words, and those that other languages have, too."""
    with WORDS_FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return tuple(
            (row["language"], frozenset(row["own"].split()), frozenset(row["shared"].split()))
            for row in rows
        )
