"""Spell any script in lower-case ASCII or its own symbols, so that names can be compared.

anyascii (ISC licence) knows a spelling for every character; only kana needs more, because
a small kana changes the one before it: シ + ュ is `shu`, not `shiyu`.
"""

import unicodedata
from functools import lru_cache

import regex
from anyascii import anyascii

_SMALL_Y = str.maketrans({"ャ": "ya", "ュ": "yu", "ョ": "yo", "ヮ": "wa"})
_SMALL_VOWELS = str.maketrans({"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"})
#: Hiragana stands 0x60 below the katakana of the same sound.
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_DIGRAPH = regex.compile(r"([ァ-ヺ])([ャュョヮァィゥェォ])")
_DOUBLED = regex.compile(r"ッ([ァ-ヺ])")
_NOT_SPELT = regex.compile(r"['`ʹʺ]")
#: Scripts whose words have correspondences of their own; others are compared by `romanized`.
_SCRIPTS = {
    "Latn": r"\p{Latin}",
    "Cyrl": r"\p{Cyrillic}",
    "Arab": r"\p{Arabic}",
    "Hebr": r"\p{Hebrew}",
    "Kana": r"[\p{Katakana}\p{Hiragana}ー]",
    "Hang": r"\p{Hangul}",
    "Hani": r"\p{Han}",
    "Deva": r"\p{Devanagari}",
    "Grek": r"\p{Greek}",
}
_PATTERNS = {script: regex.compile(pattern, regex.V1) for script, pattern in _SCRIPTS.items()}
OTHER_SCRIPT = "Zzzz"
#: A word of both is one of Han: 渡辺マリ.
_JAPANESE = frozenset({"Hani", "Kana"})


@lru_cache(maxsize=2**17)
def romanized(text: str) -> str:
    """Return a text in lower-case ASCII, whatever its script; spaces and hyphens stay.

    Han characters are read as Mandarin (`東京`: dongjing), Arabic and Hebrew without the
    vowels that they do not write. A text of characters without a spelling gives an empty one.
    """
    if text.isascii():
        return _NOT_SPELT.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", text).translate(_KATAKANA)
    if _DOUBLED.search(folded):
        folded = _DOUBLED.sub(lambda match: anyascii(match[1])[:1] + match[1], folded)
    if _DIGRAPH.search(folded):
        folded = _DIGRAPH.sub(lambda match: _digraph(match[1], match[2]), folded)
    return _NOT_SPELT.sub("", anyascii(folded).lower())


def _digraph(large: str, small: str) -> str:
    """Return a kana and the small one after it: キュ kyu, シュ shu, ティ ti, ヴィ vi."""
    consonant = anyascii(large).rstrip("aeiou")
    sound = small.translate(_SMALL_Y).translate(_SMALL_VOWELS)
    return consonant + (sound.lstrip("y") if consonant in {"sh", "ch", "j"} else sound)


@lru_cache(maxsize=2**17)
def name_script(word: str) -> str:
    """Return the ISO 15924 code of the script that all letters of a word are in, or `Zzzz`.

    Kana of both kinds are `Kana`; a word of kana and Han is `Hani`.
    """
    if not word:
        return "Latn"
    letters = [letter for letter in word if letter.isalpha()] or list(word)
    scripts = {_script_of_letter(letter) for letter in letters}
    if len(scripts) == 1:
        return scripts.pop()
    return "Hani" if scripts == _JAPANESE else OTHER_SCRIPT


@lru_cache(maxsize=2**14)
def _script_of_letter(letter: str) -> str:
    found = (script for script, pattern in _PATTERNS.items() if pattern.match(letter))
    return next(found, OTHER_SCRIPT)


def _is_mark(symbol: str) -> bool:
    return unicodedata.category(symbol).startswith("M")


@lru_cache(maxsize=2**17)
def symbols_of(word: str) -> str:
    """Return the symbols of a word: its letters, Hangul as jamo, Han and other scripts in ASCII.

    Devanagari has its vowels, which are marks and no letters, too; Greek has no accents.
    """
    script = name_script(word)
    folded = unicodedata.normalize("NFKC", word).casefold()
    if script == "Deva":
        return "".join(symbol for symbol in folded if symbol.isalpha() or _is_mark(symbol))
    if script == "Grek":
        folded = unicodedata.normalize("NFD", folded)
    if script == "Hang":
        return unicodedata.normalize("NFD", folded)
    if script == "Kana":
        return folded.translate(_KATAKANA)
    if script in {"Hani", OTHER_SCRIPT}:
        folded = romanized(folded)
    return "".join(letter for letter in folded if letter.isalpha())
