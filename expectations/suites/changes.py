"""Say by how much a release may differ from the one that people read.

A release can be sound in itself and still be what is left of a source that broke: five documents
where there were three hundred. So it is compared with the last one. A limit must be passed by more
than chance explains: `surely` is what remains of a change after three standard errors (Shewhart's
limits, 1931) of what was counted, so that few documents may change much. A share is judged by the
lower end of Wilson's score interval (E. B. Wilson, JASA 22, 1927), a difference of shares by
Newcombe's hybrid of two (Statistics in Medicine 17, 1998), a median by its order statistics.
"""

from collections.abc import Callable

import polars as pl

from expectations.suites.expectation import Expectation, Frames, Suite, Thresholds
from expectations.suites.rates import PREVIOUS_DOCUMENTS, PREVIOUS_LEDGER, rejected_share
from expectations.tables import originals

#: Standard errors that a change must pass its limit by: one build in 700 is refused by chance.
SIGMAS = 3.0
#: A median has no interval of order statistics below it, and a mean no standard error to trust.
_FEWEST_DOCUMENTS = 10
#: Dates that may be wrong: the newest documents of a release are not believed, if they are fewer.
_WRONG_DATES = 0.02
#: Lost records that an example names.
_NAMED_RECORDS = 3
#: Languages and sites lose documents only if they lose more than the release as a whole.
_BY_LANGUAGE = pl.when(pl.col("language") != "und").then("language")
_HOST = r"(?i)^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(?:www\.)?([^/:?#]+)"
_BY_SITE = pl.coalesce(
    *(pl.col(name).str.extract(_HOST).str.to_lowercase() for name in ("url", "canonical_url")),
    "site",
)
_RAISE = "If the source is like that, publish once with `--accept {}`; the limit is `checks.{}`."


def change_suites(thresholds: Thresholds) -> list[Suite]:
    """Return what must be true of a release beside the last one; without one, none applies."""
    return [
        _document_loss(thresholds),
        _language_loss(thresholds),
        _site_loss(thresholds),
        _freshness_loss(thresholds),
        _length_change(thresholds),
        _mention_change(thresholds),
        _reject_rise(thresholds),
    ]


def _suite(  # noqa: PLR0913, PLR0917 - what it says, and of which rows
    table: str,
    key: tuple[str, ...],
    rows: Callable[[Frames], pl.LazyFrame],
    thresholds: Thresholds,
    bound: str,
    reason: str,
    shows: tuple[str, ...],
) -> Suite:
    """Return a suite of the one expectation that `surely` is not above a limit.

    Args:
        table: What it is about.
        key: Columns that name a row.
        rows: Makes rows with `surely`, `sample_count`, the change and what explains it.
        thresholds: The settings.
        bound: The setting with the limit: `max_` and the name by which it is accepted.
        reason: Why it must be so.
        shows: Columns that an example carries besides the key: first the change.
    """
    name = bound.removeprefix("max_")
    expectation = Expectation(
        f"{name}_is_low",
        pl.col("surely") > thresholds[bound],
        f"`{shows[0]}` ≤ {thresholds[bound]}, but for three standard errors",
        f"{reason} {_RAISE.format(name, bound)}",
        (shows[0], "limit", *shows[1:]),
        thresholds=(bound,),
        guards="the source",
        accepted_as=name,
    )
    return Suite(
        table,
        key,
        lambda tables: rows(tables).with_columns(limit=pl.lit(thresholds[bound])),
        (expectation,),
        minimum_sample=_FEWEST_DOCUMENTS,
        sample="documents to compare with" if table != "ledger" else "records to compare with",
        needs=PREVIOUS_DOCUMENTS,
    )


def _kept(tables: Frames, name: str) -> pl.LazyFrame:
    return originals(tables[name])


def wilson(share: pl.Expr, count: pl.Expr, sigmas: float) -> pl.Expr:
    """Return an end of Wilson's score interval of a share: the upper one, if sigmas are positive.

    Args:
        share: From 0 to 1.
        count: Of how many it is a share, at least one.
        sigmas: Standard errors.
    """
    squared = sigmas**2
    middle = share + squared / (2 * count)
    half = sigmas * (share * (1 - share) / count + squared / (4 * count**2)).sqrt()
    return (middle + half) / (1 + squared / count)


def _surely_lost(loss: str, count: str) -> pl.Expr:
    return wilson(pl.col(loss), pl.col(count), -SIGMAS)


def _document_loss(thresholds: Thresholds) -> Suite:
    return _suite(
        "documents",
        (),
        _lost_documents,
        thresholds,
        "max_document_loss",
        "A source that gives far fewer documents than before is mostly one that could not be "
        "fetched or read.",
        ("document_loss", "documents", "previous_documents", "lost_records"),
    )


