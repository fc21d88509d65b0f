"""What must be true of every row of `mentions`."""

from expectations.suites import columns
from expectations.suites.expectation import Suite, Vocabulary, holds, matches, unique

_KEY = ("doc_id", "start_char", "end_char", "label")


def mentions_suite(vocabulary: Vocabulary) -> Suite:
    """Return the expectations on `mentions` and its facts."""
    return Suite(
        "mentions",
        _KEY,
        (
            columns.key_is_present(),
            unique(_KEY, "The same words cannot be the same kind of mention twice."),
            holds("is_in_documents", "A mention stands in a document."),
            holds(
                "offsets_are_inside_text",
                "`start_char` lies before `end_char`, both inside `documents.text`.",
            ),
            holds(
                "surface_is_in_text",
                "`documents.text[start_char:end_char]` is the surface, counted in code points.",
                "surface",
                "found_surface",
            ),
            holds(
                "is_inside_analysed_segment",
                "A mention lies within the segment that it names, and that a model has read.",
                "segment_index",
            ),
            columns.label_is_known(),
            columns.language_is_known(vocabulary.languages),
            columns.script_is_well_formed(),
            matches("model_is_named", "model", r"\S", "A reader must know which model said so."),
        ),
    )
