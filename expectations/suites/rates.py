"""Say what must be true of the counts and rates of a release.

Each frame has a few rows that Polars computed; `sample_count` says by how much a rate was
measured. A rate without a denominator has no row.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from expectations.reasons import BLOCK_REASONS, OUTSIDE_PERIOD
from expectations.suites.expectation import Expectation, Frames, Suite, Thresholds, within

#: What tables of the release before are called among the tables of a release.
PREVIOUS = "previous {}"
PREVIOUS_DOCUMENTS, PREVIOUS_LEDGER = (PREVIOUS.format(name) for name in ("documents", "ledger"))


def rate_suites(thresholds: Thresholds) -> list[Suite]:
    """Return what must be true of counts and rates."""
    return [_counts_suite(), *_share_suites(thresholds), _drift(thresholds), _density(thresholds)]


def _counts_suite() -> Suite:
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
            "Rows of the ledger = documents published + duplicates + superseded versions + "
            "rejected records.",
        ),
        within(
            "something_is_published",
            "published_documents",
            1,
            None,
            "A release without documents would replace a good one by nothing.",
        ),
    )
    *ours, published = (replace(count, shows=(*count.shows, *_COUNTED)) for count in counts)
    return Suite("ledger", (), _counts, (*ours, replace(published, guards="the source")))


_COUNTED = (
    "ledger_rows",
    "raw_documents",
    "unread_records",
    "published_documents",
    "duplicate_documents",
    "superseded_documents",
    "rejected_records",
)


def _counts(tables: Frames) -> pl.LazyFrame:
    """Return one row: how many records there are, by where they ended, and what is missing."""
    is_duplicate = pl.col("duplicate_of").is_not_null()
    is_superseded = pl.col("superseded_by").is_not_null()
    counts = [
        tables["ledger"].select(ledger_rows=pl.len()),
        tables["raw_documents"].select(raw_documents=pl.len()),
        tables["rejects"].select(
            unread_records=pl.col("doc_id").null_count(),
            rejected_records=pl.col("source_uri").n_unique(),
        ),
        tables["documents"].select(
            published_documents=(~is_duplicate & ~is_superseded).sum(),
            duplicate_documents=is_duplicate.sum(),
            superseded_documents=is_superseded.sum(),
        ),
    ]
    ended = (
        "published_documents",
        "duplicate_documents",
        "superseded_documents",
        "rejected_records",
    )
    return (
        pl.concat(counts, how="horizontal")
        .with_columns(pl.all().cast(pl.Int64))
        .with_columns(
            uncounted_records=pl.sum_horizontal("raw_documents", "unread_records")
            - pl.col("ledger_rows"),
            records_without_fate=pl.col("ledger_rows") - pl.sum_horizontal(*ended),
        )
    )


def _share_suites(thresholds: Thresholds) -> list[Suite]:
    shares: tuple[tuple[str, str, Callable[[Frames], pl.LazyFrame], str], ...] = (
        (
            "ledger",
            "rejected_share",
            _rejected_share,
            "So many rejected records, also in the median file, mean a broken reader or source.",
        ),
        (
            "raw_documents",
            "undecodable_share",
            _undecodable_share,
            "So many U+FFFD in the median record, also of the median file, mean failed decoding.",
        ),
        (
            "segments",
            "dropped_share",
            _dropped_share,
            "So much left out of the median document, also of the median file, means that "
            "cleaning eats articles.",
        ),
        (
            "documents",
            "undetermined_share",
            _undetermined_share,
            "So much `und`, also in the median file, means that language tagging failed, or that "
            "the source is in a language outside the vocabulary.",
        ),
    )
    return [
        Suite(
            table,
            (),
            rows,
            (_rate(column, reason, thresholds, "min_documents"),),
            minimum_sample=int(thresholds["min_documents"]),
            sample="records" if table == "ledger" else "documents",
        )
        for table, column, rows, reason in shares
    ]


def _rate(column: str, reason: str, thresholds: Thresholds, minimum: str) -> Expectation:
    bound = f"max_{column}"
    reason = f"{reason} The limit is `checks.{bound}`."
    return replace(
        within(f"{column}_is_low", column, None, thresholds[bound], reason),
        shows=(column, "sample_count"),
        thresholds=(bound, minimum),
        guards="the source",
    )


def _least(rows: pl.LazyFrame, column: str, summed_up: pl.Expr) -> pl.LazyFrame:
    """Return a rate of all rows or that of the median file, whichever is less.

    No file decides alone, whatever its size: one of a million equal lines is one document, and
    one of a million broken records is one file.

    Args:
        rows: `source_uri, share`.
        column: What the rate is called.
        summed_up: Sums up `share`: of all rows, and of those of a file.
    """
    by_file = rows.group_by(file=_FILE).agg(share=summed_up)
    found = [
        rows.select(of_rows=summed_up, sample_count=pl.len()),
        by_file.select(of_files=pl.col("share").median()),
    ]
    least = pl.min_horizontal("of_rows", "of_files").alias(column)
    known = pl.concat(found, how="horizontal").filter(pl.col("sample_count") > 0)
    return known.select(least, "sample_count")


#: The file that a `source_uri` names: what stands before the first `#` after a suffix.
_FILE = pl.coalesce(pl.col("source_uri").str.extract(r"^(.*?\.\w{1,12})#"), "source_uri")
_MEAN, _MEDIAN = pl.col("share").mean(), pl.col("share").median()


def rejected_share(ledger: pl.LazyFrame) -> pl.LazyFrame:
    """Return `rejected_share, sample_count` of a ledger; no row of an empty one.

    What was asked to be left out does not count.
    """
    asked_for = ledger.filter(pl.col("reason") != OUTSIDE_PERIOD)
    rows = asked_for.select("source_uri", share=pl.col("fate") == "rejected")
    return _least(rows, "rejected_share", _MEAN)


def _rejected_share(tables: Frames) -> pl.LazyFrame:
    return rejected_share(tables["ledger"])


def _undecodable_share(tables: Frames) -> pl.LazyFrame:
    share = pl.col("replaced_chars") / pl.col("text_chars")
    rows = tables["raw_documents"].select("source_uri", share=share)
    return _least(rows, "undecodable_share", _MEDIAN)


def _dropped_share(tables: Frames) -> pl.LazyFrame:
    chars = pl.col("text_chars")
    share = chars.filter(~pl.col("kept")).sum() / chars.sum()
    cut = tables["segments"].filter(~pl.col("reason").is_in(BLOCK_REASONS).fill_null(value=False))
    by_document = cut.group_by("doc_id").agg(share=share)
    raw = tables["raw_documents"].select("doc_id", "source_uri")
    return _least(by_document.join(raw, on="doc_id"), "dropped_share", _MEDIAN)


def _undetermined_share(tables: Frames) -> pl.LazyFrame:
    rows = tables["documents"].select("source_uri", share=pl.col("language") == "und")
    return _least(rows, "undetermined_share", _MEAN)


def _drift(thresholds: Thresholds) -> Suite:
    drift = _rate(
        "language_drift",
        "Languages rarely change their share so much between two releases; if the source did, "
        "raise the limit for one build.",
        thresholds,
        "min_documents_for_drift",
    )
    return Suite(
        "documents",
        ("language",),
        _language_drift,
        (
            replace(
                drift,
                shows=("language_drift", "share", "previous_share"),
                accepted_as="language_drift",
            ),
        ),
        minimum_sample=int(thresholds["min_documents_for_drift"]),
        sample="documents in one of the two releases",
        needs=PREVIOUS_DOCUMENTS,
    )


def _language_drift(tables: Frames) -> pl.LazyFrame:
    """Return the change of each language's share of the documents."""
    new, old = (_language_shares(tables[name]) for name in ("documents", PREVIOUS_DOCUMENTS))
    joined = new.join(old, on="language", how="full", coalesce=True, suffix="_before")
    share, share_before = (pl.col(name).fill_null(0.0) for name in ("share", "share_before"))
    fewest = pl.min_horizontal(pl.col("total").max(), pl.col("total_before").max())
    return joined.sort("language").select(
        "language",
        language_drift=(share - share_before).abs(),
        sample_count=fewest.fill_null(0),
        share=share,
        previous_share=share_before,
    )


