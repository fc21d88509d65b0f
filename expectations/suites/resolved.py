"""What must be true of every row of `entities` and of `stories`."""

from expectations.suites import columns
from expectations.suites.expectation import Suite, holds, matches, one_of, within


def entities_suite() -> Suite:
    """Return the expectations on `entities` and its facts."""
    return Suite(
        "entities",
        ("entity_id",),
        (
            columns.key_is_present(),
            columns.label_is_known(),
            matches("canonical_name_is_not_blank", "canonical_name", r"\S", "It has a name."),
            within("is_mentioned", "mention_count", 1, None, "It exists because it is mentioned."),
            holds(
                "names_are_sound",
                "Each name has a known language, and their counts add up to the mentions.",
                "mention_count",
            ),
            holds(
                "document_count_is_right",
                "The count must agree with the list of documents, each in it once.",
                "document_count",
            ),
            within("score_is_a_share", "score", 0, 1, "It says how sure its joins are."),
            matches("wikidata_id_is_well_formed", "wikidata_id", r"^Q[1-9]\d*$", "It is a link."),
        ),
    )


def stories_suite() -> Suite:
    """Return the expectations on `stories` and its facts."""
    return Suite(
        "stories",
        ("story_id",),
        (
            columns.key_is_present(),
            holds(
                "representative_tells_it",
                "What stands for a story is one of its documents.",
                "representative",
            ),
            holds(
                "document_count_is_right",
                "The count must agree with the list of documents, each in it once.",
                "document_count",
            ),
            holds("languages_are_known", "Each is a tag of the vocabulary, sorted, once."),
            one_of(
                "evidence_is_known",
                "evidence",
                columns.STORY_EVIDENCE,
                "Readers filter stories by what joined their documents.",
            ),
            holds(
                "links_fit_evidence",
                "Translations are joined by links, each of two of the story's documents and with "
                "a score from 0 to 1; others have none.",
                "evidence",
            ),
        ),
    )
