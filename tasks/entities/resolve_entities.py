"""Join mentions into entities, across languages and scripts (docs/entities.md)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from expectations.tables import ENTITIES
from expectations.working_tables import DROPPED, ENTITY_NAMES, FOUND_MENTIONS, NAME_SCORES
from tasks.entities.alias_table import NAME_ID_PREFIX, alias_table_digest
from tasks.entities.decided import dropped, renamed
from tasks.entities.decisions import Decision, decisions_digest, read_decisions
from tasks.entities.graph import Join
from tasks.entities.knowledge_base import knowledge_base_digest
from tasks.entities.known import GAZETTEER, known_frame
from tasks.entities.names_to_show import Shown, Spelt, shown_by_entity
from tasks.entities.nodes import THOUSANDTHS, Found, Name
from tasks.entities.resolve import Resolved, resolve_names
from tasks.settings import ResolveSettings, Settings
from tasks.steps.stage import stage

__all__ = ["known_names_digest", "resolve_entities"]

#: Hex digits of an entity id: 64 bits, far from a collision among a thousand million names.
ID_DIGITS = 16
#: Evidence of spellings that differ in type only.
_OWN_NAME = "normalised_name"
_NODES = {
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
        DecisionsError: The table of decisions cannot be read.
    """
    digests = (alias_table_digest, knowledge_base_digest, decisions_digest)
    return " ".join(digest(settings) for digest in digests)


