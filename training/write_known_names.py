"""Write what ships as known names: `python -m training.write_known_names --data ../shared/data`.

Writes `tasks/entities/known_entities.parquet` and `known_names.parquet`. The list that this project
wrote (`seeds/reference/known_names.jsonl`) comes first, then lists of others
(`training.known_sources`); sources and licences: `seeds/reference/README.md`.
"""

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import polars as pl
import regex
import typer

from tasks.entities.inflection import words_of
from tasks.entities.known_names import ENTITIES_FILE, NAMES_FILE
from tasks.entities.listed_parts import is_common
from tasks.entities.places import PLACE_ID_PREFIX, place_names
from tasks.mentions.lac_ner import simplified
from tasks.writing.forms import comparable_form
from training.known_sources import (
    Entity,
    Listed,
    Written,
    all_organisations,
    brands,
    natural_earth,
    organisations,
    politicians,
    subdivisions,
    unions,
    written,
)
from training.place_sources import cities

#: A thing is better known than its namesakes if its Wikidata id is so many times lower: the well
#: known ones were entered first (Pfizer: Q206921; its branches: Q29123126 and above).
_KNOWN_RATIO = 10
#: A place of the gazetteer is the one of Natural Earth that has so many of its names, and is better
#: known than others that have half as many.
_MIN_SHARED_NAMES = 4
#: A place of one word with a higher id is too little known for a word that may mean much else.
_MAX_PLACE_ID = 500_000
#: The same for a brand (Olympic, a supermarket of Tokyo: Q11292764).
_MAX_BRAND_ID = 10_000_000
#: What ends the names of provinces and states in Chinese and Japanese, and may be left out.
_PROVINCE = regex.compile(r"(?<=[\p{Han}\p{Katakana}ー]{2})[州省県]$")
_ENTITY = {**dict.fromkeys(Entity._fields, pl.String), "is_written": pl.Boolean}
_MIN_LETTERS = {"PER": 5, "ORG": 4, "LOC": 3}
#: Kinds of places that are named like the states that they lie in.
_NAMED_AFTER = frozenset({"river", "lake", "mountain", "region", "sea"})
_UNDIVIDED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{2,}")
_LETTERS = regex.compile(r"[\p{L}\p{M}\d\s'’.,&+!()·・\-–‌]+")


