"""What must be true of every row of `rejects` and of `ledger`."""

from expectations.suites import columns
from expectations.suites.expectation import Suite, Vocabulary, holds, one_of

FATES = ("published", "duplicate", "rejected")


def rejects_suite(vocabulary: Vocabulary) -> Suite:
    """Return the expectations on `rejects` and its facts."""
    return Suite(
        "rejects",
        ("source_uri", "stage"),
        (
            columns.key_is_present(),
            one_of(
                "reason_is_known",
                "reason",
                vocabulary.record_reasons,
                "docs/reasons.md explains each; another would explain nothing.",
            ),
            holds("stage_gives_reason", "Each reason belongs to one stage.", "reason"),
        ),
    )


def ledger_suite(vocabulary: Vocabulary) -> Suite:
    """Return the expectations on `ledger` and its facts."""
    return Suite(
        "ledger",
        ("source_uri",),
        (
            columns.key_is_present(),
            one_of("fate_is_known", "fate", FATES, "These are all the ends a record can come to."),
            one_of(
                "reason_is_known",
                "reason",
                vocabulary.record_reasons | vocabulary.document_reasons,
                "docs/reasons.md explains each; another would explain nothing.",
            ),
            holds("stage_gives_reason", "Each reason belongs to one stage.", "stage", "reason"),
        ),
    )
