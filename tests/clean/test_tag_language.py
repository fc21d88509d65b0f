"""Check what a segment is tagged with in its document, and where it stands in the text."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.working_tables import CUT_SEGMENTS, TAGGED_SEGMENTS
from tasks.clean.tag_language import tag_language
from tasks.settings import LanguageSettings

FRENCH = "Le gouvernement a annoncé mercredi une nouvelle série de mesures pour les entreprises."
GERMAN = "Die Regierung hat am Mittwoch neue Maßnahmen für die Unternehmen angekündigt."
SLOVENE = "Predsednik vlade je v sredo napovedal nove ukrepe za podjetja in zaposlene v državi."


def _cut(texts: list[str], doc_id: str = "d", dropped: tuple[int, ...] = ()) -> pl.DataFrame:
    return CUT_SEGMENTS.frame(
        {
            "doc_id": doc_id,
            "segment_index": index,
            "text": text,
            "text_chars": len(text),
            "kept": index not in dropped,
            "reason": "chrome" if index in dropped else None,
            "is_repaired": False,
            "debris_count": 0,
        }
        for index, text in enumerate(texts)
    )


def _tag(frame: pl.DataFrame) -> pl.DataFrame:
    return tag_language(frame, LanguageSettings())


def test_no_segments_are_an_empty_frame_of_the_right_schema() -> None:
    tagged = _tag(CUT_SEGMENTS.empty())
    assert tagged.schema == TAGGED_SEGMENTS.polars_schema
    assert tagged.height == 0


def test_a_document_in_two_languages_keeps_both() -> None:
    tagged = _tag(_cut([FRENCH, GERMAN, FRENCH]))
    assert tagged["language"].to_list() == ["fr", "de", "fr"]
    assert tagged.schema == TAGGED_SEGMENTS.polars_schema


def test_a_short_uncertain_segment_follows_its_document() -> None:
    alone = _tag(_cut(["so se pritoževali"]))
    within = _tag(_cut([SLOVENE, "so se pritoževali", SLOVENE]))
    assert alone["language_confidence"][0] < 0.8
    assert within["language"].to_list() == ["sl"] * 3


def test_junk_in_a_document_is_no_language() -> None:
    tagged = _tag(_cut([FRENCH, "3655d74497a53b1ce8ed420c5fa44de1", "42 %", FRENCH]))
    assert tagged["language"].to_list() == ["fr", "und", "und", "fr"]


def test_a_dropped_segment_is_tagged_but_lends_no_language() -> None:
    doubtful = "se nove"
    lent = _tag(_cut([SLOVENE, doubtful]))
    dropped = _tag(_cut([SLOVENE, doubtful], dropped=(0,)))
    assert dropped["language"][0] == "sl"
    assert lent["language"][1] == "sl"
    assert dropped["language"][1] == _tag(_cut([doubtful]))["language"][0]


def test_offsets_are_those_in_the_kept_text() -> None:
    texts = [FRENCH, "Partager", GERMAN, "日本語の文です。", SLOVENE]
    tagged = _tag(_cut(texts, dropped=(1,)))
    kept = tagged.filter("kept")
    document = "\n".join(kept["text"])
    for row in kept.iter_rows(named=True):
        start = row["document_start_char"]
        assert document[start : start + row["text_chars"]] == row["text"]
    assert (
        tagged.filter(~pl.col("kept"))["document_start_char"].null_count()
        == tagged.height - kept.height
    )


def test_each_document_is_tagged_by_its_own_segments() -> None:
    first, second = _cut([FRENCH, "so se", GERMAN], "a"), _cut([SLOVENE, "so se"], "b")
    together = _tag(pl.concat([second, first]).reverse())
    assert together.equals(pl.concat([_tag(first), _tag(second)]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=6))
def test_no_segment_is_lost_whatever_it_holds(texts: list[str]) -> None:
    cut = _cut(texts)
    tagged = _tag(cut)
    assert tagged.select("segment_index", "text").equals(cut.select("segment_index", "text"))
    assert tagged["language"].null_count() == 0


@pytest.mark.parametrize(
    ("seed", "language", "script"),
    [("000", "ru", "Cyrl"), ("001", "ja", "Jpan"), ("002", "ar", "Arab"), ("003", "fr", "Latn"),
     ("004", "ja", "Jpan")],
)  # fmt: skip
def test_the_seeds_are_told_by_their_paragraphs(seed: str, language: str, script: str) -> None:
    (file,) = Path("seeds/documents").glob(f"{seed}_*.txt")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    tagged = _tag(_cut(lines))
    chars = tagged.group_by("language", "script").agg(pl.col("text_chars").sum())
    largest = chars.sort("text_chars", descending=True).row(0)
    assert largest[:2] == (language, script)
