"""Declare the tables of documents: as they came, clean, and cut into segments."""

import polars as pl

from expectations.schema import (
    BOOLEAN,
    FLOAT,
    INTEGER,
    STRING,
    TIMESTAMP,
    Column,
    Table,
    list_of,
    struct_of,
)
from expectations.signals import QUALITY_SIGNALS
from expectations.tables.columns import (
    AUTHOR,
    CANONICAL_URL,
    DEBRIS,
    DECLARED_LANGUAGE,
    DOC_ID,
    FETCHED_AT,
    LANGUAGE,
    LANGUAGE_CONFIDENCE,
    PUBLISHED_AT,
    SCRIPT,
    SEGMENT_INDEX,
    SITE,
    SOURCE_ID,
    SOURCE_URI,
    TEXT_CHARS,
    TITLE,
    URL,
)

#: What a record, or its page, says of itself.
_SAID_OF_IT = (TITLE, AUTHOR, SITE, PUBLISHED_AT, FETCHED_AT, DECLARED_LANGUAGE)

RAW_DOCUMENTS = Table(
    "raw_documents",
    "a record as it came: where from, its bytes' hash, how it was decoded",
    ("doc_id",),
    (
        DOC_ID,
        SOURCE_URI,
        SOURCE_ID,
        URL,
        *_SAID_OF_IT,
        Column("format", STRING, "how the record was stored (docs/ingest.md); not its archive"),
        Column("is_markup", BOOLEAN, "whether `text` is HTML"),
        Column("content_sha256", STRING, "SHA-256 of the record's bytes"),
        Column("content_bytes", INTEGER, "size of the record in bytes"),
        Column("encoding", STRING, "the encoding that decoded the bytes"),
        Column("encoding_source", STRING, "who named it: bom, http, declared, utf-8 or detected"),
        Column(
            "encoding_confidence", FLOAT, "how sure the encoding is, 0 to 1 (a score); 1: certain"
        ),
        Column("replaced_chars", INTEGER, "characters that could not be decoded: U+FFFD in `text`"),
        Column("text", STRING, "the decoded content, otherwise untouched"),
        TEXT_CHARS,
        Column("record_fields", STRING, "the record's other fields, as JSON", nullable=True),
    ),
)

DOCUMENTS = Table(
    "documents",
    "a clean document; a duplicate, and an earlier version of a page, is a row like any other",
    ("doc_id",),
    (
        DOC_ID,
        SOURCE_URI,
        SOURCE_ID,
        URL,
        CANONICAL_URL,
        *_SAID_OF_IT,
        Column("text", STRING, "the kept segments, one per line"),
        TEXT_CHARS,
        LANGUAGE,
        LANGUAGE_CONFIDENCE,
        SCRIPT,
        Column(
            "language_shares",
            list_of(struct_of(language=STRING, share=FLOAT)),
            "share of the characters in each language, largest first",
        ),
        Column("segments_kept", INTEGER, "segments that make up `text`"),
        Column("segments_dropped", INTEGER, "segments left out, each with a reason in `segments`"),
        Column("dropped_chars", INTEGER, "characters of the dropped segments"),
        Column("repaired_chars", INTEGER, "length of the segments that were mended"),
        *QUALITY_SIGNALS,
        DEBRIS,
        Column("debris_count", INTEGER, "traces of machine translation, counted, never altered"),
        Column("analysed_share", FLOAT, "share of `text_chars` that an entity model has read"),
        Column("mention_count", INTEGER, "entity mentions found in `text`"),
        Column("duplicate_of", STRING, "`doc_id` of the kept representative", nullable=True),
        Column("duplicate_kind", STRING, "exact or near", nullable=True),
        Column(
            "contained_in",
            STRING,
            "`doc_id` of a longer document that says nearly all of this one, such as the article "
            "of a teaser; null for duplicates, whose representative may have it",
            nullable=True,
        ),
        Column(
            "contained_share",
            FLOAT,
            "share of its runs of three words that stand there; null: contained in none",
            nullable=True,
        ),
        Column(
            "version_of",
            STRING,
            "`doc_id` of the version of its page that was fetched before it; null: it is the "
            "first, or the only one",
            nullable=True,
        ),
        Column(
            "superseded_by",
            STRING,
            "`doc_id` of the version of its page that was fetched last; null: this is it",
            nullable=True,
        ),
        Column(
            "first_fetched_at",
            TIMESTAMP,
            "when its page was first fetched (UTC), by all that the source has of it",
            nullable=True,
        ),
        Column(
            "story_id",
            STRING,
            "the story that the document tells; null: stories are switched off",
            nullable=True,
        ),
        Column(
            "translation_of",
            STRING,
            "`doc_id` of the document that it seems to be a translation of: the story's "
            "representative, which may itself be the translation",
            nullable=True,
        ),
        Column(
            "translation_score",
            FLOAT,
            "how alike the two are, 0 to 1; null: no translation",
            nullable=True,
        ),
    ),
)


def originals(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Return the documents that stand for themselves: no duplicates, no superseded versions.

    Args:
        documents: DOCUMENTS, or that of an older release, which knows no versions.
    """
    names = documents.collect_schema().names()
    links = [name for name in ("duplicate_of", "superseded_by") if name in names]
    return documents.filter(pl.all_horizontal(pl.col(links).is_null()))


SEGMENTS = Table(
    "segments",
    "a paragraph of a raw document, kept or dropped, with the reason; or what stands together in a "
    "page and is no main text",
    ("doc_id", "segment_index"),
    (
        DOC_ID,
        SEGMENT_INDEX,
        Column("text", STRING, "the segment, repaired"),
        TEXT_CHARS,
        Column(
            "start_char",
            INTEGER,
            "first code point in `raw_documents.text`; null: markup",
            True,
        ),
        Column("end_char", INTEGER, "one past the last code point there; null: from markup", True),
        Column(
            "kept",
            BOOLEAN,
            "whether it is part of `documents.text`, if the document was not rejected",
        ),
        Column("reason", STRING, "why it was dropped (docs/reasons.md); null: kept", nullable=True),
        Column(
            "detail", STRING, "what the reason refers to, or how the model failed", nullable=True
        ),
        Column(
            "chrome_score",
            FLOAT,
            "how likely it is page chrome, 0 to 1, the mean over lines that say the same; null: "
            "the text does not look like a page",
            nullable=True,
        ),
        Column(
            "is_repaired", BOOLEAN, "whether it was mended: mojibake, typography, wrapped lines"
        ),
        DEBRIS,
        Column("debris_count", INTEGER, "traces of machine translation in it"),
        Column(
            "language",
            STRING,
            "BCP-47 tag; `und`: not a language we can name, or left out of a page, which is not "
            "looked at",
        ),
        LANGUAGE_CONFIDENCE,
        SCRIPT,
        Column(
            "document_start_char",
            INTEGER,
            "where it begins in `documents.text`; null: dropped",
            nullable=True,
        ),
        Column(
            "analysis",
            STRING,
            "were entities looked for: analysed, no_model, not_language, duplicate (of "
            "a document that says all of it), superseded, "
            "dropped, switched_off (`entities.enabled`), "
            "rejected (the document was), model_failed (`detail` says how)",
        ),
        Column("entity_model", STRING, "the model that looked; null: not analysed", nullable=True),
    ),
)
