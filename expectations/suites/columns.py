"""Say what must be true of columns that several tables have."""

import polars as pl

from expectations.labels import EVIDENCE, LABELS
from expectations.suites.expectation import Expectation, Languages, holds, matches, one_of, within
from expectations.tables import TABLES

DUPLICATE_KINDS = ("exact", "near")
STORY_EVIDENCE = ("single", "duplicates", "translations", "both")


def key_is_present(table: str) -> Expectation:
    """Expect a value in every column of the key."""
    present = pl.all_horizontal(pl.col(TABLES[table].key).is_not_null())
    return holds("key_is_present", present, "A row without its key cannot be referred to.")


def doc_id_is_well_formed() -> Expectation:
    """Expect a lower-case hexadecimal hash, of 64 bits or more."""
    reason = "Other tables, releases and readers refer to documents by this hash."
    return matches("doc_id_is_well_formed", "doc_id", r"^[0-9a-f]{16,64}$", reason)


def language_is_known(languages: Languages) -> Expectation:
    """Expect a tag of the vocabulary."""
    reason = "A tag outside the vocabulary is one that readers cannot filter by."
    return one_of("language_is_known", "language", languages.tags, reason)


def are_known_languages(tags: pl.Expr, languages: Languages) -> pl.Expr:
    """Say whether every tag of a column of lists is in the vocabulary."""
    known = pl.Series(sorted(languages.tags))
    return tags.list.eval(pl.element().is_in(known.implode())).list.all()


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


def evidence_is_known() -> Expectation:
    """Expect one of those who may say that a name is one."""
    reason = "A reader must know whether the model saw a name here or elsewhere."
    return one_of("evidence_is_known", "evidence", EVIDENCE, reason)


def text_chars_is_right() -> Expectation:
    """Expect the number of code points of `text`."""
    right = pl.col("text").str.len_chars() == pl.col("text_chars")
    reason = "Lengths and offsets count Unicode code points, not bytes."
    return holds("text_chars_is_right", right, reason, "text_chars")


def text_is_not_blank() -> Expectation:
    """Expect something other than white space in `text`."""
    reason = "A row without text says nothing and should not be there."
    return holds("text_is_not_blank", pl.col("text").str.contains(r"\S"), reason)


def is_in_raw_documents(found: pl.Expr) -> Expectation:
    """Expect the row's document in `raw_documents`, of which `found` tells."""
    reason = "Every row must be traceable to the record that it comes from."
    return holds("is_in_raw_documents", found, reason)


def document_count_is_right() -> Expectation:
    """Expect as many `documents` as `document_count` says, none twice."""
    documents, count = pl.col("documents").list, pl.col("document_count")
    right = (count >= 1) & (count == documents.len()) & (count == documents.n_unique())
    reason = "The count must agree with the list of documents, each in it once."
    return holds("document_count_is_right", right, reason, "document_count")


def with_document_chars(spans: pl.LazyFrame, documents: pl.LazyFrame) -> pl.LazyFrame:
    """Add `document_chars`, the length of the document's text; null: there is no document."""
    chars = documents.select("doc_id", document_chars="text_chars").unique("doc_id")
    return spans.join(chars, on="doc_id", how="left", maintain_order="left")


def offsets_are_inside_text() -> Expectation:
    """Expect spans inside the text of a document of `document_chars`."""
    start, end, chars = pl.col("start_char"), pl.col("end_char"), pl.col("document_chars")
    inside = (start >= 0) & (start < end) & (end <= chars)
    reason = "`start_char` lies before `end_char`, both inside `documents.text`."
    return holds("offsets_are_inside_text", inside, reason)
