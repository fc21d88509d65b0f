"""The chrome of a flattened page goes; text that is no page, or all text, stays, in any script."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.chrome_model import text_scores
from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.judge import judged
from tasks.clean.line_features import COLUMNS, line_features
from tasks.clean.segment import Segment
from tasks.settings import CleanSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


def _cleaned(text: str) -> list[Segment]:
    return judged(cut_text(text), CleanSettings())


def _kept(text: str) -> list[str]:
    return [segment.text for segment in _cleaned(text) if segment.is_kept]


def _menu(script: str) -> list[str]:
    """Return what flattening leaves of a menu: short items, one below the other."""
    words = " ".join(PARAGRAPHS[script]).split()
    letters = "".join(PARAGRAPHS[script])
    few = [letters[start : start + 4].strip(" ,.") for start in range(0, 96, 8)]
    return [f"* {item}" for item in (words if len(words) > 24 else few)[:12]]


def _flattened(script: str) -> str:
    menu = "\n".join(f"      {item}" for item in _menu(script))
    body = "\n\n".join(f"    {text}" for text in PARAGRAPHS[script] * 2)
    return f"{menu}\n\n\n{body}\n\n\n{menu}"


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_menus_around_a_flattened_page_are_dropped(script: str) -> None:
    kept = _kept(_flattened(script))
    assert set(PARAGRAPHS[script]) <= set(kept)
    assert len(kept) < len(_menu(script))


@pytest.mark.parametrize("script", SCRIPTS)
def test_lines_that_come_from_markup_are_not_judged_by_their_look(script: str) -> None:
    lines = [line.strip() for line in _flattened(script).splitlines() if line.strip()]
    found = judged(cut_lines(lines), CleanSettings())
    assert all(segment.chrome_score is None for segment in found)


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_stays_of_a_page_is_cleaned_no_further(script: str) -> None:
    once = "\n".join(_kept(_flattened(script)))
    assert "\n".join(_kept(once)) == once


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind", ["poem", "list", "dialogue", "headings"])
def test_text_that_is_no_page_is_kept_whole(script: str, kind: str) -> None:
    first, second, third = PARAGRAPHS[script]
    text = {
        "poem": "\n".join(first[i : i + 18].strip() for i in range(0, 72, 18)) + f"\n{second[:20]}",
        "list": "\n".join(_menu(script)),
        "dialogue": "\n".join(f"— {line[:14].strip()}" for line in PARAGRAPHS[script] * 3),
        "headings": f"{second[:12]}\n{first}\n{third[:12]}\n{second}\n{first[:12]}\n{third}",
    }[kind]
    assert not any(segment.detail == "score" for segment in _cleaned(text))


@pytest.mark.parametrize("script", SCRIPTS)
def test_dropped_lines_of_a_page_have_a_score_and_rebuild_its_text(script: str) -> None:
    text = _flattened(script)
    segments = _cleaned(text)
    assert "".join(s.text for s in segments) == "".join(line.strip() for line in text.splitlines())
    for segment in segments:
        if segment.detail == "score":
            assert (segment.chrome_score or 0) >= CleanSettings().chrome_min_score


def test_features_and_scores_of_nothing_are_nothing() -> None:
    assert line_features([]).shape == (0, len(COLUMNS))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=20))
def test_features_and_scores_of_any_text_are_in_range(lines: list[str]) -> None:
    features = line_features([Segment(line) for line in lines])
    scores = text_scores(features, np.full(len(lines), 30.0))
    assert features.shape == (len(lines), len(COLUMNS))
    assert np.all(np.abs(features) <= 1)
    assert np.all((scores >= 0) & (scores <= 1))
