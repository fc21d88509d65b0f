"""Lay out the explanation of a record for a terminal.

Blocks of lines and no columns beside free text: a right-to-left text may then wrap as it
likes without moving anything else.
"""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from expectations.reasons import REASONS
from flows.views.terminal_text import isolated_text, shown_text, text_block
from tasks.clean.personal_data import KINDS, mask
from tasks.clean.personal_data.record_names import redacted_address
from tasks.releases.accounts import Stretch
from tasks.releases.explain import Explanation, Row
from tasks.writing.languages import UNDETERMINED

# Fits a terminal of 80 columns with the indent.
_TEXT_CELLS = 74
_TEXT_LINES = 3
_NAME_CELLS = 30
_FATE_STYLES = {
    "published": "bold green",
    "duplicate": "bold yellow",
    "superseded": "bold yellow",
    "rejected": "bold red",
}


def render_explanation(explanation: Explanation) -> RenderableType:
    """Return the whole way of a record, top to bottom."""
    parts: list[RenderableType] = [_headline(explanation), *_rejections(explanation)]
    if explanation.raw:
        language = (explanation.document or {}).get("language", UNDETERMINED)
        parts += [_title("As it came"), _raw(explanation.raw, language)]
    if explanation.segments:
        parts.append(_title(f"Segments ({len(explanation.segments)})"))
        bytes_of = {stretch.segment_index: stretch for stretch in explanation.stretches}
        parts += [
            _segment(line, bytes_of.get(line["segment_index"])) for line in explanation.segments
        ]
        parts.append(_indented(_account(explanation)))
    if explanation.document:
        parts += [_title("Document"), _document(explanation.document)]
        parts += [_title("Quality"), _facts(**_signals(explanation.quality))]
    if explanation.personal_data:
        parts += [_title("Personal data"), _personal_data(explanation.personal_data)]
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
    line = Text(isolated_text(explanation.ledger["source_uri"]), style="bold")
    decision = Text(ledger["fate"], style=_FATE_STYLES[ledger["fate"]])
    decision.append(f" by {ledger['stage']}: {ledger['reason']}", style="default")
    reason = REASONS.get(ledger["reason"])
    meaning = [] if reason is None else [Text(reason.meaning, style="italic")]
    return Group(line, decision, *meaning)


def _title(words: str) -> Text:
    return Text(f"\n{words}", style="bold cyan")


def _facts(**facts: object) -> Padding:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts.items():
        if value is not None:
            grid.add_row(name.replace("_", " "), Text(_safe(str(value))))
    return _indented(grid)


def _safe(text: str, language: str = UNDETERMINED) -> str:
    """Return a short text without personal data, safe to print."""
    return isolated_text(mask(text, language))


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2), expand=False)


def _rejections(explanation: Explanation) -> list[RenderableType]:
    return [
        _facts(**{line["stage"]: f"{line['reason']}: {line['detail'] or ''}"})
        for line in explanation.rejections
    ]


def _raw(raw: Row, language: str) -> RenderableType:
    replaced = f", {raw['replaced_chars']:,} characters replaced" if raw["replaced_chars"] else ""
    return _facts(
        format=raw["format"],
        size=f"{raw['content_bytes']:,} bytes, {raw['text_chars']:,} characters",
        encoding=f"{raw['encoding']} (from: {raw['encoding_source']}, confidence "
        f"{raw['encoding_confidence']:.2f}){replaced}",
        sha256=raw["content_sha256"],
        doc_id=raw["doc_id"],
        source_id=redacted_address(raw["source_id"], KINDS),
        url=redacted_address(raw["url"], KINDS),
        title=raw["title"] and mask(raw["title"], language),
        published_at=raw["published_at"],
        fetched_at=raw["fetched_at"],
    )


def _segment(segment: Row, stretch: Stretch | None) -> RenderableType:
    line = Text(f"#{segment['segment_index']} ", style="dim")
    if segment["kept"]:
        line.append("kept", style="green")
    else:
        detail = f" ({_safe(segment['detail'])})" if segment["detail"] else ""
        line.append(f"dropped: {segment['reason']}{detail}", style="red")
    line.append(
        f"  {_tag(segment)}  {segment['text_chars']:,} characters{_place(segment, stretch)}", "dim"
    )
    line.append(f"  {_analysis(segment)}", style="dim")
    if segment["chrome_score"] is not None:
        line.append(f"  chrome {segment['chrome_score']:.2f}", style="dim")
    text = text_block(mask(segment["text"], segment["language"]), _TEXT_CELLS, _TEXT_LINES)
    text.stylize("" if segment["kept"] else "strike dim")
    return _indented(Group(line, Padding(text, (0, 0, 0, 2), expand=False)))


