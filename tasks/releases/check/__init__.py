"""Check that tables are what `expectations.suites` says, before they are published.

Reads: the public tables, and for the drift of languages those of the previous release.
Writes: no table, but results that name the rows which broke an expectation.

Polars computes facts, broken references and rates; Great Expectations judges them, on
narrow columns and bounded batches only.
"""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from expectations.checker import run_suite
from expectations.reasons import REASONS
from expectations.results import ExpectationResult, merge_results
from expectations.suites import metric_suites, reference_suites, row_suites
from expectations.suites.expectation import Expectation, Suite, Thresholds, Vocabulary
from tasks.releases.check.document_facts import document_facts, raw_document_facts, segment_facts
from tasks.releases.check.metrics import measure
from tasks.releases.check.record_facts import ledger_facts, reject_facts
from tasks.releases.check.references import Tables, broken_rows
from tasks.releases.check.resolved_facts import entity_facts, story_facts
from tasks.releases.check.span_facts import mention_facts, personal_data_facts
from tasks.settings import CheckSettings
from tasks.writing.languages import KNOWN_TAGS


def check_part(
    frames: Mapping[str, pl.DataFrame], settings: CheckSettings
) -> list[ExpectationResult]:
    """Check the rows of one range of documents.

    Args:
        frames: RAW_DOCUMENTS, DOCUMENTS, SEGMENTS, MENTIONS and PERSONAL_DATA of the same
            documents, all that these documents have. Frames may be empty.
        settings: Thresholds. `passed` is about this part; `merge_results` judges the whole.
    """
    raw, documents = frames["raw_documents"], frames["documents"]
    segments, mentions = frames["segments"], frames["mentions"]
    sentence_chars = settings.repeated_sentence_chars
    rows = {
        "raw_documents": raw_document_facts(raw),
        "documents": document_facts(documents, raw, segments, mentions, sentence_chars),
        "segments": segment_facts(segments, raw),
        "mentions": mention_facts(mentions, documents, segments),
        "personal_data": personal_data_facts(frames["personal_data"], documents),
    }
    suites = row_suites(vocabulary(), thresholds(settings))
    checked = (run_suite(suites[name], rows[name], settings.example_limit) for name in rows)
    return [result for results in checked for result in results]


def check_release(
    tables: Tables, settings: CheckSettings, previous: Tables | None
) -> list[ExpectationResult]:
    """Check what no part can know: references between tables, counts, rates, and small tables.

    Args:
        tables: The public tables.
        settings: Thresholds.
        previous: The tables of the release before, if there is one; `documents` is read.
    """
    limits = thresholds(settings)
    suites = row_suites(vocabulary(), limits)
    results: list[ExpectationResult] = []
    for table, facts in _SMALL_TABLES.items():
        batches = _batches(tables[table], settings.batch_rows)
        parts = (run_suite(suites[table], facts(b), settings.example_limit) for b in batches)
        results += merge_results(parts, settings.example_limit)
    results += [_reference(suite, tables, settings) for suite in reference_suites()]
    return results + [_metric(s, tables, previous, settings) for s in metric_suites(limits)]


_SMALL_TABLES: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "entities": entity_facts,
    "stories": story_facts,
    "rejects": reject_facts,
    "ledger": ledger_facts,
}


def _batches(frame: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """Yield a frame's rows in order, a bounded number at a time; once if there are none."""
    yield frame.head(rows).collect()
    yield from frame.slice(rows).collect_batches(chunk_size=rows, maintain_order=True)


def _reference(suite: Suite, tables: Tables, settings: CheckSettings) -> ExpectationResult:
    expectation = suite.expectations[0]
    broken = broken_rows(tables, suite.table, expectation.name).collect(engine="streaming")
    result = run_suite(suite, broken, settings.example_limit)[0]
    rows = tables[suite.table].select(pl.len()).collect(engine="streaming").item()
    return result.model_copy(update={"checked_count": rows})


def _metric(
    suite: Suite, tables: Tables, previous: Tables | None, settings: CheckSettings
) -> ExpectationResult:
    expectation = suite.expectations[0]
    measured = measure(expectation.name, tables, previous)
    if expectation.minimum_sample:
        measured = measured.filter(pl.col("sample_count") >= expectation.minimum_sample)
    result = run_suite(suite, measured, settings.example_limit)[0]
    if measured.height:
        return result
    return result.model_copy(update={"not_applicable": _missing(expectation, previous)})


def _missing(expectation: Expectation, previous: Tables | None) -> str:
    if expectation.needs_previous and previous is None:
        return "there is no previous release"
    return f"fewer than {expectation.minimum_sample:,} {expectation.sample}"


def thresholds(settings: CheckSettings) -> Thresholds:
    """Return the settings as what suites are built from."""
    return settings.model_dump()


def vocabulary() -> Vocabulary:
    """Return the words that columns may hold."""
    return Vocabulary(KNOWN_TAGS, _reasons("segment"), _reasons("record"), _reasons("document"))


def _reasons(subject: str) -> frozenset[str]:
    return frozenset(name for name, reason in REASONS.items() if reason.subject == subject)
