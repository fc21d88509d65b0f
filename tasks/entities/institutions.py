"""Read names that a country and a kind of institution are composed of: Russian Ministry of Defence.

`institutions.tsv` has what kinds are called in 20 languages, `country_adjectives.tsv` how words
that mean a country begin in them, beside the names that the gazetteer has, `national_bodies.tsv`
which of what ships as known is the body of a kind in a country. All three were written for
Babelmill by a language model from common knowledge.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tasks.entities.inflection import bases, words_of
from tasks.entities.kind_words import UNDIVIDED, Words, read_kinds, rows_of, without_spaces
from tasks.entities.nodes import BODY
from tasks.entities.places import PLACE_ID_PREFIX, is_country, place_names

FOLDER = Path(__file__).parent
KINDS_FILE = FOLDER / "institutions.tsv"
ADJECTIVES_FILE = FOLDER / "country_adjectives.tsv"
BODIES_FILE = FOLDER / "national_bodies.tsv"
#: Ids of composed institutions begin like this: `org-defence-ministry-RU`.
ID_PREFIX = "org-"
#: Languages that write adjectives of countries as they write names. In others a word with a capital
#: is none (Indiana), and in some a country's name stands for it.
_CAPITAL_ADJECTIVES = frozenset({"ar", "nl"})
#: A beginning that is so short is the whole word; others have so many letters more at most.
_WHOLE_LETTERS, _ENDING_LETTERS = 3, 4
#: The same where nothing else says that a word is an adjective (Germantown Police); English ones
#: have no endings.
_LONE_ENDING_LETTERS = 2
_MAX_COUNTRY_WORDS = 4
#: English names of countries that have an article.
_WITH_ARTICLE = frozenset({"AE", "BS", "CF", "DO", "GB", "GM", "MV", "NL", "PH", "US"})
#: Countries whose ministries are called departments.
_WITH_DEPARTMENTS = frozenset({"CH", "PH", "US"})


class Institution(NamedTuple):
    """A kind of institution, and the ISO 3166-1 code of the country whose it is; None: not told."""

    kind: str
    country: str | None


def institution_of(surface: str, language: str) -> Institution | None:
    """Return what a name means that is a kind of institution, with a country or without.

    Args:
        surface: The name as the text has it.
        language: The tag of its language; of most nothing is known.

    Returns:
        None if any word is neither of the country nor of the kind, or if two countries are named.
    """
    if language not in read_kinds(KINDS_FILE).divided:
        return None
    if language in UNDIVIDED:
        return _undivided(without_spaces(surface), language)
    return _of_words(words_of(surface, BODY, language), language)


def is_country_adjective(word: str, language: str) -> bool:
    """Whether a word is an adjective of a country, and no country: الأمريكية, российский."""
    words = words_of(word, "LOC", language)
    if len(words) != 1 or language not in _CAPITAL_ADJECTIVES or _named_country(words, language):
        return False
    return _country(words, language) is not None


def institution_id(kind: str, country: str) -> str:
    """Return the id of the institution of a kind in a country."""
    return _bodies().get((kind, country)) or f"{ID_PREFIX}{kind}-{country}"


def institution_name(kind: str, country: str, country_name: str) -> str:
    """Return what an institution is called in English: `Ministry of Defence of Russia`."""
    article = "the " if country in _WITH_ARTICLE else ""
    called = _english()[kind]
    if country in _WITH_DEPARTMENTS:
        called = called.replace("Ministry", "Department")
    return f"{called} of {article}{country_name}"


def _of_words(words: Words, language: str) -> Institution | None:
    """Return what words mean: the longest part of them that names a country is left out."""
    kinds = read_kinds(KINDS_FILE)
    kind = kinds.of_words(words, language)
    if kind:
        return Institution(kind, None)
    for start, end in _parts(len(words)):
        kind = kinds.of_words(words[:start] + words[end:], language)
        country = _country(words[start:end], language) if kind else None
        if kind and country:
            return Institution(kind, country)
    return None


def _parts(size: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of so many words that may be a country, the longest first."""
    for length in range(min(_MAX_COUNTRY_WORDS, size - 1), 0, -1):
        for start in range(size - length + 1):
            yield start, start + length


