"""Any script in lower-case ASCII, so that names of two scripts can be compared.

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
