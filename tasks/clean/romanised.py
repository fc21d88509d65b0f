"""Recognise text of a language that is written in another script, in Latin letters.

Chats and comments are full of it, and identifiers, which know no such language, take it for one
they know: Russian for Slovak, Hindi for Javanese. It is known by its commonest words, as people
spell them: `romanised_words.tsv` has those of nine languages, written for this purpose, in two
columns. Words of the first stand (but for chance) in no text in Latin script of the development
sets, 118 languages, words of the second in those of some language, too. Arabic is also known by
digits that stand for letters (`3ala`, `ma7adesh`); its article before a hyphen may stand in names.
"""

import csv
from collections import Counter
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
    found = _WORD.findall(text[: 8 * _MAX_WORDS].lower().replace("’", "'"))[:_MAX_WORDS]
    if len(found) < MIN_WORDS:
        return False
    languages_of = _languages_of()
    own, all_common = Counter[str](), Counter[str]()
    for word in found:
        for language, is_own in languages_of.get(word, ()):
            own[language] += is_own
            all_common[language] += 1
    articles = sum("-" in word and _WITH_ARTICLE.match(word) is not None for word in found)
    with_digits = sum(
        not word.isalpha() and _WITH_DIGITS.fullmatch(word) is not None for word in found
    )
    own["ar"] += with_digits + articles // MIN_ARTICLES
    all_common["ar"] += with_digits + articles
    return any(own[name] and all_common[name] >= MIN_SHARE * len(found) for name in own)


@cache
def _languages_of() -> dict[str, list[tuple[str, bool]]]:
    """Return for each common word its languages, and whether it is theirs alone."""
    found: dict[str, list[tuple[str, bool]]] = {}
    with WORDS_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            for column in ("own", "shared"):
                for word in row[column].split():
                    found.setdefault(word, []).append((row["language"], column == "own"))
    return found