def _tag(row: Row) -> str:
    return f"{row['language']} {row['language_confidence']:.2f} {row['script']}"


def _place(segment: Row, stretch: Stretch | None) -> str:
    repaired = ", repaired" if segment["is_repaired"] else ""
    if segment["start_char"] is None:
        return f" from markup{repaired}"
    return f" at {segment['start_char']}–{segment['end_char']}{_bytes(stretch)}{repaired}"


def _bytes(stretch: Stretch | None) -> str:
    if stretch is None or stretch.start_byte is None:
        return ""
    return f" (bytes {stretch.start_byte}–{stretch.end_byte})"


def _account(explanation: Explanation) -> Text:
    """Say of the characters of the record which are segments, kept or dropped, and the rest."""
    raw, segments = explanation.raw, explanation.segments
    kept = sum(segment["text_chars"] for segment in segments if segment["kept"])
    dropped = sum(segment["text_chars"] for segment in segments) - kept
    line = f"{kept:,} characters kept, {dropped:,} dropped"
    if raw is not None and raw["is_markup"]:
        return Text(f"{line}; the page has {raw['text_chars']:,} with its markup", style="dim")
    between = [s for s in explanation.stretches if s.segment_index is None]
    blank = sum(s.end_char - s.start_char for s in between if s.is_blank)
    others = "".join(f"; in no segment: {s.start_char}–{s.end_char}" for s in between
                     if not s.is_blank)  # fmt: skip
    return Text(f"{line}, {blank:,} of white space around them{others}", style="dim")


def _analysis(segment: Row) -> str:
    if segment["entity_model"]:
        return f"{segment['analysis']} by {isolated_text(segment['entity_model'])}"
    return "" if segment["analysis"] == "dropped" else segment["analysis"]


def _document(row: Row) -> RenderableType:
    shares = (f"{each['language']} {each['share']:.0%}" for each in row["language_shares"])
    repaired = row["repaired_chars"]
    return _facts(
        language=_tag(row),
        shares=", ".join(shares),
        title=row["title"],
        text=f"{row['text_chars']:,} characters, segments: {row['segments_kept']}",
        dropped=f"{row['dropped_chars']:,} characters, segments: {row['segments_dropped']}",
        repaired=f"{repaired:,} characters" if repaired else None,
        debris=row["debris_count"] or None,
        analysed=f"{row['analysed_share']:.0%} of the text",
    )


def _signals(quality: dict[str, float | None]) -> dict[str, str]:
    return {
        name: "no meaning here" if value is None else f"{value:.3g}"
        for name, value in quality.items()
    }


def _personal_data(lines: list[Row]) -> RenderableType:
    shown = [
        " ".join([f"{line['start_char']}–{line['end_char']} ", line["kind"], line["detail"] or ""])
        for line in lines
    ]
    return _indented(Text("\n".join(shown)))


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
    if explanation.versions:
        lines = [_version(line) for line in explanation.versions]
        parts += [_title("Versions of its page"), _indented(_lines(lines))]
    return parts


def _duplicate(line: Row) -> str:
    return f"{line['source_uri']} ({line['duplicate_kind']})"


def _version(line: Row) -> str:
    state = "superseded" if line["superseded_by"] else "current"
    return f"{line['fetched_at']:%Y-%m-%d %H:%M} UTC: {line['source_uri']} ({state})"


def _lines(lines: list[str]) -> Text:
    return Text("\n".join(isolated_text(line) for line in lines))


def _story(story: Row) -> RenderableType:
    told = f"documents: {story['document_count']:,}, in {', '.join(story['languages'])}"
    facts = _facts(
        story_id=story["story_id"], title=story["title"], told_by=told, evidence=story["evidence"]
    )
    if story["document_count"] == 1:
        return facts
    return Group(facts, Padding(_lines(story["source_uris"]), (0, 0, 0, 4), expand=False))


def _mentions(mentions: list[Row]) -> RenderableType:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("offsets", "label", "entity", "model"):
        table.add_column(column, no_wrap=True, overflow="fold")
    table.add_column("surface → name", overflow="fold")
    for mention in mentions:
        names = (mention["surface"], mention["canonical_name"])
        surface, name = (shown_text(mask(text, UNDETERMINED), _NAME_CELLS) for text in names)
        table.add_row(
            f"{mention['start_char']}–{mention['end_char']}",
            mention["label"],
            Text(shown_text(mention["entity_id"], 16)),
            Text(shown_text(mention["model"], 24)),
            Text(f"{surface} → {name}"),
        )
    return _indented(table)