def common_words(data: Path) -> frozenset[str]:
    """Return the words that articles in ten languages write in lower case."""
    words: set[str] = set()
    with lzma.open(data / "stories" / "stories.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            words.update(regex.findall(r"\b\p{Ll}+\b", json.loads(line)["text"]))
    return frozenset(map(comparable_form, words))


def same_places(listed: Iterable[Listed]) -> dict[str, str]:
    """Return the Wikidata id of the places of the gazetteer that Natural Earth has, too."""
    ids = defaultdict(set)
    for row in listed:
        if row.kind in {"country", "city"}:
            ids[comparable_form(row.name)].add((row.wikidata_id, row.kind))
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    places = place_names().select("place_id", "kind", "form").unique().sort("place_id", "form")
    for place_id, kind, form in places.iter_rows():
        for wikidata_id, listed_kind in ids.get(form, ()):
            if (kind == "country") == (listed_kind == "country") and kind != "continent":
                shared[place_id][wikidata_id] += 1
    found: dict[str, str] = {}
    for place_id, counts in shared.items():
        most = max(counts.values())
        best = _best_known({listed for listed, count in counts.items() if 2 * count > most})
        if best and counts[best] >= _MIN_SHARED_NAMES:
            found[place_id] = best
    times = Counter(found.values())
    return {place_id: best for place_id, best in found.items() if times[best] == 1}


def unambiguous(rows: Sequence[Listed], taken: frozenset[str]) -> Iterator[Listed]:
    """Yield the names that mean one thing in whatever language.

    Args:
        rows: Names of lists.
        taken: Forms that mean something else already.
    """
    claims: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        claims[comparable_form(row.name)].add(row.wikidata_id)
    for row in rows:
        form = comparable_form(row.name)
        is_told = form not in taken and _is_telling(row, form)
        if is_told and row.wikidata_id == _best_known(claims[form]):
            yield row


def _best_known(wikidata_ids: set[str]) -> str | None:
    first, *rest = sorted(int(wikidata_id[1:]) for wikidata_id in wikidata_ids)
    return f"Q{first}" if all(first * _KNOWN_RATIO <= other for other in rest) else None


def _is_telling(row: Listed, form: str) -> bool:
    if _UNDIVIDED.fullmatch(row.name):
        return True
    letters = sum(letter.isalpha() for letter in form)
    return letters >= _MIN_LETTERS[row.label] and bool(_LETTERS.fullmatch(row.name))


def telling_places(rows: Iterable[Listed], common: frozenset[str]) -> Iterator[Listed]:
    """Yield places, but for those of one word that is a common one, or a little known place."""
    for row in rows:
        form = comparable_form(row.name)
        if " " in form or (form not in common and int(row.wikidata_id[1:]) <= _MAX_PLACE_ID):
            yield row


def with_subdivisions(
    earth: Sequence[Listed], others: Iterable[Listed]
) -> tuple[list[Listed], dict[str, str]]:
    """Return the provinces and states of Natural Earth with CLDR's names, and their countries."""
    provinces = [row for row in earth if row.kind == "admin1"]
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in provinces:
        by_name[row.language, comparable_form(row.name)].add(row.wikidata_id)
    named: dict[str, list[Listed]] = defaultdict(list)
    for row in others:
        named[row.wikidata_id].append(row)
    countries: dict[str, str] = {}
    for subdivision, rows in sorted(named.items()):
        counts = Counter(
            wikidata_id
            for row in rows
            for wikidata_id in by_name.get((row.language, comparable_form(row.name)), ())
        )
        best = min(counts, key=lambda listed: (-counts[listed], int(listed[1:])), default="")
        if counts[best] >= _MIN_SHARED_NAMES:
            provinces += [row._replace(wikidata_id=best) for row in rows]
            # `cldr:uswv`: West Virginia, in the USA.
            countries[best] = subdivision.removeprefix("cldr:")[:2].upper()
    short = [row._replace(name=_PROVINCE.sub("", row.name)) for row in provinces]
    return [*provinces, *short], countries


def without_namesakes(rows: Sequence[Listed]) -> Iterator[Listed]:
    """Yield places, but for rivers, lakes and the like that are named as a better known state.

    Ohio and Illinois are states before they are rivers; the Amazon is a river.
    """
    provinces: dict[str, int] = {}
    for row in rows:
        if row.kind == "admin1":
            form, number = comparable_form(row.name), int(row.wikidata_id[1:])
            provinces[form] = min(number, provinces.get(form, number))
    for row in rows:
        province = provinces.get(comparable_form(row.name))
        is_less = province is not None and province < int(row.wikidata_id[1:])
        if row.kind not in _NAMED_AFTER or not is_less:
            yield row


def with_simplified(rows: Iterable[Listed]) -> Iterator[Listed]:
    """Yield names, and Chinese ones in simplified characters, too, if they have others."""
    plain_of = simplified()
    for row in rows:
        yield row
        if row.language == "zh":
            plain = "".join(plain_of.get(character, character) for character in row.name)
            if plain != row.name:
                yield row._replace(name=plain)


def rare_persons(rows: Iterable[Listed]) -> Iterator[Listed]:
    """Yield persons, but for those of whose name all parts are common: John Kennedy."""
    for row in rows:
        if not all(map(is_common, comparable_form(row.name).split())):
            yield row


def one_word_brands(rows: Iterable[Listed], common: frozenset[str]) -> Iterator[Listed]:
    """Yield brands but for those of one word that means much else, or that are little known."""
    for row in rows:
        form = comparable_form(row.name)
        is_told = int(row.wikidata_id[1:]) <= _MAX_BRAND_ID
        if " " in form or (is_told and form not in common and not is_common(form)):
            yield row


def canonical_names(rows: Iterable[Listed]) -> dict[str, str]:
    """Return what each thing is called: in English, else in Latin letters, else as it comes."""
    names: dict[str, tuple[bool, bool, int, str]] = {}
    for row in sorted(rows):
        is_latin = bool(regex.search(r"\p{Latin}", row.name))
        rank = (row.language != "en", not is_latin, 0 if row.language == "en" else len(row.name))
        ranked = (*rank, row.name)
        names[row.wikidata_id] = min(ranked, names.get(row.wikidata_id, ranked))
    return {wikidata_id: name for wikidata_id, (*_, name) in names.items()}


def known(data: Path) -> tuple[list[Entity], list[Written]]:
    """Return all known things and their names."""
    folder = data / "names"
    entities, names = written()
    listed_places = list(natural_earth(folder))
    earth = list(with_simplified(listed_places))
    same = same_places(listed_places)
    own = {*same.values(), *(entity.wikidata_id for entity in entities)}
    listed, country_of = _listed(data, earth, same, names)
    entities += _gazetteer_entities(same, entities, earth)
    called = canonical_names(
        [*earth, *all_organisations(folder), *brands(folder), *politicians(folder)]
    )
    labels = {row.wikidata_id: row.label for row in listed}
    entities += [
        Entity(
            wikidata_id, wikidata_id, label, country_of.get(wikidata_id), called[wikidata_id], False
        )
        for wikidata_id, label in sorted(labels.items())
        if wikidata_id not in own
    ]
    by_wikidata = {entity.wikidata_id: entity.entity_id for entity in entities}
    names += [
        Written(by_wikidata[row.wikidata_id], row.label, row.language, row.name, False)
        for row in (*unions(folder), *listed)
    ]
    return sorted(set(entities)), sorted(set(names))


def _listed(
    data: Path, earth: Sequence[Listed], same: dict[str, str], names: Sequence[Written]
) -> tuple[list[Listed], dict[str, str]]:
    """Return the names of lists that mean one thing, and the countries of provinces.

    Args:
        data: The folder of the lists.
        earth: The places of Natural Earth.
        same: Which of them are places of the gazetteer.
        names: The names that this project wrote.
    """
    folder, common = data / "names", common_words(data)
    own = frozenset(comparable_form(name.name) for name in names)
    of_cities = frozenset(place_names()["form"]) | own
    # ROR and Natural Earth have one id for the State of Illinois: it is a place.
    located = {row.wikidata_id for row in earth}
    things = [
        row
        for row in (*organisations(folder), *one_word_brands(brands(folder), common))
        if row.wikidata_id not in located
    ]
    others = with_simplified(subdivisions(folder))
    provinces, country_of = with_subdivisions(earth, others)
    named = [*(row for row in earth if row.kind not in {"city", "admin1"}), *provinces]
    places = list(without_namesakes(named))
    towns = telling_places((row for row in earth if row.kind == "city"), common)
    of_places = of_cities | frozenset(comparable_form(row.name) for row in places)
    listed = [
        *unambiguous(list(telling_places(places, common)), _well_known_forms(same) | own),
        *unambiguous(list(towns), of_places),
        *unambiguous(things, of_cities),
        *unambiguous(list(rare_persons(politicians(folder))), of_cities),
    ]
    return listed, country_of


def _well_known_forms(same: dict[str, str]) -> frozenset[str]:
    """Return the names of countries, capitals and the cities that Natural Earth has, too.

    Ontario is a province, not the city in California.
    """
    well_known = pl.col("kind").ne("city") | pl.col("place_id").is_in(list(same))
    return frozenset(place_names().filter(well_known)["form"])


def _gazetteer_entities(
    same: dict[str, str], before: Sequence[Entity], earth: Iterable[Listed]
) -> list[Entity]:
    """Return the other places of the gazetteer with their Wikidata ids and countries."""
    listed = {entity.entity_id for entity in before}
    own = {entity.wikidata_id for entity in before} - {None}
    called = canonical_names(earth)
    towns = {f"{PLACE_ID_PREFIX}{city.geoname_id}": city for city in cities()}
    kinds = dict(place_names().select("place_id", "kind").unique().iter_rows())
    found = []
    for place_id in sorted(kinds):
        wikidata_id = same.get(place_id)
        code = place_id.removeprefix(PLACE_ID_PREFIX)
        town = towns.get(place_id)
        country = code if kinds[place_id] == "country" else town and town.country
        if place_id in listed or wikidata_id in own or not (wikidata_id or country):
            continue
        name = called[wikidata_id] if wikidata_id else town.name if town else ""
        found.append(Entity(place_id, wikidata_id, "LOC", country, name, False))
    return found


def write(entities: Sequence[Entity], names: Sequence[Written]) -> None:
    """Write the two tables, sorted."""
    things = pl.DataFrame(entities, schema=_ENTITY, orient="row")
    things.unique("entity_id", keep="first", maintain_order=True).sort("entity_id").write_parquet(
        ENTITIES_FILE, compression="zstd", compression_level=19
    )
    rows = sorted(
        {
            (
                comparable_form(name.name),
                name.language,
                name.entity_id,
                name.in_context,
                " ".join(words_of(name.name, name.label, name.language)),
            )
            for name in names
        }
    )
    columns = ["form", "language", "entity_id", "in_context", "words"]
    schema = {**dict.fromkeys(columns, pl.String), "in_context": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    apart = pl.when(pl.col("words") != pl.col("form")).then("words")
    frame.with_columns(apart.alias("words")).write_parquet(
        NAMES_FILE, compression="zstd", compression_level=19, row_group_size=2**15
    )


def main(data: Annotated[Path, typer.Option()]) -> None:
    """Write the known names."""
    entities, names = known(data)
    write(entities, names)
    print(f"{len(entities):,} things, {len(names):,} names")


if __name__ == "__main__":
    typer.run(main)