@stage(
    reads=[FOUND_MENTIONS.only("doc_id", "language", "label", "surface", "script", "confidence")],
    writes=[ENTITIES, ENTITY_NAMES, NAME_SCORES],
    packages=["anyascii", "babel", "regex"],
    whole=True,
    remembers=[NAME_SCORES],
    surroundings=known_names_digest,
)
def resolve_entities(
    found_mentions: pl.LazyFrame, name_scores: pl.LazyFrame, settings: ResolveSettings
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decide which entity each name means in each document.

    Args:
        found_mentions: FOUND_MENTIONS; only names, scripts, `doc_id`s and confidence are read.
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
        DecisionsError: The table of decisions cannot be used.
    """
    decisions = read_decisions(settings)
    kept, gone = _without_dropped(found_mentions, decisions)
    found = Found.of(kept)
    if settings.entities and found.spellings.height:
        resolved = resolve_names(found, name_scores.collect(), settings, decisions)
        rows, scores = resolved.nodes.found, resolved.scores
        nodes = _joined(found, resolved, renamed(resolved.nodes, decisions))
        candidates = resolved.candidates
    else:
        rows = found.rows.with_columns(node="spelling")
        nodes, scores, candidates = _apart(found), NAME_SCORES.empty(), {}
    names = pl.concat([_entity_names(found, rows, nodes), gone]).sort(ENTITY_NAMES.key)
    return _entities(found, rows, nodes, candidates), names, scores


def _without_dropped(
    found_mentions: pl.LazyFrame, decisions: Sequence[Decision]
) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """Return the mentions without those that the user dropped, and ENTITY_NAMES of these."""
    gone = dropped(found_mentions, decisions)
    if gone.is_empty():
        return found_mentions, ENTITY_NAMES.empty()
    names = ["surface", "language"]
    here = found_mentions.join(gone.lazy(), on=names, how="semi").collect()
    none = pl.lit(None, pl.String)
    gone_names = here.with_columns(entity_id=pl.lit(DROPPED), known_label=none)
    entity_names = gone_names.select(ENTITY_NAMES.column_names)
    return found_mentions.join(gone.lazy(), on=names, how="anti"), entity_names.unique()


def _apart(found: Found) -> pl.DataFrame:
    """Make each spelling of a language and label an entity, of which nothing is known."""
    source = pl.concat_str("language", "label", "surface", separator="\n")
    ids = map(_name_id, found.spellings.select(source).to_series())
    none = pl.lit(None, pl.String)
    return pl.DataFrame({"entity_id": pl.Series(ids, dtype=pl.String)}).with_columns(
        is_bare=pl.lit(False),
        evidence=pl.lit("surface"),
        score=pl.lit(1.0),
        joined_to=none,
        known_name=none,
        known_label=none,
        wikidata_id=none,
    )


def _joined(found: Found, resolved: Resolved, called: Mapping[int, str]) -> pl.DataFrame:
    """Return, for each node in order, its entity, why it is joined, what is known of the entity.

    Args:
        found: The documents and spellings.
        resolved: The nodes in groups.
        called: What the entities of some nodes are to be called.
    """
    nodes, groups = resolved.nodes, resolved.groups
    names, size = [nodes.names[name] for name in nodes.name_of], nodes.size
    evidence, score = [_OWN_NAME] * size, [1.0] * size
    joined_to: list[str | None] = [None] * size
    for node, known in resolved.known.items():
        evidence[node] = known.evidence
        joined_to[node] = None if known.evidence == GAZETTEER else known.canonical_name
    roots = groups.roots()
    for node, join in groups.reasons(set(roots)).items():
        evidence[node], score[node] = join.evidence, join.score
        joined_to[node] = names[_other(join, node)].text
    ids = _ids(found, resolved, set(roots))
    frame = pl.DataFrame(
        {
            "entity_id": [ids[root] for root in roots],
            "is_bare": [name.is_bare for name in names],
            "evidence": evidence,
            "score": score,
            "joined_to": joined_to,
        },
        schema=_NODES,
    )
    known_of = known_frame(resolved.known.values())
    frame = frame.join(known_of, on="entity_id", how="left", maintain_order="left")
    names_of = {ids[roots[node]]: name for node, name in called.items()}
    new = pl.col("entity_id").replace_strict(names_of, default=None, return_dtype=pl.String)
    return frame.with_columns(pl.coalesce(new, "known_name").alias("known_name"))


def _ids(found: Found, resolved: Resolved, roots: Collection[int]) -> dict[int, str]:
    """Return the entity id of each group: known, or made of its first name."""
    nodes, groups = resolved.nodes, resolved.groups
    doc_ids = found.doc_ids.gather(nodes.document_of).to_list()
    return {
        root: groups.known.get(root) or _name_id(_id_source(name, doc_id))
        for root in roots
        for name in (nodes.names[nodes.name_of[root]],)
        for is_own in (root >= nodes.full and root not in resolved.corpus_wide,)
        for doc_id in (doc_ids[root - nodes.full] if is_own else "",)
    }


def _other(join: Join, node: int) -> int:
    return join.other if join.one == node else join.one


def _id_source(first: Name, doc_id: str) -> str:
    """Return what an id is made of: the name; for a word that says little, its document too."""
    return "\n".join((first.label, first.text, doc_id))


def _name_id(source: str) -> str:
    return NAME_ID_PREFIX + hashlib.sha256(source.encode()).hexdigest()[:ID_DIGITS]


def _entity_names(found: Found, rows: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return ENTITY_NAMES: a spelling in two scripts is one name."""
    spelling = ["language", "label", "surface"]
    names = rows.select(
        found.doc_ids.gather(rows["document"]),
        *(found.spellings[column].gather(rows["spelling"]) for column in spelling),
        nodes["entity_id"].gather(rows["node"]),
        nodes["known_label"].gather(rows["node"]),
    )
    return names.unique(maintain_order=True).select(ENTITY_NAMES.column_names)


def _entities(
    found: Found,
    rows: pl.DataFrame,
    nodes: pl.DataFrame,
    candidates: Mapping[int, Sequence[str]],
) -> pl.DataFrame:
    """Return ENTITIES.

    Args:
        found: The documents and spellings.
        rows: `document, spelling, node, count`; sorted.
        nodes: `_NODES` with `known_name, wikidata_id`, null where nothing is known.
        candidates: The Wikidata ids that ambiguous spellings may mean, by the spelling's index.
    """
    ids = nodes.select(pl.col("entity_id").unique().sort()).with_row_index("entity")
    nodes = nodes.join(ids, on="entity_id", maintain_order="left").with_row_index("node")
    spelt = rows.group_by("spelling", "node").agg(pl.col("count", "sure").sum())
    spelt = spelt.join(found.spellings.with_row_index("spelling"), on="spelling")
    spelt = spelt.join(nodes, on="node")
    documents = (
        rows.select(nodes["entity"].gather(rows["node"]), "document")
        .unique()
        .sort("entity", "document")
    )
    documents = (
        documents.with_columns(found.doc_ids.gather(documents["document"]))
        .group_by("entity")
        .agg(pl.col("doc_id").alias("documents"), pl.len().cast(pl.Int64).alias("document_count"))
    )
    entities = ids
    for described in (
        documents, _described(spelt), _shown(spelt), _weakest(nodes), _names(spelt),
        _maybe(spelt, candidates),
    ):  # fmt: skip
        entities = entities.join(described, on="entity")
    return entities.select(ENTITIES.column_names).sort(ENTITIES.key)


def _described(spelt: pl.DataFrame) -> pl.DataFrame:
    """Return how many mentions an entity has, what it mostly is, and what it is known as."""
    by_label = spelt.group_by("entity", "label").agg(pl.col("count", "sure").sum())
    is_misc = pl.col("label") == "MISC"
    label = by_label.sort(is_misc, "count", "label", descending=[False, True, False])
    known = spelt.group_by("entity").agg(pl.col("wikidata_id", "known_label").drop_nulls().first())
    label_of = pl.coalesce("known_label", "label").alias("label")
    return (
        label.group_by("entity", maintain_order=True)
        .agg(pl.col("label").first(), pl.col("count").sum().alias("mention_count"), _confidence())
        .join(known, on="entity")
        .with_columns(label_of)
        .drop("known_label")
    )


def _maybe(spelt: pl.DataFrame, candidates: Mapping[int, Sequence[str]]) -> pl.DataFrame:
    """Return what the names of each entity may mean, if it is not known which of that they do."""
    rows = [(spelling, list(ids)) for spelling, ids in candidates.items()]
    frame = pl.DataFrame(
        rows, schema=[("spelling", pl.UInt32), ("candidates", pl.List(pl.String))], orient="row"
    )
    known = spelt.group_by("entity").agg(pl.col("wikidata_id").drop_nulls().first())
    maybe = (
        spelt.select("entity", "spelling")
        .join(frame.explode("candidates"), on="spelling")
        .group_by("entity")
        .agg(pl.col("candidates").drop_nulls().unique().sort().alias("wikidata_candidates"))
    )
    is_open = pl.col("wikidata_id").is_null() & pl.col("wikidata_candidates").is_not_null()
    told = pl.when(is_open).then("wikidata_candidates").otherwise(pl.lit([], pl.List(pl.String)))
    both = known.join(maybe, on="entity", how="left")
    return both.select("entity", told.alias("wikidata_candidates"))


def _confidence() -> pl.Expr:
    """Return the mean confidence of an entity's mentions: a quotient of two whole numbers."""
    thousandths = pl.col("count").sum() * THOUSANDTHS
    return (pl.col("sure").sum() / thousandths).alias("confidence")


def _shown(spelt: pl.DataFrame) -> pl.DataFrame:
    """Return what each entity is called, and its `display_names`."""
    fields = ["surface", "language", "script", "label", "is_bare"]
    rows = (
        spelt.group_by("entity", *fields)
        .agg(pl.col("count").sum(), pl.col("known_name").drop_nulls().first())
        .sort("entity", *fields)
        .select("entity", *fields, "count", "known_name")
    )
    spellings = ((entity, Spelt(*row), known) for entity, *row, known in rows.iter_rows())
    found = [(entity, *names) for entity, names in shown_by_entity(spellings)]
    schema = {
        "entity": rows.schema["entity"],
        **{name: ENTITIES.polars_schema[name] for name in Shown._fields},
    }
    return pl.DataFrame(found, schema=schema, orient="row")


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
