"""Write the report of a release: an HTML page, and what lies beside it for who wants more.

Reads of a release: every table. Everything that comes from a record is escaped by Jinja, and the
pages' content policy forbids them to run any script but the report's own, and to load anything
but, in frames, the files that it searches.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup, escape

from expectations.reasons import REASONS
from tasks.clean.personal_data import mask
from tasks.releases.diff import ReleaseDiff
from tasks.releases.diff_records import CHANGE_REASONS
from tasks.releases.releases import Release
from tasks.releases.report.charts import Chart
from tasks.releases.report.detail_pages import FOLDER, DetailPage, detail_pages, plan_details
from tasks.releases.report.drawings import LABEL_COLOURS, draw_charts
from tasks.releases.report.entity_samples import sample_entities
from tasks.releases.report.figures import Figures, measure_release
from tasks.releases.report.further import PER_FILE, further_files, plan_further
from tasks.releases.report.names import (
    language_name,
    models_with_languages,
    script_direction,
    script_name,
)
from tasks.releases.report.samples import (
    SampledDocument,
    sample_documents,
    sample_dropped,
    sample_rejects,
)
from tasks.releases.report.search import Facets, facets_of, search_files
from tasks.releases.report.story_samples import sample_stories
from tasks.releases.report.together import named_together
from tasks.writing.counts import counted
from tasks.writing.languages import UNDETERMINED

if TYPE_CHECKING:
    from jinja2 import Environment

Rows = list[dict[str, Any]]

# Lists of entities side by side: beyond these, the chart above them has the rest.
_ENTITY_LANGUAGES = 12
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Contents:
    """What a report shows of the tables: it needs neither verdict nor difference."""

    figures: Figures
    entities: Rows
    stories: Rows
    dropped: Rows
    dropped_samples: dict[str, Rows]
    rejects: Rows
    documents: list[SampledDocument]
    together: Rows
    facets: Facets
    search: list[str]
    pages: list[DetailPage]
    further: list[str]


def gather_contents(tables: Mapping[str, pl.LazyFrame]) -> Contents:
    """Count a release and choose its samples.

    Args:
        tables: The tables of the release, by name.
    """
    figures = measure_release(tables)
    facets, plan = facets_of(figures), plan_details(tables)
    further = plan_further(tables, plan)
    strata = [(row["language"], row["script"]) for row in figures.languages]
    dropped = _dropped_reasons(figures)
    return Contents(
        figures=figures,
        entities=sample_entities(tables),
        stories=sample_stories(tables),
        dropped=dropped,
        dropped_samples=sample_dropped(tables, [row["reason"] for row in dropped]),
        rejects=sample_rejects(tables["rejects"]),
        documents=sample_documents(tables, strata),
        together=named_together(tables),
        facets=facets,
        search=list(search_files(tables, facets, {**plan.addresses, **further.places})),
        pages=list(detail_pages(tables, plan)),
        further=list(further_files(tables, further)),
    )


def render_files(
    release: Release,
    contents: Contents,
    diff: ReleaseDiff | None,
    history: Chart | None = None,
) -> dict[str, str]:
    """Return all files of a report, by their path beside it; arguments as of `render_report`."""
    detail, searched = (
        _environment().get_template(name) for name in ("detail.html.j2", "searched.html.j2")
    )
    files = {"report.html": render_report(release, contents, diff, history)}
    for page in contents.pages:
        files[f"{FOLDER}/{page.name}"] = detail.render(release=release, page=page)
    for name, texts in (("search", contents.search), ("further", contents.further)):
        for index, rows in enumerate(texts):
            files[f"{FOLDER}/{name}-{index:03d}.html"] = searched.render(
                release=release, rows=rows, script_digest=_script_digest()
            )
    return files


def render_report(
    release: Release,
    contents: Contents,
    diff: ReleaseDiff | None,
    history: Chart | None = None,
) -> str:
    """Return the page on a release that shows the most; the same input gives the same text.

    Args:
        release: Its record.
        contents: What is shown of its tables.
        diff: The difference from the previous release; None: there is none.
        history: What releases measured over time; None: this is the first.
    """
    environment = _environment()
    return environment.get_template("report.html.j2").render(
        release=release,
        verdict=release.verdict,
        diff=diff,
        history=history,
        **{field.name: getattr(contents, field.name) for field in fields(contents)},
        entity_lists=_entity_lists(contents.figures),
        charts=draw_charts(contents.figures),
        label_colours=LABEL_COLOURS,
        together_most=max((max(row["together"]) for row in contents.together), default=0),
        page_names=[page.name for page in contents.pages],
        further_per_file=PER_FILE,
        script_digest=_script_digest(),
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_personal_data,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": "{:,}".format,
        "counted": counted,
        "percent": _percent,
        "seconds": "{:,.1f} s".format,
        "headline": _headline,
        "language": language_name,
        "languages": lambda tags: ", ".join(map(language_name, tags)),
        "script": script_name,
        "with_languages": models_with_languages,
        "direction": script_direction,
        "already_masked": escape,
    }
    environment.globals |= {
        "cut_at_mentions": cut_at_mentions,
        "change_reasons": CHANGE_REASONS,
        "reasons": REASONS,
    }
    return environment


def _headline(document: Mapping[str, Any]) -> Markup:
    """Return what a document is called, as markup."""
    return _called(*(document[name] for name in ("title", "source_uri", "language", "script")))


@lru_cache(maxsize=16_384)  # a document stands beside many entities
def _called(*told: str | None) -> Markup:
    macros: Any = _environment().get_template("macros.html.j2").module
    called: Markup = macros.headline(*told)
    return called


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def _without_personal_data(value: object) -> object:
    """Mask what is printed; samples of text are masked already, knowing their language."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return _masked(value) if is_text else value


