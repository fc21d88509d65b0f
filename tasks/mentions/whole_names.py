"""Join parts of one name that models mark as two, or one of: `MERKEL Angela`, `ЦБ РФ`.

A surname that stands before the given name is what models miss: they mark one of the two.
"""

from collections.abc import Sequence

import regex

from expectations.labels import LABELS
from tasks.entities.given_names import is_given_name
from tasks.entities.institutions import institution_of
from tasks.entities.listed_parts import is_listed
from tasks.entities.person_words import is_pronounced
from tasks.mentions.common_words import is_common
from tasks.mentions.edge_words import words_of
from tasks.mentions.entity_model import Span
from tasks.writing.forms import comparable_form

_PERSON, _ORGANISATION, _PLACE = LABELS[:3]
_CAPITALS = regex.compile(r"\p{Lu}[\p{Lu}\p{M}'’ʼ\-]+")
#: Ranks that stand before given names, and are surnames, too.
_RANKS = frozenset(
    """king queen prince princess pope saint sir lord lady dame duke könig königin prinz papst sankt
    roi reine pape rey reina papa san santa rei rainha re regina król książę
    король королева принц принцесса царь князь граф папа святой король принц папа""".split()  # noqa: SIM905
)
#: How surnames end in East Slavic languages.
_SLAVIC = regex.compile(r"(?:[оеё]ва?|[иы]на?|ск[иы]й|ская|цк[иы]й|цкая|енко|[ую]к|дзе|швили|ян)$")
_WORD_BEFORE = regex.compile(r"(?<![\p{L}\p{M}\p{N}'’-])(?<word>\p{Lu}[\p{Ll}\p{M}-]++) $")
_WORD_AFTER = regex.compile(r" (?<word>\p{Lu}\p{Ll}++)(?![\p{L}\p{M}'’-])")
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
    ends = [0, *(span.end for span in whole)][: len(whole)]
    starts = [*(span.start for span in whole[1:]), len(text)][: len(whole)]
    with_surnames = [
        _with_surname(text, span, end, language) for span, end in zip(whole, ends, strict=True)
    ]
    return [
        _with_given_name(text, span, start)
        for span, start in zip(with_surnames, starts, strict=True)
    ]


def _with_surname(text: str, span: Span, end: int, language: str) -> Span:
    """Return a given name with the surname before it, if no other name reaches there."""
    if span.label != _PERSON or not is_given_name(comparable_form(text[span.start : span.end])):
        return span
    surname = _WORD_BEFORE.search(text, end, span.start)
    if surname is None or not _is_surname(surname["word"], language):
        return span
    return span._replace(start=surname.start("word"))


def _with_given_name(text: str, span: Span, start: int) -> Span:
    """Return a surname in capitals with the given name behind it, if no other name is there."""
    surname = text[span.start : span.end]
    given = _WORD_AFTER.match(text, span.end, start)
    if given is None or not _is_surname_in_capitals(surname, given["word"]):
        return span
    if span.label == _ORGANISATION or not is_given_name(comparable_form(given["word"])):
        return span
    return span._replace(end=given.end(), label=_PERSON)


def _is_surname(word: str, language: str) -> bool:
    """Say whether a word is a part of names, and neither a given name nor a title."""
    form = comparable_form(word)
    is_title = form in _RANKS or form in words_of(language).titles_before
    is_other = is_title or is_common(word, language, is_first=True)
    is_part = is_listed(form) or _SLAVIC.search(form) is not None
    return is_part and not is_other and not is_given_name(form)


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
