"""Write `places.parquet`, the gazetteer: `python -m training.make_places`.

Countries and continents in every language of the vocabulary come from CLDR, capitals and large
cities with their names from GeoNames (`training.place_sources`). Sources and licences:
`seeds/reference/README.md`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
import regex

from tasks.entities.inflection import words_of
from tasks.entities.places import ANY_LANGUAGE, PLACES_FILE
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS
from training import place_sources

#: A city of this many people is "large"; 50,000 would double the file for towns rarely in news.
MIN_POPULATION = 100_000
#: One name, two cities: the larger has it if it is this many times as large, else neither
#: (Barcelona in Spain is twice the one in Venezuela).
MIN_POPULATION_RATIO = 1.5
#: UN M49 codes of the continents, as CLDR has them.
CONTINENTS = ("002", "003", "005", "009", "142", "150")
#: UN M49 codes of regions that CLDR has. Left out is what is called as a country is in some
#: language: the Americas, Southern Africa (`Южная Африка`), Micronesia, Northern America.
REGIONS = (
    "011", "013", "014", "015", "017", "029", "030", "034", "035", "039", "053", "054", "061",
    "143", "145", "151", "154", "155", "202", "419",
)  # fmt: skip
#: A country has its name before a region (French Polynesia).
_COUNTRY_WEIGHT, _REGION_WEIGHT = 2**62, 2**61
#: CLDR's tag of a language whose tag in our vocabulary is another.
_TAGS = {"fil": "tl", "no": "nb"}
#: Languages in which the country Georgia is spelt as the state of the USA is.
_GEORGIA_IS_A_STATE = frozenset(
    """am ar bn en el es fr gu hi id it ja kn ko ml mr ms ne pa pt ro si so su sw ta te th tl ur
    zu""".split()  # noqa: SIM905 - a list of thirty strings is harder to read
)
#: What GeoNames has, as a joke of the city's (Topeka in 2010), and everyone else means otherwise.
_JOKES = frozenset({"Google"})
_SPELT = regex.compile(r"[\p{L}\p{M}\s'’.·・\-‌]+")
#: Airports' codes, and romanisations that no one writes ("shang hai shi").
_CODE = regex.compile(r"\p{Lu}{1,4}|\p{Ll}.*")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Katakana}ー・]{2,}(?<!市)|\p{Hangul}{2,}(?<!시)")
_HANGUL = regex.compile(r"\p{Hangul}")
_SCRIPTS = ("Latin", "Cyrillic", "Arabic", "Hebrew", "Greek", "Armenian", "Georgian", "Devanagari")
_ONE_SCRIPT = regex.compile(
    "|".join(rf"(?:\p{{{name}}}|[\p{{Common}}\p{{Inherited}}])+" for name in _SCRIPTS)
    + r"|[\p{Han}\p{Hiragana}\p{Katakana}\p{Common}]+|[^\p{Latin}\p{Cyrillic}\p{Arabic}]+"
)


class Name(NamedTuple):
    """A name of a place; `weight` decides who has it where two places claim it."""

    place_id: str
    kind: str
    language: str
    name: str
    weight: int


def countries() -> Iterator[Name]:
    """Yield the names of countries, continents and regions in every language of CLDR."""
    known = {*place_sources.capitals(), *CONTINENTS, *REGIONS}
    for locale, code, name in place_sources.territories():
        language, *rest = locale.split("_")
        tag = _TAGS.get(language, language)
        if code in known and tag in KNOWN_TAGS and all(len(part) == 4 for part in rest):
            kind = "country" if code.isalpha() else "continent"
            weight = _REGION_WEIGHT if code in REGIONS else _COUNTRY_WEIGHT
            yield Name(f"place-{code}", kind, tag, name, weight)


def cities() -> Iterator[Name]:
    """Yield the names of all cities, so that a large one doubts its name for a small one."""
    capitals = place_sources.capitals()
    for city in place_sources.cities():
        yield from _names(city, is_capital=capitals.get(city.country) == city.name)


def _names(city: place_sources.City, is_capital: bool) -> Iterator[Name]:
    place_id = f"place-{city.geoname_id}"
    is_large = is_capital or city.population >= MIN_POPULATION
    kind = "capital" if is_capital else "city" if is_large else "town"
    # A capital is worth more than a larger namesake: London in Ontario, Paris in Texas.
    weight = city.population * (10 if is_capital else 1)
    names = {city.name, *filter(_is_written, city.other_names)}
    for name in sorted({*names, *map(_as_city, names)}):
        yield Name(place_id, kind, ANY_LANGUAGE, name, weight)


def _as_city(name: str) -> str:
    """Return a name with the word for a city that Chinese, Japanese and Korean write behind it."""
    if _EAST_ASIAN.fullmatch(name):
        return f"{name}{'시' if _HANGUL.search(name) else '市'}"
    return name


def _is_written(name: str) -> bool:
    least = 2 if regex.search(r"[\p{Han}\p{Hangul}\p{Katakana}]", name) else 3
    return (
        len(name) >= least
        and bool(_SPELT.fullmatch(name) and _ONE_SCRIPT.fullmatch(name))
        and not _CODE.fullmatch(name)
        and name not in _JOKES
    )


def unambiguous(names: list[Name]) -> Iterator[Name]:
    """Yield each name for the place that it means within its language; towns are left out."""
    claims: dict[tuple[str, str], list[Name]] = {}
    for name in names:
        claims.setdefault((name.language, comparable_form(name.name)), []).append(name)
    for claimants in claims.values():
        ranked = sorted(claimants, key=lambda name: (-name.weight, name.place_id, name.name))
        rivals = [name for name in ranked if name.place_id != ranked[0].place_id]
        certain = not rivals or ranked[0].weight >= MIN_POPULATION_RATIO * rivals[0].weight
        if certain and ranked[0].kind != "town":
            yield ranked[0]


def _without_states(names: list[Name]) -> list[Name]:
    georgian = [name for name in names if name.place_id == "place-GE"]
    states = {comparable_form(n.name) for n in georgian if n.language in _GEORGIA_IS_A_STATE}
    return [n for n in names if n not in georgian or comparable_form(n.name) not in states]


def write_names(path: Path, names: Sequence[tuple[str, str, str, str]]) -> None:
    """Write names (place_id, kind, language, name) with the forms in which they are compared.

    `words` are null where they are the form, as 92 % are: the file is a third smaller.
    """
    frame = pl.DataFrame(
        names,
        schema=dict.fromkeys(["place_id", "kind", "language", "name"], pl.String),
        orient="row",
    )
    forms = [comparable_form(name) for name in frame["name"]]
    words = [
        " ".join(words_of(name, "LOC", language))
        for name, language in frame.select("name", "language").iter_rows()
    ]
    written = frame.with_columns(
        form=pl.Series(forms, dtype=pl.String), words=pl.Series(words, dtype=pl.String)
    )
    words_apart = pl.when(pl.col("words") != pl.col("form")).then("words")
    written.with_columns(words_apart.alias("words")).write_parquet(
        path, compression="zstd", compression_level=19
    )


def write_places(path: Path) -> int:
    """Write the gazetteer, sorted; return how many names it has."""
    named = _without_states(list(countries()))
    national = {comparable_form(name.name) for name in named}
    urban = [name for name in cities() if comparable_form(name.name) not in national]
    kept = sorted({name[:4] for name in unambiguous([*named, *urban])})
    write_names(path, kept)
    return len(kept)


if __name__ == "__main__":
    print(f"{write_places(PLACES_FILE):,} names in {PLACES_FILE.name}")
