"""Join mentions into entities: by name within a language and label, and by the alias table.

Reads: found_mentions (narrow columns only).
Writes: entities, entity_names.
"""

import hashlib
from collections.abc import Callable

import polars as pl

from expectations.tables import ENTITIES
from expectations.working_tables import ENTITY_NAMES
from tasks.alias_table import ANY_LANGUAGE, NAME_ID_PREFIX, alias_table_digest, read_aliases
from tasks.name_forms import comparable_form
from tasks.settings import ResolveSettings

__all__ = ["alias_table_digest", "resolve_entities"]

#: Hex digits of an entity id: 64 bits, far from a collision among a thousand million names.
ID_DIGITS = 16
_NAME = ["language", "label", "surface"]


def resolve_entities(
    found_mentions: pl.LazyFrame, settings: ResolveSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Decide which entity each name means.

    Names of one language and label are one entity if they are equal but for case, white
    space, points, quotation marks, dashes and Arabic letter forms; names that the alias
    table gives to one entity are one, whatever their language.

    Args:
        found_mentions: FOUND_MENTIONS; only names, scripts and `doc_id`s are read.
        settings: Whether names are joined, and the alias table.

    Returns:
        ENTITIES, and ENTITY_NAMES with a row for every language, label and surface; both
        sorted by key, and independent of the order of mentions. No mentions: no entities.

    Raises:
        AliasTableError: The alias table cannot be used.
    """
    columns = [*_NAME, "script", "doc_id"]
    counts = found_mentions.select(columns).group_by(columns).len("count")
    counted = counts.with_columns(pl.col("count").cast(pl.Int64)).collect(engine="streaming")
    names = _with_entities(counted.group_by(*_NAME, "script").agg(pl.col("count").sum()), settings)
    documents = counted.join(names.select(*_NAME, "entity_id"), on=_NAME)
    entities = _entities(names).join(_documents(documents), on="entity_id")
    return (
        entities.select(ENTITIES.column_names).sort(ENTITIES.key),
        names.select(ENTITY_NAMES.column_names).sort(ENTITY_NAMES.key),
    )


def _with_entities(names: pl.DataFrame, settings: ResolveSettings) -> pl.DataFrame:
    """Add `entity_id`, `evidence`, and from the alias table the canonical name and Wikidata id."""
    aliases = read_aliases(settings)
    forms = _mapped(names["surface"], comparable_form if settings.entities else str)
    named = names.with_columns(forms.alias("form"))
    known = ["entity_id", "canonical_name", "wikidata_id"]
    exact = aliases.unique(["language", "label", "form"], keep="first", maintain_order=True)
    anywhere = exact.filter(pl.col("language") == ANY_LANGUAGE)
    matched = named.join(
        exact.select("language", "label", "form", *known),
        how="left",
        on=["language", "label", "form"],
    )
    matched = matched.join(
        anywhere.select("label", "form", *known),
        how="left",
        on=["label", "form"],
        suffix="_anywhere",
    )
    found = matched.with_columns(pl.coalesce(name, f"{name}_anywhere") for name in known)
    own_id = _mapped(found.select(_id_source()).to_series(), _name_id)
    joined_by = "normalised_name" if settings.entities else "surface"
    return found.with_columns(
        pl.col("entity_id").fill_null(own_id),
        pl.when(pl.col("entity_id").is_null())
        .then(pl.lit(joined_by))
        .otherwise(pl.lit("alias_table"))
        .alias("evidence"),
    )


def _id_source() -> pl.Expr:
    return pl.concat_str("language", "label", "form", separator="\n")


def _name_id(source: str) -> str:
    return NAME_ID_PREFIX + hashlib.sha256(source.encode()).hexdigest()[:ID_DIGITS]


def _mapped(values: pl.Series, function: Callable[[str], str]) -> pl.Series:
    return pl.Series([function(value) for value in values], dtype=pl.String())


def _entities(names: pl.DataFrame) -> pl.DataFrame:
    """Return all of ENTITIES but the documents; the commonest name comes first."""
    ordered = names.sort("count", "surface", "language", descending=[True, False, False])
    name = pl.struct(pl.col("surface").alias("name"), "language", "script", "count")
    return ordered.group_by("entity_id", maintain_order=True).agg(
        pl.coalesce("canonical_name", "surface").first(),
        pl.col("label").first(),
        name.alias("names"),
        pl.col("count").sum().alias("mention_count"),
        pl.col("evidence").first(),
        pl.col("wikidata_id").first(),
    )


def _documents(counted: pl.DataFrame) -> pl.DataFrame:
    documents = pl.col("doc_id").unique().sort()
    return counted.group_by("entity_id").agg(
        documents.alias("documents"), documents.len().cast(pl.Int64).alias("document_count")
    )
