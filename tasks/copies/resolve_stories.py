"""Resolve stories: group documents that tell one text, in whatever language.

Reads `clean_documents`, `duplicates` and `story_features`; writes `stories` and
`document_stories`. A story is one text: a duplicate cluster, or several
that look like translations of one another. Articles on the same affair are stories of their
own. Of each cluster only the representative is compared, and only with other languages.
A story is represented by its earliest document (`published_at`; those without a date come
after, then the smallest `doc_id`), or, in one cluster, by the cluster's representative; its
id comes from it. Who translated whom cannot be known: the others are said to be translations
of the representative.
"""

import hashlib
import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy

from expectations.tables import STORIES
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    DOCUMENT_STORIES,
    DUPLICATES,
    STORY_FEATURES,
)
from tasks.copies.average_link import average_link
from tasks.copies.entries import Floats, Integers
from tasks.copies.likeness import candidate_pairs, probability, scores
from tasks.copies.traces import Traces, traces_of
from tasks.settings import StorySettings
from tasks.steps.stage import stage

# Hex digits of an id: 64 bits, so that even 100 million stories hardly ever share one.
STORY_ID_DIGITS = 16
#: Shared features that a link shows: enough to see why.
MAX_SHOWN_FEATURES = 12
#: By group: among equally rare features numbers, words, sounds, places and Han before concepts.
SHOWN_FIRST = np.array([0, 1, 2, 5, 3, 4])


_GROUPS = {"original": pl.String, "group": pl.String}
_PAIRS = {"original": pl.String, "representative": pl.String, "translation_score": pl.Float64}
_SHOWN: dict[str, pl.DataType] = {"group": pl.String(), "links": STORIES.polars_schema["links"]}


@dataclass(frozen=True)
class _Links:
    """What holds translations together.

    Attributes:
        groups: `original, group`: the smallest `doc_id` of the group of a document.
        pairs: `original, representative, translation_score`: how alike two documents of a group
            are, in both orders.
        shown: `group, links`: those that join all its documents, the strongest first.
    """

    groups: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_GROUPS))
    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PAIRS))
    shown: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SHOWN))


