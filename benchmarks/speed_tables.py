"""Write the figures of `benchmarks.speed` as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from benchmarks.process_tree import ROLES, Run
from tasks.steps.build import StepSummary

#: Steps below this many seconds are noise: they have no slope.
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


def extra(run: Run, other: Run) -> str:
    """Return what share of a run another does without, on the clock and in processor seconds."""
    cpu = 1 - other.total_cpu_seconds / run.total_cpu_seconds
    return (
        f"{1 - other.seconds / run.seconds:.1%} ({run.seconds:.1f} / {other.seconds:.1f} s); "
        f"processor {cpu:.1%}"
    )


def seconds(run: Run) -> str:
    """Return what a run took, on the clock and in processor seconds."""
    return f"{run.seconds:.1f} s (processor {run.total_cpu_seconds:.1f} s)"


def step_table(builds: Mapping[str, Sequence[StepSummary]]) -> str:
    """Return the seconds of each step in each build, by the build's name."""
    names = _names(builds.values())
    columns = [_seconds_of(steps) for steps in builds.values()]
    rows = [
        (name, *(_cell(column.get(name)) for column in columns)) for name in [*names, "together"]
    ]
    return table(("step", *(f"{name}, s" for name in builds)), rows)


def process_table(runs: Mapping[str, Run]) -> str:
    """Return the seconds on the clock, and the processor seconds by role, of each run."""
    rows = [
        (name, f"{run.seconds:.1f}", *(f"{run.cpu_seconds.get(role, 0):.1f}" for role in ROLES))
        for name, run in runs.items()
    ]
    return table(("build", "s", *(f"processor s, {role}" for role in ROLES)), rows)


def slope_table(small: Sequence[StepSummary], large: Sequence[StepSummary], ratio: float) -> str:
    """Return how the time of each step grows with the corpus.

    Args:
        small: The steps of a build.
        large: Those of a build of more documents.
        ratio: How many times as many.

    Returns:
        A table; a slope of 1 is growth with the documents, of 2 with their square.
    """
    before, after = _seconds_of(small), _seconds_of(large)
    rows = []
    for name in [*_names([small, large]), "together"]:
        one, other = before.get(name), after.get(name)
        rows.append((name, _cell(one), _cell(other), _slope(one, other, ratio)))
    return table(("step", "small, s", "large, s", "slope"), rows)


def _slope(one: float | None, other: float | None, ratio: float) -> str:
    if one is None or other is None or min(one, other) < _LEAST_SECONDS or ratio == 1:
        return "–"
    return f"{log(other / one) / log(ratio):.2f}"


def _names(builds: Iterable[Sequence[StepSummary]]) -> list[str]:
    return list(dict.fromkeys(step.step for steps in builds for step in steps))


def _seconds_of(steps: Sequence[StepSummary]) -> dict[str, float]:
    spent = {step.step: step.elapsed_seconds for step in steps}
    return {**spent, "together": sum(spent.values())}


def _cell(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
