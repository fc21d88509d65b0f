"""Find where a name begins and ends in what a model marked, and drop what is none.

Models mark titles and jobs before a person, what follows a name's apostrophe, articles and
prepositions at its edges, and two sentences as one name; corpora differ in all of it. Here they
are made alike for all models: a name is what stands for someone or something by itself.
"""

from collections.abc import Iterator
from functools import lru_cache

import regex

from expectations.labels import LABELS
from tasks.entities.institutions import is_country_adjective
from tasks.entities.listed_parts import is_common as is_name_part
from tasks.mentions.common_words import is_common
from tasks.mentions.edge_words import EdgeWords, abbreviations, words_of
from tasks.mentions.entity_model import Span

PERSON, PLACE, MISC = LABELS[0], LABELS[2], LABELS[3]
#: Korean for "a certain Kim".
_ANONYMOUS = regex.compile(r"(?<surname>\p{Hangul})모\b")
#: White space, punctuation, controls, joiners and pictures; `.` and `&` may be part of a name.
_LEADING = regex.compile(r"[\s\p{P}\p{C}\p{M}\p{So}--[&]]*+", regex.VERSION1)
_TRAILING = regex.compile(r"(?r)[\s\p{P}\p{C}\p{So}\uFE0F--[.&]]*+", regex.VERSION1)
_NAMING = regex.compile(r"[\p{L}\p{N}]")
_BRACKETS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“", "）": "（", "」": "「", "』": "『"}
#: A full stop after a word, and what may begin a sentence after it; a comma that parts two names of
#: Chinese or Japanese.
_SENTENCE_END = regex.compile(r"[.?…]\s++(?=[\p{Lu}\p{Lo}\p{N}])|[。？，、]")
#: A genitive or another case of one person, and the next: Harris'e Abercrombie.
_CASE_WITHIN = regex.compile(r"['’]\p{Ll}{1,6}\s++(?=\p{Lu})")
_WITHOUT_STOPS = regex.compile(r"[\p{Thai}\p{Lao}]$")
#: An initial, or points inside (U.S.).
_POINTED = regex.compile(r"(?:\p{L}|.*\..*)")
_WORD = regex.compile(r"\S+")
#: What is written onto a name after an apostrophe: English 's, Turkish cases.
_SUFFIX = regex.compile(r"['’]\p{Ll}{1,6}$")
_SUFFIX_LANGUAGES = frozenset({"tr", "az", "uz", "crh"})
#: Letters without capitals, and digits, may be a name.
_SMALL = regex.compile(r"[^\p{Lo}\p{N}\p{Lu}\p{Lt}]*\p{Ll}[^\p{Lo}\p{N}\p{Lu}\p{Lt}]*")
_HANGUL = regex.compile(r"\p{Hangul}")
_HAN = regex.compile(r"\p{Han}")
#: What Chinese writes right after a person: the day. Two characters of the name are left.
_DAY_AFTER = regex.compile(
    r"(?<=\p{Han}{2})(?:(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]|[今昨明当當]天|[今昨]日)$"
)
_CAPITAL = regex.compile(r"[\p{Lu}\p{Lt}]")
#: A sentence's end is looked for so far before a name.
_MAX_GAP_CHARS = 10
#: English names that begin with an article.
AFTER_ARTICLE = frozenset({"hague"})
#: German adjectives of countries and languages are written with a capital when they are nouns.
_ADJECTIVE = regex.compile(r"\p{Lu}\p{Ll}+isch(?:e[nmrs]?)?")


def names_in(text: str, span: Span, language: str) -> list[Span]:
    """Return the names in what a model marked as one: none, one, or one in each sentence.

    Args:
        text: The text.
        span: What was marked, with a label of ours.
        language: The tag of the language that the text is read in.
    """
    words = words_of(language)
    found = (
        _name(text, part, language, words)
        for sentence in _sentences(text, span)
        for part in _persons(text, sentence, language)
    )
    return [name for name in found if name is not None]


