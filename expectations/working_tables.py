"""Declare the tables that stages hand to each other and that no release contains.

They are declared like the public ones, mostly by naming the public columns they hold,
so that no column has two homes.
"""

from expectations import tables
from expectations.schema import BINARY, BOOLEAN, FLOAT, INTEGER, STRING, Column, Table, list_of
from expectations.tables import columns


def _columns(table: Table, *names: str) -> tuple[Column, ...]:
    by_name = {column.name: column for column in table.columns}
    return tuple(by_name[name] for name in names)


_CUT = [
    "doc_id",
    "segment_index",
    "text",
    "text_chars",
    "start_char",
    "end_char",
    "kept",
    "reason",
    "detail",
    "chrome_score",
    "is_repaired",
    "debris",
    "debris_count",
]
_TAGGED = [*_CUT, "language", "language_confidence", "script", "document_start_char"]
#: The columns of `documents` that need no other document and no model.
_CLEAN_UNTIL = "debris_count"
_CLEAN = tables.DOCUMENTS.column_names[: tables.DOCUMENTS.column_names.index(_CLEAN_UNTIL) + 1]

#: The entity of a mention that the user dropped: it reaches no public table.
DROPPED = "dropped"
#: Kind of a duplicate that is none: an earlier version of a page, for which a later one stands.
SUPERSEDED = "superseded"

