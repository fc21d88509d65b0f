"""Names that are known beforehand: by the alias table, the user's knowledge base, the gazetteer."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import polars as pl

from tasks.entities.alias_table import read_aliases
from tasks.entities.inflection import inflects
from tasks.entities.knowledge_base import read_knowledge_base
from tasks.entities.nodes import Found
from tasks.entities.places import ANY_LANGUAGE, find_place, place_names
from tasks.entities.same_script import word_bases
from tasks.entities.words import words_of
from tasks.settings import ResolveSettings
from tasks.writing.forms import comparable_form
from tasks.writing.letters import script_of

_PLACE_LABEL = "LOC"
#: Evidence of what the user says, in the order of precedence.
_TABLES = ("alias_table", "knowledge_base")


class Known(NamedTuple):
    """What is known of a name, and who says so."""

    entity_id: str
    evidence: str
    label: str
    canonical_name: str | None
    wikidata_id: str | None


class KnownNames:
    """Looks names up in the order alias table, knowledge base, gazetteer."""

    def __init__(self, settings: ResolveSettings) -> None:
        tables = (read_aliases(settings), read_knowledge_base(settings))
        self._names: dict[tuple[str, str, str, str], Known] = {}
        for evidence, table in zip(_TABLES, tables, strict=True):
            for row in table.iter_rows(named=True):
                known = Known(row["entity_id"], evidence, row["label"],
                              row["canonical_name"], row["wikidata_id"])  # fmt: skip
                key = (evidence, row["label"], row["language"], row["form"])
                self._names.setdefault(key, known)
        self._gazetteer = settings.gazetteer

    def find(self, found: Found) -> Known | None:
        """Return what is known of a name in its language, or in any."""
        form = comparable_form(found.surface)
        for evidence, language in product(_TABLES, (found.language, ANY_LANGUAGE)):
            known = self._names.get((evidence, found.label, language, form))
            if known:
                return known
        return self._place(found) if self._gazetteer else None

    def _place(self, found: Found) -> Known | None:
        if found.label != _PLACE_LABEL:
            return None
        place_id = find_place(found.surface, found.language)
        if place_id is None and inflects(found.language):
            place_id = _inflected_place(found)
        return Known(place_id, "gazetteer", _PLACE_LABEL, None, None) if place_id else None


def _inflected_place(found: Found) -> str | None:
    """Return the one place of which a name is an inflected form in its language."""
    words = words_of(found.surface, found.label, found.language)
    places = _places_by_base(found.language, script_of("".join(words)))
    meant: set[str] = set()
    for base in word_bases(words, found.language):
        meant |= places.get(base, set())
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=16)
def _places_by_base(language: str, script: str) -> dict[tuple[str, ...], set[str]]:
    """Return the places of a language's names in a script by the bases of these names."""
    places: dict[tuple[str, ...], set[str]] = defaultdict(set)
    usable = place_names().filter(pl.col("language").is_in([language, ANY_LANGUAGE]))
    for place_id, name in usable.select("place_id", "name").iter_rows():
        if script_of(name) == script:
            for base in word_bases(words_of(name, _PLACE_LABEL, language), language):
                places[base].add(place_id)
    return places


def known_frame(known: Iterable[Known]) -> pl.DataFrame:
    """Return `entity_id, known_name, wikidata_id`, one row per id."""
    rows = sorted({(k.entity_id, k.canonical_name, k.wikidata_id) for k in known}, key=str)
    schema = {"entity_id": pl.String, "known_name": pl.String, "wikidata_id": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique("entity_id", keep="first", maintain_order=True)
