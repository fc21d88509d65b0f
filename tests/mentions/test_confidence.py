"""A mention's confidence says how often such mentions are right."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.labels import LABELS
from tasks.mentions import extract_entities as stage
from tasks.mentions.confidence import Curve, Reading, confident, curves, share_of
from tasks.mentions.entity_model import UNSCORED, Scorer, Span
from tasks.mentions.extract_entities import extract_entities
from tasks.settings import EntitySettings
from tests.making.language_segments import corpus
from training.calibrate_mentions import Judged, fit

SCORES = st.floats(0, 1)


def readings() -> list[str]:
    return [*get_args(Scorer), "consistency"]


def test_all_that_read_names_have_a_curve_for_every_label() -> None:
    assert {name: set(by_label) for name, by_label in curves().items()} == {
        name: set(LABELS) for name in readings()
    }


@given(SCORES, SCORES, st.sampled_from(readings()), st.sampled_from(LABELS))
def test_a_greater_score_is_never_less_sure(
    one: float, other: float, reading: Reading, label: str
) -> None:
    least, most = (
        confident(Span(0, 1, label, score), reading).score for score in sorted((one, other))
    )
    assert 0 < least <= most < 1


def test_models_without_scores_are_as_sure_as_they_are_right() -> None:
    persons = {confident(Span(0, 1, "PER", s), "lac").score for s in (0.01, UNSCORED, 0.99)}
    assert persons == {confident(Span(0, 1, "PER"), "lac").score}


def test_a_curve_is_found_again_in_names_that_follow_it() -> None:
    generator = np.random.default_rng(0)
    true = Curve(slope=0.7, bias=-0.5)
    scores = generator.uniform(0.02, 0.98, 4000).tolist()
    names = [
        Judged("fast", "PER", s, is_right=bool(generator.random() < true.read(s)), half=0)
        for s in scores
    ]
    found = fit(names)
    assert all(abs(found.read(s) - true.read(s)) < 0.04 for s in (0.1, 0.5, 0.9))


def test_names_without_scores_give_the_share_that_is_right() -> None:
    names = [
        Judged("lac", "PER", UNSCORED, is_right=number % 4 > 0, half=0) for number in range(400)
    ]
    assert fit(names).read(UNSCORED) == pytest.approx(0.75, abs=0.01)


@given(st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=6), st.data())
def test_shares_of_choices_add_up_to_one(scores: list[float], data: st.DataObject) -> None:
    rows = np.array([scores] * len(scores), dtype=np.float32)
    shares = share_of(rows, np.arange(len(scores)))
    assert shares.sum() == pytest.approx(1)
    chosen = data.draw(st.integers(0, len(scores) - 1))
    assert share_of(rows[:1], np.array([chosen])) == pytest.approx(shares[chosen : chosen + 1])


class TwoScores:
    """Marks Маск surely, Альтман hardly."""

    failures = (ValueError,)
    scorer: Scorer = "fast"
    is_steady = True

    def find(self, texts: list[str]) -> list[list[Span]]:
        sure = {"Маск": 0.98, "Альтман": 0.05}
        return [
            [
                Span(text.index(name), text.index(name) + len(name), "PER", score)
                for name, score in sure.items()
                if f"{name} и" in text or f"и {name}" in text
            ]
            for text in texts
        ]


def test_a_mention_says_who_saw_it_and_how_sure_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "load", lambda _: TwoScores())
    frames = corpus([("ru", "Маск и Альтман"), ("ru", "Ушёл Маск")])
    _, mentions = extract_entities(*frames, EntitySettings(min_confidence=0))
    rows = mentions.select("surface", "evidence").rows()
    assert rows == [("Маск", "model"), ("Альтман", "model"), ("Маск", "consistency")]
    sure, unsure, elsewhere = mentions["confidence"].to_list()
    assert unsure < 0.5 < min(sure, elsewhere)
    _, surest = extract_entities(*frames, EntitySettings(min_confidence=0.5))
    assert surest["surface"].to_list() == ["Маск", "Маск"]
