"""Lay out the difference of two releases for a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.views.terminal_text import isolated_text
from tasks.releases.diff import CountChange, EntityChange, RecordChange, ReleaseDiff
from tasks.releases.diff_records import CHANGE_REASONS

_NAMES_SHOWN = 5


def render_diff(diff: ReleaseDiff) -> RenderableType:
    """Return the difference top to bottom: records, what is in them, entities."""
    if diff.is_empty:
        same = Text(f"No difference: {diff.records_unchanged:,} records are as they were.")
        return Group(same, *_other_rules(diff))
    return Group(
        _headline(diff),
        *_other_rules(diff),
        *_records("Came", "+", "green", diff.came, diff.records_came),
        *_records("Went", "−", "red", diff.went, diff.records_went),
        *_reasons(diff),
        *_records("Changed", "~", "yellow", diff.changed, diff.records_changed),
        *_counts("Fates", diff.fates),
        *_counts("Languages", diff.languages),
        *_counts("Segments", diff.segments),
        *_counts("Rejects", diff.rejects),
        *_entities(diff),
    )


def _other_rules(diff: ReleaseDiff) -> list[RenderableType]:
    if not diff.other_rules:
        return []
    tables = ", ".join(diff.other_rules)
    return [Text(f"Made by other code, settings or packages, so no row was reused: {tables}")]


def _headline(diff: ReleaseDiff) -> Text:
    return Text(
        f"Records: {diff.records_came:,} came, {diff.records_went:,} went, "
        f"{diff.records_changed:,} changed, {diff.records_unchanged:,} are as they were",
        style="bold",
    )


def _title(words: str, shown: int, total: int) -> Text:
    limited = f", {shown:,} of {total:,} shown" if shown < total else ""
    return Text(f"\n{words} ({total:,}{limited})", style="bold cyan")


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2), expand=False)


def _records(
    words: str, sign: str, style: str, records: Sequence[RecordChange], total: int
) -> list[RenderableType]:
    if not total:
        return []
    lines = [_record_line(sign, style, record) for record in records]
    return [_title(words, len(records), total), *lines]


def _record_line(sign: str, style: str, record: RecordChange) -> RenderableType:
    line = Text(f"{sign} ", style=style).append(isolated_text(record.source_uri))
    if record.reasons:
        line.append(f"  {', '.join(record.reasons)}", style=style)
    if record.before != record.after:
        fates = [fate for fate in (record.before, record.after) if fate]
        line.append(f"  {' → '.join(fates)}", style="dim")
    return _indented(line)


def _reasons(diff: ReleaseDiff) -> list[RenderableType]:
    if not diff.change_reasons:
        return []
    grid = Table.grid(padding=(0, 2))
    for reason, count in diff.change_reasons.items():
        grid.add_row(f"{count:,}", reason, Text(CHANGE_REASONS[reason], style="dim"))
    return [Text("\nWhy records changed", style="bold cyan"), _indented(grid)]


def _counts(words: str, counts: Sequence[CountChange]) -> list[RenderableType]:
    moved = [count for count in counts if count.change]
    if not moved:
        return []
    grid = Table.grid(padding=(0, 2))
    for _ in range(2):
        grid.add_column(justify="right")
    for count in moved:
        style = "green" if count.change > 0 else "red"
        grid.add_row(
            f"{count.before:,} → {count.after:,}",
            Text(f"{count.change:+,}", style=style),
            Text(isolated_text(count.name)),
        )
    return [Text(f"\n{words}", style="bold cyan"), _indented(grid)]


def _entities(diff: ReleaseDiff) -> list[RenderableType]:
    total = diff.entities_came + diff.entities_went + diff.entities_renamed
    if not total + diff.entities_recounted:
        return []
    summary = (
        f"{diff.entities_came:,} came, {diff.entities_went:,} went, {diff.entities_renamed:,} have "
        f"other names, {diff.entities_recounted:,} are only mentioned more or less often"
    )
    lines = [_entity_line(entity) for entity in diff.entity_examples]
    title = _title("Entities", len(lines), total)
    return [title, _indented(Text(summary)), *lines]


def _entity_line(entity: EntityChange) -> RenderableType:
    line = Text(f"{entity.label} ", style="dim").append(isolated_text(entity.canonical_name))
    line.append(f"  {entity.mentions_before:,} → {entity.mentions_after:,} mentions", style="dim")
    line.append(_names("+", entity.names_added), style="green")
    line.append(_names("−", entity.names_removed), style="red")
    return _indented(line)


def _names(sign: str, names: Sequence[str]) -> str:
    shown = "".join(f"  {sign}{isolated_text(name)}" for name in names[:_NAMES_SHOWN])
    return shown + ("…" if len(names) > _NAMES_SHOWN else "")
