"""Make all public tables of a small release, consistent by construction, for tests of readers."""

import hashlib
from collections.abc import Mapping, Sequence

import polars as pl

from expectations.tables import TABLES
from tests.making.release_records import (
    CANONICAL,
    MODEL,
    RECORDS,
    REFUSALS,
    Record,
    Refusal,
    digest,
)


def release_tables(
    records: Sequence[Record] = RECORDS, refusals: Sequence[Refusal] = REFUSALS
) -> dict[str, pl.LazyFrame]:
    """Return the public tables of a release of these records."""
    ids = {record.source_uri: record.doc_id for record in records}
    mentions = [row for record in records for row in _mention_rows(record)]
    rows: dict[str, list[dict[str, object]]] = {
        "raw_documents": [_raw_row(record) for record in records],
        "documents": [_document_row(record, ids, mentions) for record in records],
        "segments": [row for record in records for row in _segment_rows(record)],
        "mentions": mentions,
        "personal_data": [],
        "entities": _entity_rows(mentions),
        "stories": _story_rows(records, ids),
        "rejects": [_reject_row(refusal) for refusal in refusals],
        "ledger": _ledger_rows(records, refusals),
    }
    return {
        name: table.frame(_ordered(rows[name], table.column_names)).sort(table.key).lazy()
        for name, table in TABLES.items()
    }


def _ordered(rows: list[dict[str, object]], names: list[str]) -> list[dict[str, object]]:
    return [{name: row.get(name) for name in names} for row in rows]


def _raw_row(record: Record) -> dict[str, object]:
    content = record.raw_text.encode()
    return {
        "doc_id": record.doc_id,
        "source_uri": record.source_uri,
        "title": record.title,
        "format": "text",
        "is_markup": False,
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "content_bytes": len(content),
        "encoding": record.encoding,
        "encoding_source": "utf-8",
        "encoding_confidence": 1.0,
        "replaced_chars": 0,
        "text": record.raw_text,
        "text_chars": len(record.raw_text),
    }


def _document_row(
    record: Record, ids: Mapping[str, str], mentions: Sequence[dict[str, object]]
) -> dict[str, object]:
    kept = [piece for piece in record.pieces if piece.reason is None]
    dropped = [piece for piece in record.pieces if piece.reason is not None]
    return {
        "doc_id": record.doc_id,
        "source_uri": record.source_uri,
        "title": record.title,
        "text": record.text,
        "text_chars": len(record.text),
        "language": kept[0].language,
        "language_confidence": min(piece.confidence for piece in kept),
        "script": kept[0].script,
        "language_shares": [{"language": kept[0].language, "share": 1.0}],
        "segments_kept": len(kept),
        "segments_dropped": len(dropped),
        "dropped_chars": sum(len(piece.text) for piece in dropped),
        "repaired_chars": 0,
        "debris": [],
        "debris_count": 0,
        "analysed_share": 0.0 if record.duplicate_of else 1.0,
        "mention_count": sum(row["doc_id"] == record.doc_id for row in mentions),
        "duplicate_of": ids[record.duplicate_of] if record.duplicate_of else None,
        "duplicate_kind": "exact" if record.duplicate_of else None,
        "story_id": digest("story", ids[record.duplicate_of or record.source_uri]),
    }


def _segment_rows(record: Record) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    raw_start = document_start = 0
    for index, piece in enumerate(record.pieces):
        kept = piece.reason is None
        analysed = kept and record.duplicate_of is None
        rows.append(
            {
                "doc_id": record.doc_id,
                "segment_index": index,
                "text": piece.text,
                "text_chars": len(piece.text),
                "start_char": raw_start,
                "end_char": raw_start + len(piece.text),
                "kept": kept,
                "reason": piece.reason,
                "detail": piece.detail,
                "is_repaired": False,
                "debris": [],
                "debris_count": 0,
                "language": piece.language,
                "language_confidence": piece.confidence,
                "script": piece.script,
                "document_start_char": document_start if kept else None,
                "analysis": "analysed" if analysed else ("duplicate" if kept else "dropped"),
                "entity_model": MODEL if analysed else None,
            }
        )
        raw_start += len(piece.text) + 1
        document_start += len(piece.text) + 1 if kept else 0
    return rows


def _mention_rows(record: Record) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for segment in _segment_rows(record):
        text, start = str(segment["text"]), segment["document_start_char"]
        if segment["analysis"] != "analysed" or not isinstance(start, int):
            continue
        for surface, (label, entity_id) in record.names.items():
            place = text.find(surface)
            while place >= 0:
                rows.append(
                    {
                        "doc_id": record.doc_id,
                        "segment_index": segment["segment_index"],
                        "start_char": start + place,
                        "end_char": start + place + len(surface),
                        "surface": surface,
                        "label": label,
                        "language": segment["language"],
                        "script": segment["script"],
                        "model": MODEL,
                        "evidence": "model",
                        "confidence": 0.9,
                        "entity_id": entity_id,
                    }
                )
                place = text.find(surface, place + len(surface))
    return rows


def _entity_rows(mentions: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for entity_id in sorted({str(row["entity_id"]) for row in mentions}):
        own = [row for row in mentions if row["entity_id"] == entity_id]
        keys = [(row["surface"], row["language"], row["script"]) for row in own]
        documents = sorted({str(row["doc_id"]) for row in own})
        rows.append(
            {
                "entity_id": entity_id,
                "canonical_name": CANONICAL.get(entity_id, entity_id),
                "display_names": [{"script": own[0]["script"], "name": own[0]["surface"]}],
                "label": own[0]["label"],
                "names": [
                    dict(
                        zip(("name", "language", "script"), key, strict=True),
                        count=keys.count(key),
                        evidence="alias_table",
                        score=1.0,
                        joined_to=None,
                    )
                    for key in sorted(set(keys), key=str)
                ],
                "mention_count": len(own),
                "document_count": len(documents),
                "documents": documents,
                "evidence": "alias_table",
                "score": 1.0,
                "confidence": 0.9,
                "wikidata_id": entity_id if entity_id.startswith("Q") else None,
                "wikidata_candidates": [],
            }
        )
    return rows


def _story_rows(records: Sequence[Record], ids: Mapping[str, str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for record in records:
        if record.duplicate_of is not None:
            continue
        tellers = [r for r in records if record.source_uri in (r.source_uri, r.duplicate_of)]
        rows.append(
            {
                "story_id": digest("story", record.doc_id),
                "representative": record.doc_id,
                "title": record.title,
                "languages": sorted({teller.pieces[-1].language for teller in tellers}),
                "document_count": len(tellers),
                "documents": sorted(ids[teller.source_uri] for teller in tellers),
                "evidence": "duplicates" if len(tellers) > 1 else "single",
                "links": [],
            }
        )
    return rows


def _reject_row(refusal: Refusal) -> dict[str, object]:
    return {
        "source_uri": refusal.source_uri,
        "stage": refusal.stage,
        "reason": refusal.reason,
        "detail": refusal.detail,
    }


def _ledger_rows(records: Sequence[Record], refusals: Sequence[Refusal]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "source_uri": record.source_uri,
            "doc_id": record.doc_id,
            "fate": "duplicate" if record.duplicate_of else "published",
            "stage": "find_duplicates" if record.duplicate_of else "compose",
            "reason": "exact" if record.duplicate_of else "kept",
        }
        for record in records
    ]
    return rows + [{**_reject_row(refusal), "fate": "rejected"} for refusal in refusals]