def _language_shares(documents: pl.LazyFrame) -> pl.LazyFrame:
    total = pl.col("documents").sum()
    by_language = documents.group_by("language").agg(documents=pl.len())
    return by_language.select("language", share=pl.col("documents") / total, total=total)


def _density(thresholds: Thresholds) -> Suite:
    bounds = ("min_entity_density", "max_entity_density")
    density = within(
        "entity_density_is_plausible",
        "entity_density",
        thresholds[bounds[0]],
        thresholds[bounds[1]],
        "Mentions per 1,000 analysed characters of a language: next to none, or one in every "
        "word, means that its model failed, or that the texts are recipes, or directories. The "
        "limits are `checks.min_entity_density` and `checks.max_entity_density`.",
    )
    density = replace(
        density,
        shows=("entity_density", "sample_count"),
        thresholds=(*bounds, "min_analysed_chars"),
        guards="the source",
    )
    return Suite(
        "mentions",
        ("language",),
        _entity_density,
        (density,),
        minimum_sample=int(thresholds["min_analysed_chars"]),
        sample="analysed characters",
    )


def _entity_density(tables: Frames) -> pl.LazyFrame:
    """Return the mentions per 1,000 analysed characters of each analysed language."""
    analysed = tables["segments"].filter(pl.col("analysis") == "analysed")
    chars = analysed.group_by("language").agg(sample_count=pl.col("text_chars").sum())
    mentions = tables["mentions"].group_by("language").agg(mentions=pl.len())
    density = 1000 * pl.col("mentions").fill_null(0) / pl.col("sample_count")
    return (
        chars.join(mentions, on="language", how="left")
        .select("language", "sample_count", entity_density=density)
        .sort("language")
    )
