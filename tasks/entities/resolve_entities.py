"""Join mentions into entities, across languages and scripts (docs/entities.md)."""

import hashlib
from collections.abc import Iterable

import polars as pl

from expectations.tables import ENTITIES
from expectations.working_tables import ENTITY_NAMES, FOUND_MENTIONS, NAME_SCORES
from tasks.entities.alias_table import NAME_ID_PREFIX, alias_table_digest
from tasks.entities.graph import Join
from tasks.entities.knowledge_base import knowledge_base_digest
from tasks.entities.known import known_frame
from tasks.entities.nodes import Name
from tasks.entities.resolve import Resolved, resolve_names
from tasks.settings import ResolveSettings, Settings
from tasks.steps.stage import stage

__all__ = ["known_names_digest", "resolve_entities"]

#: Hex digits of an entity id: 64 bits, far from a collision among a thousand million names.
ID_DIGITS = 16
_SPELLING = ["doc_id", "language", "label", "surface", "script"]
#: Evidence of spellings that differ in type only.
_OWN_NAME = "normalised_name"
_NODES = {
    "node": pl.UInt32,
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
    reads=[FOUND_MENTIONS.only("doc_id", "language", "label", "surface", "script")],
    writes=[ENTITIES, ENTITY_NAMES, NAME_SCORES],
    packages=["anyascii", "regex"],
    whole=True,
    remembers=[NAME_SCORES],
    surroundings=known_names_digest,
)
def resolve_entities(
    found_mentions: pl.LazyFrame, name_scores: pl.LazyFrame, settings: ResolveSettings
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decide which entity each name means in each document.

    Args:
        found_mentions: FOUND_MENTIONS; only names, scripts and `doc_id`s are read.
        name_scores: NAME_SCORES of the last build by the same rule, or no rows; it saves time
            and changes no result.
        settings: Whether and how names are joined.

    Returns:
        ENTITIES; ENTITY_NAMES with a row for every name in every document; NAME_SCORES of the
        names of this build. All sorted by key, and independent of the order of mentions. No
        mentions: no entities.

    Raises:
        AliasTableError: The alias table cannot be used.
        KnowledgeBaseError: The knowledge base cannot be used.
    """
    counts = found_mentions.group_by(_SPELLING).agg(pl.len().cast(pl.Int64).alias("count"))
    found = counts.collect(engine="streaming").sort(_SPELLING)
    if settings.entities:
        resolved = resolve_names(found, name_scores.collect(), settings)
        found = found.with_columns(resolved.nodes.found["node"])
        nodes, scores = _joined(resolved), resolved.scores
    else:
        found, nodes = _apart(found)
        scores = NAME_SCORES.empty()
    names = found.select(*_SPELLING[:-1], "node").unique(maintain_order=True)
    names = names.join(nodes.select("node", "entity_id"), on="node", maintain_order="left")
    return _entities(found, nodes), names.select(ENTITY_NAMES.column_names), scores


def _apart(found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make each spelling of a language and label a node and an entity."""
    spelling = ["language", "label", "surface"]
    spellings = found.select(spelling).unique().sort(spelling).with_row_index("node")
    source = spellings.select(pl.concat_str(spelling, separator="\n")).to_series()
    nodes = spellings.select(
        "node",
        pl.Series("entity_id", map(_name_id, source), pl.String),
        is_bare=pl.lit(False),
        evidence=pl.lit("surface"),
        score=pl.lit(1.0),
        joined_to=pl.lit(None, pl.String),
        known_name=pl.lit(None, pl.String),
        wikidata_id=pl.lit(None, pl.String),
    )
    return found.join(spellings, on=spelling, maintain_order="left"), nodes


def _joined(resolved: Resolved) -> pl.DataFrame:
    """Return the entity of each node, why it is joined, and what is known of the entity."""
    nodes = pl.DataFrame(_node_rows(resolved), schema=_NODES, orient="row")
    return nodes.join(known_frame(resolved.known.values()), on="entity_id", how="left")


def _node_rows(resolved: Resolved) -> Iterable[tuple[object, ...]]:
    """Yield the rows of `_NODES`."""
    groups, names, name_of = resolved.groups, resolved.nodes.names, resolved.nodes.name_of
    documents = dict(resolved.nodes.bare.select("node", "document").iter_rows())
    members = groups.members()
    reasons = groups.reasons(members)
    for root, nodes in members.items():
        doc_id = ""
        if root in documents and root not in resolved.corpus_wide:
            doc_id = resolved.nodes.doc_ids[documents[root]]
        entity_id = groups.known.get(root) or _name_id(_id_source(names[name_of[root]], doc_id))
        for node in nodes:
            join = reasons.get(node)
            known = resolved.known.get(node)
            why: tuple[str, float, str | None] = (_OWN_NAME, 1.0, None)
            if join:
                why = (join.evidence, join.score, names[name_of[_other(join, node)]].text)
            elif known:
                why = (known.evidence, 1.0, known.canonical_name)
            yield node, entity_id, node in documents, *why


def _other(join: Join, node: int) -> int:
    return join.other if join.one == node else join.one


def _id_source(first: Name, doc_id: str) -> str:
    """Return what an id is made of: the name; for a word that says little, its document too."""
    return "\n".join((first.label, first.text, doc_id))


def _name_id(source: str) -> str:
    return NAME_ID_PREFIX + hashlib.sha256(source.encode()).hexdigest()[:ID_DIGITS]


def _entities(found: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return ENTITIES.

    Args:
        found: `doc_id, language, label, surface, script, count, node`, sorted.
        nodes: `_NODES` with `known_name, wikidata_id`, null where nothing is known.
    """
    ids = nodes.select("entity_id").unique().sort("entity_id").with_row_index("entity")
    nodes = nodes.join(ids, on="entity_id")
    spelling = ["node", "language", "label", "surface", "script"]
    spelt = found.group_by(spelling).agg(pl.col("count").sum()).join(nodes, on="node")
    documents = (
        found.select("doc_id", "node")
        .join(nodes.select("node", "entity"), on="node", maintain_order="left")
        .select("entity", "doc_id")
        .unique(maintain_order=True)
        .group_by("entity")
        .agg(pl.col("doc_id").alias("documents"), pl.len().cast(pl.Int64).alias("document_count"))
    )
    entities = ids
    for described in (documents, _described(spelt), _weakest(nodes), _names(spelt)):
        entities = entities.join(described, on="entity")
    return entities.select(ENTITIES.column_names).sort(ENTITIES.key)


def _described(spelt: pl.DataFrame) -> pl.DataFrame:
    """Return how many mentions an entity has, what it mostly is, and what it is called."""
    by_label = spelt.group_by("entity", "label").agg(pl.col("count").sum())
    is_misc = pl.col("label") == "MISC"
    label = by_label.sort(is_misc, "count", "label", descending=[False, True, False])
    names = spelt.group_by("entity", "is_bare", "surface").agg(
        pl.col("count").sum(), pl.col("known_name", "wikidata_id").first()
    )
    commonest = names.sort("is_bare", "count", "surface", descending=[False, True, False])
    return (
        label.group_by("entity", maintain_order=True)
        .agg(pl.col("label").first(), pl.col("count").sum().alias("mention_count"))
        .join(
            commonest.group_by("entity", maintain_order=True).agg(
                pl.coalesce("known_name", "surface").first().alias("canonical_name"),
                pl.col("wikidata_id").first(),
            ),
            on="entity",
        )
    )


def _weakest(nodes: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence and the score of the least sure join of each entity."""
    weakest = nodes.sort("score", pl.col("evidence") == _OWN_NAME, "evidence")
    return weakest.group_by("entity", maintain_order=True).agg(pl.col("evidence", "score").first())


def _names(spelt: pl.DataFrame) -> pl.DataFrame:
    """Return the names of each entity, the commonest first, each with its surest reason."""
    surest = spelt.sort(
        "score", "evidence", pl.col("joined_to").is_not_null(), "joined_to",
        descending=[True, False, False, False],
    )  # fmt: skip
    names = surest.group_by("entity", "surface", "language", "script", maintain_order=True).agg(
        pl.col("count").sum(), pl.col("evidence", "score", "joined_to").first()
    )
    fields = ["language", "script", "count", "evidence", "score", "joined_to"]
    name = pl.struct(pl.col("surface").alias("name"), *fields).alias("names")
    ordered = names.sort(
        "count", "surface", "language", "script", descending=[True, False, False, False]
    )
    return ordered.group_by("entity", maintain_order=True).agg(name)
