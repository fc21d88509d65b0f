"""Find names that are known beforehand: by alias table, the user's knowledge base or gazetteer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

import polars as pl

from tasks.entities.alias_table import read_aliases
from tasks.entities.inflection import inflects, kept_letters, word_bases
from tasks.entities.knowledge_base import read_knowledge_base
from tasks.entities.nodes import PLACE, Nodes, Spelling
from tasks.entities.places import ANY_LANGUAGE, place_names
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: Evidence of what the user says, in the order of precedence.
_TABLES = ("alias_table", "knowledge_base")


class Known(NamedTuple):
    """What is known of a name, and who says so."""

    entity_id: str
    evidence: str
    canonical_name: str | None
    wikidata_id: str | None


def known_nodes(nodes: Nodes, settings: ResolveSettings) -> dict[int, Known]:
    """Return what is known of nodes, in their order.

    Where two spellings of a node are known as two things, that of the first document counts, in
    it that of the first spelling.
    """
    found = enumerate(_known_spellings(nodes.spellings, settings))
    known = {spelling: what for spelling, what in found if what}
    spelt = pl.DataFrame({"spelling": list(known)}, schema={"spelling": pl.UInt32})
    first = (
        nodes.found.join(spelt, on="spelling", how="semi")
        .group_by("node")
        .agg(pl.col("spelling").sort_by("document", "spelling").first())
        .sort("node")
    )
    return {node: known[spelling] for node, spelling in first.iter_rows()}


def _known_spellings(
    spellings: Sequence[Spelling], settings: ResolveSettings
) -> list[Known | None]:
    """Look spellings up in alias table, knowledge base and gazetteer, in this order."""
    names = _names_of_tables(settings)
    found = [_find(spelling, names) if names else None for spelling in spellings]
    if not settings.gazetteer:
        return found
    inflected = [
        spelling
        for spelling, known in zip(spellings, found, strict=True)
        if not known
        and spelling.label == PLACE
        and spelling.place_id is None
        and inflects(spelling.language)
    ]
    places = dict(zip(inflected, _inflected_places(inflected), strict=True))
    ids = [spelling.place_id or places.get(spelling) for spelling in spellings]
    return [
        known or (Known(place_id, "gazetteer", None, None) if place_id else None)
        for known, place_id in zip(found, ids, strict=True)
    ]


_TableNames = dict[tuple[str, str, str, str], Known]


def _names_of_tables(settings: ResolveSettings) -> _TableNames:
    """Return what is known by evidence, label, language and comparable form."""
    tables = (read_aliases(settings), read_knowledge_base(settings))
    names: _TableNames = {}
    for evidence, table in zip(_TABLES, tables, strict=True):
        for row in table.iter_rows(named=True):
            known = Known(row["entity_id"], evidence, row["canonical_name"], row["wikidata_id"])
            names.setdefault((evidence, row["label"], row["language"], row["form"]), known)
    return names


def _find(spelling: Spelling, names: _TableNames) -> Known | None:
    for evidence, language in product(_TABLES, (spelling.language, ANY_LANGUAGE)):
        known = names.get((evidence, spelling.label, language, spelling.form))
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
    kept, own_kept = (kept_letters(pl.col(text), language) for text in ("words", "own"))
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
    """Return `entity_id, known_name, wikidata_id`, one row per id."""
    rows = sorted({(k.entity_id, k.canonical_name, k.wikidata_id) for k in known}, key=str)
    schema = {"entity_id": pl.String, "known_name": pl.String, "wikidata_id": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique("entity_id", keep="first", maintain_order=True)
