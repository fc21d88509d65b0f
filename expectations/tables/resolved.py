"""Declare the tables of what several documents share: entities and stories."""

from expectations.schema import FLOAT, INTEGER, STRING, Column, Table, list_of, struct_of

_DOCUMENTS = Column("documents", list_of(STRING), "their `doc_id`s, sorted")

ENTITIES = Table(
    "entities",
    "an entity, with every name it goes by",
    ("entity_id",),
    (
        Column(
            "entity_id",
            STRING,
            "of the alias table, knowledge base, known names that ship (`Q…`: Wikidata's) or "
            "gazetteer (`place-…`), or a hash of its name (`name-…`)",
        ),
        Column(
            "canonical_name",
            STRING,
            "what it is known as, in English if that is known; else a full name of its own without "
            "ending, in Latin letters as far as it can be read (docs/entities.md)",
        ),
        Column(
            "display_names",
            list_of(struct_of(script=STRING, name=STRING)),
            "a name to show in each script that it goes by, sorted by script",
        ),
        Column(
            "label",
            STRING,
            "PER, ORG, LOC or MISC: what it is known to be, else what most mentions say, MISC last",
        ),
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
        _DOCUMENTS,
        Column(
            "evidence",
            STRING,
            "what its least sure join rests on (docs/entities.md); normalised_name: its names "
            "differ in type only; surface: nothing was joined",
        ),
        Column("score", FLOAT, "how sure its least sure join is, 0 to 1; 1: none was needed"),
        Column(
            "confidence",
            FLOAT,
            "mean of its mentions' `confidence`, 0 to 1: how often such names are names",
        ),
        Column(
            "wikidata_id",
            STRING,
            "of the alias table, the knowledge base or the known names that ship",
            nullable=True,
        ),
        Column(
            "wikidata_candidates",
            list_of(STRING),
            "what its names may mean, as Wikidata ids, sorted, where nothing in the text says "
            "which (docs/entities.md); none: it has a `wikidata_id`, or no list knows its names",
        ),
    ),
)

STORIES = Table(
    "stories",
    "a story told by one or more documents",
    ("story_id",),
    (
        Column("story_id", STRING, "hash of its representative's `doc_id`"),
        Column("representative", STRING, "`doc_id` of the document that stands for it"),
        Column("title", STRING, "the title of that document", nullable=True),
        Column("languages", list_of(STRING), "languages that it is told in, sorted"),
        Column("document_count", INTEGER, "how many documents tell it"),
        _DOCUMENTS,
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
