"""Join mentions into entities, across languages and scripts (docs/entities.md).

Reads: found_mentions (narrow columns only).
Writes: entities, entity_names.
"""

import hashlib

import polars as pl

from expectations.tables import ENTITIES
from expectations.working_tables import ENTITY_NAMES, FOUND_MENTIONS
from tasks.entities.alias_table import NAME_ID_PREFIX, alias_table_digest
from tasks.entities.graph import Join
from tasks.entities.knowledge_base import knowledge_base_digest
from tasks.entities.known import known_frame
from tasks.entities.nodes import Found, Node
from tasks.entities.resolve import Resolved, resolve_names
from tasks.settings import ResolveSettings, Settings
from tasks.steps.stage import stage

__all__ = ["known_names_digest", "resolve_entities"]

#: Hex digits of an entity id: 64 bits, far from a collision among a thousand million names.
ID_DIGITS = 16
_SPELLING = ["doc_id", "language", "label", "surface", "script"]
#: The fields of `Found`.
_FOUND = [*_SPELLING, "count"]
#: Evidence of spellings that differ in type only.
_OWN_NAME = "normalised_name"
_JOINED = {
    "node": pl.Int64,
    "entity_id": pl.String,
    "is_bare": pl.Boolean,
    "evidence": pl.String,
    "score": pl.Float64,
    "joined_to": pl.String,
}


def known_names_digest(settings: Settings) -> str:
    """Return what the names known beforehand are, for the stage's fingerprint.

    Raises:
        AliasTableError: The alias table cannot be read.
        KnowledgeBaseError: The knowledge base cannot be read.
    """
    return f"{alias_table_digest(settings)} {knowledge_base_digest(settings)}"


