"""Show tables of more than one release in the Prefect UI: what was collected, what was measured."""

from typing import TYPE_CHECKING

import polars as pl
from prefect.artifacts import create_table_artifact

from tasks.reading.collect.outcomes import OUTCOMES
from tasks.releases.metrics import METRICS

if TYPE_CHECKING:
    from tasks.reading.collect.collect import Collected

_SHOWN_RELEASES = 30
_SHOWN_TROUBLES = 500


def show_collected(collected: "Collected") -> None:
    """Show what was collected: how many addresses by outcome, and those not fetched, with why."""
    counts = [
        {"outcome": name, "addresses": count, "meaning": OUTCOMES[name]}
        for name, count in collected.in_order().items()
    ]
    create_table_artifact(counts, key="collected", description="What was collected")
    rows = [vars(told) for told in collected.troubles[:_SHOWN_TROUBLES]]
    more = len(collected.troubles) - len(rows)
    also = f", and {more:,} more" if more else "" if rows else ": nothing"
    create_table_artifact(
        rows, key="not-fetched", description=f"What was not fetched, and why{also}"
    )


def show_metrics(metrics: pl.DataFrame) -> None:
    """Show what the newest releases measured, a row each, newest first."""
    names = [name for name in METRICS if name in metrics["metric"]]
    rows = [
        {
            "release": release,
            "published": f"{group['created_at'][0]:%Y-%m-%d %H:%M}",
            **{name: values.get(name) for name in names},
        }
        for (release,), group in metrics.group_by("release", maintain_order=True)
        for values in [dict(zip(group["metric"], group["value"], strict=True))]
    ]
    create_table_artifact(
        rows[: -_SHOWN_RELEASES - 1 : -1], key="metrics", description="What releases measured"
    )
