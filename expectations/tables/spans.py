"""Declare the tables of spans of a document: mentions, and personal data."""

from expectations.schema import FLOAT, STRING, Column, Table
from expectations.tables.columns import (
    DOC_ID,
    END_CHAR,
    LANGUAGE,
    SCRIPT,
    SEGMENT_INDEX,
    START_CHAR,
)

MENTIONS = Table(
    "mentions",
    "an entity mention: `documents.text[start_char:end_char] == surface`",
    ("doc_id", "start_char", "end_char", "label"),
    (
        DOC_ID,
        SEGMENT_INDEX,
        START_CHAR,
        END_CHAR,
        Column("surface", STRING, "the mention as it stands in the text"),
        Column("label", STRING, "PER, ORG, LOC or MISC"),
        LANGUAGE,
        SCRIPT,
        Column("model", STRING, "the model that said so, name and version"),
        Column(
            "evidence",
            STRING,
            "who says so: `model` of these words here; `consistency`: it says so of the same "
            "words elsewhere in the document; `list`: the label is that of a known thing, which "
            "the model called something else",
        ),
        Column(
            "confidence",
            FLOAT,
            "how often a mention with such a score has the right span and label, 0 to 1 "
            "(`docs/mentions.md`)",
        ),
        Column("entity_id", STRING, "the entity it names"),
    ),
)

PERSONAL_DATA = Table(
    "personal_data",
    "a piece of personal data in `documents.text`, named by its position, never by its value",
    ("doc_id", "start_char", "end_char"),
    (
        DOC_ID,
        START_CHAR,
        END_CHAR,
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
