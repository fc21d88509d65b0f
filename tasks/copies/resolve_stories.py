"""Resolve stories: reads `clean_documents`, `duplicates` and `story_features`.

Writes `stories` and `document_stories`. A story is one text: a duplicate cluster, or several
that look like translations of one another. Articles on the same affair are stories of their
own. Of each cluster only the representative is compared, and only with other languages.
A story is represented by its earliest document (`published_at`; those without a date come
after, then the smallest `doc_id`), or, in one cluster, by the cluster's representative; its
id comes from it. Who translated whom cannot be known: the others are said to be translations
of the representative.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from expectations.tables import STORIES
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    DOCUMENT_STORIES,
    DUPLICATES,
    STORY_FEATURES,
)
from tasks.copies.average_link import average_link
from tasks.copies.candidates import candidate_pairs
from tasks.copies.likeness import probability, scores
from tasks.copies.traces import Floats, Integers, Traces, traces_of
from tasks.settings import StorySettings
from tasks.steps.stage import stage

# Hex digits of an id: 64 bits, so that even 100 million stories hardly ever share one.
STORY_ID_DIGITS = 16
#: Shared features that a link shows: enough to see why.
MAX_SHOWN_FEATURES = 12
#: By group: of equally rare features numbers, words, sounds, places and Han before concepts.
SHOWN_FIRST = np.array([0, 1, 2, 5, 3, 4])
_LINKS = STORIES.polars_schema["links"]


@dataclass(frozen=True)
class _Links:
    """What holds translations together.

    Attributes:
        group: The smallest `doc_id` of the group, by `doc_id`.
        score: Likeness by pair of `doc_id`s, in both orders, within groups.
        strongest: The greatest likeness of each document in its group, by `doc_id`.
        shown: The links of each group that join all its documents, the strongest first.
    """

    group: dict[str, str] = field(default_factory=dict)
    score: dict[tuple[str, str], float] = field(default_factory=dict)
    strongest: dict[str, float] = field(default_factory=dict)
    shown: dict[str, list[dict[str, object]]] = field(default_factory=dict)


@stage(
    reads=[
        CLEAN_DOCUMENTS.only("doc_id", "title", "language", "published_at"),
        DUPLICATES,
        STORY_FEATURES,
    ],
    writes=[STORIES, DOCUMENT_STORIES],
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
        `stories` sorted by `story_id`, and `document_stories` sorted by `doc_id`.
    """
    copies = duplicates.select("doc_id", "duplicate_of")
    links = _Links()
    if settings.translations:
        links = _links(story_features.join(copies, on="doc_id", how="anti"), settings)
    told = (
        clean_documents.select("doc_id", "title", "language", "published_at")
        .join(copies, on="doc_id", how="left")
        .with_columns(original=pl.coalesce("duplicate_of", "doc_id"))
        .with_columns(group=pl.col("original").replace(links.group))
        .sort("doc_id")
        .collect()
    )
    told = told.join(_representatives(told), on="group", how="left", maintain_order="left")
    told = told.with_columns(_story_ids(told["representative"]), *_translations(told, links))
    return _stories(told, links), told.select(DOCUMENT_STORIES.column_names)


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
    links = _Links()
    for document in np.flatnonzero(groups >= 0).tolist():
        links.group[traces.doc_ids[document]] = traces.doc_ids[groups[document]]
    _add_pairs(links, traces, left[inside], right[inside], probability(odds[inside]))
    return links


def _add_pairs(
    links: _Links, traces: Traces, left: Integers, right: Integers, likeness: Floats
) -> None:
    """Add pairs, the strongest first, to a new `_Links`."""
    joined: dict[int, int] = {}
    for a, b, score in zip(left.tolist(), right.tolist(), likeness.tolist(), strict=True):
        names = traces.doc_ids[a], traces.doc_ids[b]
        links.score[names] = links.score[names[::-1]] = score
        for name in names:
            links.strongest.setdefault(name, score)
        root_a, root_b = _root(joined, a), _root(joined, b)
        if root_a != root_b:
            joined[root_a] = root_b
            link = _link(traces, a, b, score)
            links.shown.setdefault(links.group[names[0]], []).append(link)


def _root(joined: dict[int, int], document: int) -> int:
    while document in joined:
        document = joined[document]
    return document


def _link(traces: Traces, a: int, b: int, score: float) -> dict[str, object]:
    said_by_a, said_by_b = (
        traces.codes[traces.starts[each] : traces.starts[each + 1]] for each in (a, b)
    )
    shared = np.intersect1d(said_by_a, said_by_b)
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


def _translations(told: pl.DataFrame, links: _Links) -> list[pl.Series]:
    """Return `translation_of` and `translation_score`; null for the representative's language."""
    found: list[tuple[str | None, float | None]] = []
    for original, representative, language, spoken in told.select(
        "original", "representative", "language", "spoken"
    ).iter_rows():
        is_translation = original != representative and language != spoken
        score = _held_by(original, representative, links) if is_translation else None
        found.append((representative if is_translation else None, score))
    return [
        pl.Series("translation_of", [of for of, _ in found], pl.String),
        pl.Series("translation_score", [score for _, score in found], pl.Float64),
    ]


def _held_by(original: str, representative: str, links: _Links) -> float:
    """Return the likeness to the representative; of a pair not compared, the strongest link's."""
    return links.score.get((original, representative), links.strongest[original])


def _story_ids(representatives: pl.Series) -> pl.Series:
    ids = [
        hashlib.sha256(f"story {doc_id}".encode()).hexdigest()[:STORY_ID_DIGITS]
        for doc_id in representatives
    ]
    return pl.Series("story_id", ids, pl.String)


def _stories(told: pl.DataFrame, links: _Links) -> pl.DataFrame:
    is_representative = pl.col("doc_id") == pl.col("representative")
    stories = told.group_by("story_id", "representative", "group").agg(
        title=pl.col("title").filter(is_representative).first(),
        languages=pl.col("language").unique().sort(),
        document_count=pl.len().cast(pl.Int64),
        documents=pl.col("doc_id").sort(),
        has_copies=pl.col("duplicate_of").is_not_null().any(),
    )
    shown: Sequence[list[dict[str, object]]] = [links.shown.get(g, []) for g in stories["group"]]
    return (
        stories.with_columns(pl.Series("links", shown, _LINKS))
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
