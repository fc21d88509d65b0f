"""Say which thing is the institution of a kind in a country."""

from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale

from tasks.entities.institutions import Institution, institution_id, institution_name
from tasks.entities.known_names import Thing, things
from tasks.entities.nodes import BODY
from tasks.entities.places import PLACE_ID_PREFIX

#: The institutions of one kind by the ISO 3166-1 code of their country.
ByCountry = Mapping[str, Thing]


def national_bodies(institutions: Iterable[Institution]) -> dict[str, ByCountry]:
    """Return, for each kind among some institutions, the one of every country."""
    return {kind: _of_kind(kind) for kind in sorted({body.kind for body in institutions})}


@cache
def _of_kind(kind: str) -> ByCountry:
    """Return what ships as known of a kind, and the others by the names of their countries."""
    called = _countries()
    ids = {country: institution_id(kind, country) for country in called}
    shipped = things(ids.values())
    return {
        country: shipped.get(entity_id)
        or Thing(
            entity_id,
            None,
            BODY,
            country,
            institution_name(kind, country, called[country]),
            is_written=True,
        )
        for country, entity_id in ids.items()
    }


@cache
def _countries() -> dict[str, str]:
    """Return what countries are called in English, by their codes."""
    codes = {code for code in map(str, Locale("en").territories) if len(code) == 2}
    known = things(f"{PLACE_ID_PREFIX}{code}" for code in codes)
    return {
        place_id.removeprefix(PLACE_ID_PREFIX): thing.canonical_name
        for place_id, thing in sorted(known.items())
        if thing.canonical_name
    }