#: Most of what a page prints stands on it many times: labels, languages, evidence.
@lru_cache(maxsize=16_384)
def _masked(value: object) -> Markup:
    return escape(mask(str(value), UNDETERMINED))


@cache
def _script_digest() -> str:
    """How a content security policy names the report's inline script."""
    script = _environment().get_template("report.js").render()
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _entity_lists(figures: Figures) -> list[dict[str, Any]]:
    """Put the entities of a language beside its mentions, most mentions first."""
    return [
        {
            "language": language,
            "entities": [r for r in figures.entities_by_language if r["language"] == language],
            "mentions": sum(r["mentions"] for r in figures.mentions if r["language"] == language),
        }
        for language in dict.fromkeys(row["language"] for row in figures.mentions)
    ][:_ENTITY_LANGUAGES]


def _dropped_reasons(figures: Figures) -> list[dict[str, Any]]:
    rows = sorted((r for r in figures.segments if r["reason"]), key=lambda row: str(row["reason"]))
    totals = [
        {
            "reason": reason,
            "segments": sum(row["segments"] for row in group),
            "chars": sum(row["chars"] for row in group),
        }
        for reason, members in groupby(rows, key=lambda row: row["reason"])
        for group in [list(members)]
    ]
    return sorted(totals, key=lambda row: (-row["chars"], row["reason"]))


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the mentions that cover it (none: plain text)."""

    text: str
    mentions: tuple[Mapping[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """What to say of the stretch when it is pointed at."""
        return "\n".join(
            f"{m['label']}: {m['canonical_name'] or m['surface']} ({m['entity_id']}), {m['model']}"
            for m in self.mentions
        )


def cut_at_mentions(
    text: str, start_char: int | None, mentions: Sequence[Mapping[str, Any]]
) -> list[Piece]:
    """Cut a text into pieces whose concatenation is the text; mentions may overlap.

    Args:
        text: A segment's text, perhaps without its end.
        start_char: Where it begins in the document's text; None: it is not part of it.
        mentions: Mentions of the document, with offsets into the document's text.
    """
    if start_char is None:
        return [Piece(text)]
    here = [
        (max(mention["start_char"] - start_char, 0), mention["end_char"] - start_char, mention)
        for mention in mentions
        if mention["start_char"] < start_char + len(text) and mention["end_char"] > start_char
    ]
    cuts = {0, len(text)} | {min(cut, len(text)) for start, end, _ in here for cut in (start, end)}
    bounds = sorted(cuts)
    return [
        Piece(text[left:right], tuple(m for start, end, m in here if start <= left < end))
        for left, right in pairwise(bounds)
    ]