def _sentences(text: str, span: Span) -> Iterator[Span]:
    """Yield a span by sentences: `Kim Jong Un. Queen Elizabeth` is two, `St. Petersburg` one.

    A work may have any title.
    """
    start = span.start
    found = _SENTENCE_END.finditer(text, start, span.end) if span.label != MISC else ()
    for end in found:
        word = text[start : end.start()].split()[-1:]
        if end.group()[0] == "." and word and _is_abbreviation(word[0]):
            continue
        if end.end() < span.end:
            yield span._replace(start=start, end=end.start())
            start = end.end()
    yield span._replace(start=start)


def _persons(text: str, span: Span, language: str) -> Iterator[Span]:
    """Yield the persons of a span, of whom all but the last have an ending of their own."""
    start = span.start
    if span.label == PERSON and language in _SUFFIX_LANGUAGES:
        for case in _CASE_WITHIN.finditer(text, span.start, span.end):
            yield span._replace(start=start, end=case.start())
            start = case.end()
    yield span._replace(start=start)


def _is_abbreviation(word: str) -> bool:
    """Say whether a full stop behind a word is its own: Thai and Lao sentences end with none."""
    is_stopless = _WITHOUT_STOPS.search(word) is not None
    return is_stopless or bool(_POINTED.fullmatch(word)) or word.lower() in abbreviations()


def _name(text: str, span: Span, language: str, words: EdgeWords) -> Span | None:
    """Return the bare name of a span, or None."""
    bare = trimmed(text, span)
    if bare is not None:
        bare = without_suffix(text, bare, language)
        bare = _without_titles(text, bare, words) if bare.label == PERSON else bare
        bare = _without_day(text, bare) if language == "zh" else bare
        bare = _without_function_words(text, bare, language, words)
        bare = None if bare is None else trimmed(text, _without_stop(text, bare))
    if bare is None:
        return None
    surface = text[bare.start : bare.end].lower()
    if surface in words.weekdays or surface in words.months or _is_small(text, bare):
        return None
    # A word that many people are called (May) may be a person wherever it stands.
    is_called = bare.label == PERSON and is_name_part(surface)
    is_first = not is_called and _begins_sentence(text, bare.start)
    if _is_letter(text, bare) or is_common(text[bare.start : bare.end], language, is_first):
        return None
    is_demonym = (
        surface in words.demonyms
        or (language == "de" and _is_adjective(text, bare))
        or (bare.label == PLACE and is_country_adjective(surface, language))
    )
    return bare._replace(label=MISC) if is_demonym and bare.label != PERSON else bare


def _without_stop(text: str, span: Span) -> Span:
    """Return a name without the full stop of its sentence; that of `Inc.` and `U.S.` stays."""
    if not text.endswith(".", span.start, span.end):
        return span
    last = text[span.start : span.end - 1].split()[-1:]
    return span if last and _is_abbreviation(last[0]) else span._replace(end=span.end - 1)


def without_suffix(text: str, span: Span, language: str) -> Span:
    """Return a name without what is written onto it after an apostrophe.

    English 's stays with organisations: Lloyd's, McDonald's.
    """
    suffix = _SUFFIX.search(text, span.start, span.end)
    if suffix is None:
        return span
    is_genitive = suffix.group()[1:] == "s" and span.label == PERSON
    if is_genitive or language in _SUFFIX_LANGUAGES:
        return span._replace(end=suffix.start())
    return span


def _without_titles(text: str, span: Span, words: EdgeWords) -> Span | None:
    """Return a person's name without titles and jobs; None if it is nothing else.

    A job may have what it is of before it: `Intel Chief Executive Pat Gelsinger`.
    """
    if anonymous := _ANONYMOUS.match(text, span.start, span.end):
        return span._replace(end=anonymous.end("surname"))
    end = span.end
    for title in words.titles_after:
        if text.endswith(title, span.start, end):
            end -= len(title)
            end -= len(text[span.start : end]) - len(text[span.start : end].rstrip())
    if end <= span.start:
        return None
    parts = list(_WORD.finditer(text, span.start, end))
    titles = [_bare(part.group()) in words.titles_before for part in parts]
    if not any(titles):
        return span._replace(end=end)
    last = len(titles) - 1 - titles[::-1].index(True)
    if last == len(parts) - 1:
        # A surname that is a title, too (John Mayor), unless nothing else is there.
        return None if all(titles) else span._replace(end=end)
    return span._replace(start=parts[last + 1].start(), end=end)


