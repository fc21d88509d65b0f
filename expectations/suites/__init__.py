"""What must be true of a release: suites as data, one per frame of rows that is checked.

`row_suites` look at each row of a table, with facts about it (`tasks.releases.check`);
`reference_suites` and `metric_suites` at tables together.
"""

from expectations.suites.documents import documents_suite
from expectations.suites.expectation import Suite, Thresholds, Vocabulary
from expectations.suites.mentions import mentions_suite
from expectations.suites.personal_data import personal_data_suite
from expectations.suites.raw_documents import raw_documents_suite
from expectations.suites.records import ledger_suite, rejects_suite
from expectations.suites.release import metric_suites, reference_suites
from expectations.suites.resolved import entities_suite, stories_suite
from expectations.suites.segments import segments_suite

__all__ = ["all_suites", "metric_suites", "reference_suites", "row_suites"]


def row_suites(vocabulary: Vocabulary, thresholds: Thresholds) -> dict[str, Suite]:
    """Return the suite of each table that looks at its rows one by one."""
    suites = (
        raw_documents_suite(),
        documents_suite(vocabulary, thresholds),
        segments_suite(vocabulary, thresholds),
        mentions_suite(vocabulary),
        personal_data_suite(),
        entities_suite(),
        stories_suite(),
        rejects_suite(vocabulary),
        ledger_suite(vocabulary),
    )
    return {suite.table: suite for suite in suites}


def all_suites(vocabulary: Vocabulary, thresholds: Thresholds) -> list[Suite]:
    """Return every suite, for the documentation and for tests."""
    rows = row_suites(vocabulary, thresholds).values()
    return [*rows, *reference_suites(), *metric_suites(thresholds)]
