"""The report of a release as one HTML page, and what it is made of.

Reads of a release: every table. Everything that comes from a record is escaped by Jinja,
and the page's content policy forbids it to load anything or to run any script but its own.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from expectations.reasons import REASONS
from expectations.results import Verdict
from tasks.clean.personal_data import mask
from tasks.releases.diff import ReleaseDiff
from tasks.releases.diff_records import CHANGE_REASONS
from tasks.releases.report.entity_samples import sample_entities
from tasks.releases.report.figures import Figures, measure_release
from tasks.releases.report.highlight import cut_at_mentions
from tasks.releases.report.names import (
    language_name,
    models_with_languages,
    script_direction,
    script_name,
)
from tasks.releases.report.samples import sample_documents, sample_dropped, sample_rejects
from tasks.releases.report.story_samples import sample_stories
from tasks.writing.languages import UNDETERMINED

# Lists of entities side by side: beyond these, the chart above them has the rest.
_ENTITY_LANGUAGES = 12
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class StageRow:
    """What a stage did for a release: rows read, computed and reused, and how long it took."""

    stage: str
    rows_in: int
    computed: int
    reused: int
    elapsed_seconds: float


@dataclass(frozen=True)
class ReportHeader:
    """What a report says of a release that its tables do not; `models` are `language=model`."""

    release_id: str
    created_at: str
    source: str
    previous: str | None
    stages: list[StageRow]
    models: list[str]


def render_report(
    header: ReportHeader,
    tables: Mapping[str, pl.LazyFrame],
    verdict: Verdict,
    diff: ReleaseDiff | None,
) -> str:
    """Return a self-contained HTML page on a release; the same input gives the same text.

    Args:
        header: What the tables do not say.
        tables: The tables of the release, by name.
        verdict: What came of the expectations.
        diff: The difference from the previous release; None: there is none.
    """
    from tasks.releases.report import drawings  # noqa: PLC0415 (Altair is slow to import)

    figures = measure_release(tables)
    strata = [(row["language"], row["script"]) for row in figures.languages]
    dropped = _dropped_reasons(figures)
    environment = _environment()
    return environment.get_template("report.html.j2").render(
        header=header,
        figures=figures,
        verdict=verdict,
        diff=diff,
        entity_lists=_entity_lists(figures),
        entities=sample_entities(tables),
        stories=sample_stories(tables),
        charts=drawings.draw_charts(figures),
        label_colours=drawings.LABEL_COLOURS,
        dropped=dropped,
        dropped_samples=sample_dropped(tables, [row["reason"] for row in dropped]),
        rejects=sample_rejects(tables["rejects"]),
        documents=sample_documents(tables, strata),
        script_digest=_digest(environment.get_template("filter.js").render()),
    )


@cache
def _environment() -> Environment:
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
        "percent": _percent,
        "seconds": "{:,.1f} s".format,
        "language": language_name,
        "script": script_name,
        "with_languages": models_with_languages,
        "direction": script_direction,
    }
    environment.globals |= {
        "cut_at_mentions": cut_at_mentions,
        "change_reasons": CHANGE_REASONS,
        "reasons": REASONS,
    }
    return environment


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def _without_personal_data(value: object) -> object:
    """Mask what is printed; samples of text are masked already, knowing their language."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return mask(value, UNDETERMINED)
    return value


def _digest(script: str) -> str:
    """How a content security policy names an inline script."""
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
