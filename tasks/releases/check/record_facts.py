"""The facts about rows of `rejects` and `ledger` that their suites name."""

import polars as pl

from expectations.reasons import REASONS
from tasks.releases.check.facts import with_facts


def reject_facts(rejects: pl.DataFrame) -> pl.DataFrame:
    """Add facts to REJECTS rows."""
    return with_facts("rejects", rejects, stage_gives_reason=_stage_gives_reason())


def ledger_facts(ledger: pl.DataFrame) -> pl.DataFrame:
    """Add facts to LEDGER rows."""
    return with_facts("ledger", ledger, stage_gives_reason=_stage_gives_reason())


def _stage_gives_reason() -> pl.Expr:
    stages = {reason.name: reason.stage for reason in REASONS.values()}
    stage = pl.col("reason").replace_strict(stages, default=None, return_dtype=pl.String)
    return pl.col("stage") == stage
