"""Write what the report searches: a row for each entity and each story, in files of some size.

The page loads a file as a frame when somebody searches: a page that is opened from a disk may read
no other file than so. The rows are data in the frame's text; the one script of the report runs
there, too, and answers the page. Personal data is masked.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import polars as pl

from expectations.labels import Label
from tasks.clean.personal_data import mask
from tasks.releases.report.figures import Figures, month_of, site_of
from tasks.writing.languages import UNDETERMINED

Tables = Mapping[str, pl.LazyFrame]
Row = list[Any]

#: Rows of a file: some 2 MB, which a browser searches in some hundredths of a second.
ROWS_PER_FILE = 20_000
#: Choices of a list that a person still looks through.
MOST_SITES, MOST_MONTHS = 200, 600
#: What a row tells; the pages and the tables have the rest.
_NAMES, _TITLE_CHARS = 40, 120
LABELS: tuple[str, ...] = get_args(Label)
_ENTITY, _STORY = 0, 1


@dataclass(frozen=True)
class Facets:
    """What a search can be narrowed to; rows name each by its place in these lists."""

    languages: Sequence[str]
    labels: Sequence[str]
    sites: Sequence[str]
    months: Sequence[str]


def facets_of(figures: Figures) -> Facets:
    """Return the facets of a release: those with most documents first, months in their order."""
    sites = dict.fromkeys(row["site"] for row in figures.sites)
    months = {row["month"] for row in figures.months if row["month"] is not None}
    return Facets(
        languages=list(dict.fromkeys(row["language"] for row in figures.languages)),
        labels=LABELS,
        sites=list(sites)[:MOST_SITES],
        months=sorted(months, reverse=True)[:MOST_MONTHS],
    )


def search_files(tables: Tables, facets: Facets, pages: Mapping[str, str | int]) -> Iterator[str]:
    """Yield the JSON text of each file: rows in the order of being found.

    A row is `[kind, names, label, languages, sites, months, documents, address]`, an address being
    that of a page, or a place among what is unfolded (`tasks.releases.report.further`), or null.

    Args:
        tables: The release's tables.
        facets: What rows can be narrowed to.
        pages: The addresses of entities and stories, by their ids.
    """
    rows = [*_entities(tables, facets, pages), *_stories(tables, facets, pages)]
    for start in range(0, len(rows), ROWS_PER_FILE):
        yield json.dumps(
            rows[start : start + ROWS_PER_FILE], ensure_ascii=False, separators=(",", ":")
        )


def _described(documents: pl.LazyFrame, facets: Facets) -> pl.LazyFrame:
    """Return `doc_id` with the places of language, site and month among the facets, and a title."""
    columns = {"language": facets.languages, "site": facets.sites, "month": facets.months}
    return documents.select(
        "doc_id",
        "language",
        site_of(pl.col("site")),
        month_of(pl.col("published_at")),
        title=pl.coalesce("title", "source_uri").str.head(_TITLE_CHARS),
    ).with_columns(_place(name, values) for name, values in columns.items())


def _place(column: str, values: Sequence[str]) -> pl.Expr:
    places = {value: place for place, value in enumerate(values)}
    return pl.col(column).replace_strict(places, default=None, return_dtype=pl.Int64)


def _facets_by(frame: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Gather the facets of all documents of an entity or a story, and its first titles."""
    places = [
        pl.col(name).drop_nulls().unique().sort().alias(f"{name}s")
        for name in ("language", "site", "month")
    ]
    titles = pl.col("title").sort_by("doc_id").unique(maintain_order=True).head(3)
    return frame.group_by(key).agg(*places, titles=titles)


def _entities(tables: Tables, facets: Facets, pages: Mapping[str, str | int]) -> Iterator[Row]:
    mentioned = tables["mentions"].select("entity_id", "doc_id").unique()
    found = mentioned.join(_described(tables["documents"], facets), on="doc_id")
    order = [-pl.col("document_count"), -pl.col("mention_count"), pl.col("entity_id")]
    names = pl.col("names").list.eval(pl.element().struct.field("name")).list.unique().list.sort()
    told = tables["entities"].select(
        "entity_id", "canonical_name", "label", "document_count", "mention_count", names=names,
    )  # fmt: skip
    joined = told.join(_facets_by(found, "entity_id"), on="entity_id", how="left").sort(order)
    labels = {label: place for place, label in enumerate(facets.labels)}
    for row in joined.collect(engine="streaming").iter_rows(named=True):
        others = [name for name in row["names"] if name != row["canonical_name"]][:_NAMES]
        yield [
            _ENTITY,
            [mask(name, UNDETERMINED) for name in (row["canonical_name"], *others)],
            labels.get(row["label"], -1),
            *_places(row),
            row["document_count"],
            pages.get(row["entity_id"]),
        ]


def _stories(tables: Tables, facets: Facets, pages: Mapping[str, str | int]) -> Iterator[Row]:
    documents = tables["documents"].select("doc_id", "story_id").drop_nulls()
    found = documents.join(_described(tables["documents"], facets), on="doc_id")
    stories = tables["stories"].select("story_id", "representative", "document_count")
    titles = tables["documents"].select(
        representative="doc_id",
        headline=pl.coalesce("title", "source_uri").str.head(_TITLE_CHARS),
    )
    joined = (
        stories.join(titles, on="representative", how="left")
        .join(_facets_by(found, "story_id"), on="story_id", how="left")
        .sort(-pl.col("document_count"), "story_id")
    )
    for row in joined.collect(engine="streaming").iter_rows(named=True):
        headline = mask(row["headline"] or row["representative"], UNDETERMINED)
        others = [title for title in _titles(row) if title != headline]
        yield [
            _STORY, [headline, *others], -1, *_places(row), row["document_count"],
            pages.get(row["story_id"]),
        ]  # fmt: skip


def _places(row: Mapping[str, Any]) -> list[list[int]]:
    return [row["languages"] or [], row["sites"] or [], row["months"] or []]


def _titles(row: Mapping[str, Any]) -> list[str]:
    return [mask(title, UNDETERMINED) for title in row["titles"] or []]
