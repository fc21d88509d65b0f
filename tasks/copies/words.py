"""Fold, stem and sound words of any script, so that they can be compared.

A skeleton is what of a word's sound is alike in any script: its consonants by class. It is coarser
than Soundex (Russell 1918): R and L are one for Japanese, B and P for Arabic, G, K, H and Q for
Russian and Japanese. Vowels are left out, as most Semitic spellings do.
"""

import re
import unicodedata
from functools import lru_cache
from string import ascii_lowercase

from tasks.writing.forms import ARABIC_LETTERS
from tasks.writing.romanize import romanized
from tasks.writing.vocabulary import UNSPACED_LANGUAGES

#: Letters of a word that are compared: truncation works as well as stemming in the languages
#: measured (McNamee and Mayfield 2004, n-gram stemming), and needs no rules.
STEM_LETTERS = 6
#: Arabic stems are shorter: vowels are not written.
ABJAD_STEM_LETTERS = 5

#: The article after `and`, `in`, `like`, `so`, `for`; then each of these alone.
_ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_ARABIC_PREFIXES = ("و", "ب", "ل", "ف", "ك")
_CLASSES = {
    **dict.fromkeys("bp", "P"),
    **dict.fromkeys("fvw", "F"),
    **dict.fromkeys("dt", "T"),
    **dict.fromkeys("szj", "S"),
    **dict.fromkeys("gkq", "K"),
    **dict.fromkeys("lr", "R"),
    "m": "M",
    "n": "N",
}
#: Letters to classes; vowels and `h` have none, but stand between two of a class.
_CLASS = str.maketrans({letter: _CLASSES.get(letter, " ") for letter in ascii_lowercase})
_NO_LETTER = re.compile("[^a-z]")
#: Letters that are spelt with others: for words that have a `c`, `h` or `x`.
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("c(?=[eiy])|s?ch|sh|zh", "s"),
        ("c|[kg]h", "k"),
        ("x", "ks"),
        ("ph", "f"),
        ("th", "t"),
    )
)
_DOUBLED = re.compile(r"(.)\1+")
#: A vowel at the beginning is heard in every script.
VOWEL = "A"


def is_unspaced(language: str) -> bool:
    """Say whether a language is written without spaces."""
    return language.split("-", maxsplit=1)[0] in UNSPACED_LANGUAGES


@lru_cache(maxsize=2**17)
def folded(word: str) -> str:
    """Return a word in lower case without accents and vowel signs."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def without_prefix(word: str) -> str:
    """Return an Arabic word without article and one-letter prefixes; any other as it is."""
    if not is_arabic(word):
        return word
    for prefix in _ARABIC_ARTICLES:
        if word.startswith(prefix) and len(word) >= len(prefix) + 3:
            return word.removeprefix(prefix)
    return word[1:] if word.startswith(_ARABIC_PREFIXES) and len(word) >= 5 else word


@lru_cache(maxsize=2**17)
def stem(word: str) -> str:
    """Return the beginning of a word, in which its inflected forms mostly agree."""
    form = folded(without_prefix(word))
    if is_arabic(form):
        return form.translate(ARABIC_LETTERS)[:ABJAD_STEM_LETTERS]
    return form[:STEM_LETTERS]


def is_arabic(word: str) -> bool:
    """Say whether a word begins with a letter of the Arabic block."""
    return "\u0600" <= word[:1] <= "\u06ff"


def is_latin(word: str) -> bool:
    """Say whether a word begins, accents aside, with a letter of A to Z."""
    return "a" <= folded(word[:1])[:1] <= "z"


@lru_cache(maxsize=2**17)
def skeleton(word: str) -> str:
    """Return the classes of a word's consonants, neighbours of one class once.

    `Newport`, `ニューポート` and `نيوبورت` differ little: NFPRT, NPT, NFPRT. Empty for a word
    of which nothing sounds.
    """
    sounds = _NO_LETTER.sub("", word.lower() if word.isascii() else romanized(word))
    if "c" in sounds or "h" in sounds or "x" in sounds:
        for pattern, replacement in _SPELLINGS:
            sounds = pattern.sub(replacement, sounds)
    classes = _DOUBLED.sub(r"\1", sounds.translate(_CLASS)).replace(" ", "")
    return VOWEL + classes if sounds[:1] in set("aeiou") else classes