def _lost_documents(tables: Frames) -> pl.LazyFrame:
    new, old = _kept(tables, "documents"), _kept(tables, PREVIOUS_DOCUMENTS)
    lost = old.join(new, on="source_uri", how="anti").sort("source_uri").head(_NAMED_RECORDS)
    counts = [
        new.select(documents=pl.len().cast(pl.Int64)),
        old.select(previous_documents=pl.len().cast(pl.Int64)),
        lost.select(lost_records=pl.col("source_uri").str.join(", ")),
    ]
    loss = 1 - pl.col("documents") / pl.col("previous_documents")
    return (
        pl.concat(counts, how="horizontal")
        .with_columns(document_loss=loss.clip(0), sample_count="previous_documents")
        .with_columns(surely=_surely_lost("document_loss", "sample_count"))
    )


def _language_loss(thresholds: Thresholds) -> Suite:
    return _suite(
        "documents",
        ("language",),
        lambda tables: _losses(tables, "language", _BY_LANGUAGE),
        thresholds,
        "max_language_loss",
        "A language that loses its documents while others keep theirs is mostly one that is no "
        "longer fetched, or no longer recognised.",
        ("language_loss", "documents", "previous_documents"),
    )


def _losses(tables: Frames, name: str, group: pl.Expr) -> pl.LazyFrame:
    """Return what each group lost beyond what the release as a whole did, as a share of 0 to 1."""
    new, old = (
        _kept(tables, table).group_by(group.alias(name)).agg(documents=pl.len().cast(pl.Int64))
        for table in ("documents", PREVIOUS_DOCUMENTS)
    )
    joined = old.join(new, on=name, how="full", coalesce=True, suffix="_now")
    before, now = (pl.col(column).fill_null(0) for column in ("documents", "documents_now"))
    # What it would have if it had lost as all did; a release that grew lost nothing.
    expected = before * (now.sum() / before.sum()).clip(upper_bound=1)
    loss = (1 - pl.col("documents") / pl.col("sample_count")).clip(0)
    return (
        joined.select(name, documents=now, previous_documents=before, sample_count=expected)
        .filter(pl.col(name).is_not_null() & (pl.col("sample_count") > 0))
        .with_columns(loss.alias(f"{name}_loss"))
        .with_columns(surely=_surely_lost(f"{name}_loss", "sample_count"))
    )


def _site_loss(thresholds: Thresholds) -> Suite:
    return _suite(
        "documents",
        ("site",),
        lambda tables: _collapsed_sites(tables, thresholds["max_language_loss"]),
        thresholds,
        "max_site_loss",
        "Share of the last release's documents in sites that lost nearly all of theirs while "
        "others did not (`checks.max_language_loss`): their feeds have ended, or refuse us.",
        ("site_loss", "documents", "previous_documents"),
    )


def _collapsed_sites(tables: Frames, collapse: float) -> pl.LazyFrame:
    """Return the sites that collapsed, each with the share that all of them were."""
    old = _kept(tables, PREVIOUS_DOCUMENTS).select(total=pl.len().cast(pl.Int64))
    sites = _losses(tables, "site", _BY_SITE).filter(pl.col("surely") > collapse)
    return (
        sites.drop("site_loss", "surely")
        .join(old, how="cross")
        .with_columns(site_loss=pl.col("previous_documents").sum() / pl.col("total"))
        .with_columns(surely=_surely_lost("site_loss", "total"))
    )


def _freshness_loss(thresholds: Thresholds) -> Suite:
    return _suite(
        "documents",
        ("date",),
        _older_dates,
        thresholds,
        "max_freshness_loss",
        "The newest documents are days older than those of the last release: the newest were "
        "lost, or an old copy of the source is read. One in fifty may have a wrong date.",
        ("freshness_loss", "newest", "previous_newest"),
    )


def _older_dates(tables: Frames) -> pl.LazyFrame:
    """Return by how many days the newest dates of documents went back.

    The newest of both releases but for the same number, which may be wrong.
    """
    rows = [_older_date(tables, column) for column in ("published_at", "fetched_at")]
    return pl.concat(rows).filter(pl.col("surely").is_not_null())


def _older_date(tables: Frames, column: str) -> pl.LazyFrame:
    new, old = (
        tables[name].select(column).drop_nulls() for name in ("documents", PREVIOUS_DOCUMENTS)
    )
    dates = pl.col(column).sort(descending=True)
    rank = (pl.len() * _WRONG_DATES).ceil().cast(pl.Int64)
    both = [
        new.select(dates=dates.implode()),
        old.select(previous_dates=dates.implode(), rank=rank, sample_count=pl.len()),
    ]
    newest, newest_before = (
        pl.col(name).list.get(pl.col("rank"), null_on_oob=True)
        for name in ("dates", "previous_dates")
    )
    days = (newest_before - newest).dt.total_seconds() / 86_400
    return pl.concat(both, how="horizontal").select(
        date=pl.lit(column), sample_count="sample_count", freshness_loss=days.clip(0),
        newest=newest, previous_newest=newest_before, surely=days.clip(0),
    )  # fmt: skip


