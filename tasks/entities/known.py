"""Find names that are known beforehand: by the user's tables, what ships, or the gazetteer."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import polars as pl
import regex

from tasks.entities.alias_table import read_aliases
from tasks.entities.inflection import bases, inflects, kept_letters, word_bases, words_of
from tasks.entities.institutions import Institution, institution_of
from tasks.entities.knowledge_base import read_knowledge_base
from tasks.entities.known_names import NOTHING, Meant, Sought, Thing, meanings, things
from tasks.entities.listed_parts import is_persons_part
from tasks.entities.national_bodies import ByCountry, national_bodies
from tasks.entities.nodes import BODY, MISCELLANEOUS, PERSON, PLACE, Nodes, Spelling
from tasks.entities.places import ANY_LANGUAGE, find_places, is_country, place_names
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: A name that a model takes for a person's, and is less sure of than that, is the known place or
#: body that it names, unless people are called so (Seoul, CNN; not Warren, which is a city).
_UNSURE_PERSON = 0.9
_HARDLY_PERSON = 0.5
#: Shorter names in Han are spelt like parts of persons' names: 汉斯, Hans, is Reims.
_MIN_HAN = 3
#: Evidence of what the user says, in the order of precedence.
_TABLES = ("alias_table", "knowledge_base")
_ACRONYM = regex.compile(r"\p{Lu}[\p{Lu}.]{1,5}")
#: Evidence of what ships: names, and names of a country's bodies where the document is about it.
KNOWN_NAME, IN_CONTEXT = "known_name", "known_name_in_context"
GAZETTEER = "gazetteer"
_BODIES = frozenset({BODY, MISCELLANEOUS})
#: Evidence of names that are composed of a country and a kind of institution, and of those that are
#: a kind only.
COMPOSED, COMPOSED_IN_CONTEXT = "country_and_institution", "institution_in_context"


class Known(NamedTuple):
    """What is known of a name, who says so, and what kind of thing it is."""

    entity_id: str
    evidence: str
    canonical_name: str | None
    wikidata_id: str | None
    label: str


@dataclass(frozen=True)
class KnownSpellings:
    """What is known of spellings, by their index.

    Attributes:
        certain: What each means wherever it stands.
        country: The country that each of them speaks of.
        in_context: What each means by country, where the document is about the country.
        candidates: The Wikidata ids of all that each of those may mean, sorted.
    """

    certain: Mapping[int, Known]
    country: Mapping[int, str]
    in_context: Mapping[int, Mapping[str, Known]]
    candidates: Mapping[int, Sequence[str]]


def known_spellings(spellings: Sequence[Spelling], settings: ResolveSettings) -> KnownSpellings:
    """Look spellings up in alias table, knowledge base, what ships and gazetteer, in this order."""
    tables = _names_of_tables(settings)
    by_table = [_find(spelling, tables) if tables else None for spelling in spellings]
    ids = {known.wikidata_id: known for known in tables.values() if known.wikidata_id}
    shipped = _shipped(spellings, settings)
    if settings.known_names:
        shipped = _not_persons(spellings, by_table, shipped)
    places = _places(spellings, by_table, shipped) if settings.gazetteer else {}
    about = things(places.values())
    composed = _composed(spellings, by_table, shipped) if settings.known_names else {}
    bodies = national_bodies(composed.values())
    certain: dict[int, Known] = {}
    country: dict[int, str] = {}
    in_context: dict[int, dict[str, Known]] = {}
    candidates: dict[int, list[str]] = {}
    for index, (table, meant) in enumerate(zip(by_table, shipped, strict=True)):
        place_id, body = places.get(index), composed.get(index)
        of_kind: ByCountry = bodies[body.kind] if body else {}
        own = of_kind.get(body.country) if body and body.country else None
        thing = about.get(place_id) if place_id else meant.certain
        evidence = GAZETTEER if place_id else KNOWN_NAME
        if own:
            thing, evidence = own, COMPOSED
        if table or place_id or thing:
            certain[index] = (
                table or (thing and _as_user(thing, ids, evidence))
                or Known(str(place_id), GAZETTEER, None, None, PLACE)
            )  # fmt: skip
        elif meant.in_context or (body and not body.country):
            maybe = (*meant.in_context, *of_kind.values())
            listed = _by_country(meant.in_context, ids, IN_CONTEXT)
            in_context[index] = _by_country(of_kind.values(), ids, COMPOSED_IN_CONTEXT) | listed
            candidates[index] = sorted({t.wikidata_id for t in maybe if t.wikidata_id})
        if thing and thing.country:
            country[index] = thing.country
    return KnownSpellings(certain, country, in_context, candidates)


def known_nodes(nodes: Nodes, certain: Mapping[int, Known]) -> dict[int, Known]:
    """Return what is known of nodes, in their order.

    Where two spellings of a node are known as two things, that of the first document counts, in
    it that of the first spelling.
    """
    spelt = pl.DataFrame({"spelling": list(certain)}, schema={"spelling": pl.UInt32})
    first = (
        nodes.found.join(spelt, on="spelling", how="semi")
        .group_by("node")
        .agg(pl.col("spelling").sort_by("document", "spelling").first())
        .sort("node")
    )
    return {node: certain[spelling] for node, spelling in first.iter_rows()}


def _as_user(thing: Thing, ids: Mapping[str, Known], evidence: str) -> Known:
    """Return what is known of a thing, by the id and name that the user's tables give it."""
    own = ids.get(thing.wikidata_id) if thing.wikidata_id else None
    if own:
        return own._replace(evidence=evidence)
    called = thing.canonical_name or None
    return Known(thing.entity_id, evidence, called, thing.wikidata_id, thing.label)


