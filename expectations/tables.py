"""The tables of a release, declared once.

`docs/tables.md`, the Polars cast and the Arrow schema come from these declarations
(`expectations.schema`), and `tasks.store` refuses to write what does not conform.
"""

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

DOC_ID = Column("doc_id", STRING, "hash of the record's locator within its source and of its bytes")
SOURCE_URI = Column(
    "source_uri",
    STRING,
    "where the record stands in the source: `file`, or inside it `file#record`, `file#member`",
)
SOURCE_ID = Column("source_id", STRING, "the record's own id, if it has one", nullable=True)
URL = Column("url", STRING, "the address that the record gives of itself", nullable=True)
TITLE = Column("title", STRING, "the title that the record or its page gives", nullable=True)
PUBLISHED_AT = Column(
    "published_at", TIMESTAMP, "when the record says it was published (UTC)", nullable=True
)
CANONICAL_URL = Column(
    "canonical_url", STRING, "the address that the page names as its own", nullable=True
)
AUTHOR = Column(
    "author", STRING, "who wrote it, as the record or its page says; several by `; `", nullable=True
)
SITE = Column("site", STRING, "the name of the site or feed that it stands in", nullable=True)
FETCHED_AT = Column("fetched_at", TIMESTAMP, "when it was fetched or saved (UTC)", nullable=True)
DECLARED_LANGUAGE = Column(
    "declared_language",
    STRING,
    "BCP-47 tag that the record or its page gives itself, often wrongly",
    nullable=True,
)
LANGUAGE = Column("language", STRING, "BCP-47 tag; `und`: not a language we can name")
LANGUAGE_CONFIDENCE = Column(
    "language_confidence", FLOAT, "how sure the tag is, 0 to 1 (a score, not a probability)"
)
SCRIPT = Column("script", STRING, "ISO 15924 code of the commonest script; `Zyyy`: no letters")
SEGMENT_INDEX = Column("segment_index", INTEGER, "place of the segment in its document, from 0")

DEBRIS = Column(
    "debris",
    list_of(struct_of(kind=STRING, script=STRING, language=STRING, count=INTEGER)),
    "traces of machine translation by kind: placeholder, bracket, punctuation, untranslated_word "
    "(with its script and language)",
)

RAW_DOCUMENTS = Table(
    "raw_documents",
    "a record as it came: where from, its bytes' hash, how it was decoded",
    ("doc_id",),
    (
        DOC_ID,
        SOURCE_URI,
        SOURCE_ID,
        URL,
        TITLE,
        AUTHOR,
        SITE,
        PUBLISHED_AT,
        FETCHED_AT,
        DECLARED_LANGUAGE,
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
        Column("text_chars", INTEGER, "length of `text` in code points"),
        Column("record_fields", STRING, "the record's other fields, as JSON", nullable=True),
    ),
)

