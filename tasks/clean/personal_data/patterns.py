"""Find e-mail addresses, IP addresses, bank accounts and payment cards by their form.

E-mail addresses may be internationalised, or written with `[at]`. Account and card numbers count
only if they pass their own check.
"""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex

from tasks.writing.digits import with_ascii_digits
from tasks.writing.vocabulary import JOINED_LETTERS

#: Fullwidth forms and dashes that stand between digits, as the character they stand for.
_SAME = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "‐‑‒–−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
}


class Span(NamedTuple):
    """A piece of personal data: where in the text, of which kind, and with which detail."""

    start: int
    end: int
    kind: str
    detail: str | None


def plain_digits(text: str) -> str:
    """Return the text with ASCII digits, hyphens and blanks; every character keeps its position."""
    return text if text.isascii() else with_ascii_digits(text.translate(_SAME))


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, of those that overlap the first in the given order."""
    taken = list[Span]()
    for span in spans:
        place = bisect_right(taken, span.start, key=lambda other: other.end)
        if place == len(taken) or span.end <= taken[place].start:
            taken.insert(place, span)
    return taken


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
EMAIL_HINT = r"[@＠]|[\[({]\s?(?:at|AT|ät|arroba|собака)\s?[\])}]"


def find_emails(text: str) -> Iterator[Span]:
    """Yield addresses; `detail` is `obfuscated` for one that is not written with `@`."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            address = match[0]
            if not _PICTURE.search(address):
                is_plain = "@" in address or "＠" in address
                yield Span(match.start(), match.end(), "email", None if is_plain else "obfuscated")


#: Length of an IBAN by country (IBAN Registry of SWIFT, release 99).
_IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 
    24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
_IBAN_LENGTH = {
    country: length for length, countries in _IBAN_LENGTHS.items() for country in countries.split()
}
_IBAN = regex.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}")
IBAN_HINT = r"[A-ZＡ-Ｚ]{2}\p{Nd}{2}[ -]?[A-Z\p{Nd}]{2}"

#: Networks by their first digits, and the lengths of their numbers (ISO/IEC 7812 registries).
_NETWORKS = (
    ("visa", r"4(?:\d{12}|\d{15}|\d{18})"),
    ("mastercard", r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}"),
    ("american_express", r"3[47]\d{13}"),
    ("discover", r"(?:6011|65\d{2}|64[4-9]\d)\d{12}"),
    ("jcb", r"35(?:2[89]|[3-8]\d)\d{12}"),
    ("diners_club", r"3(?:0[0-5]|[689]\d)\d{11}"),
    ("unionpay", r"62\d{14,17}"),
    ("mir", r"220[0-4]\d{12}"),
    ("maestro", r"(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12}"),
)
_CARD_NETWORK = regex.compile("|".join(f"(?P<{name}>{form})" for name, form in _NETWORKS))
#: In groups of four, as 4-6-5 or 4-6-4, or in one piece, and no part of a longer number.
_CARD = regex.compile(
    r"(?<![A-Za-z0-9_.,+/-]|\d[ -])"
    r"(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})"
    r"(?![A-Za-z0-9_/]|[ -]\d|[.,]\d)"
)
CARD_HINT = r"\p{Nd}{4}[\s-]?\p{Nd}{4,6}[\s-]?\p{Nd}{4}"

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d{1,2})"
_IPV4 = regex.compile(rf"(?<![A-Za-z0-9_.-])(?:{_OCTET}\.){{3}}{_OCTET}(?![A-Za-z0-9_-]|\.\d)")
_IPV6 = regex.compile(
    r"(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![A-Za-z0-9_:])"
)
#: Versions and numbered sections have as many dots as an address, but fewer digits: of random
#: addresses one in 30 has fewer than eight.
_MIN_IPV4_DIGITS = 8
_IP_CUE = regex.compile(r"\bIP", regex.IGNORECASE)
#: How far before an address the word `IP` is looked for.
_CUE_CHARS = 30
IP_HINT = r"\p{Nd}[.．]\p{Nd}{1,3}[.．]\p{Nd}{1,3}[.．]\p{Nd}|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]*:"


def find_ibans(text: str) -> Iterator[Span]:
    """Yield account numbers of a known country, length and check sum; `detail`: the country."""
    for match in _IBAN.finditer(text):
        country = match[0][:2]
        end = _end_of(match[0], _IBAN_LENGTH.get(country, 0))
        if end and has_iban_check(match[0][:end]) and not _goes_on(text, match.start() + end):
            yield Span(match.start(), match.start() + end, "iban", country)


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1].isascii() and text[end : end + 1].isalnum()


def _end_of(written: str, length: int) -> int:
    """Return where the letter or digit of a number (from 1) ends; 0 if there are fewer."""
    positions = [position for position, char in enumerate(written, 1) if char not in " -"]
    return positions[length - 1] if 0 < length <= len(positions) else 0


def has_iban_check(written: str) -> bool:
    """Whether the check digits fit (ISO 7064, MOD 97-10)."""
    code = written.replace(" ", "").replace("-", "")
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def find_cards(text: str) -> Iterator[Span]:
    """Yield card numbers of a known network with a right check digit; `detail`: the network."""
    for match in _CARD.finditer(text):
        digits = match[0].replace(" ", "").replace("-", "")
        network = _CARD_NETWORK.fullmatch(digits)
        if network and has_luhn_check(digits):
            yield Span(match.start(), match.end(), "card", network.lastgroup)


def has_luhn_check(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 * (n > 9) for n in doubled)) % 10 == 0


def find_ip_addresses(text: str) -> Iterator[Span]:
    """Yield addresses that are reachable from everywhere: private ones name no one."""
    for match in (*_IPV4.finditer(text), *_IPV6.finditer(text)):
        if _is_global(match[0]) and not _is_version(text, match):
            version = "v6" if ":" in match[0] else "v4"
            yield Span(match.start(), match.end(), "ip_address", version)


def _is_global(written: str) -> bool:
    try:
        return ipaddress.ip_address(written).is_global
    except ValueError:
        return False


def _is_version(text: str, match: regex.Match[str]) -> bool:
    if ":" in match[0]:
        return False
    before = text[max(match.start() - _CUE_CHARS, 0) : match.start()]
    digits = len(match[0]) - match[0].count(".")
    return digits < _MIN_IPV4_DIGITS and not _IP_CUE.search(before)
