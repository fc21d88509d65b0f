"""An explanation, laid out for a terminal.

Blocks of lines and no columns beside free text: a right-to-left text may then wrap as it
likes without moving anything else.
"""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tasks.explanation import (
    CleanDocument,
    DuplicateLine,
    Explanation,
    MentionLine,
    RawRecord,
    SegmentLine,
    StoryLine,
)
from tasks.terminal_text import isolated_text, shown_text, text_block

# Fits a terminal of 80 columns with the indent.
_TEXT_CELLS = 74
_TEXT_LINES = 3
_NAME_CELLS = 30
_FATE_STYLES = {"published": "bold green", "duplicate": "bold yellow", "rejected": "bold red"}


def render_explanation(explanation: Explanation) -> RenderableType:
    """Return the whole way of a record, top to bottom."""
    parts: list[RenderableType] = [_headline(explanation), *_rejections(explanation)]
    if explanation.raw:
        parts += [_title("As it came"), _raw(explanation.raw)]
    if explanation.segments:
        parts.append(_title(f"Segments ({len(explanation.segments)})"))
        parts += [_segment(segment) for segment in explanation.segments]
    if explanation.document:
        parts += [_title("Document"), _document(explanation.document)]
    parts += _duplicates(explanation)
    if explanation.story:
        parts += [_title("Story"), _story(explanation.story)]
    if explanation.mentions:
        parts += [
            _title(f"Mentions ({len(explanation.mentions)})"), _mentions(explanation.mentions)
        ]  # fmt: skip
    return Group(*parts)


def _headline(explanation: Explanation) -> RenderableType:
    ledger = explanation.ledger
    line = Text(isolated_text(explanation.source_uri), style="bold")
    decision = Text(ledger.fate, style=_FATE_STYLES[ledger.fate])
    decision.append(f" by {ledger.stage}: {ledger.reason}", style="default")
    meaning = Text(ledger.meaning or "", style="italic")
    return Group(line, decision, meaning) if ledger.meaning else Group(line, decision)


def _title(words: str) -> Text:
    return Text(f"\n{words}", style="bold cyan")


def _facts(**facts: object) -> Padding:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts.items():
        if value is not None:
            grid.add_row(name.replace("_", " "), Text(isolated_text(str(value))))
    return _indented(grid)


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2))


def _rejections(explanation: Explanation) -> list[RenderableType]:
    return [
        _facts(**{line.stage: f"{line.reason}: {line.detail or ''}"})
        for line in explanation.rejections
    ]


def _raw(raw: RawRecord) -> RenderableType:
    replaced = f", {raw.replaced_chars:,} characters replaced" if raw.replaced_chars else ""
    return _facts(
        format=raw.format,
        size=f"{raw.content_bytes:,} bytes, {raw.text_chars:,} characters",
        encoding=f"{raw.encoding} (from: {raw.encoding_source}){replaced}",
        sha256=raw.content_sha256,
        doc_id=raw.doc_id,
        source_id=raw.source_id,
        url=raw.url,
        title=raw.title,
        published_at=raw.published_at,
    )


def _segment(segment: SegmentLine) -> RenderableType:
    line = Text(f"#{segment.segment_index} ", style="dim")
    if segment.kept:
        line.append("kept", style="green")
    else:
        detail = f" ({isolated_text(segment.detail)})" if segment.detail else ""
        line.append(f"dropped: {segment.reason}{detail}", style="red")
    line.append(f"  {_tag(segment)}  {segment.text_chars:,} characters{_place(segment)}", "dim")
    line.append(f"  {_analysis(segment)}", style="dim")
    text = text_block(segment.text, _TEXT_CELLS, _TEXT_LINES)
    text.stylize("" if segment.kept else "strike dim")
    return _indented(Group(line, Padding(text, (0, 0, 0, 2))))


def _tag(row: SegmentLine | CleanDocument) -> str:
    return f"{row.language} {row.language_confidence:.2f} {row.script}"


def _place(segment: SegmentLine) -> str:
    repaired = ", repaired" if segment.is_repaired else ""
    if segment.start_char is None:
        return f" from markup{repaired}"
    return f" at {segment.start_char}–{segment.end_char}{repaired}"


def _analysis(segment: SegmentLine) -> str:
    if segment.entity_model:
        return f"{segment.analysis} by {isolated_text(segment.entity_model)}"
    return "" if segment.analysis == "dropped" else segment.analysis


def _document(document: CleanDocument) -> RenderableType:
    shares = ", ".join(f"{share.language} {share.share:.0%}" for share in document.language_shares)
    return _facts(
        language=_tag(document),
        shares=shares,
        title=document.title,
        text=f"{document.text_chars:,} characters, segments: {document.segments_kept}",
        dropped=f"{document.dropped_chars:,} characters, segments: {document.segments_dropped}",
        repaired=f"{document.repaired_chars:,} characters" if document.repaired_chars else None,
        debris=document.debris_count or None,
        analysed=f"{document.analysed_share:.0%} of the text",
    )


def _duplicates(explanation: Explanation) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if explanation.duplicate_of:
        parts += [
            _title("Repeats"),
            _indented(_lines([_duplicate(explanation.duplicate_of)])),
        ]  # fmt: skip
    if explanation.duplicates:
        lines = [_duplicate(line) for line in explanation.duplicates]
        parts += [_title("Repeated by"), _indented(_lines(lines))]
    return parts


def _duplicate(line: DuplicateLine) -> str:
    return f"{line.source_uri} ({line.duplicate_kind})"


def _lines(lines: list[str]) -> Text:
    return Text("\n".join(isolated_text(line) for line in lines))


def _story(story: StoryLine) -> RenderableType:
    told = f"documents: {story.document_count:,}, in {', '.join(story.languages)}"
    facts = _facts(
        story_id=story.story_id, title=story.title, told_by=told, evidence=story.evidence
    )
    if story.document_count == 1:
        return facts
    return Group(facts, Padding(_lines(story.source_uris), (0, 0, 0, 4)))


def _mentions(mentions: list[MentionLine]) -> RenderableType:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("offsets", "label", "entity", "model"):
        table.add_column(column, no_wrap=True, overflow="fold")
    table.add_column("surface → name", overflow="fold")
    for mention in mentions:
        names = (mention.surface, mention.canonical_name)
        surface, name = (shown_text(text, _NAME_CELLS) for text in names)
        table.add_row(
            f"{mention.start_char}–{mention.end_char}",
            mention.label,
            Text(shown_text(mention.entity_id, 16)),
            Text(shown_text(mention.model, 24)),
            Text(f"{surface} → {name}"),
        )
    return _indented(table)
