"""Read lists of names with Wikidata ids, for what ships as known names.

Only lists whose licence lets them be handed on are read (seeds/reference/README.md): Natural Earth,
CLDR, ROR, the name suggestion index, Party Facts and the members of the Congress of the USA.
"""

import json
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tasks.entities.places import ANY_LANGUAGE
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS

KNOWN_NAMES = Path(__file__).parents[1] / "seeds" / "reference" / "known_names.jsonl"
#: Kinds of Natural Earth; counties are of the USA only, and named like their cities.
_PLACES = ("country", "admin1", "city", "region", "river", "lake", "mountain", "sea")
_UNIONS = {"cldr:EU": "Q458", "cldr:UN": "Q1065"}
_TAGS = {"zh-Hant": "zh", "no": "nb", "fil": "tl"}
#: A word that so many organisations have in their names tells none of them.
_MIN_BEARERS = 30


class Listed(NamedTuple):
    """A name of a thing in a list.

    Attributes:
        wikidata_id: Its id, of Wikidata unless told otherwise.
        label: PER, ORG or LOC.
        kind: As the list has it.
        language: Tag of ours, or `mul`.
        name: The name.
    """

    wikidata_id: str
    label: str
    kind: str
    language: str
    name: str


class Written(NamedTuple):
    """A name in `known_names.jsonl`, the list that this project wrote.

    Attributes:
        entity_id: Its id.
        label: PER, ORG, LOC or MISC.
        language: Tag of ours, or `mul`.
        name: The name.
        in_context: Whether it means the thing only where the document speaks of its country.
    """

    entity_id: str
    label: str
    language: str
    name: str
    in_context: bool


class Entity(NamedTuple):
    """A known thing.

    Attributes:
        entity_id: Its id.
        wikidata_id: Its id in Wikidata, if known.
        label: PER, ORG, LOC or MISC.
        country: The code in ISO 3166-1 of its country, or `EU`, if known.
        canonical_name: What it is called; empty: not known in Latin letters.
        is_written: Whether this project wrote its names.
    """

    entity_id: str
    wikidata_id: str | None
    label: str
    country: str | None
    canonical_name: str
    is_written: bool


def written() -> tuple[list[Entity], list[Written]]:
    """Return the things and names of the list that this project wrote."""
    entities, names = [], []
    for line in KNOWN_NAMES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        entity_id, label = row["id"], row["label"]
        entities.append(
            Entity(entity_id, row.get("wikidata_id"), label, row.get("country"), row["name"], True)
        )
        for field, in_context in (("names", False), ("names_in_context", True)):
            names += [
                Written(entity_id, label, language, name, in_context)
                for language, listed in row.get(field, {}).items()
                for name in listed
            ]
    return entities, names


def natural_earth(folder: Path) -> Iterator[Listed]:
    """Yield places with their names in 26 languages."""
    for row in listed_rows(folder / "loc_natural_earth.tsv.xz"):
        if row.kind in _PLACES and row.language != ANY_LANGUAGE:
            yield row


def subdivisions(folder: Path) -> Iterator[Listed]:
    """Yield the names that CLDR has for the parts of countries, by its own ids, not Wikidata's."""
    for row in listed_rows(folder / "loc_cldr.tsv.xz", prefix="cldr:"):
        if row.kind == "admin1" and row.language != ANY_LANGUAGE:
            yield row


def unions(folder: Path) -> Iterator[Listed]:
    """Yield the names of the European Union and the United Nations in all languages of CLDR."""
    for row in listed_rows(folder / "loc_cldr.tsv.xz", prefix="cldr:"):
        if row.wikidata_id in _UNIONS and row.language != ANY_LANGUAGE:
            yield row._replace(wikidata_id=_UNIONS[row.wikidata_id])


def all_organisations(folder: Path) -> Iterator[Listed]:
    """Yield organisations by all their names but acronyms."""
    for stem in ("org_ror", "org_parties"):
        for row in listed_rows(folder / f"{stem}.tsv.xz"):
            if "acronym" not in row.kind:
                yield row


def organisations(folder: Path) -> Iterator[Listed]:
    """Yield organisations by names that say which is meant: no acronyms, no generic words only."""
    rows = [row for row in all_organisations(folder) if len(row.name.split()) > 1]
    bearers: Counter[str] = Counter()
    for _, words in sorted({(row.wikidata_id, word) for row in rows for word in _words(row)}):
        bearers[words] += 1
    for row in rows:
        if any(bearers[word] < _MIN_BEARERS for word in _words(row)):
            yield row


def brands(folder: Path) -> Iterator[Listed]:
    """Yield brands and companies of one word or more."""
    for row in listed_rows(folder / "org_nsi.tsv.xz"):
        if row.kind.startswith("brands"):
            yield row
    for row in listed_rows(folder / "org_ror.tsv.xz"):
        if row.kind == "company":
            yield row


def politicians(folder: Path) -> Iterator[Listed]:
    """Yield the members of the Congress of the USA."""
    for row in listed_rows(folder / "mix_small_lists.tsv.xz"):
        if row.kind.startswith("politician"):
            yield row


def _words(row: Listed) -> list[str]:
    return comparable_form(row.name).split()


def listed_rows(path: Path, prefix: str = "Q") -> Iterator[Listed]:
    """Yield the rows of a list that have an id of a kind and a language of ours, or none."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            name, languages, _, label, kind, wikidata_id, _ = line.rstrip("\n").split("\t")
            if not wikidata_id.startswith(prefix) or label not in {"PER", "ORG", "LOC"}:
                continue
            for language in languages.split(",") if languages else [ANY_LANGUAGE]:
                tag = _TAGS.get(language, language)
                if tag in {*KNOWN_TAGS, ANY_LANGUAGE}:
                    yield Listed(wikidata_id, label, kind, tag, name)