@stage(
    reads=[
        CLEAN_DOCUMENTS.only("doc_id", "title", "language", "published_at"),
        DUPLICATES.only("doc_id", "duplicate_of"),
        STORY_FEATURES,
    ],
    writes=[STORIES, DOCUMENT_STORIES],
    packages=["regex", "scipy"],
    whole=True,
)
def resolve_stories(
    clean_documents: pl.LazyFrame,
    duplicates: pl.LazyFrame,
    story_features: pl.LazyFrame,
    settings: StorySettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Group documents into stories.

    Args:
        clean_documents: All of `clean_documents`; only `doc_id`, `title`, `language` and
            `published_at` are read.
        duplicates: All of `duplicates`.
        story_features: All of `story_features`.
        settings: How translations are found.

    Returns:
        `stories` sorted by `story_id`, and `document_stories` sorted by `doc_id`; both are
        empty if stories are switched off.
    """
    if not settings.enabled:
        return STORIES.empty(), DOCUMENT_STORIES.empty()
    copies = duplicates.select("doc_id", "duplicate_of").collect().lazy()
    links = _Links()
    if settings.translations:
        links = _links(story_features.join(copies, on="doc_id", how="anti"), settings)
    told = (
        clean_documents.select("doc_id", "title", "language", "published_at")
        .join(copies, on="doc_id", how="left")
        .with_columns(original=pl.coalesce("duplicate_of", "doc_id"))
        .join(links.groups.lazy(), on="original", how="left")
        .with_columns(group=pl.coalesce("group", "original"))
        .sort("doc_id")
        .collect()
    )
    told = told.join(_representatives(told), on="group", how="left", maintain_order="left")
    told = _with_translations(told, links.pairs)
    told = told.with_columns(_story_ids(told["representative"]))
    return _stories(told, links.shown), told.select(DOCUMENT_STORIES.column_names)


def _links(story_features: pl.LazyFrame, settings: StorySettings) -> _Links:
    """Compare documents, group them, and keep the scores of the pairs inside the groups."""
    traces = traces_of(story_features)
    left, right = candidate_pairs(traces, settings)
    odds = scores(traces, left, right)
    least = math.log(settings.min_translation_score / (1 - settings.min_translation_score))
    groups = np.full(len(traces.doc_ids), -1)
    for members in average_link(traces.languages, left, right, odds, least):
        groups[members] = members[0]
    inside = np.flatnonzero((groups[left] == groups[right]) & (groups[left] >= 0))
    inside = inside[np.lexsort((right[inside], left[inside], -odds[inside]))]
    return _as_links(traces, groups, left[inside], right[inside], probability(odds[inside]))


def _as_links(
    traces: Traces, groups: Integers, left: Integers, right: Integers, likeness: Floats
) -> _Links:
    """Return pairs of one group each, the strongest first, as frames."""
    doc_ids = traces.doc_ids
    grouped = np.flatnonzero(groups >= 0)
    one, other = np.concatenate((left, right)), np.concatenate((right, left))
    joined = scipy.cluster.hierarchy.DisjointSet(grouped.tolist())
    shown: dict[str, list[dict[str, object]]] = {}
    for a, b, score in zip(left.tolist(), right.tolist(), likeness.tolist(), strict=True):
        if joined.merge(a, b):
            shown.setdefault(doc_ids[int(groups[a])], []).append(_link(traces, a, b, score))
    ids = doc_ids.gather(grouped), doc_ids.gather(groups[grouped])
    pairs = doc_ids.gather(one), doc_ids.gather(other), np.tile(likeness, 2)
    return _Links(
        pl.DataFrame(dict(zip(_GROUPS, ids, strict=True))),
        pl.DataFrame(dict(zip(_PAIRS, pairs, strict=True))),
        pl.DataFrame({"group": list(shown), "links": list(shown.values())}, _SHOWN),
    )


def _link(traces: Traces, a: int, b: int, score: float) -> dict[str, object]:
    said_by_a, said_by_b = (
        traces.codes[traces.starts[each] : traces.starts[each + 1]] for each in (a, b)
    )
    shared = np.intersect1d(said_by_a, said_by_b, assume_unique=True)
    order = (shared, SHOWN_FIRST[traces.groups[shared]], traces.postings[shared])
    rarest = shared[np.lexsort(order)][:MAX_SHOWN_FEATURES]
    return {
        "doc_id": traces.doc_ids[a],
        "linked_doc_id": traces.doc_ids[b],
        "score": score,
        "shared": [traces.names[code] for code in rarest.tolist()],
    }


def _representatives(told: pl.DataFrame) -> pl.DataFrame:
    """Return `group, representative, spoken`: the first original, and its language."""
    originals = told.filter(pl.col("doc_id") == pl.col("original"))
    return (
        originals.sort("published_at", "doc_id", nulls_last=True)
        .group_by("group", maintain_order=True)
        .agg(representative=pl.col("doc_id").first(), spoken=pl.col("language").first())
    )


def _with_translations(told: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `translation_of` and `translation_score`; null for the representative's language.

    The score is the likeness to the representative; of a pair that was not compared, that of the
    document's strongest link.
    """
    strongest = pairs.group_by("original").agg(strongest=pl.col("translation_score").max())
    is_translation = (pl.col("original") != pl.col("representative")) & (
        pl.col("language") != pl.col("spoken")
    )
    score = pl.coalesce("translation_score", "strongest")
    return (
        told.join(pairs, on=["original", "representative"], how="left", maintain_order="left")
        .join(strongest, on="original", how="left", maintain_order="left")
        .with_columns(
            translation_of=pl.when(is_translation).then("representative"),
            translation_score=pl.when(is_translation).then(score),
        )
    )


def _story_ids(representatives: pl.Series) -> pl.Series:
    ids = [
        hashlib.sha256(f"story {doc_id}".encode()).hexdigest()[:STORY_ID_DIGITS]
        for doc_id in representatives
    ]
    return pl.Series("story_id", ids, pl.String)


def _stories(told: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    is_representative = pl.col("doc_id") == pl.col("representative")
    stories = told.group_by("story_id", "representative", "group").agg(
        title=pl.col("title").filter(is_representative).first(),
        languages=pl.col("language").unique().sort(),
        document_count=pl.len().cast(pl.Int64),
        documents=pl.col("doc_id").sort(),
        has_copies=pl.col("duplicate_of").is_not_null().any(),
    )
    return (
        stories.join(shown, on="group", how="left")
        .with_columns(pl.col("links").fill_null([]))
        .with_columns(evidence=_evidence(pl.col("has_copies"), pl.col("links").list.len() > 0))
        .select(STORIES.column_names)
        .sort("story_id")
    )


def _evidence(has_copies: pl.Expr, has_links: pl.Expr) -> pl.Expr:
    return (
        pl.when(has_copies & has_links)
        .then(pl.lit("both"))
        .when(has_copies)
        .then(pl.lit("duplicates"))
        .when(has_links)
        .then(pl.lit("translations"))
        .otherwise(pl.lit("single"))
    )