CUT_SEGMENTS = Table(
    "cut_segments",
    "a segment, judged on its own and within its document, before its language is known",
    tables.SEGMENTS.key,
    _columns(tables.SEGMENTS, *_CUT),
)
PAGE_METADATA = Table(
    "page_metadata",
    "what a raw document says of itself: in its markup, or beside the headline of a plain text",
    ("doc_id",),
    _columns(
        tables.DOCUMENTS,
        "doc_id",
        "canonical_url",
        "title",
        "author",
        "site",
        "published_at",
        "declared_language",
    ),
)
LINE_TRACES = Table(
    "line_traces",
    "what the lines of a document of a site, kept or chrome, are counted by",
    ("doc_id",),
    (
        columns.DOC_ID,
        Column("site", STRING, "host of the document's address, else the name of its site"),
        Column("segment_indexes", list_of(INTEGER), "`segment_index` of lines that have letters"),
        Column("line_hashes", list_of(INTEGER), "64-bit hash of each line's letters and digits"),
        Column("shingle_hashes", list_of(INTEGER), "smallest hash of its shingles; null: too few"),
        Column("widths", list_of(INTEGER), "its width in letters; 0: dropped already"),
    ),
)
SITE_LINES = Table(
    "site_lines",
    "a kept segment whose line recurs over the site of its document",
    tables.SEGMENTS.key,
    (
        *_columns(tables.SEGMENTS, *tables.SEGMENTS.key),
        Column("is_usual", BOOLEAN, "whether most documents of the site have it"),
    ),
)
JUDGED_SEGMENTS = Table(
    "judged_segments",
    "a segment, judged within its document and its site, before its language is known",
    tables.SEGMENTS.key,
    CUT_SEGMENTS.columns,
)
TAGGED_SEGMENTS = Table(
    "tagged_segments",
    "a segment with its language, before entities are looked for",
    tables.SEGMENTS.key,
    _columns(tables.SEGMENTS, *_TAGGED),
)
CLEAN_SEGMENTS = Table(
    "clean_segments",
    "a segment with its language, personal data replaced if that is asked for",
    tables.SEGMENTS.key,
    TAGGED_SEGMENTS.columns,
)
FOUND_PERSONAL_DATA = Table(
    "found_personal_data",
    "a piece of personal data in the kept segments of a raw document",
    tables.PERSONAL_DATA.key,
    tables.PERSONAL_DATA.columns,
)
CLEAN_DOCUMENTS = Table(
    "clean_documents",
    "a document before duplicates, entities and stories are known",
    ("doc_id",),
    _columns(tables.DOCUMENTS, *_CLEAN),
)
INGEST_REJECTS = Table(
    "ingest_rejects", "a record that could not be read", tables.REJECTS.key, tables.REJECTS.columns
)
CLEAN_REJECTS = Table(
    "clean_rejects",
    "a raw document of which nothing was left",
    ("doc_id",),
    (columns.DOC_ID, *_columns(tables.REJECTS, "source_uri", "stage", "reason", "detail")),
)
SIGNATURES = Table(
    "signatures",
    "what duplicates of a document are found by",
    ("doc_id",),
    (
        columns.DOC_ID,
        columns.SOURCE_URI,
        Column("text_chars", INTEGER, "length of the document's text in code points"),
        Column("exact_sha256", STRING, "hash of the normalised text"),
        Column("minhash", BINARY, "MinHash, a byte per permutation; empty: too short for one"),
        Column(
            "fingerprints",
            BINARY,
            "sampled shingle hashes, four bytes each, by which excerpts are found",
        ),
        Column("facts", BINARY, "sampled hashes of numbers and names, four bytes each"),
    ),
)
DUPLICATES = Table(
    "duplicates",
    "a document that another stands for: which it repeats, or which is a later version of its page",
    ("doc_id",),
    (
        columns.DOC_ID,
        Column("duplicate_of", STRING, "`doc_id` of the kept representative"),
        Column("duplicate_kind", STRING, "exact, near or superseded"),
    ),
)
NOVELTIES = Table(
    "novelties",
    "a near copy that says something that its representative does not, so that names are looked "
    "for in it, too",
    ("doc_id",),
    (
        columns.DOC_ID,
        Column("new_words", FLOAT, "words that may be part of a name, and are new, weighted"),
    ),
)
VERSIONS = Table(
    "versions",
    "a document whose page was fetched several times",
    ("doc_id",),
    _columns(tables.DOCUMENTS, "doc_id", "version_of", "superseded_by", "first_fetched_at"),
)
CONTAINMENTS = Table(
    "containments",
    "a document that stands nearly whole within a longer one",
    ("doc_id",),
    (
        columns.DOC_ID,
        Column("contained_in", STRING, "`doc_id` of the longer document"),
        Column("contained_share", FLOAT, "share of its shingles that stand there"),
    ),
)
FOUND_MENTIONS = Table(
    "found_mentions",
    "a mention before it is known which entity it names",
    tables.MENTIONS.key,
    _columns(tables.MENTIONS, *(n for n in tables.MENTIONS.column_names if n != "entity_id")),
)
ENTITY_NAMES = Table(
    "entity_names",
    "which entity a name means, within a document, a language and a label; `dropped`: none",
    ("doc_id", "language", "label", "surface"),
    (
        *_columns(tables.MENTIONS, "doc_id", "language", "label", "surface", "entity_id"),
        Column(
            "known_label", STRING, "what the entity is, if it is known beforehand", nullable=True
        ),
    ),
)
NAME_SCORES = Table(
    "name_scores",
    "two names of two scripts and how sure it is that they spell one; a name beside itself says "
    "that it was compared with all others of its kind",
    ("kind", "one", "other"),
    (
        Column(
            "kind",
            STRING,
            "name: full names; word: single words; part: words of two names; composed: "
            "what is left of names without their kind",
        ),
        Column("one", STRING, "words in comparable form, a line each"),
        Column("other", STRING, "words in comparable form, a line each; not before `one`"),
        Column("likeness", FLOAT, "how sure it is that they spell one name, 0 to 1"),
    ),
)
STORY_FEATURES = Table(
    "story_features",
    "what of a document survives translation",
    ("doc_id",),
    (
        columns.DOC_ID,
        columns.LANGUAGE,
        Column("letters", FLOAT, "length in letters of an alphabet, as if translated into one"),
        Column("features", list_of(STRING), "`kind:value` of each number, name, concept …"),
        Column("positions", list_of(FLOAT), "where each stands in the text, 0 to 1"),
    ),
)
DOCUMENT_STORIES = Table(
    "document_stories",
    "which story a document tells",
    ("doc_id",),
    _columns(tables.DOCUMENTS, "doc_id", "story_id", "translation_of", "translation_score"),
)

WORKING_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CUT_SEGMENTS,
        PAGE_METADATA,
        LINE_TRACES,
        SITE_LINES,
        JUDGED_SEGMENTS,
        TAGGED_SEGMENTS,
        CLEAN_SEGMENTS,
        FOUND_PERSONAL_DATA,
        CLEAN_DOCUMENTS,
        INGEST_REJECTS,
        CLEAN_REJECTS,
        SIGNATURES,
        DUPLICATES,
        NOVELTIES,
        VERSIONS,
        CONTAINMENTS,
        FOUND_MENTIONS,
        ENTITY_NAMES,
        NAME_SCORES,
        STORY_FEATURES,
        DOCUMENT_STORIES,
    )
}
ALL_TABLES: dict[str, Table] = {**tables.TABLES, **WORKING_TABLES}
