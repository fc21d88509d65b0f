"""Compare two releases, record by record and entity by entity, with reasons.

Reads of both releases: every table but `stories`. Writes nothing. Counts are exact;
examples are the first few in a fixed order.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict

from tasks.releases.diff_records import CHANGE_REASONS, find_changed_records
from tasks.steps.store import TableVersion

Tables = Mapping[str, pl.LazyFrame]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CountChange(_Model):
    """How many there were of something, and how many there are."""

    name: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """By how much it grew."""
        return self.after - self.before


class RecordChange(_Model):
    """A record with why it is listed (keys of `CHANGE_REASONS`) and its fates, in words."""

    source_uri: str
    reasons: list[str]
    before: str | None
    after: str | None


class EntityChange(_Model):
    """An entity that came, went, or goes by other names."""

    entity_id: str
    canonical_name: str
    label: str
    mentions_before: int
    mentions_after: int
    names_added: list[str]
    names_removed: list[str]


class ReleaseDiff(_Model):
    """The difference of two releases: exact counts, and examples up to a limit."""

    records_came: int
    records_went: int
    records_changed: int
    records_unchanged: int
    came: list[RecordChange]
    went: list[RecordChange]
    changed: list[RecordChange]
    change_reasons: dict[str, int]
    fates: list[CountChange]
    segments: list[CountChange]
    languages: list[CountChange]
    rejects: list[CountChange]
    entities_came: int
    entities_went: int
    entities_renamed: int
    entities_recounted: int
    entity_examples: list[EntityChange]
    #: Tables that were made by other code, settings or packages, so that no row was reused.
    other_rules: list[str] = []

    @property
    def is_empty(self) -> bool:
        """Whether no record and no entity came, went or changed."""
        return not (
            self.records_came + self.records_went + self.records_changed
            + self.entities_came + self.entities_went
            + self.entities_renamed + self.entities_recounted
        )  # fmt: skip


def tables_of_other_rules(
    old: Mapping[str, TableVersion], new: Mapping[str, TableVersion]
) -> list[str]:
    """Return the names of tables that two releases have by different rules, in order."""
    return [name for name in new if name in old and new[name].rule != old[name].rule]


def diff_releases(old: Tables, new: Tables, example_limit: int) -> ReleaseDiff:
    """Compare two releases.

    Args:
        old: The public tables of the earlier release, by name.
        new: Those of the later one.
        example_limit: How many records of each kind, and entities, to name.
    """
    return ReleaseDiff(
        **_record_differences(old, new, example_limit),
        **_entity_differences(old["entities"], new["entities"], example_limit),
        fates=_count_changes(old, new, "ledger", pl.col("fate")),
        segments=_count_changes(old, new, "segments", pl.col("reason").fill_null("kept")),
        languages=_count_changes(old, new, "documents", pl.col("language")),
        rejects=_count_changes(
            old, new, "rejects", pl.format("{}: {}", pl.col("stage"), pl.col("reason"))
        ),
    )


def _count_changes(old: Tables, new: Tables, table: str, name: pl.Expr) -> list[CountChange]:
    before, after = (
        dict(
            tables[table]
            .group_by(name.alias("name"))
            .agg(pl.len())
            .collect(engine="streaming")
            .iter_rows()
        )
        for tables in (old, new)
    )
    return [
        CountChange(name=name, before=before.get(name, 0), after=after.get(name, 0))
        for name in sorted(before.keys() | after.keys())
    ]


def _record_differences(old: Tables, new: Tables, example_limit: int) -> dict[str, Any]:
    differing = find_changed_records(old, new)
    came, went, changed = (differing.filter(kind=kind) for kind in ("came", "went", "changed"))
    old_count = old["ledger"].select(pl.len()).collect(engine="streaming").item()
    reasons = changed.select(pl.col(*CHANGE_REASONS).sum()).row(0, named=True)
    return {
        "records_came": came.height,
        "records_went": went.height,
        "records_changed": changed.height,
        "records_unchanged": old_count - went.height - changed.height,
        "change_reasons": {reason: count for reason, count in reasons.items() if count},
        "came": _record_changes(came.head(example_limit)),
        "went": _record_changes(went.head(example_limit)),
        "changed": _record_changes(changed.head(example_limit)),
    }


def _record_changes(frame: pl.DataFrame) -> list[RecordChange]:
    return [
        RecordChange(
            source_uri=row["source_uri"],
            reasons=[reason for reason in CHANGE_REASONS if row[reason]],
            before=row["fate_words"],
            after=row["fate_words_after"],
        )
        for row in frame.iter_rows(named=True)
    ]


_NAMES = pl.col("names").list.eval(pl.element().struct.field("name")).list.unique().list.sort()
_ENTITY_COLUMNS = ("canonical_name", "label", "mention_count")


def _compared_entities(old: pl.LazyFrame, new: pl.LazyFrame) -> pl.LazyFrame:
    """One row per entity of either release: `kind`, both counts, names added and removed."""
    before, after = (
        frame.select("entity_id", *_ENTITY_COLUMNS, "wikidata_id", surfaces=_NAMES)
        for frame in (old, new)
    )
    came, went = pl.col("label").is_null(), pl.col("label_after").is_null()
    surfaces, surfaces_after = (
        pl.col(column).fill_null([]) for column in ("surfaces", "surfaces_after")
    )
    renamed = pl.any_horizontal(
        pl.col(column).ne_missing(pl.col(f"{column}_after"))
        for column in ("canonical_name", "label", "wikidata_id", "surfaces")
    )
    return before.join(
        after, on="entity_id", how="full", suffix="_after", coalesce=True
    ).select(
        "entity_id",
        *(pl.coalesce(f"{column}_after", column).alias(column) for column in _ENTITY_COLUMNS[:2]),
        mentions_before=pl.col("mention_count").fill_null(0),
        mentions_after=pl.col("mention_count_after").fill_null(0),
        names_added=surfaces_after.list.set_difference(surfaces).list.sort(),
        names_removed=surfaces.list.set_difference(surfaces_after).list.sort(),
        kind=pl.when(came).then(pl.lit("came"))
        .when(went).then(pl.lit("went"))
        .when(renamed).then(pl.lit("renamed"))
        .when(pl.col("mention_count") != pl.col("mention_count_after")).then(pl.lit("recounted"))
        .otherwise(pl.lit("unchanged")),
    )  # fmt: skip


def _entity_differences(old: pl.LazyFrame, new: pl.LazyFrame, example_limit: int) -> dict[str, Any]:
    compared = _compared_entities(old, new)
    largest_first = [pl.max_horizontal("mentions_before", "mentions_after") * -1, "entity_id"]
    kinds, shown = pl.collect_all(
        [
            compared.group_by("kind").agg(pl.len()),
            compared.filter(pl.col("kind").is_in(["came", "went", "renamed"]))
            .drop("kind")
            .bottom_k(example_limit, by=largest_first)
            .sort(largest_first),
        ],
        engine="streaming",
    )
    counts = dict(kinds.iter_rows())
    return {
        **{f"entities_{kind}": counts.get(kind, 0) for kind in _ENTITY_KINDS},
        "entity_examples": [EntityChange(**row) for row in shown.iter_rows(named=True)],
    }


_ENTITY_KINDS = ("came", "went", "renamed", "recounted")