def _without_day(text: str, span: Span | None) -> Span | None:
    """Return a person's name without the day that is written onto it."""
    if span is None or span.label != PERSON:
        return span
    day = _DAY_AFTER.search(text, span.start, span.end)
    return span if day is None or day.start() <= span.start + 1 else span._replace(end=day.start())


def _bare(word: str) -> str:
    return word.lower().rstrip(".,:")


def _without_function_words(
    text: str, span: Span | None, language: str, words: EdgeWords
) -> Span | None:
    """Return a name without articles, prepositions and conjunctions at its edges.

    Before a person they may be particles (de Gaulle); with a capital, part of a name (The Hague).
    """
    if span is None or not words.function_words:
        return span
    parts = list(_WORD.finditer(text, span.start, span.end))
    while parts and _is_function_word(parts[-1].group(), words):
        parts.pop()
    while parts and span.label != PERSON and _is_function_word(parts[0].group(), words):
        del parts[0]
    if parts and language == "en" and _has_article(text, [part.group() for part in parts], span):
        del parts[0]
    if not parts:
        return None
    return span._replace(start=parts[0].start(), end=parts[-1].end())


def _is_function_word(word: str, words: EdgeWords) -> bool:
    return word.islower() and word in words.function_words


def _has_article(text: str, parts: list[str], span: Span) -> bool:
    """Say whether an English name begins with an article that is no part of it.

    With a capital it may be one (The Guardian), but not where a sentence begins.
    """
    if parts[0].lower() not in ("the", "a", "an"):
        return False
    if len(parts) == 1 or parts[0].islower():
        return True
    begins = _begins_sentence(text, span.start)
    return begins and span.label != MISC and _bare(parts[1]) not in AFTER_ARTICLE


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - _MAX_GAP_CHARS) : start].rstrip()
    return not before or before[-1] in '.!?:\n”"'


def _is_letter(text: str, span: Span) -> bool:
    """Say whether a span is one character that is no name of such a kind.

    Of 39 names of one character that models marked on test sets, one was right (counted
    once, by no command that is kept). A letter may be a company or a product (X), a Han
    character a country (米).
    """
    if span.end - span.start > 1 or _HANGUL.match(text, span.start):  # a surname (김)
        return False
    is_han = _HAN.match(text, span.start) is not None
    return is_han != (span.label == PLACE) or span.label == PERSON


def _is_small(text: str, span: Span) -> bool:
    """Say whether a span has small letters only, in a text that has capitals."""
    surface = text[span.start : span.end]
    return _SMALL.fullmatch(surface) is not None and _has_capitals(text)


@lru_cache(maxsize=1)  # the names of a text are asked for one after the other
def _has_capitals(text: str) -> bool:
    return _CAPITAL.search(text) is not None


def _is_adjective(text: str, span: Span) -> bool:
    return _ADJECTIVE.fullmatch(text, span.start, span.end) is not None


def trimmed(text: str, span: Span) -> Span | None:
    """Return a span without what stands around the name; None if no letter or digit is left.

    A bracket is kept at the end if the name opens it: `Bank (UK)`.
    """
    if span.start < span.end and text[span.start].isalpha() and text[span.end - 1].isalpha():
        return span
    leading = _LEADING.match(text, span.start, span.end)
    start = leading.end() if leading else span.start
    end = _end_of_name(text, start, span.end)
    return span._replace(start=start, end=end) if _NAMING.search(text, start, end) else None


def _end_of_name(text: str, start: int, end: int) -> int:
    trailing = _TRAILING.match(text, start, end)
    bare_end = trailing.start() if trailing else end
    closing = text[bare_end : bare_end + 1] if bare_end < end else ""
    opening = _BRACKETS.get(closing)
    return bare_end + 1 if opening and opening in text[start:bare_end] else bare_end


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Return spans in order; of overlapping ones the first, of equal starts the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, span.label)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
