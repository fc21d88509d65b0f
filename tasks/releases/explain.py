"""Tell the whole way of one record through a release: what was kept, dropped and why.

Reads of a release: every table. Writes nothing.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.signals import QUALITY_SIGNALS
from tasks.clean.personal_data import KINDS
from tasks.clean.personal_data.record_names import MARK, redacted_address
from tasks.releases.accounts import Stretch, account_for

Tables = Mapping[str, pl.LazyFrame]
#: A row of a table by column; `docs/tables.md` says what each column means.
Row = dict[str, Any]
# How many names are compared with one that does not exist, on each side of it in the
# alphabet and among those that contain it: enough to find a slip, whatever the store's size.
_NEIGHBOURS = 50
_NEAR_MATCHES = 5
# Shared stories can be large; the count says how many tell it.
_STORY_MEMBERS = 20


@dataclass(frozen=True)
class Explanation:
    """All that a release knows of one record; None and [] where it never got that far.

    Rows are those of the public tables, `raw` and `document` without their texts;
    `versions` are all documents of its page, if there is more than one, in the order of fetching;
    `mentions` have the `canonical_name` of their entity and `story` the `source_uris` that
    tell it, the first few.
    """

    ledger: Row
    rejections: list[Row]
    raw: Row | None
    segments: list[Row]
    stretches: list[Stretch]
    document: Row | None
    personal_data: list[Row]
    duplicate_of: Row | None
    duplicates: list[Row]
    versions: list[Row]
    story: Row | None
    mentions: list[Row]

    @property
    def quality(self) -> dict[str, float | None]:
        """The quality signals of the document, by name; none: it is none."""
        document = self.document or {}
        return {s.name: document[s.name] for s in QUALITY_SIGNALS if s.name in document}


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
    ledger = _found(tables["ledger"], record)
    if not ledger:
        raise UnknownRecord(record, _near_matches(tables["ledger"], record))
    doc_id = ledger[0]["doc_id"] or ""  # which is no document's id: all else stays empty
    raw = _row(tables["raw_documents"].filter(doc_id=doc_id).drop("text", "record_fields"))
    segments = _rows(tables["segments"].filter(doc_id=doc_id).sort("segment_index"))
    documents = tables["documents"].drop("text")
    document = _row(documents.filter(doc_id=doc_id))
    rejections = tables["rejects"].filter(source_uri=ledger[0]["source_uri"]).sort("stage")
    personal_data = tables["personal_data"].filter(doc_id=doc_id).sort("start_char")
    return Explanation(
        ledger=ledger[0],
        rejections=_rows(rejections),
        raw=raw,
        segments=segments,
        stretches=_stretches(tables["raw_documents"], raw, segments),
        document=document,
        personal_data=_rows(personal_data),
        duplicate_of=_representative(documents, document),
        duplicates=_rows(documents.filter(duplicate_of=doc_id).sort("source_uri")),
        versions=_versions(documents, document),
        story=_story(tables, document),
        mentions=_mentions(tables, doc_id),
    )


def _found(ledger: pl.LazyFrame, record: str) -> list[Row]:
    """Return the row of a record, also by its name as it was before redaction."""
    uri = pl.col("source_uri")
    found = _rows(ledger.filter((uri == record) | (pl.col("doc_id") == record)))
    redacted = redacted_address(record, KINDS)
    if found or redacted == record:
        return found
    alike = _rows(ledger.filter(uri.str.starts_with(redacted + MARK)).head(2))
    return alike if len(alike) == 1 else []


def _rows(frame: pl.LazyFrame) -> list[Row]:
    return frame.collect(engine="streaming").to_dicts()


def _row(frame: pl.LazyFrame) -> Row | None:
    return next(iter(_rows(frame.head(1))), None)


def _stretches(raw_documents: pl.LazyFrame, raw: Row | None, segments: list[Row]) -> list[Stretch]:
    """Account for every character of a plain text; markup has no such account."""
    if raw is None or raw["is_markup"]:
        return []
    text = raw_documents.filter(doc_id=raw["doc_id"]).select("text").collect().item()
    placed = [
        (segment["segment_index"], segment["start_char"], segment["end_char"])
        for segment in segments
        if segment["start_char"] is not None and segment["end_char"] is not None
    ]
    return account_for(text, placed, raw["encoding"], raw["content_sha256"])


def _representative(documents: pl.LazyFrame, document: Row | None) -> Row | None:
    """Return what a document repeats, with the kind of its own copy; None: it is no copy."""
    if document is None or document["duplicate_of"] is None:
        return None
    found = _row(documents.filter(doc_id=document["duplicate_of"]))
    return None if found is None else {**found, "duplicate_kind": document["duplicate_kind"]}


def _versions(documents: pl.LazyFrame, document: Row | None) -> list[Row]:
    """Return the versions of a document's page, itself among them; one only: none."""
    links = document or {}
    current = links.get("superseded_by")
    if before := links.get("version_of"):
        before_it = _row(documents.filter(doc_id=before)) or {}
        current = current or before_it.get("superseded_by")
    if current is None:
        return []
    is_of_page = (pl.col("superseded_by") == current) | (pl.col("doc_id") == current)
    return _rows(documents.filter(is_of_page).sort("fetched_at", "source_uri"))


def _story(tables: Tables, document: Row | None) -> Row | None:
    if document is None or document["story_id"] is None:  # stories are switched off
        return None
    story = _row(tables["stories"].filter(story_id=document["story_id"]))
    members = (
        tables["documents"]
        .filter(story_id=document["story_id"])
        .select("source_uri")
        .bottom_k(_STORY_MEMBERS, by="source_uri")
    )
    uris = sorted(row["source_uri"] for row in _rows(members))
    return None if story is None else {**story, "source_uris": uris}


def _mentions(tables: Tables, doc_id: str) -> list[Row]:
    named = tables["mentions"].filter(doc_id=doc_id).join(
        tables["entities"].select("entity_id", "canonical_name"), on="entity_id", how="left"
    )  # fmt: skip
    return _rows(named.sort("start_char", "end_char", "label"))


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
