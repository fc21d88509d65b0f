"""Say what must be true of every row of `rejects` and of `ledger`."""

import polars as pl

from expectations.reasons import REASONS, reasons_for
from expectations.suites import columns
from expectations.suites.expectation import Expectation, Suite, holds, one_of, rows_of

FATES = ("published", "duplicate", "superseded", "rejected")


def rejects_suite() -> Suite:
    """Return the expectations on `rejects`."""
    return Suite(
        "rejects",
        ("source_uri", "stage"),
        rows_of("rejects"),
        (
            columns.key_is_present("rejects"),
            _reason_is_known(reasons_for("record")),
            _stage_gives_reason("reason"),
        ),
    )


def ledger_suite() -> Suite:
    """Return the expectations on `ledger`."""
    return Suite(
        "ledger",
        ("source_uri",),
        rows_of("ledger"),
        (
            columns.key_is_present("ledger"),
            one_of("fate_is_known", "fate", FATES, "These are all the ends a record can come to."),
            _reason_is_known(reasons_for("record") | reasons_for("document")),
            _stage_gives_reason("stage", "reason"),
        ),
    )


def _reason_is_known(reasons: frozenset[str]) -> Expectation:
    return one_of(
        "reason_is_known",
        "reason",
        reasons,
        "docs/reasons.md explains each; another would explain nothing.",
    )


def _stage_gives_reason(*shows: str) -> Expectation:
    stages = {reason.name: reason.stage for reason in REASONS.values()}
    stage = pl.col("reason").replace_strict(stages, default=None, return_dtype=pl.String)
    reason = "Each reason belongs to one stage."
    return holds("stage_gives_reason", pl.col("stage") == stage, reason, *shows)
