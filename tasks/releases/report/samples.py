"""Choose what a report shows of a release word for word: bounded, reproducible, masked.

Within each language and fate, documents are taken in the order of their `doc_id`, which is
a hash: as good as drawn by lot, and the same every time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from tasks.clean.personal_data import mask

Tables = Mapping[str, pl.LazyFrame]
Rows = list[dict[str, Any]]

# About 300 KB of HTML: opens at once on a telephone. Changing these changes no table.
SAMPLE_DOCUMENTS = 40
DOCUMENT_CHARS = 8_000
DROPPED_SAMPLES = 6
REJECT_SAMPLES = 12
EXCERPT_CHARS = 280
#: What is read beyond the part that is shown, so that its end cuts nothing in half before it is
#: recognised: the longest e-mail address (RFC 5321, 4.5.3.1.3).
MARGIN_CHARS = 254
#: Longer titles are a page's first paragraph.
_TITLE_CHARS = 200
_DOT = "•"
# Dropped segments are often the same line on many pages: distinct ones are chosen of these.
_CANDIDATES = 200


@dataclass(frozen=True)
class SampledDocument:
    """A document with its segments (texts cut at `DOCUMENT_CHARS` in all) and mentions."""

    document: dict[str, Any]
    raw: dict[str, Any]
    segments: Rows
    mentions: Rows

    @property
    def unshown_chars(self) -> int:
        """Characters of the document and its dropped segments that are not shown."""
        total = self.document["text_chars"] - max(self.document["segments_kept"] - 1, 0)
        shown = sum(len(segment["text"]) for segment in self.segments)
        return max(int(total + self.document["dropped_chars"] - shown), 0)


def sample_documents(tables: Tables, strata: Sequence[tuple[str, str]]) -> list[SampledDocument]:
    """Choose documents, as evenly over the strata (language and script) as there are any.

    Args:
        tables: The release's tables.
        strata: The languages and scripts of its documents, most documents first.
    """
    chosen = _chosen_ids(tables["documents"], strata)
    mine = pl.col("doc_id").is_in(chosen)
    documents = tables["documents"].filter(mine).drop("text")
    raw = tables["raw_documents"].filter(mine).drop("text", "record_fields")
    segments = _capped_segments(tables["segments"].filter(mine))
    mentions = tables["mentions"].filter(mine).join(
        tables["entities"].select("entity_id", "canonical_name"), on="entity_id", how="left"
    )  # fmt: skip
    frames = pl.collect_all([documents, raw, segments, mentions], engine="streaming")
    document, origin, own_segments, own_mentions = (_rows_by_document(frame) for frame in frames)
    return [
        SampledDocument(
            document[doc_id][0],
            origin[doc_id][0],
            [_masked(row, DOCUMENT_CHARS - row["chars_before"]) for row in own_segments[doc_id]],
            own_mentions[doc_id],
        )
        for doc_id in chosen
    ]


def _masked(row: dict[str, Any], shown_chars: int) -> dict[str, Any]:
    return {**row, "text": masked_start(row["text"], row["language"], shown_chars)}


def _chosen_ids(documents: pl.LazyFrame, strata: Sequence[tuple[str, str]]) -> list[str]:
    keyed = documents.select("doc_id", "language", "script", "duplicate_of", "superseded_by")
    stands = pl.col("duplicate_of").is_null() & pl.col("superseded_by").is_null()
    groups = [
        (pl.col("language") == language) & (pl.col("script") == script) & is_original
        for language, script in strata[:SAMPLE_DOCUMENTS]
        for is_original in (stands, ~stands)
    ]
    queries = [
        keyed.filter(group).select("doc_id").bottom_k(SAMPLE_DOCUMENTS, by="doc_id")
        for group in groups
    ]
    frames = pl.collect_all(queries, engine="streaming") if queries else []
    return _round_robin([frame["doc_id"].sort().to_list() for frame in frames])[:SAMPLE_DOCUMENTS]


def _round_robin(lists: Sequence[list[str]]) -> list[str]:
    """Take the first of every list, then the second; then put them back in the lists' order."""
    ranked = [
        (rank, index, value)
        for index, values in enumerate(lists)
        for rank, value in enumerate(values)
    ]
    taken = sorted(ranked)[:SAMPLE_DOCUMENTS]
    return [value for _, _, value in sorted(taken, key=lambda entry: (entry[1], entry[0]))]


