"""Choose which figures of a release go into which chart of its report."""

from collections.abc import Iterable
from typing import Any

from tasks.clean.personal_data import mask
from tasks.releases.report.bars import histogram, stacked_bars
from tasks.releases.report.charts import Bar, Chart, group_colours
from tasks.releases.report.figures import CONFIDENCE_BINS, Figures
from tasks.releases.report.names import language_name, script_name
from tasks.writing.languages import UNDETERMINED

# What a picture can show legibly; the rest is added up in a last bar.
_MOST_BARS = 16
_MOST_MONTHS = 24
LABEL_COLOURS = {
    "PER": "var(--per)",
    "ORG": "var(--org)",
    "LOC": "var(--loc)",
    "MISC": "var(--misc)",
}


def draw_charts(figures: Figures) -> dict[str, Chart]:
    """Draw every chart of the report, by name."""
    return {
        "funnel": _funnel(figures),
        "languages": _languages(figures),
        "confidence": _confidence(figures),
        "dropped": _dropped(figures),
        "entities": _entities(figures),
        "months": _months(figures),
        "sites": _sites(figures),
    }


def _funnel(figures: Figures) -> Chart:
    steps = [
        ("Records found", figures.records()),
        ("Read", figures.raw_documents),
        ("Documents", figures.documents),
        ("Published once", figures.records("published")),
    ]
    losses = ["", "rejected unread", "rejected as empty of text", "duplicates and earlier versions"]
    before = [steps[0][1], *(size for _, size in steps)]
    bars = [
        Bar(
            label,
            [("kept", size), ("lost here", previous - size)],
            f"{size:,}" if size == previous else f"{size:,}, {previous - size:,} {loss}",
        )
        for (label, size), previous, loss in zip(steps, before, losses, strict=False)
    ]
    colours = {"kept": "var(--good)", "lost here": "var(--lost)"}
    return stacked_bars("What became of the records", bars, colours)


def _languages(figures: Figures) -> Chart:
    kept = [row for row in figures.segments if row["reason"] is None]
    documents = _totals(figures.languages, "language", "documents")
    scripts = group_colours([script_name(script) for script in _totals(kept, "script", "chars")])
    bars = [
        Bar(
            "other languages" if language is None else language_name(language),
            [(script_name(row["script"]), row["chars"]) for row in rows],
            f"{sum(row['chars'] for row in rows):,} characters, {documents.get(language, 0):,} doc."
            if language
            else f"{sum(row['chars'] for row in rows):,} characters",
        )
        for language, rows in _grouped(kept, "language", "chars")
    ]
    return stacked_bars("Characters kept, by language and script", bars, scripts)


def _dropped(figures: Figures) -> Chart:
    dropped = [row for row in figures.segments if row["reason"] is not None]
    names = [language_name(language) for language in _totals(dropped, "language", "chars")]
    bars = [
        Bar(
            "other reasons" if reason is None else reason.replace("_", " "),
            [(language_name(row["language"]), row["chars"]) for row in rows],
            f"{sum(row['chars'] for row in rows):,} characters in "
            f"{sum(row['segments'] for row in rows):,}",
        )
        for reason, rows in _grouped(dropped, "reason", "chars")
    ]
    return stacked_bars("Characters dropped, by reason and language", bars, group_colours(names))


def _entities(figures: Figures) -> Chart:
    labels = _totals(figures.mentions, "label", "mentions")
    colours = LABEL_COLOURS | {
        label: "var(--neutral)" for label in labels if label not in LABEL_COLOURS
    }
    bars = [
        Bar(
            "other languages" if language is None else language_name(language),
            [(row["label"], row["mentions"]) for row in rows],
            f"{sum(row['mentions'] for row in rows):,} mentions",
        )
        for language, rows in _grouped(figures.mentions, "language", "mentions")
    ]
    return stacked_bars("Entity mentions, by language and label", bars, colours)


def _months(figures: Figures) -> Chart:
    """Draw the newest months one after the other, and what is older or has no date in one bar."""
    dated = [row for row in figures.months if row["month"] is not None]
    newest = sorted({row["month"] for row in dated})[-_MOST_MONTHS:]
    colours = group_colours(_language_names(figures.months))
    rows = [(month, [row for row in dated if row["month"] == month]) for month in newest]
    older = [row for row in dated if row["month"] not in newest]
    undated = [row for row in figures.months if row["month"] is None]
    bars = [
        Bar(
            label,
            [(language_name(row["language"]), row["documents"]) for row in members],
            f"{sum(row['documents'] for row in members):,}",
        )
        for label, members in (("earlier", older), *rows, ("no date", undated))
        if members
    ]
    return stacked_bars("Documents by month, coloured by language", bars, colours)


def _sites(figures: Figures) -> Chart:
    bars = [
        Bar(
            "other sites" if site is None else mask(site, UNDETERMINED),
            [(language_name(row["language"]), row["documents"]) for row in rows],
            f"{sum(row['documents'] for row in rows):,}",
        )
        for site, rows in _grouped(figures.sites, "site", "documents")
    ]
    colours = group_colours(_language_names(figures.sites))
    return stacked_bars("Documents by site, coloured by language", bars, colours)


def _language_names(rows: list[dict[str, Any]]) -> list[str]:
    return [language_name(language) for language in _totals(rows, "language", "documents")]


def _confidence(figures: Figures) -> Chart:
    counts = {row["bin"]: row["documents"] for row in figures.confidence}
    bins = [counts.get(index, 0) for index in range(CONFIDENCE_BINS)]
    return histogram("Documents by confidence of their language", bins, "var(--c1)")


def _totals(rows: Iterable[dict[str, Any]], key: str, size: str) -> dict[str, int]:
    """Add up a size per value of a key, largest first."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row[key]] = totals.get(row[key], 0) + row[size]
    return dict(sorted(totals.items(), key=lambda total: (-total[1], total[0])))


def _grouped(
    rows: list[dict[str, Any]], key: str, size: str
) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """Group rows by a key, largest group first; None: the groups beyond the last bar."""
    values = list(_totals(rows, key, size))
    shown, rest = values[:_MOST_BARS], values[_MOST_BARS:]
    groups: list[tuple[str | None, list[dict[str, Any]]]] = [
        (value, [row for row in rows if row[key] == value]) for value in shown
    ]
    return [*groups, (None, [row for row in rows if row[key] in rest])] if rest else groups
