"""Declare columns that several tables of a release have."""

from expectations.schema import FLOAT, INTEGER, STRING, TIMESTAMP, Column, list_of, struct_of

DOC_ID = Column("doc_id", STRING, "hash of the record's locator within its source and of its bytes")
SOURCE_URI = Column(
    "source_uri",
    STRING,
    "where the record stands in the source: `file`, or inside it `file#record`, `file#member`",
)
SOURCE_ID = Column("source_id", STRING, "the record's own id, if it has one", nullable=True)
URL = Column("url", STRING, "the address that the record gives of itself", nullable=True)
TITLE = Column(
    "title",
    STRING,
    "its title, as the record gives it; in `documents` else its page's, or its text's headline",
    nullable=True,
)
PUBLISHED_AT = Column(
    "published_at",
    TIMESTAMP,
    "when it was published (UTC), as the record says, in `documents` else its page",
    nullable=True,
)
CANONICAL_URL = Column(
    "canonical_url", STRING, "the address that the page names as its own", nullable=True
)
AUTHOR = Column(
    "author",
    STRING,
    "who wrote it, as the record says, in `documents` else its page; several by `; `",
    nullable=True,
)
SITE = Column("site", STRING, "the name of the site or feed that it stands in", nullable=True)
FETCHED_AT = Column("fetched_at", TIMESTAMP, "when it was fetched or saved (UTC)", nullable=True)
DECLARED_LANGUAGE = Column(
    "declared_language",
    STRING,
    "BCP-47 tag that the record, in `documents` else its page, gives itself, often wrongly",
    nullable=True,
)
LANGUAGE = Column("language", STRING, "BCP-47 tag; `und`: not a language we can name")
LANGUAGE_CONFIDENCE = Column(
    "language_confidence", FLOAT, "how sure the tag is, 0 to 1 (a score, not a probability)"
)
SCRIPT = Column("script", STRING, "ISO 15924 code of the commonest script; `Zyyy`: no letters")
SEGMENT_INDEX = Column("segment_index", INTEGER, "position of the segment in its document, from 0")
TEXT_CHARS = Column("text_chars", INTEGER, "length of `text` in code points")
START_CHAR = Column("start_char", INTEGER, "first code point in `documents.text`")
END_CHAR = Column("end_char", INTEGER, "one past the last code point there")
DEBRIS = Column(
    "debris",
    list_of(struct_of(kind=STRING, script=STRING, language=STRING, count=INTEGER)),
    "traces of machine translation by kind: placeholder, bracket, punctuation, untranslated_word "
    "(with its script and language)",
)
