"""Trace stories: reads `clean_documents`, writes `story_features`.

What of a text survives translation, each with its place: numbers and dates as values, words
in Latin letters, the sounds of names, places of the gazetteer, concepts with an emoji, and
for Chinese and Japanese pairs of Han characters. Nothing here is certain; `resolve` weighs
what two documents share by how rare it is and whether it stands at the same places.
"""

from collections.abc import Iterator
from functools import lru_cache

import polars as pl
import regex

from expectations.working_tables import CLEAN_DOCUMENTS, STORY_FEATURES
from tasks.copies.concepts import concepts_in, concepts_of
from tasks.copies.numbers import calendar, is_month, scale_after, values
from tasks.copies.sounds import skeleton
from tasks.copies.words import folded, is_latin, is_unspaced, stem, tokens, without_prefix
from tasks.entities.places import PLACE_ID_PREFIX, find_place
from tasks.settings import StorySettings
from tasks.steps.stage import stage

#: Least classes of a skeleton: a name sounds like a name from three on; words without case,
#: any of which may be a name, and plain words, which may be cognates, must say more.
MIN_NAME_SOUNDS, MIN_UNCASED_SOUNDS, MIN_WORD_SOUNDS = 3, 4, 5
#: Shorter Latin words are articles and prepositions; in a text of another script all are names.
MIN_LATIN_LETTERS, MIN_FOREIGN_LATIN_LETTERS = 4, 2
#: Longest name of a place in Han characters that is looked up (`哈萨克斯坦`: 5).
MAX_HAN_PLACE = 5
#: Latin letters to a character of a translation, as measured on the 61 stories of NTREX-128:
#: a Chinese text is 2.8 times shorter than its English one, a Japanese one 2.1 times.
HAN_LETTERS, KANA_LETTERS, HANGUL_LETTERS = 2.7, 1.7, 2.2
_HAN, _KANA, _HANGUL = (
    regex.compile(rf"\p{{{name}}}") for name in ("Han", "Script_Extensions=Katakana", "Hangul")
)
_LATIN, _LETTER = (regex.compile(rf"\p{{{name}}}") for name in ("Latin", "L"))
Feature = tuple[int, str]


@stage(
    reads=[CLEAN_DOCUMENTS.only("doc_id", "text", "language")],
    writes=[STORY_FEATURES],
)
def trace_stories(clean_documents: pl.DataFrame, settings: StorySettings) -> pl.DataFrame:
    """Find the traces of a story in each document.

    Args:
        clean_documents: `clean_documents`, or some of its rows and at least the columns
            `doc_id`, `text` and `language`.
        settings: How much of a text is read.

    Returns:
        `story_features`, one row per document, sorted by `doc_id`.
    """
    rows = clean_documents.select("doc_id", "language", "text").sort("doc_id").iter_rows()
    return STORY_FEATURES.frame(
        _row(doc_id, language, text[: settings.max_compared_chars], settings.max_features)
        for doc_id, language, text in rows
    )


def _row(doc_id: str, language: str, text: str, max_features: int) -> dict[str, object]:
    found = features(text, language)[:max_features] if max_features else []
    return {
        "doc_id": doc_id,
        "language": language,
        "letters": letters_of(text),
        "features": [feature for _, feature in found],
        "places": [place / max(len(text), 1) for place, _ in found],
    }


def letters_of(text: str) -> float:
    """Return how long a text is in letters of an alphabet, so that translations are alike."""
    han, kana, hangul = (len(pattern.findall(text)) for pattern in (_HAN, _KANA, _HANGUL))
    more = han * (HAN_LETTERS - 1) + kana * (KANA_LETTERS - 1) + hangul * (HANGUL_LETTERS - 1)
    return float(round(len(text) + more))


def features(text: str, language: str) -> list[Feature]:
    """Return every feature of a text with the code point where it stands, in order."""
    unspaced = is_unspaced(language)
    found = [*_looked_up(text, language)] if unspaced else []
    min_latin = MIN_LATIN_LETTERS if _is_mostly_latin(text) else MIN_FOREIGN_LATIN_LETTERS
    for kind, token, start in tokens(text):
        if kind == "number":
            names = [*_numbers(token, text, start + len(token), language)]
        elif kind == "word":
            names = [*_word(token, language, min_latin)]
        elif kind == "kana":
            names = [*_sounds(token, MIN_NAME_SOUNDS), *_place(token, language)]
        else:
            found += _han(token, start, language)
            continue
        found += [(start, name) for name in names]
    return sorted(set(found))


def _is_mostly_latin(text: str) -> bool:
    latin, letters = (len(pattern.findall(text)) for pattern in (_LATIN, _LETTER))
    return 2 * latin > letters


def _looked_up(text: str, language: str) -> Iterator[Feature]:
    for place, concept in concepts_in(text.casefold(), language):
        yield place, f"concept:{concept}"
    for name, feature in calendar(language).items():
        yield from ((match.start(), feature) for match in regex.finditer(regex.escape(name), text))


def _numbers(token: str, text: str, end: int, language: str) -> Iterator[str]:
    *others, last = values(token)
    if is_month(text, end, last):
        yield f"month:{last:.0f}"
    else:
        others.append(last * scale_after(text, end, language))
    yield from (f"number:{value:.15g}" for value in others)


def _word(word: str, language: str, min_latin: int) -> Iterator[str]:
    date = calendar(language).get(stem(word))
    if date:
        yield date
    if is_latin(word) and len(word) >= min_latin:
        yield f"word:{folded(word)}"
    is_cased = word.lower() != word.upper()
    is_name = is_cased and word[0].isupper()
    least = MIN_WORD_SOUNDS if is_cased and not is_name else MIN_UNCASED_SOUNDS
    for form in dict.fromkeys((word, without_prefix(word))):
        yield from _sounds(form, MIN_NAME_SOUNDS if is_name else least)
        yield from _place(form, language) if is_name or not is_cased else ()
    if not is_unspaced(language):
        yield from (f"concept:{concept}" for concept in concepts_of(word, language))


def _han(run: str, start: int, language: str) -> Iterator[Feature]:
    for place in range(len(run) - 1):
        yield start + place, f"han:{run[place : place + 2]}"
        for end in range(place + 2, min(place + MAX_HAN_PLACE, len(run)) + 1):
            yield from ((start + place, name) for name in _place(run[place:end], language))


def _sounds(word: str, least: int) -> Iterator[str]:
    sounds = skeleton(word)
    if len(sounds) >= least:
        yield f"sound:{sounds}"


@lru_cache(maxsize=2**17)
def _place(name: str, language: str) -> tuple[str, ...]:
    place_id = find_place(name, language)
    return (f"place:{place_id.removeprefix(PLACE_ID_PREFIX)}",) if place_id else ()
