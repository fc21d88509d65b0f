"""Write the pages beside the report: entities with all they are called, stories side by side.

They are plain pages without a script, so many to a file; those that most documents name or tell
come first, up to a bound. The search tells of all others what its rows hold.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tasks.releases.report.entity_samples import describe_entities
from tasks.releases.report.story_samples import (
    describe_stories,
    story_order,
    told_more_than_once,
)

Tables = Mapping[str, pl.LazyFrame]
Rows = list[dict[str, Any]]

#: Where the pages and what is searched lie, beside report.html.
FOLDER = "report"
#: With a page of their own: 10,000 entities take some 15 s of a processor, as 1,500 documents do.
PAGED_ENTITIES, PAGED_STORIES = 5_000, 1_000
ENTITIES_PER_PAGE, STORIES_PER_PAGE = 100, 25
#: Described at once: what fits memory beside the tables.
_PAGES_AT_ONCE = 20


@dataclass(frozen=True)
class DetailPage:
    """A page: its name, place among its kind, and the entities or the stories on it."""

    kind: str
    place: int
    pages: int
    #: The place of the first of its entities or stories among all.
    first: int
    rows: Rows

    @property
    def name(self) -> str:
        """Its file's name."""
        return _name(self.kind, self.place)

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.kind.capitalize()} {self.first + 1:,} to {self.first + len(self.rows):,}"

    @property
    def earlier(self) -> str | None:
        """The name of the page before it."""
        return _name(self.kind, self.place - 1) if self.place else None

    @property
    def later(self) -> str | None:
        """The name of the page after it."""
        return _name(self.kind, self.place + 1) if self.place + 1 < self.pages else None


@dataclass(frozen=True)
class DetailPlan:
    """Which entities and stories have a page, in the order of being shown."""

    entities: pl.DataFrame
    stories: pl.DataFrame

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each within the folder, by its id."""
        entities = _addresses("entities", self.entities["entity_id"], ENTITIES_PER_PAGE)
        return entities | _addresses("stories", self.stories["story_id"], STORIES_PER_PAGE)


def plan_details(tables: Tables) -> DetailPlan:
    """Choose what has a page: entities of several names or documents, stories of several."""
    order = [-pl.col("document_count"), -pl.col("mention_count"), pl.col("entity_id")]
    several = (pl.col("document_count") > 1) | (pl.col("names").list.len() > 1)
    entities = tables["entities"].filter(several).drop("documents")
    stories = told_more_than_once(tables["stories"])
    frames = pl.collect_all(
        [
            entities.bottom_k(PAGED_ENTITIES, by=order).sort(order),
            stories.bottom_k(PAGED_STORIES, by=story_order()).sort(story_order()),
        ],
        engine="streaming",
    )
    return DetailPlan(*frames)


def detail_pages(tables: Tables, plan: DetailPlan) -> Iterator[DetailPage]:
    """Yield the pages of a plan, in order."""
    yield from _pages("entities", tables, plan.entities, ENTITIES_PER_PAGE, describe_entities)
    yield from _pages("stories", tables, plan.stories, STORIES_PER_PAGE, describe_stories)


def _pages(
    kind: str,
    tables: Tables,
    chosen: pl.DataFrame,
    per_page: int,
    describe: Callable[[Tables, pl.DataFrame], Rows],
) -> Iterator[DetailPage]:
    """Yield the pages of a kind; the tables are read once for some pages together."""
    pages = -(-chosen.height // per_page)
    for block in range(0, chosen.height, per_page * _PAGES_AT_ONCE):
        rows = describe(tables, chosen.slice(block, per_page * _PAGES_AT_ONCE))
        for start in range(0, len(rows), per_page):
            first = block + start
            yield DetailPage(kind, first // per_page, pages, first, rows[start : start + per_page])


def _name(kind: str, page: int) -> str:
    return f"{kind}-{page:03d}.html"


def _addresses(kind: str, identifiers: pl.Series, per_page: int) -> dict[str, str]:
    return {
        identifier: f"{_name(kind, place // per_page)}#n{place}"
        for place, identifier in enumerate(identifiers)
    }
