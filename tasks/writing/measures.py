"""How wide a text is, in letters: the same measure for lines of text and blocks of pages."""

import regex

from tasks.writing.vocabulary import WIDE_LETTERS

_WIDE = regex.compile(f"[{WIDE_LETTERS}]")


def width(text: str) -> int:
    """Return the length of a text in letters, an ideograph or syllable counting as two."""
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))
