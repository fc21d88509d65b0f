"""The whole way of one record through a release: what was kept, dropped and why.

Reads of a release: every table. Writes nothing.
"""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

import polars as pl

from expectations.signals import QUALITY_SIGNALS
from tasks.releases.accounts import Stretch, account_for
from tasks.releases.explanation import (
    CleanDocument,
    DuplicateLine,
    Explanation,
    LedgerLine,
    MentionLine,
    PersonalDataLine,
    RawRecord,
    Rejection,
    SegmentLine,
    StoryLine,
    TableRow,
)

Tables = Mapping[str, pl.LazyFrame]
Row = TypeVar("Row", bound="TableRow")
# How many names are compared with one that does not exist, on each side of it in the
# alphabet and among those that contain it: enough to find a slip, whatever the store's size.
_NEIGHBOURS = 50
_NEAR_MATCHES = 5
# Shared stories can be large; the count says how many tell it.
_STORY_MEMBERS = 20


class UnknownRecord(LookupError):
    """No record of the release has this `source_uri`; `near_matches` are those most like it."""

    def __init__(self, source_uri: str, near_matches: list[str]) -> None:
        self.source_uri = source_uri
        self.near_matches = near_matches
        hint = f"; did you mean {', '.join(near_matches)}?" if near_matches else ""
        super().__init__(f"the release has no record {source_uri!r}{hint}")


def explain_record(tables: Tables, record: str) -> Explanation:
    """Gather what a release knows of one record.

    Args:
        tables: The tables of the release.
        record: Its `source_uri` or its `doc_id`.

    Raises:
        UnknownRecord: The release's ledger has no such record.
    """
    named = (pl.col("source_uri") == record) | (pl.col("doc_id") == record)
    ledger = _rows(tables["ledger"].filter(named))
    if not ledger:
        raise UnknownRecord(record, _near_matches(tables["ledger"], record))
    source_uri = ledger[0]["source_uri"]
    doc_id = ledger[0]["doc_id"] or ""  # which is no document's id: all else stays empty
    raw = _first(RawRecord, tables["raw_documents"].filter(doc_id=doc_id))
    segments = _all(SegmentLine, _of_document(tables["segments"], doc_id, "segment_index"))
    document = _first(CleanDocument, tables["documents"].filter(doc_id=doc_id))
    return Explanation(
        source_uri=source_uri,
        ledger=LedgerLine.model_validate(ledger[0]),
        rejections=_all(Rejection, tables["rejects"].filter(source_uri=source_uri).sort("stage")),
        raw=raw,
        segments=segments,
        stretches=_stretches(tables["raw_documents"], raw, segments),
        document=document,
        quality=_quality(tables["documents"].filter(doc_id=doc_id)),
        personal_data=_all(
            PersonalDataLine, _of_document(tables["personal_data"], doc_id, "start_char")
        ),
        duplicate_of=_representative(tables["documents"], document),
        duplicates=_copies(tables["documents"], doc_id),
        story=_story(tables, document),
        mentions=_mentions(tables, doc_id),
    )


def _rows(frame: pl.LazyFrame) -> list[dict[str, Any]]:
    return frame.collect(engine="streaming").to_dicts()


def _all(model: type[Row], frame: pl.LazyFrame) -> list[Row]:
    columns = [name for name in frame.collect_schema().names() if name in model.model_fields]
    return [model.model_validate(row) for row in _rows(frame.select(columns))]


def _first(model: type[Row], frame: pl.LazyFrame) -> Row | None:
    return next(iter(_all(model, frame.head(1))), None)


def _of_document(frame: pl.LazyFrame, doc_id: str, order: str) -> pl.LazyFrame:
    return frame.filter(doc_id=doc_id).sort(order)


def _stretches(
    raw_documents: pl.LazyFrame, raw: RawRecord | None, segments: list[SegmentLine]
) -> list[Stretch]:
    """Account for every character of a plain text; markup has no such account."""
    if raw is None or raw.is_markup:
        return []
    text = raw_documents.filter(doc_id=raw.doc_id).select("text").collect().item()
    placed = [
        (segment.segment_index, segment.start_char, segment.end_char)
        for segment in segments
        if segment.start_char is not None and segment.end_char is not None
    ]
    return account_for(text, placed, raw.encoding, raw.content_sha256)


def _quality(document: pl.LazyFrame) -> dict[str, float | None]:
    rows = _rows(document.select(signal.name for signal in QUALITY_SIGNALS))
    return rows[0] if rows else {}


def _representative(
    documents: pl.LazyFrame, document: CleanDocument | None
) -> DuplicateLine | None:
    if document is None or document.duplicate_of is None:
        return None
    found = _first(DuplicateLine, documents.filter(doc_id=document.duplicate_of))
    return found and found.model_copy(update={"duplicate_kind": document.duplicate_kind})


def _copies(documents: pl.LazyFrame, doc_id: str) -> list[DuplicateLine]:
    return _all(DuplicateLine, documents.filter(duplicate_of=doc_id).sort("source_uri"))


def _story(tables: Tables, document: CleanDocument | None) -> StoryLine | None:
    if document is None:
        return None
    story = _first(StoryLine, tables["stories"].filter(story_id=document.story_id))
    members = (
        tables["documents"]
        .filter(story_id=document.story_id)
        .select("source_uri")
        .bottom_k(_STORY_MEMBERS, by="source_uri")
    )
    uris = sorted(row["source_uri"] for row in _rows(members))
    return story and story.model_copy(update={"source_uris": uris})


def _mentions(tables: Tables, doc_id: str) -> list[MentionLine]:
    named = tables["mentions"].filter(doc_id=doc_id).join(
        tables["entities"].select("entity_id", "canonical_name"), on="entity_id", how="left"
    )  # fmt: skip
    return _all(MentionLine, named.sort("start_char", "end_char", "label"))


def _near_matches(ledger: pl.LazyFrame, source_uri: str) -> list[str]:
    uri = pl.col("source_uri")
    name = source_uri.rsplit("/", 1)[-1].split("#", maxsplit=1)[0] or source_uri
    frames = pl.collect_all(
        [
            ledger.select(uri).filter(uri < source_uri).top_k(_NEIGHBOURS, by=uri),
            ledger.select(uri).filter(uri > source_uri).bottom_k(_NEIGHBOURS, by=uri),
            ledger.select(uri)
            .filter(uri.str.contains(name, literal=True))
            .bottom_k(_NEIGHBOURS, by=uri),
        ],
        engine="streaming",
    )
    candidates = sorted({value for frame in frames for value in frame["source_uri"]})
    return difflib.get_close_matches(source_uri, candidates, _NEAR_MATCHES, cutoff=0.5)
