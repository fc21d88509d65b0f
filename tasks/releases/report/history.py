"""Choose which metrics over releases the report shows, and draw them."""

import polars as pl

from tasks.releases.metrics import METRICS
from tasks.releases.report.charts import Chart, Line, small_multiples

#: A year of weeks, a quarter of days: more points than that are a band.
MOST_RELEASES = 90


def draw_history(metrics: pl.DataFrame) -> Chart | None:
    """Draw a line for each metric over the newest releases.

    Args:
        metrics: As `tasks.releases.metrics.read_metrics` gives them.

    Returns:
        None if there are fewer than two releases: one point is no line.
    """
    releases = metrics["release"].unique(maintain_order=True).tail(MOST_RELEASES)
    if len(releases) < 2:
        return None
    shown = metrics.filter(pl.col("release").is_in(releases.implode()))
    times = shown["created_at"]
    first, seconds = times[0], max((times[-1] - times[0]).total_seconds(), 1)
    lines = []
    for name, meaning in METRICS.items():
        own = shown.filter(pl.col("metric") == name)
        if own.height:
            places = [(time - first).total_seconds() / seconds for time in own["created_at"]]
            lines.append(Line(meaning, list(zip(places, own["value"], strict=True))))
    ends = f"{times[0]:%Y-%m-%d}", f"{times[-1]:%Y-%m-%d}"
    return small_multiples("What releases measured over time", lines, ends)
