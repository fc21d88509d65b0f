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
import regex

from tasks.entities.inflection import bases, is_form_of, words_of
from tasks.entities.places import PLACE_ID_PREFIX, place_names
from tasks.writing.forms import comparable_form

FOLDER = Path(__file__).parent
KINDS_FILE = FOLDER / "institutions.tsv"
ADJECTIVES_FILE = FOLDER / "country_adjectives.tsv"
BODIES_FILE = FOLDER / "national_bodies.tsv"
#: Ids of composed institutions begin like this: `org-defence-ministry-RU`.
ID_PREFIX = "org-"
#: Words that join an institution and its country, or its words, in comparable form.
_CONNECTORS = frozenset(
    """of the for and de du des la le les l d der die das dem den für von della del dello degli
    delle dei di dell da do das dos los las e van voor i u y и та в
    की के का ने में और""".split()  # noqa: SIM905
)
_ELIDED = regex.compile(r"^\p{L}{1,4}'(?=\p{L}{3})")
#: Languages that write the parts of a name without spaces, or with and without.
UNDIVIDED = frozenset({"ja", "zh", "ko"})
_BETWEEN = regex.compile(r"[\s·・の]+")
#: Languages whose words begin with clitics: their ends are compared.
_ENDS = frozenset({"ar", "he"})
#: Languages whose words take endings that `inflection` does not know, up to so many letters.
_SUFFIXED, _SUFFIX_LETTERS = frozenset({"tr", "az", "fi", "hu", "et"}), 6
#: How Slavic neuter nouns end (министерство, ministerstwo), which names of people hardly do.
_NEUTER_ENDING = regex.compile(r"(?:ств|stw|stv)[оo]$")
#: Languages that write adjectives of countries as they write names. In others a word with a capital
#: is none (Indiana), and in some a country's name stands for it.
_CAPITAL_ADJECTIVES = frozenset({"ar", "nl"})
_KEY_LETTERS = 3
#: A beginning that is so short is the whole word; others have so many letters more at most.
_WHOLE_LETTERS, _ENDING_LETTERS = 3, 4
#: The same where nothing else says that a word is an adjective (Germantown Police); English ones
#: have no endings.
_LONE_ENDING_LETTERS = 2
_MAX_COUNTRY_WORDS = 4
_COUNTRY_ID_CHARS = len(PLACE_ID_PREFIX) + 2
#: English names of countries that have an article.
_WITH_ARTICLE = frozenset({"AE", "BS", "CF", "DO", "GB", "GM", "MV", "NL", "PH", "US"})
#: Countries whose ministries are called departments.
_WITH_DEPARTMENTS = frozenset({"CH", "PH", "US"})

Words = tuple[str, ...]


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
    if language not in _kinds():
        return None
    if language in UNDIVIDED:
        return _undivided(_BETWEEN.sub("", comparable_form(surface)), language)
    return _of_words(words_of(surface, "ORG", language), language)


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
    kind = _kind(words, language)
    if kind:
        return Institution(kind, None)
    for start, end in _parts(len(words)):
        kind = _kind(words[:start] + words[end:], language)
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
    kinds, countries = _undivided_kinds()[language], _countries(language)
    if text in kinds:
        return Institution(kinds[text], None)
    for end in range(len(text) - 1, 0, -1):
        country = countries.get((text[:end],))
        if country and text[end:] in kinds:
            return Institution(kinds[text[end:]], country)
    return None


def content_words(words: Words) -> Words:
    """Return words without those that join others, and without elided articles."""
    bare = (_ELIDED.sub("", word) for word in words)
    return tuple(word for word in bare if word not in _CONNECTORS)


def key_letters(words: Words, language: str) -> Words:
    """Return what all forms of words have in common."""
    if language in _ENDS:
        return tuple(word[-_KEY_LETTERS:] for word in words)
    return tuple(word[:_KEY_LETTERS] for word in words)


def _kind(words: Words, language: str) -> str | None:
    content = content_words(words)
    for named, kind in _kinds()[language].get(key_letters(content, language), ()):
        if all(map(is_word_form, content, named, [language] * len(named))):
            return kind
    return None


@lru_cache(maxsize=2**14)
def is_word_form(word: str, other: str, language: str) -> bool:
    """Whether a word may be a form of another."""
    if language in _SUFFIXED and word.startswith(other):
        return len(word) - len(other) <= _SUFFIX_LETTERS
    stem = _stem(other)
    if stem and word.startswith(stem) and len(word) - len(stem) <= _ENDING_LETTERS:
        return True
    return is_form_of(word, other, frozenset({language}))


def _stem(word: str) -> str:
    """Return a Slavic neuter noun without its ending; of another word nothing."""
    return word[:-1] if _NEUTER_ENDING.search(word) else ""


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


def _rows(path: Path) -> list[list[str]]:
    _, *rows = path.read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows]


@cache
def _bodies() -> dict[tuple[str, str], str]:
    return {(kind, country): entity_id for kind, country, entity_id in _rows(BODIES_FILE)}


@cache
def _english() -> dict[str, str]:
    """Return what a kind is called in English, by the first of its names."""
    return {kind: names.split("|")[0] for kind, lang, names in _rows(KINDS_FILE) if lang == "en"}


@cache
def _kinds() -> dict[str, dict[Words, list[tuple[Words, str]]]]:
    """Return, by language and key, the words of names and the kind that they mean."""
    found: dict[str, dict[Words, list[tuple[Words, str]]]] = defaultdict(lambda: defaultdict(list))
    for kind, language, names in _rows(KINDS_FILE):
        for name in names.split("|"):
            words = content_words(words_of(name, "ORG", language))
            found[language][key_letters(words, language)].append((words, kind))
    return {language: dict(by_key) for language, by_key in found.items()}


@cache
def _undivided_kinds() -> dict[str, dict[str, str]]:
    """Return the kinds that names without spaces mean, by language."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, language, names in _rows(KINDS_FILE):
        for name in names.split("|"):
            found[language][_BETWEEN.sub("", comparable_form(name))] = kind
    return found


@cache
def _adjectives() -> dict[str, list[tuple[Words, str]]]:
    """Return how words that mean a country begin, by language."""
    found: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for code, language, beginnings in _rows(ADJECTIVES_FILE):
        for beginning in beginnings.split("|"):
            found[language].append((words_of(beginning, "LOC", language), code))
    return found


@cache
def _countries(language: str) -> dict[Words, str]:
    """Return the codes of the countries that names mean in a language."""
    is_country = pl.col("place_id").str.len_chars() == _COUNTRY_ID_CHARS
    rows = place_names().filter((pl.col("kind") == "country") & is_country)
    own = rows.filter(pl.col("language") == language).select("words", "place_id").iter_rows()
    found = {
        tuple(words.split(" ")): place_id.removeprefix(PLACE_ID_PREFIX) for words, place_id in own
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
