"""E-mail addresses, internationalised ones included, and those written with `[at]`."""

from collections.abc import Iterator

import regex

from tasks.clean.personal_data.spans import Span
from tasks.writing.vocabulary import JOINED_LETTERS

#: Letters of scripts that part words: in the others an address is written right after a word.
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{JOINED_LETTERS}]]"
_ASCII = r"[A-Za-z0-9]"
_AT = r"(?:@|＠|\s?[\[({]\s?(?:at|AT|@|ät|arroba|собака)\s?[\])}]\s?)"
_DOT = r"(?:\.|．|\s?[\[({]\s?(?:dot|DOT|punkt|point|точка)\s?[\])}]\s?)"


def _address(letter: str, last: str) -> str:
    label = rf"{letter}(?:(?:{letter}|-){{0,61}}{letter})?"
    local = rf"{letter}(?:{letter}|[._%+'-]){{0,63}}"
    return (
        rf"(?<!{letter}|[._%+-]){local}{_AT}(?:{label}{_DOT}){{1,6}}{last}{{2,24}}(?!{letter}|-|@)"
    )


_ADDRESSES = tuple(
    regex.compile(_address(letter, last), regex.V1)
    for letter, last in ((_ASCII, "[A-Za-z]"), (_LETTER, rf"[{_LETTER}--\p{{N}}]"))
)
#: Pictures for screens of twice the density are called `logo@2x.png`.
_PICTURE = regex.compile(r"@\dx\.", regex.IGNORECASE)
#: What a line must hold to be looked at (for Polars).
HINT = r"[@＠]|[\[({]\s?(?:at|AT|ät|arroba|собака)\s?[\])}]"


def find_emails(text: str) -> Iterator[Span]:
    """Yield addresses; `detail` is `obfuscated` for one that is not written with `@`."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            address = match[0]
            if not _PICTURE.search(address):
                is_plain = "@" in address or "＠" in address
                yield Span(match.start(), match.end(), "email", None if is_plain else "obfuscated")
