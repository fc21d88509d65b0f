"""Recognise a text that is nothing but a name, by its look.

Such a text is in no language: its letters follow those of many. In scripts with capitals each of
its words has one, but for particles; in others a name is a few words without any sign.
"""

import regex

_WORD = r"\p{Lu}[\p{L}\p{M}'’ʼ]+(?:-\p{Lu}?[\p{L}\p{M}'’]+)*"
_INITIAL = r"\p{Lu}\."
#: Between the parts of names of many languages.
_PARTICLE = (
    r"(?:von|van|der|den|de|del|della|di|da|do|dos|das|du|la|le|los|las|ter|ten|zu|zum|y|e|i|af|"
    r"av|bin|ibn|al|el|ben|abu|of|and|und|et|für|for|фон|ван|де|бин|и)"
)
_PART = rf"(?:{_INITIAL}|{_WORD}|\({_WORD}(?:\s{_WORD})*\))"
_CASED = regex.compile(
    rf"{_WORD}(?:,?\s{_PART}|\s?{_INITIAL}|\s{_PARTICLE}(?=[\s-]\S)|-{_WORD}){{1,6}}"
    rf"|(?:{_INITIAL}\s?)+{_WORD}(?:[\s-]{_PART}){{0,3}}"
)
_UNCASED = regex.compile(
    r"[\p{Lo}\p{M}\u200c\u200d]{2,}(?:[\s·・‧]+[\p{Lo}\p{M}\u200c\u200d]{2,}){0,3}"
)
_MAX_CHARS = 60
_MAX_UNCASED_CHARS = 30


def is_bare_name(text: str) -> bool:
    """Whether a text may be nothing but a name: two parts and more where there are capitals."""
    line = text.strip()
    if len(line) > _MAX_CHARS:
        return False
    if _CASED.fullmatch(line) is not None:
        return True
    return len(line) <= _MAX_UNCASED_CHARS and _UNCASED.fullmatch(line) is not None


def has_capitals_of_name(text: str) -> bool:
    """Whether a text is nothing but a name by its capitals: no sentence has so many."""
    line = text.strip()
    return len(line) <= _MAX_CHARS and _CASED.fullmatch(line) is not None
