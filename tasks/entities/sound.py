"""Phonetic keys: coarse sounds by which names that may be one are found in an index.

Keys with one place open or left out are the symmetric deletion of Garbe's SymSpell.

Vowels, h, w and y are left out, sounds that scripts do not tell apart are one (b and p in
Arabic, l and r in kana). Of the name parts of two scripts that are one name, 97 % (Arabic), 94 %
(Cyrillic, kana), 86 % (Hebrew), 85 % (Hangul), 81 % (Han) have keys of at most one difference
(6,000 training pairs of each).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

import regex

from tasks.writing.romanize import romanized

_SOUNDS = tuple(
    (regex.compile(pattern), sound)
    for pattern, sound in (
        (r"tsch|tch|sch|shch|sh|ch|zh|cz|sz|ts|tz|dzh|dj|dz|c(?=[eiy])|j|z", "s"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"th|d", "t"),
        (r"[kcqg]+|kh|gh", "k"),
        (r"[pbfv]", "p"),
        (r"r", "l"),
        (r"[^ptskmnl]", ""),
        (r"(.)\1+", r"\1"),
    )
)
#: チ is the ti of Путин and the chi of Chicago.
_HARD_KANA = str.maketrans("チツジヂヅ", "テトデデド")
_ANY = "_"
#: Shorter keys leave nothing to tell names by once a sound is gone.
_MIN_DELETED = 3


@lru_cache(maxsize=2**17)
def sound_key(word: str) -> str:
    """Return the consonants of a word in seven classes: `p t s k m n l`."""
    key = romanized(word)
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


def sound_keys(word: str) -> tuple[str, ...]:
    """Return the key of a word, and the other one that kana like チ may stand for."""
    hard = word.translate(_HARD_KANA)
    return (sound_key(word),) if hard == word else (sound_key(word), sound_key(hard))


def open_keys(word: str) -> Iterator[str]:
    """Yield the keys of a word with each place left open: what one other sound does to it."""
    for key in sound_keys(word):
        for place in range(len(key)):
            yield f"{key[:place]}{_ANY}{key[place + 1 :]}"


def deleted_keys(word: str) -> Iterator[str]:
    """Yield the keys of a word with each place left out, unless little would be left."""
    for key in sound_keys(word):
        if len(key) >= _MIN_DELETED:
            yield from sorted({key[:place] + key[place + 1 :] for place in range(len(key))})


def name_keys(words: Sequence[str]) -> Iterator[str]:
    """Yield the keys of a name of several words: one word's sounds, and a sound of the other.

    The other is the first word beside the last one's sounds, the last beside the first one's.
    """
    if len(words) > 1:
        for first, last in product(sound_keys(words[0]), sound_keys(words[-1])):
            for kind, whole, other in (("first", first, last), ("last", last, first)):
                yield f"{kind} {whole} begins {other[:1]}"
                yield f"{kind} {whole} ends {other[-1:]}"
