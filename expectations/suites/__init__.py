"""Say what must be true of a release: suites as data, one per frame of rows that is checked.

`part_suites` look at each row of the tables that are cut by document, `small_suites` at each
row of the others, `reference_suites` and `rate_suites` at tables together, `change_suites` at
those of the last release beside them.
"""

from expectations.suites.changes import change_suites
from expectations.suites.documents import documents_suite
from expectations.suites.expectation import Languages, Suite, Thresholds
from expectations.suites.mentions import mentions_suite
from expectations.suites.personal_data import personal_data_suite
from expectations.suites.rates import rate_suites
from expectations.suites.raw_documents import raw_documents_suite
from expectations.suites.records import ledger_suite, rejects_suite
from expectations.suites.references import reference_suites
from expectations.suites.resolved import entities_suite, stories_suite
from expectations.suites.segments import segments_suite

__all__ = [
    "all_suites",
    "change_suites",
    "part_suites",
    "rate_suites",
    "reference_suites",
    "release_suites",
]


def part_suites(languages: Languages, thresholds: Thresholds) -> list[Suite]:
    """Return what must be true of the rows of any documents on their own."""
    return [
        raw_documents_suite(),
        documents_suite(languages, thresholds),
        segments_suite(languages, thresholds),
        mentions_suite(languages),
        personal_data_suite(),
    ]


def release_suites(languages: Languages, thresholds: Thresholds) -> list[Suite]:
    """Return what must be true of a release that no part of it can know."""
    small = [entities_suite(languages), stories_suite(languages), rejects_suite(), ledger_suite()]
    return [*small, *reference_suites(), *rate_suites(thresholds), *change_suites(thresholds)]


def all_suites(languages: Languages, thresholds: Thresholds) -> list[Suite]:
    """Return every suite, in the order in which a verdict names them."""
    return [*part_suites(languages, thresholds), *release_suites(languages, thresholds)]
