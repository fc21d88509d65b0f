"""What must be true of every row of `personal_data`."""

from expectations.suites import columns
from expectations.suites.expectation import Suite, holds, one_of, unique

KINDS = ("email", "phone", "iban", "card", "ip_address")
_KEY = ("doc_id", "start_char", "end_char")


def personal_data_suite() -> Suite:
    """Return the expectations on `personal_data` and its facts."""
    return Suite(
        "personal_data",
        _KEY,
        (
            columns.key_is_present(),
            unique(_KEY, "The same characters cannot be two pieces of personal data."),
            columns.doc_id_is_well_formed(),
            holds("is_in_documents", "Personal data is told by its place in a document's text."),
            holds(
                "offsets_are_inside_text",
                "`start_char` lies before `end_char`, both inside `documents.text`.",
            ),
            one_of("kind_is_known", "kind", KINDS, "Readers filter and redact by these words."),
            holds("spans_are_apart", "Where spans overlap, none of them can be replaced."),
        ),
    )
