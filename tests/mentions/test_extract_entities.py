"""Check how names are found in segments: offsets, models, any company."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.tables import SEGMENTS
from expectations.working_tables import FOUND_MENTIONS
from tasks.mentions import extract_entities as stage
from tasks.mentions.backends import model_context
from tasks.mentions.entity_model import MAX_TEXT_CHARS, ModelError, Scorer, Span
from tasks.mentions.extract_entities import extract_entities
from tasks.mentions.name_edges import trimmed, without_overlaps
from tasks.settings import EntitySettings
from tests.making.language_segments import assert_offsets_hold, corpus, surfaces

RUSSIAN = "Илон Маск встретился с Сэмом Альтманом в Париже."
JAPANESE = "トヨタ自動車は愛知県豊田市にある。"


def test_names_are_found_where_they_stand_in_the_document() -> None:
    frames = corpus([("ru", "😀 Да."), ("dropped", "Share"), ("ru", RUSSIAN)], [("ja", JAPANESE)])
    segments, mentions = extract_entities(*frames, EntitySettings())
    assert_offsets_hold(frames[0], mentions)
    assert surfaces(mentions)[:3] == [
        ("Илон Маск", "PER"),
        ("Сэмом Альтманом", "PER"),
        ("Париже", "LOC"),
    ]
    assert ("トヨタ自動車", "ORG") in surfaces(mentions)
    assert mentions["segment_index"].to_list()[:3] == [2, 2, 2]
    assert set(mentions["script"]) == {"Cyrl", "Jpan"}
    assert segments.schema == SEGMENTS.polars_schema
    assert mentions.schema == FOUND_MENTIONS.polars_schema


def test_every_segment_says_whether_it_was_read() -> None:
    frames = corpus(
        [("ru", RUSSIAN), ("eo", "Saluton Parizo."), ("und", "…"), ("dropped", "Share")],
        [("ru", RUSSIAN)],
        [("dropped", "Share")],
        copies=("d1",),
    )
    segments, mentions = extract_entities(*frames, EntitySettings())
    assert segments["analysis"].to_list() == [
        "analysed",
        "no_model",
        "not_language",
        "dropped",
        "duplicate",
        "dropped",
    ]
    assert [name is not None for name in segments["entity_model"]] == [True] + [False] * 5
    assert set(mentions["doc_id"]) == {"d0"}


def test_a_near_copy_that_says_something_new_is_read() -> None:
    again = "Илон Маск встретился с Сэмом Альтманом и Тимом Куком в Париже."
    texts = [("ru", RUSSIAN)], [("ru", RUSSIAN)], [("ru", again)]
    frames = corpus(*texts, copies=("d1", "d2"), novelties=("d2",))
    segments, mentions = extract_entities(*frames, EntitySettings())
    assert segments["analysis"].to_list() == ["analysed", "duplicate", "analysed"]
    assert "Тимом Куком" in set(mentions.filter(doc_id="d2")["surface"])
    assert dict(model_context(*frames, EntitySettings()).iter_rows())["d1"] == ""


def test_a_document_gets_the_same_rows_in_any_company() -> None:
    first, second = [("ru", RUSSIAN), ("ja", JAPANESE)], [("ru", "Путин прилетел в Пекин. " * 9)]
    _, alone = extract_entities(*corpus(first), EntitySettings())
    _, together = extract_entities(*corpus(first, second), EntitySettings())
    assert together.filter(pl.col("doc_id") == "d0").equals(alone)


def test_a_long_line_is_read_to_its_end() -> None:
    text = "Владимир Путин прилетел в Пекин. " * (2 * MAX_TEXT_CHARS // 30)
    frames = corpus([("ru", text)])
    _, mentions = extract_entities(*frames, EntitySettings())
    assert_offsets_hold(frames[0], mentions)
    assert mentions.height == 2 * text.count("Путин")


def test_no_documents_give_no_rows() -> None:
    segments, mentions = extract_entities(*corpus(), EntitySettings())
    assert segments.equals(SEGMENTS.empty())
    assert mentions.equals(FOUND_MENTIONS.empty())


class FailingModel:
    """Marks the first word, and cannot read what begins with `bad`."""

    failures = (ValueError,)
    scorer: Scorer = "fast"
    is_steady = True

    def find(self, texts: list[str]) -> list[list[Span]]:
        if any(text.startswith("bad") for text in texts):
            raise ValueError("too strange")
        return [[Span(0, len(text.split()[0]), "PER")] for text in texts]


def test_a_segment_at_which_the_model_fails_is_marked_and_costs_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stage, "load", lambda _: FailingModel())
    frames = corpus([("ru", "Маск идёт"), ("ru", "bad text"), ("ru", "Альтман стоит")])
    segments, mentions = extract_entities(*frames, EntitySettings())
    assert segments["analysis"].to_list() == ["analysed", "model_failed", "analysed"]
    assert segments["detail"].to_list() == [None, "ValueError: too strange", None]
    assert segments["entity_model"].is_null().to_list() == [False, True, False]
    assert mentions["surface"].to_list() == ["Маск", "Альтман"]


def test_a_label_that_is_in_no_map_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FailingModel, "find", lambda _, texts: [[Span(0, 1, "ODD")] for _ in texts])
    monkeypatch.setattr(stage, "load", lambda _: FailingModel())
    with pytest.raises(ModelError, match="'ODD'"):
        extract_entities(*corpus([("ru", "Маск")]), EntitySettings())


def test_the_context_names_the_models_of_the_languages_that_are_read() -> None:
    frames = corpus(
        [("ru", "а"), ("ja", "あ"), ("fr", "e")], [("fr", "e")], [("ru", "а")], copies=("d2",)
    )
    contexts = dict(model_context(*frames, EntitySettings()).iter_rows())
    read_by = [part.split()[0] for part in contexts["d0"].split("; ")]
    assert read_by == ["fr=babelmill_encoder", "ja=babelmill_encoder", "ru=natasha"]
    assert contexts["d1"].startswith("fr=")
    assert contexts["d2"] == ""
    without = dict(model_context(*frames, EntitySettings(backends={"ja": None})).iter_rows())
    assert without["d0"].split("; ") == [contexts["d0"].split("; ")[place] for place in (0, 2)]


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("«Маск»,", "Маск"),
        ("Bank (UK)", "Bank (UK)"),
        ("Bank)", "Bank"),
        ("U.S.", "U.S."),
        (" \u200fماسك،", "ماسك"),
        ("（マスク）", "マスク"),
        ("😀Маск😀", "Маск"),
        ("#OpenAI", "OpenAI"),
        ("AT&T", "AT&T"),
        ("…", None),
        ("$", None),
    ],
)
def test_a_mention_ends_where_the_name_ends(marked: str, name: str | None) -> None:
    span = trimmed(f"x{marked}x", Span(1, 1 + len(marked), "PER"))
    assert (f"x{marked}x"[span.start : span.end] if span else None) == name


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(ANY_TEXT, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_trimmed_mentions_lie_within_what_was_marked(
    text: str, marks: list[tuple[int, int]]
) -> None:
    for mark in marks:
        marked = Span(min(*mark, len(text)), min(max(mark), len(text)), "PER")
        span = trimmed(text, marked)
        assert span is None or marked.start <= span.start < span.end <= marked.end
        assert span is None or trimmed(text, span) == span


@given(st.lists(st.builds(Span, st.integers(0, 9), st.integers(10, 19), st.just("PER"))))
def test_no_mentions_overlap(spans: list[Span]) -> None:
    kept = without_overlaps(spans)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    assert bool(kept) == bool(spans)


@settings(max_examples=25, deadline=None)
@given(st.lists(ANY_TEXT.filter(str.strip) | st.sampled_from(["Илон Маск 😀", "в Париже"])))
def test_offsets_hold_for_any_unicode(texts: list[str]) -> None:
    frames = corpus([("ru", text) for text in texts])
    segments, mentions = extract_entities(*frames, EntitySettings())
    assert_offsets_hold(frames[0], mentions)
    assert segments.height == len(texts)
    starts, ends = mentions["start_char"].to_list(), mentions["end_char"].to_list()
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
