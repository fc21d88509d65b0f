"""The gazetteer: names of continents, countries, capitals and large cities in many languages.

`places.tsv.xz` is written by `python -m training.make_places`; its sources and licences
are in `seeds/reference/README.md`.
"""

import lzma
from functools import lru_cache
from pathlib import Path

import polars as pl

from tasks.writing.forms import comparable_form

PLACES_FILE = Path(__file__).parent / "places.tsv.xz"
#: ISO 639's "multiple languages": a name that is written so in texts of any language, or of which
#: GeoNames does not say in which.
ANY_LANGUAGE = "mul"
#: Ids of places begin like this: `place-FR` (ISO 3166-1), `place-150` (UN M49, continents),
#: `place-2988507` (GeoNames, cities).
PLACE_ID_PREFIX = "place-"
_COLUMNS = ("place_id", "kind", "language", "name", "form")


@lru_cache(maxsize=1)
def place_names() -> pl.DataFrame:
    """Return the gazetteer, sorted.

    Returns:
        `place_id, kind` (continent, country, capital or city), `language` (`mul`: any),
        `name, form` (`tasks.writing.forms`). Within a language a form means one place.
    """
    text = lzma.decompress(PLACES_FILE.read_bytes()).decode()
    rows = [line.split("\t") for line in text.split("\n")[:-1]]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


@lru_cache(maxsize=1)
def _places_by_form() -> dict[tuple[str, str], str]:
    rows = place_names().select("language", "form", "place_id").iter_rows()
    return {(language, form): place_id for language, form, place_id in rows}


@lru_cache(maxsize=1)
def _places_anywhere() -> dict[str, str]:
    """Return the place that a form means in whatever language, where it is only one."""
    meant = place_names().group_by("form").agg(pl.col("place_id").unique().sort())
    certain = meant.filter(pl.col("place_id").list.len() == 1)
    return {form: places[0] for form, places in certain.iter_rows()}


def find_place(name: str, language: str) -> str | None:
    """Return the `place_id` that a name means in a language, if the gazetteer has just one.

    The language's own names come first; then a name means the place that it means in every
    language which has it.
    """
    form = comparable_form(name)
    return _places_by_form().get((language, form)) or _places_anywhere().get(form)
