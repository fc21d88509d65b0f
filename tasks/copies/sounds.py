"""The skeleton of a word: its consonants by class, in which a name sounds alike in any script.

Coarser than Soundex (Russell 1918): R and L are one for Japanese, B and P for Arabic, G, K,
H and Q for Russian and Japanese. Vowels are left out, as most Semitic spellings do.
"""

from functools import lru_cache

import regex

from tasks.writing.romanize import romanized

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
_SPELLINGS = tuple(
    (regex.compile(pattern), replacement)
    for pattern, replacement in (
        ("[^a-z]", ""),
        ("c(?=[eiy])|s?ch|sh|zh", "s"),
        ("c|[kg]h", "k"),
        ("x", "ks"),
        ("ph", "f"),
        ("th", "t"),
    )
)
#: A vowel at the beginning is heard in every script.
VOWEL = "A"


@lru_cache(maxsize=2**17)
def skeleton(word: str) -> str:
    """Return the classes of a word's consonants, neighbours of one class once.

    `Newport`, `ニューポート` and `نيوبورت` differ little: NFPRT, NPT, NFPRT. Empty for a word
    of which nothing sounds.
    """
    sounds = romanized(word)
    for pattern, replacement in _SPELLINGS:
        sounds = pattern.sub(replacement, sounds)
    classes = [_CLASSES.get(sound, "") for sound in sounds]
    kept = [now for before, now in zip(["", *classes], classes, strict=False) if now != before]
    return (VOWEL if sounds[:1] in set("aeiou") else "") + "".join(kept)
