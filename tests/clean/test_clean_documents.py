"""Check the cleaning stage as a whole: on the seeds, on markup, and its invariants."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.reasons import REASONS
from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import CUT_SEGMENTS, PAGE_METADATA
from tasks.clean.clean_documents import clean_documents
from tasks.settings import CleanSettings
from tests.making.raw_documents import raw_documents
from tests.making.texts_in_many_scripts import documents

SEEDS = Path(__file__).parents[2] / "seeds" / "documents"


def _segments(texts: dict[str, str]) -> pl.DataFrame:
    return clean_documents(raw_documents(texts), CleanSettings())[0]


def _kept_text(text: str) -> str:
    return "\n".join(_segments({"a": text}).filter("kept")["text"])


@pytest.fixture(scope="module")
def seed_segments() -> pl.DataFrame:
    return _segments({path.name[:3]: path.read_bytes().decode() for path in SEEDS.glob("*.txt")})


# Of the ten lines of 000, a byline and a disclaimer in English go once languages are known.
@pytest.mark.parametrize(
    ("seed", "kept", "repeated"), [("000", 10, 8), ("001", 18, 0), ("002", 31, 1), ("003", 45, 0)]
)
def test_seeds_keep_their_body_once(
    seed_segments: pl.DataFrame, seed: str, kept: int, repeated: int
) -> None:
    segments = seed_segments.filter(doc_id=seed)
    assert segments.filter("kept").height == kept
    assert segments.filter(reason="repeated").height == repeated


def test_every_sentence_of_a_seed_is_kept_once(seed_segments: pl.DataFrame) -> None:
    kept = seed_segments.filter("kept")
    for segment in seed_segments.filter(reason="repeated").iter_rows(named=True):
        body = " ".join(kept.filter(doc_id=segment["doc_id"])["text"])
        assert segment["text"] in body


def test_the_title_before_a_run_on_copy_is_kept(seed_segments: pl.DataFrame) -> None:
    assert "غضب إيلون ماسك الشديد تجاه سام ألتمان" in list(
        seed_segments.filter("kept", doc_id="002")["text"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "Share with your friend now:",
        "View MORE",
        "Open in Telegram",
        "Create:",
        "Last Update:",
        "Date: |",
    ],
)
def test_channel_furniture_of_the_first_seed_is_dropped(
    seed_segments: pl.DataFrame, line: str
) -> None:
    assert seed_segments.filter(doc_id="000", text=line)["reason"].to_list() == ["chrome"]


def test_offsets_of_the_seeds_hold(seed_segments: pl.DataFrame) -> None:
    texts = {path.name[:3]: path.read_bytes().decode() for path in SEEDS.glob("*.txt")}
    for row in seed_segments.iter_rows(named=True):
        assert texts[row["doc_id"]][row["start_char"] : row["end_char"]] == row["text"]


def test_no_documents_give_empty_tables() -> None:
    segments, metadata = clean_documents(RAW_DOCUMENTS.empty(), CleanSettings())
    assert segments.schema == CUT_SEGMENTS.polars_schema
    assert metadata.schema == PAGE_METADATA.polars_schema
    assert segments.is_empty()
    assert metadata.is_empty()


def test_a_blank_text_has_metadata_and_no_segments() -> None:
    segments, metadata = clean_documents(raw_documents({"a": " \n\t\u3000"}), CleanSettings())
    assert segments.is_empty()
    assert metadata.rows() == [("a", *[None] * 6)]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_cleaning_its_own_output_changes_nothing(text: str) -> None:
    once = _kept_text(text)
    assert _kept_text(once) == once


@settings(max_examples=60, deadline=None)
@given(documents())
def test_segments_hold_every_visible_character_once(text: str) -> None:
    segments = _segments({"a": text})
    end = 0
    for row in segments.iter_rows(named=True):
        assert text[end : row["start_char"]].strip() == ""
        end = row["end_char"]
        assert row["kept"] == (row["reason"] is None)
        assert row["reason"] is None or REASONS[row["reason"]].stage == "clean"
    assert text[end:].strip() == ""
    assert segments["segment_index"].to_list() == list(range(segments.height))


@settings(max_examples=30, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_rows_depend_on_their_document_alone(texts: list[str], chooser: "object") -> None:
    named = {f"{number:02}": text for number, text in enumerate(texts)}
    order = list(named)
    chooser.shuffle(order)  # type: ignore[attr-defined]
    together = _segments({doc_id: named[doc_id] for doc_id in order})
    apart = pl.concat([_segments({doc_id: text}) for doc_id, text in named.items()])
    assert together.equals(apart)


def test_the_title_of_a_page_built_by_script_is_the_headline_in_its_data() -> None:
    body = " ".join(f"The ferry {n} stays in port until the storm is over." for n in range(9))
    data = f'{{"page": {{"title": "Ferries stay in port", "body": "{body}"}}}}'
    markup = (
        "<html><head><title>App</title></head><body><div id=root></div>"
        f"<script type=application/json>{data}</script></body></html>"
    )
    segments, metadata = clean_documents(
        raw_documents({"a": markup}, is_markup=True), CleanSettings()
    )
    assert metadata["title"].to_list() == ["Ferries stay in port"]
    assert segments.filter("kept")["text"].to_list() == [body]
