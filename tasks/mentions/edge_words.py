"""Know the words that stand at the edges of names, and those that look like names and are none.

They are of `edge_words.json`, by language; weekdays and months are CLDR's.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import regex
from babel import Locale, UnknownLocaleError

WORDS = Path(__file__).with_name("edge_words.json")
#: Languages that CLDR has in another script, too.
_OTHER_SCRIPTS = {"zh": ("zh-Hant",), "sr": ("sr-Latn",)}
_CASED = regex.compile(r"[\p{Lu}\p{Ll}\p{Lt}]")


class EdgeWords(NamedTuple):
    """What is known of a language's words; all in small letters, without a final point."""

    titles_before: frozenset[str]
    titles_after: tuple[str, ...]
    function_words: frozenset[str]
    demonyms: frozenset[str]
    weekdays: frozenset[str]
    months: frozenset[str]
    territories: frozenset[str]


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(WORDS.read_text(encoding="utf-8"))
    return table


@cache
def words_of(language: str) -> EdgeWords:
    """Return the words of a language; few or none are known of most."""
    table = _table()
    # The longest first, so that one is not cut off another (大統領 and 統領).
    after = sorted(table["titles_after"].get(language, ()), key=lambda title: (-len(title), title))
    weekdays, months, territories = _of_cldr(language)
    return EdgeWords(
        frozenset(table["titles_before"].get(language, ())),
        tuple(after),
        frozenset(table["function_words"].get(language, ())),
        frozenset(table["demonyms"].get(language, ())),
        weekdays | set(table["more_weekdays"].get(language, ())),
        months - set(table["months_and_names"]),
        territories,
    )


def _of_cldr(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the names of weekdays, months and countries; none if CLDR has not the language."""
    days, months, territories = set[str](), set[str](), set[str]()
    for tag in (language, *_OTHER_SCRIPTS.get(language, ())):
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        days |= set(locale.days["format"]["wide"].values())
        # Chinese 周六; elsewhere what is so short means other things, too.
        short = locale.days["format"]["abbreviated"].values()
        days |= {day for day in short if len(day) > 1 and not _CASED.search(day)}
        for form in ("format", "stand-alone"):
            months |= set(locale.months[form]["wide"].values())
        territories |= set(locale.territories.values())
    return _in_small_letters(days), _in_small_letters(months), _in_small_letters(territories)


def _in_small_letters(names: set[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


@cache
def abbreviations() -> frozenset[str]:
    """Return words after which a point ends no sentence, without it."""
    return frozenset(_table()["abbreviations"])
