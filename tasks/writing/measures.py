"""How wide a text is, in letters: the same measure for lines of text and blocks of pages."""

import regex

#: A character of these scripts says about as much as two letters (and is twice as wide).
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Yi}]")


def width(text: str) -> int:
    """Return the length of a text in letters, an ideograph or syllable counting as two."""
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))
