"""The symbols by which a word of a name is compared: letters, kana, jamo, letters of pinyin."""

import unicodedata
from functools import lru_cache

import regex

from tasks.writing.romanize import romanized

#: Scripts whose words have correspondences of their own; others are compared by `romanized`.
_SCRIPTS = {
    "Latn": r"\p{Latin}",
    "Cyrl": r"\p{Cyrillic}",
    "Arab": r"\p{Arabic}",
    "Hebr": r"\p{Hebrew}",
    "Kana": r"[\p{Katakana}\p{Hiragana}ー]",
    "Hang": r"\p{Hangul}",
    "Hani": r"\p{Han}",
}
_PATTERNS = {script: regex.compile(pattern, regex.V1) for script, pattern in _SCRIPTS.items()}
OTHER_SCRIPT = "Zzzz"
#: A word of both is one of Han: 渡辺マリ.
_JAPANESE = frozenset({"Hani", "Kana"})
#: Hiragana stands 0x60 below the katakana of the same sound.
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@lru_cache(maxsize=2**17)
def script_of(word: str) -> str:
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


@lru_cache(maxsize=2**17)
def symbols_of(word: str) -> str:
    """Return the symbols of a word: its letters, Hangul as jamo, Han and other scripts in ASCII."""
    script = script_of(word)
    folded = unicodedata.normalize("NFKC", word).casefold()
    if script == "Hang":
        return unicodedata.normalize("NFD", folded)
    if script == "Kana":
        return folded.translate(_KATAKANA)
    if script in {"Hani", OTHER_SCRIPT}:
        folded = romanized(folded)
    return "".join(letter for letter in folded if letter.isalpha())
