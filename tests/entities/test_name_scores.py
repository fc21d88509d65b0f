"""Scores remembered from the last build save time and change nothing."""

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from expectations.working_tables import NAME_SCORES
from tasks.entities import name_scores
from tasks.entities.name_scores import NameScores
from tasks.entities.resolve_entities import resolve_entities
from tasks.entities.spelling_candidates import candidate_pairs
from tests.making.mentions import ALONE, POOL, STRANGERS, Mention, mentions

Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
NAMES = [
    ("elon", "musk"), ("илон", "маск"), ("イーロン", "マスク"), ("musk",), ("маск",), ("ماسك",),
    ("إيلون", "ماسك"), ("sam", "altman"), ("сэм", "альтман"), ("アルトマン",), ("смит",), ("smith",),
    ("elon",), ("a\u00adb",),
]  # fmt: skip


def built(found: Sequence[Mention], remembered: pl.DataFrame | None = None) -> Frames:
    known = NAME_SCORES.empty() if remembered is None else remembered
    return resolve_entities(mentions(*found), known.lazy(), ALONE)


@pytest.mark.long
@hypothesis_settings(max_examples=25, deadline=None)
@given(*[st.lists(st.sampled_from([*POOL, *STRANGERS]), max_size=30) for _ in range(3)])
def test_a_build_that_remembers_others_is_one_from_scratch(
    before: list[Mention], later: list[Mention], now: list[Mention]
) -> None:
    remembered = built(later, built(before)[2])[2]
    for frame, expected in zip(built(now, remembered), built(now), strict=True):
        assert frame.equals(expected)


def test_what_is_handed_on_is_sorted_by_key_and_fits_its_table() -> None:
    scores = built(POOL)[2]
    assert scores.schema == NAME_SCORES.polars_schema
    assert scores.equals(scores.sort(NAME_SCORES.key))
    assert scores.select(NAME_SCORES.key).is_unique().all()
    assert set(scores["kind"]) == {"name", "word", "part"}


def test_names_that_are_gone_are_forgotten() -> None:
    everything = built([*POOL, *STRANGERS])[2]
    assert built(POOL, everything)[2].height < everything.height


def test_nothing_is_scored_when_no_name_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    first = built(POOL)

    def scored(*_: object) -> None:
        raise AssertionError("a pair was scored again")

    monkeypatch.setattr(name_scores, "likeness", scored)
    monkeypatch.setattr(name_scores, "candidate_pairs", scored)
    again = built(POOL, first[2])
    assert all(one.equals(other) for one, other in zip(first, again, strict=True))


@given(st.lists(st.sampled_from(NAMES), unique=True), st.data())
def test_candidates_of_new_names_are_those_candidates_that_have_a_new_one(
    names: list[tuple[str, ...]], data: st.DataObject
) -> None:
    new = [data.draw(st.booleans()) for _ in names]
    texts = ["".join(words) for words in names]
    pairs = candidate_pairs(texts, names=names)
    wanted = [(a, b) for a, b in pairs.iter_rows() if new[a] or new[b]]
    assert list(candidate_pairs(texts, names=names, new=new).iter_rows()) == wanted


@given(st.lists(st.sampled_from([word for name in NAMES for word in name]), min_size=2))
def test_parts_are_alike_whichever_comes_first(words: list[str]) -> None:
    pairs = sorted(set(zip(words, words[::-1], strict=True)))
    scores = NameScores(NAME_SCORES.empty(), 0.3)
    asked = pl.DataFrame(pairs, schema=["word", "part"], orient="row")
    likeness = {(a, b): score for a, b, score in scores.parts(asked).iter_rows()}
    assert sorted(likeness) == pairs
    assert all(likeness[a, b] == likeness[b, a] for a, b in pairs)
    again = NameScores(scores.table(), 0.3).parts(asked)
    assert again.sort("word", "part").equals(scores.parts(asked).sort("word", "part"))
