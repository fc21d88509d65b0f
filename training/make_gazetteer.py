"""Make the lists of names from libraries and data made for it.

Places: `training.place_sources`. Parts of persons' names: Wikidata, by way of
NETransliteration (CC0).
"""

import lzma
from collections import defaultdict
from pathlib import Path

import regex

from tasks.mentions.gazetteer import key_of
from training.place_sources import cities, states, territories

LARGE_CITY_POPULATION = 300_000
#: Wikidata's persons of a name from which on it is a frequent one: an eighth of all names.
FREQUENT_PERSON = 4
#: Shorter names in ASCII are codes of airports and stations.
_MAX_CODE_CHARS = 3
_CASED = regex.compile(r"\p{Lu}|\p{Ll}")
_LETTERS = regex.compile(r"\p{L}")


def make_lists(names_folder: Path) -> dict[str, str]:
    """Return lists by folded name, space-separated."""
    lists: dict[str, set[str]] = defaultdict(set)
    _add_countries(lists)
    _add_cities(lists)
    _add_persons(lists, names_folder)
    return {key: " ".join(sorted(names)) for key, names in lists.items() if len(key) > 1}


def _add_countries(lists: dict[str, set[str]]) -> None:
    for locale, code, name in territories():
        if locale.count("_") <= 1:
            lists[key_of(name)].add("region" if code.isdigit() else "country")


def _add_cities(lists: dict[str, set[str]]) -> None:
    for city in cities():
        size = "metropolis" if city.population >= LARGE_CITY_POPULATION else "city"
        for name in {city.name, *city.other_names}:
            if _is_written_so(name):
                lists[key_of(name)].add(size)
    for state in states():
        lists[key_of(state)].add("metropolis")


def _is_written_so(name: str) -> bool:
    """Tell names from codes (`ALV`) and from GeoNames' own romanisations, in lower case."""
    if not _CASED.search(name):
        return _LETTERS.search(name) is not None
    is_code = name.isascii() and len(name) <= _MAX_CODE_CHARS
    return not (is_code or name.isupper() or name.islower())


def _add_persons(lists: dict[str, set[str]], folder: Path) -> None:
    counts: dict[str, int] = defaultdict(int)
    for path in sorted(folder.glob("person_parts_*.tsv.xz")):
        latin_counts: dict[str, int] = defaultdict(int)
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                latin, other, count = line.rstrip("\n").split("\t")
                latin_counts[key_of(latin)] += int(count)
                counts[key_of(other)] += int(count)
        for latin, total in latin_counts.items():
            counts[latin] = max(counts[latin], total)
    for name, total in counts.items():
        lists[name].add("person" if total >= FREQUENT_PERSON else "rare_person")