DOCUMENTS = Table(
    "documents",
    "a clean document; a duplicate is a row like any other",
    ("doc_id",),
    (
        DOC_ID,
        SOURCE_URI,
        SOURCE_ID,
        URL,
        CANONICAL_URL,
        TITLE,
        AUTHOR,
        SITE,
        PUBLISHED_AT,
        FETCHED_AT,
        DECLARED_LANGUAGE,
        Column("text", STRING, "the kept segments, one per line"),
        Column("text_chars", INTEGER, "length of `text` in code points"),
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
        Column("repaired_chars", INTEGER, "length of the segments in which mojibake was repaired"),
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
        Column("story_id", STRING, "the story that the document tells"),
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

SEGMENTS = Table(
    "segments",
    "a paragraph of a raw document, kept or dropped, with the reason",
    ("doc_id", "segment_index"),
    (
        DOC_ID,
        SEGMENT_INDEX,
        Column("text", STRING, "the segment, repaired"),
        Column("text_chars", INTEGER, "length of `text` in code points"),
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
            "how likely it is page chrome, 0 to 1; null: the text does not look like a page",
            nullable=True,
        ),
        Column("is_repaired", BOOLEAN, "whether mojibake was repaired in it"),
        DEBRIS,
        Column("debris_count", INTEGER, "traces of machine translation in it"),
        LANGUAGE,
        LANGUAGE_CONFIDENCE,
        SCRIPT,
        Column(
            "document_start_char", INTEGER, "where it begins in `documents.text`", nullable=True
        ),
        Column(
            "analysis",
            STRING,
            "were entities looked for: analysed, no_model, not_language, duplicate, dropped, "
            "rejected (the document was), model_failed (`detail` says how)",
        ),
        Column("entity_model", STRING, "the model that looked; null: not analysed", nullable=True),
    ),
)

MENTIONS = Table(
    "mentions",
    "an entity mention: `documents.text[start_char:end_char] == surface`",
    ("doc_id", "start_char", "end_char", "label"),
    (
        DOC_ID,
        SEGMENT_INDEX,
        Column("start_char", INTEGER, "first code point in `documents.text`"),
        Column("end_char", INTEGER, "one past the last code point there"),
        Column("surface", STRING, "the mention as it stands in the text"),
        Column("label", STRING, "PER, ORG, LOC or MISC"),
        LANGUAGE,
        SCRIPT,
        Column("model", STRING, "the model that said so, name and version"),
        Column("entity_id", STRING, "the entity it names"),
    ),
)

PERSONAL_DATA = Table(
    "personal_data",
    "a piece of personal data in `documents.text`, told by its place, never by its value",
    ("doc_id", "start_char", "end_char"),
    (
        DOC_ID,
        Column("start_char", INTEGER, "first code point in `documents.text`"),
        Column("end_char", INTEGER, "one past the last code point there"),
        Column("kind", STRING, "email, phone, iban, card or ip_address"),
        Column(
            "detail",
            STRING,
            "country of a phone or account, network of a card, version of an IP address; an "
            "e-mail address written with `[at]` is `obfuscated`",
            nullable=True,
        ),
    ),
)

ENTITIES = Table(
    "entities",
    "an entity, with every name it goes by",
    ("entity_id",),
    (
        Column(
            "entity_id",
            STRING,
            "of the alias table, knowledge base or gazetteer (`place-…`), or a hash of its name",
        ),
        Column(
            "canonical_name",
            STRING,
            "of the alias table or knowledge base, or the commonest full name",
        ),
        Column("label", STRING, "PER, ORG, LOC or MISC: what most mentions say, MISC last"),
        Column(
            "names",
            list_of(
                struct_of(
                    name=STRING,
                    language=STRING,
                    script=STRING,
                    count=INTEGER,
                    evidence=STRING,
                    score=FLOAT,
                    joined_to=STRING,
                )
            ),
            "every name it goes by, with language, script, number of mentions, and why it is one "
            "with the name `joined_to` (docs/entities.md; null: it is what the others join), "
            "and how sure that is",
        ),
        Column("mention_count", INTEGER, "how often it is mentioned"),
        Column("document_count", INTEGER, "how many documents mention it"),
        Column("documents", list_of(STRING), "their `doc_id`s, sorted"),
        Column(
            "evidence",
            STRING,
            "what its least sure join rests on (docs/entities.md); normalised_name: its names "
            "differ in type only; surface: nothing was joined",
        ),
        Column("score", FLOAT, "how sure its least sure join is, 0 to 1; 1: none was needed"),
        Column("wikidata_id", STRING, "from alias table or knowledge base", nullable=True),
    ),
)

STORIES = Table(
    "stories",
    "a story told by one or more documents",
    ("story_id",),
    (
        Column("story_id", STRING, "hash of its representative's `doc_id`"),
        Column("representative", STRING, "`doc_id` of the document that stands for it"),
        TITLE,
        Column("languages", list_of(STRING), "languages that it is told in, sorted"),
        Column("document_count", INTEGER, "how many documents tell it"),
        Column("documents", list_of(STRING), "their `doc_id`s, sorted"),
        Column(
            "evidence", STRING, "what joined its documents: single, duplicates, translations, both"
        ),
        Column(
            "links",
            list_of(
                struct_of(doc_id=STRING, linked_doc_id=STRING, score=FLOAT, shared=list_of(STRING))
            ),
            "pairs of documents that tell it in two languages, with their likeness (0 to 1) and "
            "the weightiest of what they share: as many pairs as it takes to join them",
        ),
    ),
)

REJECTS = Table(
    "rejects",
    "a record that did not become a document",
    ("source_uri", "stage"),
    (
        SOURCE_URI,
        Column("stage", STRING, "the stage that rejected it"),
        Column("reason", STRING, "why (docs/reasons.md)"),
        Column("detail", STRING, "what exactly was found", nullable=True),
        Column("doc_id", STRING, "its `raw_documents` row, if it got that far", nullable=True),
    ),
)

LEDGER = Table(
    "ledger",
    "every input record once, with its fate",
    ("source_uri",),
    (
        SOURCE_URI,
        Column("doc_id", STRING, "null: the record could not be read", nullable=True),
        Column("fate", STRING, "published, duplicate or rejected"),
        Column("stage", STRING, "the stage that decided"),
        Column("reason", STRING, "the rule that decided (docs/reasons.md)"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RAW_DOCUMENTS,
        DOCUMENTS,
        SEGMENTS,
        MENTIONS,
        PERSONAL_DATA,
        ENTITIES,
        STORIES,
        REJECTS,
        LEDGER,
    )
}
