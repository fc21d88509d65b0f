"""Find personal data: e-mail and IP addresses, telephone, account and card numbers.

Values never leave a text: what is found is named by position, kind and detail.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import polars as pl
import regex

from tasks.clean.personal_data import patterns, phone
from tasks.clean.personal_data.patterns import Span, plain_digits, without_overlaps
from tasks.clean.personal_data.regions import regions_of
from tasks.settings.clean import PersonalDataKind

__all__ = ["KINDS", "Span", "find_spans", "hinted_kinds", "mask", "redact", "regions_of"]


class _Search(NamedTuple):
    """How a kind is found: what a text must match to be searched, and the search.

    The hint is a regular expression of both Polars and `regex`.
    """

    hint: str
    find: Callable[[str, Sequence[str], bool], Iterable[Span]]


#: By kind, the surest first: it wins where two overlap.
_SEARCHES: dict[PersonalDataKind, _Search] = {
    "email": _Search(patterns.EMAIL_HINT, lambda text, *_: patterns.find_emails(text)),
    "iban": _Search(patterns.IBAN_HINT, lambda text, *_: patterns.find_ibans(text)),
    "card": _Search(patterns.CARD_HINT, lambda text, *_: patterns.find_cards(text)),
    "ip_address": _Search(patterns.IP_HINT, lambda text, *_: patterns.find_ip_addresses(text)),
    "phone": _Search(
        phone.HINT,
        lambda text, regions, thorough: phone.find_phones(text, regions, thorough=thorough),
    ),
}
KINDS: tuple[PersonalDataKind, ...] = tuple(_SEARCHES)
#: Every hint asks for one of these, as they are written or as `plain_digits` writes them; most
#: names and titles have none.
_MAY_HOLD = regex.compile(r"[\p{Nd}@＠\[({［（｛:：]")
_MASK = "•"


def hinted_kinds(text: pl.Expr, kinds: Iterable[PersonalDataKind]) -> list[pl.Expr]:
    """Return a boolean expression per kind, named after it: whether a text may hold any."""
    return [text.str.contains(_SEARCHES[kind].hint).alias(kind) for kind in KINDS if kind in kinds]


@lru_cache(maxsize=len(KINDS))
def _hint(kind: PersonalDataKind) -> regex.Pattern[str]:
    return regex.compile(_SEARCHES[kind].hint)


def find_spans(
    text: str,
    regions: Sequence[str],
    kinds: Sequence[PersonalDataKind] = KINDS,
    *,
    thorough: bool = False,
) -> list[Span]:
    """Return the personal data in a text, in order and without overlaps.

    Args:
        text: Any text, in any script.
        regions: The countries that it may be of (`regions_of`): whose telephone numbers are
            known without their country's code.
        kinds: What to look for.
        thorough: Whether what only may be a telephone number counts, too: for text that is to be
            shown or published without any.
    """
    plain = plain_digits(text)
    hinted = [kind for kind in KINDS if kind in kinds and _hint(kind).search(plain)]
    return without_overlaps(
        span for kind in hinted for span in _SEARCHES[kind].find(plain, regions, thorough)
    )


def redact(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Replace spans by their kinds in brackets; return the text and where these stand now."""
    parts, moved, end, length = list[str](), list[Span](), 0, 0
    for span in spans:
        placeholder = f"[{span.kind}]"
        parts += [text[end : span.start], placeholder]
        start = length + span.start - end
        length, end = start + len(placeholder), span.end
        moved.append(span._replace(start=start, end=length))
    return "".join([*parts, text[end:]]), moved


def mask(text: str, language: str) -> str:
    """Return a text fit to be shown: a dot for each character of personal data in it."""
    if _MAY_HOLD.search(text) is None:
        return text
    for start, end, _, _ in find_spans(text, regions_of([language]), thorough=True):
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text