def _undivided(text: str, language: str) -> Institution | None:
    """Return what a text without spaces means: the country stands first."""
    kinds, countries = read_kinds(KINDS_FILE), _countries(language)
    kind = kinds.of_text(text, language)
    if kind:
        return Institution(kind, None)
    for end in range(len(text) - 1, 0, -1):
        country = countries.get((text[:end],))
        kind = kinds.of_text(text[end:], language) if country else None
        if country and kind:
            return Institution(kind, country)
    return None


def country_of_body(words: Words, language: str, *, is_adjective: bool) -> str | None:
    """Return the code of the one country that what is left of a body's name means.

    Args:
        words: What is left, in comparable form.
        language: The tag of its language.
        is_adjective: Whether an adjective of the country counts, too.
    """
    if is_adjective:
        return _country(words, language, 0 if language == "en" else _LONE_ENDING_LETTERS)
    named = _named_country(words, language)
    return min(named) if len(named) == 1 else None


@lru_cache(maxsize=2**14)
def _country(words: Words, language: str, ending_letters: int = _ENDING_LETTERS) -> str | None:
    """Return the code of the one country that words mean, inflected or as an adjective."""
    listed = _countries(language)
    if words in listed:
        return listed[words]
    *first, last = words
    found = _named_country(words, language) | {
        code
        for beginning, code in _adjectives()[language]
        if beginning[:-1] == tuple(first)
        and any(_begins(base, beginning[-1], ending_letters) for base in bases(last, language))
    }
    return min(found) if len(found) == 1 else None


def _named_country(words: Words, language: str) -> frozenset[str]:
    """Return the codes of the countries whose names words are, in any form."""
    listed = _countries(language)
    *first, last = words
    return frozenset(
        listed[form]
        for base in bases(last, language)
        for form in ((*first, base), *_based(language).get((*first, base), ()))
        if form in listed
    )


def _begins(word: str, beginning: str, ending_letters: int) -> bool:
    if len(beginning) <= _WHOLE_LETTERS:
        return word == beginning
    return word.startswith(beginning) and len(word) - len(beginning) <= ending_letters


@cache
def _bodies() -> dict[tuple[str, str], str]:
    return {(kind, country): entity_id for kind, country, entity_id in rows_of(BODIES_FILE)}


@cache
def _english() -> dict[str, str]:
    """Return what a kind is called in English, by the first of its names."""
    return {kind: names.split("|")[0] for kind, lang, names in rows_of(KINDS_FILE) if lang == "en"}


@cache
def _adjectives() -> dict[str, list[tuple[Words, str]]]:
    """Return how words that mean a country begin, by language."""
    found: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for code, language, beginnings in rows_of(ADJECTIVES_FILE):
        for beginning in beginnings.split("|"):
            found[language].append((words_of(beginning, "LOC", language), code))
    return found


@cache
def _countries(language: str) -> dict[Words, str]:
    """Return the codes of the countries that names mean in a language."""
    rows = place_names().filter(pl.col("kind") == "country", pl.col("language") == language)
    found = {
        tuple(words.split(" ")): place_id.removeprefix(PLACE_ID_PREFIX)
        for words, place_id in rows.select("words", "place_id").iter_rows()
        if is_country(place_id)
    }
    return found | {
        beginning: code for beginning, code in _adjectives()[language] if language in UNDIVIDED
    }


@cache
def _based(language: str) -> dict[Words, tuple[Words, ...]]:
    """Return the names of countries by their words with the last one in a base."""
    found: dict[Words, list[Words]] = defaultdict(list)
    for words in _countries(language):
        for base in bases(words[-1], language):
            found[*words[:-1], base].append(words)
    return {words: tuple(names) for words, names in found.items()}
