"""Look names up in the gazetteer: continents, countries, capitals and large cities.

`places.parquet` is written by `python -m training.make_places`; its sources and licences are in
`seeds/reference/README.md`.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from tasks.writing.forms import comparable_form

PLACES_FILE = Path(__file__).parent / "places.parquet"
#: ISO 639's "multiple languages": a name that is written so in texts of any language, or of which
#: GeoNames does not say in which.
ANY_LANGUAGE = "mul"
#: Ids of places begin like this: `place-FR` (ISO 3166-1), `place-150` (UN M49, continents),
#: `place-2988507` (GeoNames, cities).
PLACE_ID_PREFIX = "place-"
#: A country's id: that and its code in ISO 3166-1.
_COUNTRY_ID_CHARS = len(PLACE_ID_PREFIX) + 2
_SHORT = r"^\p{Latin}{1,4}$"


@lru_cache(maxsize=1)
def place_names() -> pl.DataFrame:
    """Return the gazetteer, sorted.

    Returns:
        `place_id, kind` (continent, country, capital or city), `language` (`mul`: any),
        `name, form` (`tasks.writing.forms`) and `words` (`tasks.entities.inflection`, with spaces
        between them). Within a language a form means one place.
    """
    words = pl.coalesce("words", "form").alias("words")
    return pl.read_parquet(PLACES_FILE, memory_map=False).with_columns(words)


@lru_cache(maxsize=1)
def _places_by_form() -> dict[tuple[str, str], str]:
    places = place_names()
    forms = zip(places["language"].to_list(), places["form"].to_list(), strict=True)
    return dict(zip(forms, places["place_id"].to_list(), strict=True))


@lru_cache(maxsize=1)
def _places_anywhere() -> dict[str, str]:
    """Return the place that a form means in whatever language, where it is only one."""
    certain = _certain(place_names())
    return dict(zip(certain["form"].to_list(), certain["place_id"].to_list(), strict=True))


def _certain(places: pl.DataFrame) -> pl.DataFrame:
    """Return `form, place_id` of the forms that mean one place in all languages that have them.

    A short word of one language (`Palu`: Palau in Breton) means nothing in another.
    """
    is_any = pl.col("language") == ANY_LANGUAGE
    told = places.filter(is_any | ~pl.col("form").str.contains(_SHORT))
    meant = told.select("form", "place_id").unique()
    return meant.filter(pl.len().over("form") == 1)


@lru_cache(maxsize=1)
def country_names() -> frozenset[str]:
    """Return the forms that are a country's name in some language."""
    return frozenset(place_names().filter(pl.col("kind") == "country")["form"])


def is_country(place_id: str) -> bool:
    """Whether the id of a place is that of a country."""
    return place_id.startswith(PLACE_ID_PREFIX) and len(place_id) == _COUNTRY_ID_CHARS


def find_place(name: str, language: str) -> str | None:
    """Return the `place_id` that a name means in a language, if the gazetteer has just one.

    The language's own names come first; then a name means the place that it means in every
    language which has it.
    """
    form = comparable_form(name)
    return _places_by_form().get((language, form)) or _places_anywhere().get(form)


def find_places(forms: Sequence[str], languages: Sequence[str]) -> list[str | None]:
    """Return what `find_place` returns for each of many names, given in comparable form."""
    names = pl.DataFrame({"language": languages, "form": forms}, schema=_NAME)
    places = place_names().join(names, on="form", how="semi")
    own = names.join(places, on=["language", "form"], how="left", maintain_order="left")
    any_ = names.join(_certain(places), on="form", how="left", maintain_order="left")
    return pl.select(pl.coalesce(own["place_id"], any_["place_id"])).to_series().to_list()


_NAME = {"language": pl.String, "form": pl.String}
