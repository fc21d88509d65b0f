"""Expectations on columns that several tables have."""

from collections.abc import Iterable

from expectations.suites.expectation import Expectation, holds, matches, one_of, within

LABELS = ("PER", "ORG", "LOC", "MISC")
DUPLICATE_KINDS = ("exact", "near")
STORY_EVIDENCE = ("single", "duplicates", "translations", "both")


def key_is_present() -> Expectation:
    """Expect a value in every column of the key."""
    return holds("key_is_present", "A row without its key cannot be referred to.")


def doc_id_is_well_formed() -> Expectation:
    """Expect a lower-case hexadecimal hash, of 64 bits or more."""
    reason = "Other tables, releases and readers refer to documents by this hash."
    return matches("doc_id_is_well_formed", "doc_id", r"^[0-9a-f]{16,64}$", reason)


def language_is_known(languages: Iterable[str]) -> Expectation:
    """Expect a tag of the vocabulary."""
    reason = "A tag outside the vocabulary is one that readers cannot filter by."
    return one_of("language_is_known", "language", languages, reason)


def declared_language_is_well_formed() -> Expectation:
    """Expect language, script and region of a BCP-47 tag."""
    reason = "What pages declare is compared with what is detected, so the form must be the same."
    pattern = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
    return matches("declared_language_is_well_formed", "declared_language", pattern, reason)


def confidence_is_in_range(column: str) -> Expectation:
    """Expect a number from 0 to 1."""
    reason = "Whoever filters by confidence relies on a scale from 0 to 1."
    return within(f"{column}_is_in_range", column, 0, 1, reason)


def script_is_well_formed() -> Expectation:
    """Expect the form of an ISO 15924 code."""
    reason = "Scripts are ISO 15924 codes such as `Cyrl`, in every table."
    return matches("script_is_well_formed", "script", "^[A-Z][a-z]{3}$", reason)


def label_is_known() -> Expectation:
    """Expect one of the four labels that every model's own labels are mapped to."""
    reason = "Labels of different models can be compared only if they are the same four."
    return one_of("label_is_known", "label", LABELS, reason)


def text_chars_is_right() -> Expectation:
    """Expect the number of code points of `text`."""
    reason = "Lengths and offsets count Unicode code points, not bytes."
    return holds("text_chars_is_right", reason, "text_chars")


def text_is_not_blank() -> Expectation:
    """Expect something other than white space in `text`."""
    return holds("text_is_not_blank", "A row without text says nothing and should not be there.")


def is_in_raw_documents() -> Expectation:
    """Expect the row's document in `raw_documents`."""
    reason = "Every row must be traceable to the record that it comes from."
    return holds("is_in_raw_documents", reason)
