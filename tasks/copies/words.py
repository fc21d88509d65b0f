"""Words of any script, in the forms in which those of one language are compared."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex

from tasks.writing.vocabulary import UNSPACED_LANGUAGES, UNSPACED_LETTERS

#: Letters of a word that are compared: truncation works as well as stemming in the languages
#: measured (McNamee and Mayfield 2004, n-gram stemming), and needs no rules.
STEM_LETTERS = 6
#: Arabic stems are shorter: vowels are not written.
ABJAD_STEM_LETTERS = 5

_TOKEN = regex.compile(
    r"(?P<number>\p{Nd}+(?:[.,٫٬'’\u00a0\u202f ]\p{Nd}+)*)"
    r"|(?P<han>\p{Han}+)"
    r"|(?P<kana>[\p{Katakana}ー]{2,})"
    rf"|(?P<word>(?:(?![{UNSPACED_LETTERS}])[\p{{L}}\p{{M}}])+)",
    regex.VERSION1,
)
_ARABIC_FORMS = str.maketrans("أإآٱىئةؤکی", "ااااييهوكي")
# The article after `and`, `in`, `like`, `so`, `for`; then each of these alone.
_ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_ARABIC_PREFIXES = ("و", "ب", "ل", "ف", "ك")


def is_unspaced(language: str) -> bool:
    """Say whether a language is written without spaces."""
    return language.split("-", maxsplit=1)[0] in UNSPACED_LANGUAGES


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each number, run of Han or katakana, and word: kind, token, first code point.

    Kinds are `number`, `han`, `kana` and `word`. Words of South-East Asian scripts, which
    have no spaces, are in none: `concepts` and the calendar look into the text itself.
    """
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match.group(), match.start()


@lru_cache(maxsize=2**17)
def folded(word: str) -> str:
    """Return a word in lower case without accents and vowel signs."""
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
        return form.translate(_ARABIC_FORMS)[:ABJAD_STEM_LETTERS]
    return form[:STEM_LETTERS]


def is_arabic(word: str) -> bool:
    """Say whether a word begins with a letter of the Arabic block."""
    return "\u0600" <= word[:1] <= "\u06ff"


def is_latin(word: str) -> bool:
    """Say whether a word begins, accents aside, with a letter of A to Z."""
    return "a" <= folded(word[:1])[:1] <= "z"
