"""Check that tables are what `expectations.suites` says, before they are published.

Reads: the public tables, and those of the release that people read, to compare with.
Writes: no table, but a verdict that names the rows which broke an expectation.

Polars counts what breaks an expectation, part by part; Great Expectations judges the counts
of all parts together.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from expectations.judge import judge
from expectations.outcomes import count_outcomes
from expectations.results import Outcome, Verdict
from expectations.suites import all_suites, part_suites, release_suites
from expectations.suites.expectation import Frames, Languages, Suite
from expectations.suites.rates import PREVIOUS
from tasks.settings import CheckSettings
from tasks.writing.languages import KNOWN_TAGS, fits_script

_LANGUAGES = Languages(KNOWN_TAGS, fits_script)


def check_part(frames: Mapping[str, pl.DataFrame], settings: CheckSettings) -> list[Outcome]:
    """Count what breaks expectations in the rows of one part.

    Args:
        frames: RAW_DOCUMENTS, DOCUMENTS, SEGMENTS, MENTIONS and PERSONAL_DATA of the same
            documents, all that these documents have. Frames may be empty.
        settings: Thresholds.
    """
    suites = part_suites(_LANGUAGES, settings.model_dump())
    lazy = {name: frame.lazy() for name, frame in frames.items()}
    return count_outcomes(suites, lazy, settings.example_limit)


def check_release(
    tables: Frames, settings: CheckSettings, previous: Frames | None
) -> list[Outcome]:
    """Count what no part can know: references between tables, rates, and small tables.

    Args:
        tables: The public tables.
        settings: Thresholds.
        previous: The tables of the release before, if there is one.
    """
    suites = release_suites(_LANGUAGES, settings.model_dump())
    before = {PREVIOUS.format(name): table for name, table in (previous or {}).items()}
    return count_outcomes(suites, {**tables, **before}, settings.example_limit)


def judge_outcomes(parts: Sequence[Sequence[Outcome]], settings: CheckSettings) -> Verdict:
    """Judge the outcomes of all parts and of the release as a whole together."""
    return Verdict(results=judge(suites_of(settings), parts, settings.example_limit))


def suites_of(settings: CheckSettings) -> list[Suite]:
    """Return every suite, with the thresholds of the settings."""
    return all_suites(_LANGUAGES, settings.model_dump())
