"""Write the figures of `benchmarks.speed` as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from benchmarks.process_tree import Run
from tasks.releases.releases import StepSummary

#: Stages below this many seconds are noise: they have no slope.
_LEAST_SECONDS = 0.5


class Row(NamedTuple):
    """A figure, what it must be and what we want it to be."""

    what: str
    figure: str
    must: str = ""
    goal: str = ""


def rows_table(rows: Iterable[Row]) -> str:
    """Return the rows as a table."""
    return table(("what", "figure", "must", "goal"), rows)


def times(run: Run, other: Run) -> str:
    """Return how many times as long a run took, on the clock and in processor seconds."""
    cpu = run.total_cpu_seconds / max(other.total_cpu_seconds, 0.01)
    return (
        f"{run.seconds / other.seconds:.2f} × ({run.seconds:.1f} / {other.seconds:.1f} s); "
        f"processor {cpu:.2f} ×"
    )


def share(part: Run, whole: Run) -> str:
    """Return the share of a run in another, on the clock and in processor seconds."""
    cpu = part.total_cpu_seconds / max(whole.total_cpu_seconds, 0.01)
    return (
        f"{part.seconds / whole.seconds:.1%} ({part.seconds:.1f} / {whole.seconds:.1f} s); "
        f"processor {cpu:.1%}"
    )


def seconds(run: Run) -> str:
    """Return what a run took, on the clock and in processor seconds."""
    return f"{run.seconds:.1f} s (processor {run.total_cpu_seconds:.1f} s)"


def stage_table(builds: Mapping[str, Sequence[StepSummary]]) -> str:
    """Return the seconds of each stage in each build, by the build's name."""
    stages = _stages(builds.values())
    columns = [_seconds_of(steps) for steps in builds.values()]
    rows = [
        (stage, *(_cell(column.get(stage)) for column in columns))
        for stage in [*stages, "together"]
    ]
    return table(("stage", *(f"{name}, s" for name in builds)), rows)


def slope_table(small: Sequence[StepSummary], large: Sequence[StepSummary], ratio: float) -> str:
    """Return how the time of each stage grows with the corpus.

    Args:
        small: The steps of a build.
        large: Those of a build of more documents.
        ratio: How many times as many.

    Returns:
        A table; a slope of 1 is growth with the documents, of 2 with their square.
    """
    before, after = _seconds_of(small), _seconds_of(large)
    rows = []
    for stage in [*_stages([small, large]), "together"]:
        one, other = before.get(stage), after.get(stage)
        rows.append((stage, _cell(one), _cell(other), _slope(one, other, ratio)))
    return table(("stage", "small, s", "large, s", "slope"), rows)


def _slope(one: float | None, other: float | None, ratio: float) -> str:
    if one is None or other is None or min(one, other) < _LEAST_SECONDS or ratio == 1:
        return "–"
    return f"{log(other / one) / log(ratio):.2f}"


def _stages(builds: Iterable[Sequence[StepSummary]]) -> list[str]:
    return list(dict.fromkeys(step.stage for steps in builds for step in steps))


def _seconds_of(steps: Sequence[StepSummary]) -> dict[str, float]:
    spent = {step.stage: step.elapsed_seconds for step in steps}
    return {**spent, "together": sum(spent.values())}


def _cell(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
