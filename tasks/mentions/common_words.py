"""Know words that models take for names, and that are none: common nouns and abbreviations.

`common_words.txt.xz` lists by language which words seldom stand in names where people marked
them (`python -m training.write_common_words`); `edge_words.json` the abbreviations and words of
all languages (AI, CEO, Internet), by hand.
"""

import json
import lzma
from functools import cache
from pathlib import Path

import regex

from tasks.mentions.edge_words import WORDS
from tasks.writing.forms import ARABIC_VARIANTS

WORDS_FILE = Path(__file__).with_name("common_words.txt.xz")
#: A part of a name that is written without spaces ends where another script begins.
_PARTS = regex.compile(
    r"\p{Han}+|[\p{Katakana}ー]+|\p{Hiragana}+|\p{Hangul}+"
    r"|[^\s\p{Han}\p{Katakana}ー\p{Hiragana}\p{Hangul}]+"
)
#: With `and`, `in`, `by`, `as` or `for` before it.
_ARABIC_ARTICLE = regex.compile(r"^(?:[وفبك]?ال|و?لل)(?=\p{Arabic}{3})")
_HYPHEN = regex.compile(r"[-‐‑]")


def folded_word(word: str) -> str:
    """Return a word in the form in which the lists have it, in Arabic without its article."""
    return _ARABIC_ARTICLE.sub("", word.lower().translate(ARABIC_VARIANTS))


@cache
def _lines() -> dict[str, str]:
    """Return the words of each language, joined: most languages are never asked for."""
    with lzma.open(WORDS_FILE, "rt", encoding="utf-8", newline="\n") as file:
        rows = [line.rstrip("\n").partition("\t")[::2] for line in file if line[0] != "#"]
    return dict(rows)


@cache
def common_words(language: str) -> frozenset[str]:
    """Return the listed words of a language; none are known of most."""
    return frozenset(_lines().get(language, "").split(" "))


@cache
def _of_all_languages() -> frozenset[str]:
    return frozenset(json.loads(WORDS.read_text(encoding="utf-8"))["no_names"])


def is_abbreviation(word: str) -> bool:
    """Say whether a word is one, or an abbreviation, that names nothing in any language: AI."""
    return word.lower() in _of_all_languages()


def is_common(name: str, language: str, is_first: bool) -> bool:
    """Say whether what a model marked is a common word, or nothing but such: `AI研究`.

    A word of several by spaces says nothing: `United States`. Nor does a listed word with a
    capital that no sentence asks for: `l'Assemblée`. Of the listed words that models marked
    on test sets, 9 % were right in scripts without capitals, 11 % where a sentence began, 40 %
    elsewhere (counted once, by no command that is kept).

    Args:
        name: The name.
        language: The tag of its text's language.
        is_first: Whether a sentence begins with it.
    """
    if is_abbreviation(name):
        return True
    if any(char.isspace() for char in name):
        return False
    parts = _PARTS.findall(name) or [name]
    return all(_is_common_part(part, language, is_first) for part in parts)


def _is_common_part(part: str, language: str, is_first: bool) -> bool:
    first, *others = _HYPHEN.split(part)
    if is_abbreviation(first) and all(map(str.islower, others)):
        return True
    is_deliberate = part.isupper() and len(part) > 1 if is_first else part.lower() != part.upper()
    return not is_deliberate and folded_word(part) in common_words(language)
