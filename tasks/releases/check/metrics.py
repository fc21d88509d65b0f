"""Counts and rates of a release, each over a frame of a few rows that Polars computed.

Each function gets the tables as lazy frames, and those of the previous release or None, and
returns the columns that `expectations.suites.release` names; `sample_count` says by how much
a rate was measured. A rate without a denominator has no row.
"""

from collections.abc import Callable

import polars as pl

from tasks.releases.check.references import Tables


def _rows(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect(engine="streaming").item())


def _counts(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    """Return one row: how many records there are, by where they ended, and what is missing."""
    documents, rejects = tables["documents"], tables["rejects"]
    found = {
        "ledger_rows": _rows(tables["ledger"]),
        "raw_documents": _rows(tables["raw_documents"]),
        "unread_records": _rows(rejects.filter(pl.col("doc_id").is_null())),
        "published_documents": _rows(documents.filter(pl.col("duplicate_of").is_null())),
        "duplicate_documents": _rows(documents.filter(pl.col("duplicate_of").is_not_null())),
        "rejected_records": _rows(rejects.select("source_uri").unique()),
    }
    ended = ("published_documents", "duplicate_documents", "rejected_records")
    records = found["raw_documents"] + found["unread_records"]
    found["uncounted_records"] = records - found["ledger_rows"]
    found["records_without_fate"] = found["ledger_rows"] - sum(found[name] for name in ended)
    return pl.DataFrame([found])


def _share(frame: pl.LazyFrame, column: str, part: pl.Expr, whole: pl.Expr) -> pl.DataFrame:
    sums = frame.select(part=part.sum(), whole=whole.sum(), sample_count=pl.len())
    share = (pl.col("part") / pl.col("whole")).alias(column)
    return (
        sums.filter(pl.col("whole") > 0).select(share, "sample_count").collect(engine="streaming")
    )


def _rejected_share(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    rejected = pl.col("fate") == "rejected"
    return _share(tables["ledger"], "rejected_share", rejected, pl.col("fate").is_not_null())


def _undecodable_share(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    raw, replaced = tables["raw_documents"], pl.col("replaced_chars")
    return _share(raw, "undecodable_share", replaced, pl.col("text_chars"))


def _dropped_share(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    dropped = pl.col("text_chars").filter(~pl.col("kept")).sum()
    by_document = (
        tables["segments"].group_by("doc_id").agg(dropped=dropped, chars=pl.col("text_chars").sum())
    )
    return _share(by_document, "dropped_share", pl.col("dropped"), pl.col("chars"))


def _undetermined_share(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    language = pl.col("language")
    documents = tables["documents"]
    return _share(documents, "undetermined_share", language == "und", language.is_not_null())


def _language_drift(tables: Tables, previous: Tables | None) -> pl.DataFrame:
    """Return the change of each language's share of the documents; no rows without previous."""
    if previous is None:
        return pl.DataFrame(schema=_DRIFT_SCHEMA)
    new, old = (_language_shares(side["documents"]) for side in (tables, previous))
    joined = new.join(old, on="language", how="full", coalesce=True, suffix="_before").collect()
    share, share_before = (pl.col(name).fill_null(0.0) for name in ("share", "share_before"))
    fewest = pl.min_horizontal(pl.col("total").max(), pl.col("total_before").max())
    return joined.sort("language").select(
        "language",
        language_drift=(share - share_before).abs(),
        sample_count=fewest.fill_null(0),
        share=share,
        previous_share=share_before,
    )


_DRIFT_SCHEMA = {
    "language": pl.String,
    "language_drift": pl.Float64,
    "sample_count": pl.UInt32,
    "share": pl.Float64,
    "previous_share": pl.Float64,
}


def _language_shares(documents: pl.LazyFrame) -> pl.LazyFrame:
    total = pl.col("documents").sum()
    by_language = documents.group_by("language").agg(documents=pl.len())
    return by_language.select("language", share=pl.col("documents") / total, total=total)


def _entity_density(tables: Tables, _previous: Tables | None) -> pl.DataFrame:
    """Return the mentions per 1,000 analysed characters of each analysed language."""
    analysed = tables["segments"].filter(pl.col("analysis") == "analysed")
    chars = analysed.group_by("language").agg(sample_count=pl.col("text_chars").sum())
    mentions = tables["mentions"].group_by("language").agg(mentions=pl.len())
    density = 1000 * pl.col("mentions").fill_null(0) / pl.col("sample_count")
    return (
        chars.join(mentions, on="language", how="left")
        .select("language", "sample_count", entity_density=density)
        .sort("language")
        .collect(engine="streaming")
    )


_MEASURES: dict[str, Callable[[Tables, Tables | None], pl.DataFrame]] = {
    "ledger_counts_every_record": _counts,
    "fates_add_up": _counts,
    "something_is_published": _counts,
    "rejected_share_is_low": _rejected_share,
    "undecodable_share_is_low": _undecodable_share,
    "dropped_share_is_low": _dropped_share,
    "undetermined_share_is_low": _undetermined_share,
    "language_drift_is_low": _language_drift,
    "entity_density_is_plausible": _entity_density,
}


def measure(expectation: str, tables: Tables, previous: Tables | None) -> pl.DataFrame:
    """Return the frame that a metric expectation looks at.

    Raises:
        KeyError: No measure is known for the expectation.
    """
    return _MEASURES[expectation](tables, previous)
