"""Name what words and numbers of a text have in common with those of other languages.

A feature is `kind:value`: a number or date as its value, a word in Latin letters, the sounds of a
name, a place of the gazetteer, a thing with an emoji. Nothing here is certain: a word has every
feature that it may have.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from tasks.copies.concepts import concepts_in, concepts_of
from tasks.copies.numbers import calendar, is_month, scale_after, values
from tasks.copies.words import folded, is_latin, is_unspaced, skeleton, stem, without_prefix
from tasks.entities.places import PLACE_ID_PREFIX, find_place, place_names
from tasks.writing.forms import comparable_form

#: Least classes of a skeleton: a name sounds like a name from three on; words without case,
#: any of which may be a name, and plain words, which may be cognates, must say more.
MIN_NAME_SOUNDS, MIN_UNCASED_SOUNDS, MIN_WORD_SOUNDS = 3, 4, 5
#: Longest name of a place in Han characters that is looked up (`哈萨克斯坦`: 5).
MAX_HAN_PLACE = 5
_HAN_NAME = regex.compile(rf"\p{{Han}}{{2,{MAX_HAN_PLACE}}}")


@lru_cache(maxsize=2**17)
def word_features(word: str, language: str, min_latin: int) -> tuple[str, ...]:
    """Return the features of a word of a script with spaces.

    Args:
        word: The word as written.
        language: The language of its text.
        min_latin: Least letters of a word in Latin letters that is a feature itself.
    """
    return tuple(_word_features(word, language, min_latin))


def _word_features(word: str, language: str, min_latin: int) -> Iterator[str]:
    date = calendar(language).get(stem(word))
    if date:
        yield date
    if len(word) >= min_latin and is_latin(word):
        yield f"word:{folded(word)}"
    is_cased = word.lower() != word.upper()
    is_name = is_cased and word[0].isupper()
    least = MIN_WORD_SOUNDS if is_cased and not is_name else MIN_UNCASED_SOUNDS
    for form in dict.fromkeys((word, without_prefix(word))):
        yield from _sounds(form, MIN_NAME_SOUNDS if is_name else least)
        yield from place_features(form, language) if is_name or not is_cased else ()
    if not is_unspaced(language):
        yield from (f"concept:{concept}" for concept in concepts_of(word, language))


def kana_features(word: str, language: str) -> tuple[str, ...]:
    """Return the features of a word in katakana, which is nearly always of foreign origin."""
    return (*_sounds(word, MIN_NAME_SOUNDS), *place_features(word, language))


def _sounds(word: str, least: int) -> Iterator[str]:
    sounds = skeleton(word)
    if len(sounds) >= least:
        yield f"sound:{sounds}"


@lru_cache(maxsize=2**17)
def place_features(name: str, language: str) -> tuple[str, ...]:
    """Return the place that a name means, if the gazetteer has one."""
    place_id = find_place(name, language)
    return (f"place:{place_id.removeprefix(PLACE_ID_PREFIX)}",) if place_id else ()


def number_features(number: str, after: str, language: str) -> list[str]:
    """Return the values of a run of digits and separators.

    Args:
        number: The run.
        after: What follows it in the text.
        language: The language of the text.
    """
    *others, last = values(number)
    months = []
    if is_month(after, 0, last):
        months.append(f"month:{last:.0f}")
    else:
        others.append(last * scale_after(after, 0, language))
    return [*months, *(f"number:{value:.15g}" for value in others)]


def may_begin_place(pair: str) -> bool:
    """Say whether a name of the gazetteer begins with two Han characters."""
    return comparable_form(pair)[:2] in _beginnings()


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(place_names()["form"].str.slice(0, 2))


def han_places(text: str, start: int, language: str) -> Iterator[str]:
    """Yield the places that are called by two Han characters or more, from a code point on."""
    match = _HAN_NAME.match(text, start)
    run = match[0] if match else ""
    for end in range(2, len(run) + 1):
        yield from place_features(run[:end], language)


def unspaced_features(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Yield concepts and dates of a text without spaces, each with its code point."""
    folded_text = text.casefold()
    origins: Sequence[int] = range(len(text))
    if len(folded_text) != len(text):  # `ß` is folded to two letters
        origins = [start for start, char in enumerate(text) for _ in char.casefold()]
    for start, concept in concepts_in(folded_text, language):
        yield origins[start], f"concept:{concept}"
    for name, feature in calendar(language).items():
        yield from ((start, feature) for start in _starts(name, text))


def _starts(name: str, text: str) -> Iterator[int]:
    start = text.find(name)
    while start >= 0:
        yield start
        start = text.find(name, start + len(name))