def _composed(
    spellings: Sequence[Spelling], by_table: Sequence[Known | None], shipped: Sequence[Meant]
) -> dict[int, Institution]:
    """Return which spellings of which nothing is known are institutions, with a country or not."""
    asked = _unknown(lambda spelling: spelling.label != PERSON, spellings, by_table, shipped)
    found = ((i, institution_of(spellings[i].surface, spellings[i].language)) for i in asked)
    return {index: institution for index, institution in found if institution}


def _by_country(
    candidates: Iterable[Thing], ids: Mapping[str, Known], evidence: str
) -> dict[str, Known]:
    """Return what a name means by country; two things of one country are neither."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in candidates:
        if thing.country:
            found[thing.country].append(thing)
    return {
        country: _as_user(of_country[0], ids, evidence)
        for country, of_country in found.items()
        if len(of_country) == 1
    }


def _shipped(spellings: Sequence[Spelling], settings: ResolveSettings) -> list[Meant]:
    """Return what ships as known of spellings; no list has names in small letters."""
    if not settings.known_names:
        return [NOTHING] * len(spellings)
    sought = [_sought(spelling, spelling.label) for spelling in spellings]
    return [
        NOTHING if spelling.surface.islower() and _is_listed(meant) else meant
        for spelling, meant in zip(spellings, meanings(sought), strict=True)
    ]


def _sought(spelling: Spelling, label: str) -> Sought:
    is_acronym = _ACRONYM.fullmatch(spelling.surface) is not None
    return Sought(spelling.language, label, spelling.form, " ".join(spelling.words), is_acronym)


def _not_persons(
    spellings: Sequence[Spelling], by_table: Sequence[Known | None], shipped: Sequence[Meant]
) -> list[Meant]:
    """Return what spellings mean, with the places and bodies that models take for persons."""
    asked = _unknown(_may_be_no_person, spellings, by_table, shipped)
    found = list(shipped)
    for label in (BODY, PLACE):
        sought = [_sought(spellings[index], label) for index in asked]
        for index, meant in zip(asked, meanings(sought), strict=True):
            if meant.certain and not _is_persons_name(meant.certain):
                found[index] = meant
    return found


def _may_be_no_person(spelling: Spelling) -> bool:
    if spelling.label != PERSON or spelling.confidence >= _UNSURE_PERSON:
        return False
    is_short = len(spelling.form) < _MIN_HAN and name_script(spelling.form) == "Hani"
    words = {base for word in spelling.words for base in bases(word, spelling.language)}
    return not is_short and not any(map(is_persons_part, words))


def _is_persons_name(thing: Thing) -> bool:
    called = words_of(thing.canonical_name, thing.label, "en")
    return not thing.canonical_name or any(map(is_persons_part, called))


def _is_listed(meant: Meant) -> bool:
    return meant.certain is not None and not meant.certain.is_written


def _places(
    spellings: Sequence[Spelling], by_table: Sequence[Known | None], shipped: Sequence[Meant]
) -> dict[int, str]:
    """Return the places of the gazetteer that spellings mean of which nothing better is known."""
    asked = _unknown(lambda spelling: spelling.label == PLACE, spellings, by_table, shipped)
    inflected = [
        index
        for index in asked
        if spellings[index].place_id is None and inflects(spellings[index].language)
    ]
    found = _inflected_places([spellings[index] for index in inflected])
    places = {index: spellings[index].place_id for index in asked}
    places |= dict(zip(inflected, found, strict=True))
    places |= _of_persons(spellings, by_table, shipped)
    places |= _of_countries(spellings, by_table, shipped)
    return {index: place_id for index, place_id in places.items() if place_id}


def _of_persons(
    spellings: Sequence[Spelling], by_table: Sequence[Known | None], shipped: Sequence[Meant]
) -> dict[int, str]:
    """Return the places of the gazetteer that models take for persons."""
    asked = _unknown(_may_be_no_person, spellings, by_table, shipped)
    found = find_places([spellings[i].form for i in asked], [spellings[i].language for i in asked])
    meant = things(place_id for place_id in found if place_id)
    return {
        index: place_id
        for index, place_id in zip(asked, found, strict=True)
        if place_id and place_id in meant and not _is_persons_name(meant[place_id])
    }


def _may_be_country(spelling: Spelling) -> bool:
    is_hardly_person = spelling.label == PERSON and spelling.confidence < _HARDLY_PERSON
    return spelling.label in _BODIES or is_hardly_person


def _of_countries(
    spellings: Sequence[Spelling], by_table: Sequence[Known | None], shipped: Sequence[Meant]
) -> dict[int, str]:
    """Return the countries that models take for bodies: they act, and their teams play.

    One that is taken for a person, but more probably is none, is one, whoever is called like it.
    """
    asked = _unknown(_may_be_country, spellings, by_table, shipped)
    found = find_places([spellings[i].form for i in asked], [spellings[i].language for i in asked])
    return {
        index: place_id
        for index, place_id in zip(asked, found, strict=True)
        if place_id and is_country(place_id)
    }


def _unknown(
    is_asked: Callable[[Spelling], bool],
    spellings: Sequence[Spelling],
    by_table: Sequence[Known | None],
    shipped: Sequence[Meant],
) -> list[int]:
    """Return the spellings that are asked about and of which nothing is known."""
    rows = enumerate(zip(spellings, by_table, shipped, strict=True))
    return [
        i
        for i, (spelling, known, meant) in rows
        if not (known or meant.certain) and is_asked(spelling)
    ]


_TableNames = dict[tuple[str, str, str, str], Known]


def _names_of_tables(settings: ResolveSettings) -> _TableNames:
    """Return what is known by evidence, label, language and comparable form."""
    tables = (read_aliases(settings), read_knowledge_base(settings))
    names: _TableNames = {}
    for evidence, table in zip(_TABLES, tables, strict=True):
        for row in table.iter_rows(named=True):
            fields = (row[name] for name in ("canonical_name", "wikidata_id", "label"))
            known = Known(row["entity_id"], evidence, *fields)
            names.setdefault((evidence, row["label"], row["language"], row["form"]), known)
    return names


def _find(spelling: Spelling, names: _TableNames) -> Known | None:
    """Return what the user says of a name; what is no thing is the person of that name, if any.

    Models take surnames (`Nadella`) for companies more often than companies are called like one
    that the user knows.
    """
    for label in dict.fromkeys((spelling.label, PERSON)):
        for evidence, language in product(_TABLES, (spelling.language, ANY_LANGUAGE)):
            known = names.get((evidence, label, language, spelling.form))
            if known:
                return known
    return None


def _inflected_places(spellings: Sequence[Spelling]) -> list[str | None]:
    """Return, for each name, the one place of which it is an inflected form in its language."""
    by_language: dict[str, list[int]] = defaultdict(list)
    for index, spelling in enumerate(spellings):
        by_language[spelling.language].append(index)
    meant: dict[int, set[str]] = defaultdict(set)
    for language, indices in by_language.items():
        candidates = _candidates([(i, " ".join(spellings[i].words)) for i in indices], language)
        for index, place_id, name, words in candidates.iter_rows():
            place, own = tuple(words.split(" ")), spellings[index].words
            if not set(word_bases(own, language)).isdisjoint(word_bases(place, language)) and (
                name_script(name) == name_script("".join(own))
            ):
                meant[index].add(place_id)
    return [meant[i].pop() if len(meant[i]) == 1 else None for i in range(len(spellings))]


def _candidates(names: list[tuple[int, str]], language: str) -> pl.DataFrame:
    """Return `index, place_id, name, words` of the places whose names may be forms of others."""
    sought = pl.DataFrame(names, schema={"index": pl.UInt32, "own": pl.String}, orient="row")
    spoken = pl.lit(language)
    kept, own_kept = (kept_letters(pl.col(text), spoken) for text in ("words", "own"))
    return (
        place_names()
        .lazy()
        .filter(pl.col("language").is_in([language, ANY_LANGUAGE]))
        .with_columns(kept.alias("kept"), pl.col("words").str.count_matches(" ").alias("breaks"))
        .join(
            sought.lazy().with_columns(
                own_kept.alias("kept"), pl.col("own").str.count_matches(" ").alias("breaks")
            ),
            on=["kept", "breaks"],
        )
        .select("index", "place_id", "name", "words")
        .collect()
    )


def known_frame(known: Iterable[Known]) -> pl.DataFrame:
    """Return `entity_id, known_name, wikidata_id, known_label`, one row per id."""
    rows = sorted({(k.entity_id, k.canonical_name, k.wikidata_id, k.label) for k in known}, key=str)
    columns = ["entity_id", "known_name", "wikidata_id", "known_label"]
    schema = dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique("entity_id", keep="first", maintain_order=True)
