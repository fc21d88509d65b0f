"""What must be true of the tables of a release together, and of its rates.

Each of these is a suite of its own, because each looks at its own small frame: the rows
whose reference is broken, or the rates that Polars computed.
"""

from dataclasses import replace

from expectations.suites.expectation import Expectation, Suite, Thresholds, holds, within
from expectations.tables import TABLES


def reference_suites() -> list[Suite]:
    """Return what must be true between tables; their frames hold only the broken rows."""
    keys = [_unique_key(table) for table in ("entities", "stories", "rejects", "ledger")]
    return [*keys, *_document_references(), *_record_references()]


def _document_references() -> list[Suite]:
    return [
        _reference(
            "raw_documents",
            holds("is_in_ledger", "No record vanishes: each has a fate.", "source_uri"),
        ),
        _reference(
            "documents",
            holds(
                "representative_is_a_kept_document",
                "A duplicate leads to a document that is there and is no duplicate itself.",
                "duplicate_of",
            ),
        ),
        _reference("documents", holds("story_exists", "Each document tells a story.", "story_id")),
        _reference(
            "documents",
            holds(
                "translation_is_of_its_story",
                "A translation leads to the representative of the story that both tell.",
                "translation_of",
                "story_id",
            ),
        ),
        _reference(
            "mentions", holds("entity_exists", "Each mention names an entity.", "entity_id")
        ),
    ]


def _record_references() -> list[Suite]:
    return [
        _reference(
            "entities",
            holds(
                "mentions_add_up",
                "Counts and documents of an entity must agree with the rows of `mentions`.",
                "mention_count",
                "document_count",
            ),
        ),
        _reference(
            "stories",
            holds(
                "documents_add_up",
                "The documents of a story are those that name it.",
                "document_count",
            ),
        ),
        _reference("rejects", holds("is_in_ledger", "The ledger knows every rejected record.")),
        _reference(
            "rejects",
            holds("doc_id_is_in_raw_documents", "A reference must lead somewhere.", "doc_id"),
        ),
        _reference(
            "ledger",
            holds(
                "fate_is_what_happened",
                "Published records and duplicates are in `documents` as such, rejected ones in "
                "`rejects` alone.",
                "doc_id",
                "fate",
            ),
        ),
    ]


def _reference(table: str, expectation: Expectation) -> Suite:
    return Suite(table, TABLES[table].key, (expectation,))


def _unique_key(table: str) -> Suite:
    key = TABLES[table].key
    rest = [column for column in key if column != key[0]]
    return _reference(table, holds("key_is_unique", "A key names one row.", *rest, "copies"))


def metric_suites(thresholds: Thresholds) -> list[Suite]:
    """Return what must be true of counts and rates; their frames have a few rows each."""
    return [*_count_suites(), *_rate_suites(thresholds), _density_suite(thresholds)]


def _count_suites() -> list[Suite]:
    counts = (
        within(
            "ledger_counts_every_record",
            "uncounted_records",
            0,
            0,
            "Rows of the ledger = raw documents + records that could not be read.",
        ),
        within(
            "fates_add_up",
            "records_without_fate",
            0,
            0,
            "Rows of the ledger = documents published + duplicates + rejected records.",
        ),
        within(
            "something_is_published",
            "published_documents",
            1,
            None,
            "A release without documents would replace a good one by nothing.",
        ),
    )
    shows = ("ledger_rows", "raw_documents", "unread_records", "published_documents")
    shown = (*shows, "duplicate_documents", "rejected_records")
    return [Suite("ledger", (), (replace(count, shows=shown),)) for count in counts]


def _rate_suites(thresholds: Thresholds) -> list[Suite]:
    rates = (
        ("ledger", "rejected_share", "So many rejected records mean a broken reader or source."),
        ("raw_documents", "undecodable_share", "So many U+FFFD mean that decoding failed."),
        ("segments", "dropped_share", "So much left out means that cleaning eats articles."),
        ("documents", "undetermined_share", "So much `und` means that language tagging failed."),
    )
    suites = [
        Suite(table, (), (_rate(column, reason, thresholds, "min_documents"),))
        for table, column, reason in rates
    ]
    drift = _rate(
        "language_drift",
        "Languages rarely change their share so much between two releases; if the source did, "
        "raise the setting for one build.",
        thresholds,
        "min_documents_for_drift",
    )
    shown = replace(
        drift,
        shows=("share", "previous_share"),
        sample="documents in one of the two releases",
        needs_previous=True,
    )
    return [*suites, Suite("documents", ("language",), (shown,))]


def _rate(column: str, reason: str, thresholds: Thresholds, minimum: str) -> Expectation:
    bound = f"max_{column}"
    return replace(
        within(f"{column}_is_low", column, None, thresholds[bound], reason),
        shows=("sample_count",),
        minimum_sample=int(thresholds[minimum]),
        sample="records" if column == "rejected_share" else "documents",
        thresholds=(bound, minimum),
    )


def _density_suite(thresholds: Thresholds) -> Suite:
    bounds = ("min_entity_density", "max_entity_density")
    density = within(
        "entity_density_is_plausible",
        "entity_density",
        thresholds[bounds[0]],
        thresholds[bounds[1]],
        "Mentions per 1,000 analysed characters of a language: next to none, or one in every "
        "word, means that its model failed.",
    )
    density = replace(
        density,
        shows=("sample_count",),
        minimum_sample=int(thresholds["min_analysed_chars"]),
        sample="analysed characters",
        thresholds=(*bounds, "min_analysed_chars"),
    )
    return Suite("mentions", ("language",), (density,))