def _length_change(thresholds: Thresholds) -> Suite:
    return _suite(
        "documents",
        (),
        _changed_length,
        thresholds,
        "max_length_change",
        "Times that the median text is longer or shorter than before: the source gives teasers "
        "for articles, or pages with all that stands around them.",
        ("length_change", "median_chars", "previous_median_chars"),
    )


def _changed_length(tables: Frames) -> pl.LazyFrame:
    new, old = (_kept(tables, name) for name in ("documents", PREVIOUS_DOCUMENTS))
    reach = SIGMAS / 2 / pl.len().sqrt()
    ends = {
        "low": pl.col("text_chars").sort().get(_rank(0.5 - reach), null_on_oob=True),
        "middle": pl.col("text_chars").median(),
        "high": pl.col("text_chars").sort().get(_rank(0.5 + reach), null_on_oob=True),
    }
    return _apart(new, old, ends, "length_change").rename(
        {"middle": "median_chars", "previous_middle": "previous_median_chars"}
    )


def _rank(share: pl.Expr) -> pl.Expr:
    return ((pl.len() - 1) * share.clip(0, 1)).round().cast(pl.Int64)


def _mention_change(thresholds: Thresholds) -> Suite:
    return _suite(
        "mentions",
        (),
        _changed_mentions,
        thresholds,
        "max_mention_change",
        "Times that documents have more or fewer mentions per 1,000 characters than before: a "
        "model failed, or the source is another.",
        ("mention_change", "mentions", "previous_mentions"),
    )


def _changed_mentions(tables: Frames) -> pl.LazyFrame:
    """Return how mentions changed; no row if entities are or were switched off."""
    new, old = (_kept(tables, name) for name in ("documents", PREVIOUS_DOCUMENTS))
    density = 1000 * pl.col("mention_count") / pl.max_horizontal("text_chars", 1)
    error = density.std() / pl.len().sqrt()
    ends = {
        "low": (density.mean() - SIGMAS * error).clip(0),
        "middle": density.mean(),
        "high": density.mean() + SIGMAS * error,
    }
    is_off = tables["segments"].select(is_off=(pl.col("analysis") == "switched_off").any())
    return (
        _apart(new, old, ends, "mention_change")
        .rename({"middle": "mentions", "previous_middle": "previous_mentions"})
        .join(is_off, how="cross")
        .filter(~pl.col("is_off") & (pl.col("previous_mentions") > 0))
    )


def _apart(
    new: pl.LazyFrame, old: pl.LazyFrame, ends: dict[str, pl.Expr], name: str
) -> pl.LazyFrame:
    """Return how many times a middle is more or less than before, and how many times surely.

    Args:
        new: Documents of the release.
        old: Those of the last one.
        ends: The `low` and `high` end of the interval of a `middle`.
        name: What the change is called.
    """
    enough = [frame.filter(pl.len() >= _FEWEST_DOCUMENTS) for frame in (new, old)]
    before = {f"previous_{end}": expression for end, expression in ends.items()}
    both = pl.concat(
        [
            enough[0].select(**ends, count=pl.len()),
            enough[1].select(**before, previous_count=pl.len()),
        ],
        how="horizontal",
    )
    rise, fall = (
        pl.col("middle") / pl.col("previous_middle"),
        pl.col("previous_middle") / pl.col("middle"),
    )
    surely_more = pl.col("low") / pl.col("previous_high")
    surely_less = pl.col("previous_low") / pl.col("high")
    return both.with_columns(
        pl.max_horizontal(rise, fall).alias(name),
        surely=pl.max_horizontal(surely_more, surely_less),
        sample_count=pl.min_horizontal("count", "previous_count"),
    )


def _reject_rise(thresholds: Thresholds) -> Suite:
    return _suite(
        "ledger",
        (),
        _risen_rejects,
        thresholds,
        "max_reject_rise",
        "Rejected records per record, also in the median file, less those of the last release: "
        "the source has changed its format, or refuses us.",
        ("reject_rise", "rejected_share", "previous_rejected_share"),
    )


def _risen_rejects(tables: Frames) -> pl.LazyFrame:
    new = rejected_share(tables["ledger"])
    old = rejected_share(tables[PREVIOUS_LEDGER]).rename(lambda name: f"previous_{name}")
    share, before = pl.col("rejected_share"), pl.col("previous_rejected_share")
    lower = share - wilson(share, pl.col("sample_count"), -SIGMAS)
    upper = wilson(before, pl.col("previous_sample_count"), SIGMAS) - before
    rise = share - before
    return pl.concat([new, old], how="horizontal").with_columns(
        reject_rise=rise.clip(0),
        surely=rise - (lower**2 + upper**2).sqrt(),
        sample_count=pl.min_horizontal("sample_count", "previous_sample_count"),
    )