def _capped_segments(segments: pl.LazyFrame) -> pl.LazyFrame:
    before = pl.col("text_chars").cum_sum().over("doc_id") - pl.col("text_chars")
    return (
        segments.with_columns(text=pl.col("text").str.head(DOCUMENT_CHARS + MARGIN_CHARS))
        .sort("doc_id", "segment_index")
        .with_columns(chars_before=before)
        .filter(pl.col("chars_before") < DOCUMENT_CHARS)
    )


def _rows_by_document(frame: pl.DataFrame) -> dict[str, Rows]:
    order = [
        name
        for name in ("segment_index", "start_char", "end_char", "label")
        if name in frame.columns
    ]
    sorted_rows = frame.sort("doc_id", *order)
    return sorted_rows.rows_by_key("doc_id", named=True, include_key=True)


def sample_dropped(tables: Tables, reasons: Iterable[str]) -> dict[str, Rows]:
    """Choose dropped segments of each reason: distinct texts, by turns over the languages."""
    names = list(reasons)
    uris = tables["raw_documents"].select("doc_id", "source_uri")
    excerpts = tables["segments"].select(
        "doc_id", "segment_index", "reason", "detail", "language", "script", "text_chars",
        text=pl.col("text").str.head(EXCERPT_CHARS + MARGIN_CHARS),
    )  # fmt: skip
    queries = [
        excerpts.filter(reason=name)
        .bottom_k(_CANDIDATES, by=["doc_id", "segment_index"])
        .join(uris, on="doc_id", how="left")
        for name in names
    ]
    frames = pl.collect_all(queries, engine="streaming") if queries else []
    return {name: _distinct(frame) for name, frame in zip(names, frames, strict=True)}


def _distinct(candidates: pl.DataFrame) -> Rows:
    chosen = (
        candidates.sort("doc_id", "segment_index")
        .filter(pl.col("text").str.head(EXCERPT_CHARS).is_first_distinct())
        .with_columns(turn=pl.int_range(pl.len()).over("language"))
        .sort("turn", "language")
        .head(DROPPED_SAMPLES)
    )
    return [_masked(row, EXCERPT_CHARS) for row in chosen.iter_rows(named=True)]


def sample_rejects(rejects: pl.LazyFrame) -> Rows:
    """Choose rejected records: the first by `source_uri`, with what was found."""
    order = ["source_uri", "stage"]
    return (
        rejects.bottom_k(REJECT_SAMPLES, by=order)
        .sort(order)
        .collect(engine="streaming")
        .to_dicts()
    )


def masked_start(text: str, language: str, shown_chars: int, known: Iterable[str] = ()) -> str:
    """Return the first characters of a text, a dot for each character of personal data.

    Args:
        text: The text, or its first `shown_chars + MARGIN_CHARS` characters.
        language: Its BCP-47 tag.
        shown_chars: How much of it is shown.
        known: Personal data that the table `personal_data` has of it.
    """
    for value in sorted(known, key=len, reverse=True):
        text = text.replace(value, _DOT * len(value))
    return _masked_text(text, language)[:shown_chars]


#: Titles recur in many entities.
_masked_text = lru_cache(maxsize=16_384)(mask)


def with_masked_title(row: dict[str, Any], known: Iterable[str] = ()) -> dict[str, Any]:
    """Return a row with `title, language, source_uri`, its title fit to be shown, never null."""
    if not row["title"]:
        return {**row, "title": row["source_uri"]}
    return {**row, "title": masked_start(row["title"], row["language"], _TITLE_CHARS, known)}


def holds_part_of(known: Iterable[str], value: str) -> bool:
    """Tell whether a value is part of personal data, even as a bare number or without case."""
    word, digits = value.casefold(), _digits(value)
    return any(
        word in secret.casefold() or (digits and digits in _digits(secret)) for secret in known
    )


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
