"""Write what the report shows of entities and stories without a page, when somebody unfolds one.

A page for each would take gigabytes and minutes; as data, so many to a file, they take little. The
search loads such a file as a frame (`tasks.releases.report.search`) and the report's script draws
what is in it, as text only. Personal data is masked.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from tasks.clean.personal_data import mask
from tasks.releases.report.detail_pages import DetailPlan
from tasks.releases.report.entity_samples import describe_entities
from tasks.releases.report.names import language_name, script_name
from tasks.releases.report.story_samples import describe_stories, told_more_than_once
from tasks.writing.languages import UNDETERMINED

Tables = Mapping[str, pl.LazyFrame]
Row = Mapping[str, Any]

#: Entities or stories of a file: some 400 KB, which a browser reads at once.
PER_FILE = 1_000
#: Described at once: each time mentions and documents are read.
_AT_ONCE = 20_000


@dataclass(frozen=True)
class FurtherPlan:
    """Entities and stories without a page, in the order in which they are written."""

    entities: pl.DataFrame
    stories: pl.DataFrame

    @property
    def places(self) -> dict[str, int]:
        """The place of each among all, by its id."""
        ids = [*self.entities["entity_id"], *self.stories["story_id"]]
        return {identifier: place for place, identifier in enumerate(ids)}


def plan_further(tables: Tables, pages: DetailPlan) -> FurtherPlan:
    """Choose all entities, and all stories of several documents, that have no page."""
    entities = tables["entities"].drop("documents")
    stories = told_more_than_once(tables["stories"])
    frames = pl.collect_all(
        [
            entities.join(
                pages.entities.lazy().select("entity_id"), on="entity_id", how="anti"
            ).sort(-pl.col("document_count"), "entity_id"),
            stories.join(pages.stories.lazy().select("story_id"), on="story_id", how="anti").sort(
                -pl.col("document_count"), "story_id"
            ),
        ],
        engine="streaming",
    )
    return FurtherPlan(*frames)


def further_files(tables: Tables, plan: FurtherPlan) -> Iterator[str]:
    """Yield the JSON text of each file: `[0, names by script, documents]` or `[1, documents]`."""
    told: list[str] = []
    for row in _all(tables, plan):
        told.append(row)
        if len(told) == PER_FILE:
            yield f"[{','.join(told)}]"
            told = []
    if told:
        yield f"[{','.join(told)}]"


def _all(tables: Tables, plan: FurtherPlan) -> Iterator[str]:
    yield from _blocks(tables, plan.entities, describe_entities, _entity)
    yield from _blocks(tables, plan.stories, describe_stories, _story)


def _blocks(
    tables: Tables,
    chosen: pl.DataFrame,
    describe: Callable[[Tables, pl.DataFrame], list[dict[str, Any]]],
    told: Callable[[Row], list[Any]],
) -> Iterator[str]:
    for start in range(0, chosen.height, _AT_ONCE):
        for row in describe(tables, chosen.slice(start, _AT_ONCE)):
            yield json.dumps(told(row), ensure_ascii=False, separators=(",", ":"))


def _entity(row: Row) -> list[Any]:
    scripts = [
        [script_name(group["script"]), group["name_count"], [_name(n) for n in group["names"]]]
        for group in row["scripts"]
    ]
    documents = [
        [d["title"], language_name(d["language"]), d["mentions"], _masked(d["source_uri"])]
        for d in row["documents"]
    ]
    return [0, scripts, documents, row["document_count"]]


def _name(name: Row) -> list[Any]:
    languages = ", ".join(language_name(language) for language in name["languages"])
    joined = f"{name['evidence'].replace('_', ' ')} {name['score']:.2f}"
    other = name["joined_to"]
    told = None if other is None else _masked(other)
    return [_masked(name["name"]), languages, name["count"], joined, told]


def _story(row: Row) -> list[Any]:
    documents = [
        [
            d["title"],
            language_name(d["language"]),
            None if d["published_at"] is None else str(d["published_at"].date()),
            _masked(d["source_uri"]),
            d["first_lines"],
        ]
        for d in row["documents"]
    ]
    return [1, documents, row["document_count"]]


#: Documents and names recur in many entities.
@lru_cache(maxsize=65_536)
def _masked(text: str) -> str:
    return mask(text, UNDETERMINED)