@stage(
    reads=[FOUND_MENTIONS],
    writes=[ENTITIES, ENTITY_NAMES],
    whole=True,
    surroundings=known_names_digest,
)
def resolve_entities(
    found_mentions: pl.LazyFrame, settings: ResolveSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Decide which entity each name means in each document.

    Args:
        found_mentions: FOUND_MENTIONS; only names, scripts and `doc_id`s are read.
        settings: Whether and how names are joined.

    Returns:
        ENTITIES, and ENTITY_NAMES with a row for every name in every document; both sorted by
        key, and independent of the order of mentions. No mentions: no entities.

    Raises:
        AliasTableError: The alias table cannot be used.
        KnowledgeBaseError: The knowledge base cannot be used.
    """
    counts = found_mentions.select(_SPELLING).group_by(_SPELLING).len("count")
    counted = counts.with_columns(pl.col("count").cast(pl.Int64)).collect(engine="streaming")
    spellings = counted.sort(_SPELLING)
    named = _joined(spellings, settings) if settings.entities else _apart(spellings)
    entities = (
        named.sort("entity_id")
        .group_by("entity_id", maintain_order=True)
        .agg(*_counts())
        .join(_described(named), on="entity_id")
        .join(_names(named), on="entity_id")
    )
    return (
        entities.select(ENTITIES.column_names).sort(ENTITIES.key),
        named.select(ENTITY_NAMES.column_names).unique().sort(ENTITY_NAMES.key),
    )


def _apart(spellings: pl.DataFrame) -> pl.DataFrame:
    """Make each spelling of a language and label an entity."""
    source = pl.concat_str("language", "label", "surface", separator="\n")
    ids = [_name_id(value) for value in spellings.select(source).to_series()]
    none = pl.lit(None, pl.String)
    return spellings.with_columns(
        pl.Series("entity_id", ids, pl.String),
        is_bare=pl.lit(False),
        evidence=pl.lit("surface"),
        score=pl.lit(1.0),
        joined_to=none,
        known_name=none,
        wikidata_id=none,
    )


def _joined(spellings: pl.DataFrame, settings: ResolveSettings) -> pl.DataFrame:
    """Add to each spelling its entity, why it is joined, and what is known of the entity."""
    found = [Found(*row) for row in spellings.select(*_FOUND).iter_rows()]
    resolved = resolve_names(found, settings)
    nodes = pl.DataFrame(_node_rows(resolved), schema=_JOINED, orient="row")
    places = pl.Series("node", resolved.nodes.of_found, pl.Int64)
    known = known_frame(resolved.known.values())
    return (
        spellings.with_columns(places)
        .join(nodes, on="node", maintain_order="left")
        .join(known, on="entity_id", how="left", maintain_order="left")
    )


def _node_rows(resolved: Resolved) -> list[tuple[object, ...]]:
    """Return the rows of `_JOINED`."""
    nodes, groups = resolved.nodes.nodes, resolved.groups
    members = groups.members()
    reasons = groups.reasons(members)
    rows: list[tuple[object, ...]] = []
    for root, places in members.items():
        entity_id = groups.known.get(root) or _name_id(
            _id_source(nodes[root], is_corpus_wide=root in resolved.corpus_wide)
        )
        for place in places:
            join = reasons.get(place)
            known = resolved.known.get(place)
            why: tuple[str, float, str | None] = (_OWN_NAME, 1.0, None)
            if join:
                why = (join.evidence, join.score, nodes[_other(join, place)].text)
            elif known:
                why = (known.evidence, 1.0, known.canonical_name)
            rows.append((place, entity_id, nodes[place].is_bare, *why))
    return rows


def _other(join: Join, place: int) -> int:
    return join.other if join.one == place else join.one


def _id_source(first: Node, is_corpus_wide: bool) -> str:
    """Return what an id is made of: the name; for a word that says little, its document too."""
    doc_id = "" if is_corpus_wide else first.key.doc_id
    return "\n".join((first.key.label, first.text, doc_id))


def _name_id(source: str) -> str:
    return NAME_ID_PREFIX + hashlib.sha256(source.encode()).hexdigest()[:ID_DIGITS]


def _counts() -> list[pl.Expr]:
    documents = pl.col("doc_id").unique().sort()
    return [
        pl.col("count").sum().alias("mention_count"),
        documents.alias("documents"),
        documents.len().cast(pl.Int64).alias("document_count"),
    ]


def _described(named: pl.DataFrame) -> pl.DataFrame:
    """Return what is said of each entity as a whole."""
    by_label = named.group_by("entity_id", "label").agg(pl.col("count").sum())
    is_misc = pl.col("label") == "MISC"
    label = by_label.sort(is_misc, "count", "label", descending=[False, True, False])
    weakest = named.sort("score", pl.col("evidence") == _OWN_NAME, "evidence")
    names = named.group_by("entity_id", "is_bare", "surface").agg(
        pl.col("count").sum(), pl.col("known_name").first(), pl.col("wikidata_id").first()
    )
    commonest = names.sort("is_bare", "count", "surface", descending=[False, True, False])
    one = {"maintain_order": True}
    return (
        label.group_by("entity_id", **one)
        .agg(pl.col("label").first())
        .join(
            weakest.group_by("entity_id", **one).agg(pl.col("evidence", "score").first()),
            on="entity_id",
        )
        .join(
            commonest.group_by("entity_id", **one).agg(
                pl.coalesce("known_name", "surface").first().alias("canonical_name"),
                pl.col("wikidata_id").first(),
            ),
            on="entity_id",
        )
    )


def _names(named: pl.DataFrame) -> pl.DataFrame:
    """Return the names of each entity, the commonest first, each with its surest reason."""
    spelt = ["entity_id", "surface", "language", "script"]
    surest = named.sort(
        "score", "evidence", pl.col("joined_to").is_not_null(), "joined_to",
        descending=[True, False, False, False],
    )  # fmt: skip
    names = surest.group_by(spelt, maintain_order=True).agg(
        pl.col("count").sum(), pl.col("evidence", "score", "joined_to").first()
    )
    fields = ["language", "script", "count", "evidence", "score", "joined_to"]
    name = pl.struct(pl.col("surface").alias("name"), *fields).alias("names")
    ordered = names.sort(
        "count", "surface", "language", "script", descending=[True, False, False, False]
    )
    return ordered.group_by("entity_id", maintain_order=True).agg(name)
