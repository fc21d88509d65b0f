"""Spell Devanagari in Latin letters as it is spoken: ट्रंप is Tramp, not Trmp.

A consonant without a sign is spoken with an `a`, but not at the end of a word, nor between two
syllables that have vowels (the rule of schwa deletion of Ohala 1983, for Hindi).
"""

import unicodedata
from typing import NamedTuple

import regex

_CONSONANTS = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j",
    "झ": "jh", "ञ": "n", "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t",
    "थ": "th", "द": "d", "ध": "dh", "न": "n", "प": "p", "फ": "ph", "ब": "b", "भ": "bh",
    "म": "m", "य": "y", "र": "r", "ल": "l", "व": "v", "श": "sh", "ष": "sh", "स": "s",
    "ह": "h", "ळ": "l", "ऩ": "n", "ऱ": "r", "ऴ": "l",
}  # fmt: skip
#: With the point below, as sounds of other languages are written.
_POINTED = {"क": "q", "ख": "kh", "ग": "g", "ज": "z", "फ": "f", "ड": "r", "ढ": "rh"}
_VOWELS = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e",
    "ऐ": "ai", "ओ": "o", "औ": "au", "ऑ": "o", "ऍ": "e",
}  # fmt: skip
_SIGNS = {
    "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai",
    "ो": "o", "ौ": "au", "ॉ": "o", "ॅ": "e", "ॄ": "ri", "ॆ": "e", "ॊ": "o",
}  # fmt: skip
_VIRAMA, _NUKTA = "्", "़"
_NASALS, _LABIALS = "ंँ", "पफबभम"
_SYLLABLE = regex.compile(
    rf"(?<letter>[{''.join(_CONSONANTS)}])(?<point>{_NUKTA})?(?<sign>[{''.join(_SIGNS)}{_VIRAMA}])?"
    rf"|(?<nasal>[{_NASALS}])(?<labial>(?=[{_LABIALS}]))?|(?<other>.)",
    regex.DOTALL,
)
_SPOKEN = "a"


class _Syllable(NamedTuple):
    consonant: str
    vowel: str
    is_unwritten: bool = False


def with_vowels(text: str) -> str:
    """Return a word of Devanagari in small Latin letters; other characters stay as they are."""
    found = _SYLLABLE.finditer(unicodedata.normalize("NFKC", text))
    syllables = [_syllable(match) for match in found]
    spelt: list[str] = []
    vowel_after = ""
    for i in reversed(range(len(syllables))):
        consonant, vowel, is_unwritten = syllables[i]
        is_between = bool(i and syllables[i - 1].vowel and vowel_after)
        if is_unwritten and i and (i == len(syllables) - 1 or is_between):
            vowel = ""
        spelt.append(consonant + vowel)
        vowel_after = vowel
    return "".join(reversed(spelt))


def _syllable(match: regex.Match[str]) -> _Syllable:
    letter, sign = match["letter"], match["sign"]
    if match["nasal"]:
        return _Syllable("m" if match["labial"] is not None else "n", "")
    if not letter:
        other = match["other"]
        return _Syllable("", _VOWELS[other]) if other in _VOWELS else _Syllable(other, "")
    pointed = _POINTED.get(letter) if match["point"] else None
    vowel = _SPOKEN if sign is None else _SIGNS.get(sign, "")
    return _Syllable(pointed or _CONSONANTS[letter], vowel, sign is None)
