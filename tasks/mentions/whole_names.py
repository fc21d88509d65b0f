"""Join parts of one name that models mark as two: `MERKEL Angela`, `ЦБ РФ`, `Putin, Vladimir`."""

from collections.abc import Sequence

import regex

from expectations.labels import LABELS
from tasks.entities.institutions import institution_of
from tasks.entities.person_words import is_pronounced
from tasks.mentions.entity_model import Span

_PERSON, _ORGANISATION, _PLACE = LABELS[:3]
_CAPITALS = regex.compile(r"\p{Lu}[\p{Lu}\p{M}'’ʼ\-]+")
_CAPITALISED = regex.compile(r"\p{Lu}\p{Ll}[\p{L}\p{M}'’ʼ\-]*")


def whole_names(text: str, spans: Sequence[Span], language: str) -> list[Span]:
    """Return the names of a text, those that stand side by side and are one as one.

    Args:
        text: The text.
        spans: Its names, in order and without overlaps.
        language: The tag of the language that the text is read in.
    """
    if _is_list_entry(text, spans):
        return [_joined(*spans)]
    whole: list[Span] = []
    for span in spans:
        if whole and _are_one(text, whole[-1], span, language):
            whole[-1] = _joined(whole[-1], span)
        else:
            whole.append(span)
    return whole


def _joined(first: Span, second: Span) -> Span:
    return first._replace(end=second.end, score=min(first.score, second.score))


def _is_list_entry(text: str, spans: Sequence[Span]) -> bool:
    """Say whether a text is nothing but a surname and a first name: `Putin, Vladimir`."""
    if len(spans) != 2 or {span.label for span in spans} != {_PERSON}:
        return False
    first, second = spans
    is_all = not text[: first.start].strip() and text[second.end :].strip() in ("", ".")
    return is_all and text[first.end : second.start] == ", " and text.count(",") == 1


def _are_one(text: str, first: Span, second: Span, language: str) -> bool:
    """Say whether two names with a space between are one."""
    if text[first.end : second.start] != " ":
        return False
    labels = first.label, second.label
    one, other = text[first.start : first.end], text[second.start : second.end]
    if labels == (_PERSON, _PERSON):
        return _is_surname_in_capitals(one, other) or _is_surname_in_capitals(other, one)
    if labels != (_ORGANISATION, _PLACE):
        return False
    body = institution_of(one, language)
    both = institution_of(f"{one} {other}", language) if body and not body.country else None
    return both is not None and both.country is not None


def _is_surname_in_capitals(surname: str, given: str) -> bool:
    """Say whether only the first of two words is in capitals, and no acronym."""
    is_loud = _CAPITALS.fullmatch(surname) is not None and is_pronounced(surname)
    return is_loud and _CAPITALISED.fullmatch(given) is not None
