"""Documents are the sum of their kept segments; what has none is a reject."""

from datetime import UTC, datetime

import polars as pl
import pytest

from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    CLEAN_REJECTS,
    CLEAN_SEGMENTS,
    PAGE_METADATA,
)
from tasks.clean.compose import compose_documents
from tasks.settings import PersonalDataSettings, QualitySettings
from tests.making.raw_documents import raw_documents


def _segment(doc_id: str, index: int, text: str, **known: object) -> dict[str, object]:
    return {
        "doc_id": doc_id,
        "segment_index": index,
        "text": text,
        "text_chars": len(text),
        "kept": "reason" not in known,
        "is_repaired": False,
        "debris": [],
        "debris_count": 0,
        "language": "en",
        "language_confidence": 0.5,
        "script": "Latn",
        **known,
    }


_SEGMENTS = [
    _segment("a", 0, "Menu", reason="chrome"),
    _segment("a", 1, "Hello there", language_confidence=0.9, is_repaired=True, debris_count=2),
    _segment("a", 2, "Привет всем вам", language="ru", script="Cyrl", language_confidence=0.7),
    _segment("a", 3, "Hi", language_confidence=0.3),
    _segment("b", 0, "one two", language="fr"),
    _segment("b", 1, "one two", language="de"),
    _segment("c", 0, "x", reason="link"),
    _segment("c", 1, "y", reason="chrome"),
    _segment("c", 2, "z", reason="chrome"),
]


_ANY_QUALITY, _NOT_REDACTED = QualitySettings(), PersonalDataSettings()


def _composed(
    segments: list[dict[str, object]],
    *,
    reverse: bool = False,
    title: str = "Own title",
    quality: QualitySettings = _ANY_QUALITY,
    personal_data: PersonalDataSettings = _NOT_REDACTED,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    raw = raw_documents(dict.fromkeys("abcde", "…")).with_columns(
        is_markup=pl.col("doc_id") == "d",
        title=pl.when(doc_id="a").then(pl.lit(title)),
    )
    page = {
        "title": "Page title",
        "canonical_url": "https://example.com/",
        "published_at": datetime(2024, 3, 12, tzinfo=UTC),
    }
    metadata = PAGE_METADATA.frame({"doc_id": doc_id, **page} for doc_id in "abcde")
    columns = dict.fromkeys(CLEAN_SEGMENTS.column_names)
    tagged = CLEAN_SEGMENTS.frame({**columns, **segment} for segment in segments)
    if reverse:
        raw, metadata, tagged = raw.reverse(), metadata.reverse(), tagged.reverse()
    return compose_documents(raw, metadata, tagged, quality, personal_data)


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    return _composed(_SEGMENTS)[0].row(0, named=True)


def test_text_is_the_kept_segments_one_per_line(document: dict[str, object]) -> None:
    assert document["text"] == "Hello there\nПривет всем вам\nHi"
    assert document["text_chars"] == 30


def test_the_language_is_that_of_most_characters(document: dict[str, object]) -> None:
    assert (document["language"], document["language_confidence"]) == ("ru", 0.7)
    assert document["script"] == "Cyrl"
    assert document["language_shares"] == [
        {"language": "ru", "share": 15 / 28},
        {"language": "en", "share": 13 / 28},
    ]


def test_equal_languages_are_ordered_by_tag() -> None:
    assert _composed(_SEGMENTS)[0].row(1, named=True)["language"] == "de"


def test_confidence_is_weighted_by_characters() -> None:
    english = [segment for segment in _SEGMENTS if segment["language"] == "en"]
    documents, _ = _composed(english)
    assert documents["language_confidence"][0] == pytest.approx((11 * 0.9 + 2 * 0.3) / 13)


def test_segments_are_counted(document: dict[str, object]) -> None:
    counts = (
        "segments_kept",
        "segments_dropped",
        "dropped_chars",
        "repaired_chars",
        "debris_count",
    )
    assert [document[name] for name in counts] == [3, 1, 4, 11, 2]


def test_what_the_record_says_goes_before_what_the_page_says() -> None:
    documents, _ = _composed(_SEGMENTS)
    assert documents["title"].to_list() == ["Own title", "Page title"]
    assert documents["url"].to_list() == ["https://example.com/"] * 2


def test_a_document_of_which_nothing_is_kept_is_a_reject() -> None:
    _, rejects = _composed(_SEGMENTS)
    assert rejects.select("doc_id", "stage", "reason", "detail").rows() == [
        ("c", "compose", "nothing_kept", "2 chrome, 1 link"),
        ("d", "compose", "no_main_text", None),
        ("e", "compose", "nothing_kept", None),
    ]


def test_a_document_of_low_quality_is_a_reject_only_if_that_is_asked_for() -> None:
    segments = [*_SEGMENTS[:5], _segment("b", 1, "$$$$ %%%% ====", script="Zyyy", language="und")]
    documents, rejects = _composed(segments)
    assert documents["doc_id"].to_list() == ["a", "b"]
    assert "low_quality" not in set(rejects["reason"])
    documents, rejects = _composed(segments, quality=QualitySettings(profile="strict"))
    assert documents["doc_id"].to_list() == []
    found = rejects.filter(reason="low_quality").select("doc_id", "stage").rows()
    assert found == [("a", "compose"), ("b", "compose")]
    detail = rejects.filter(doc_id="b")["detail"].item()
    assert detail.startswith("letter_share 0.333 < 0.6; symbol_share 0.444 > 0.1")


@pytest.mark.parametrize(("asked", "title"), [(True, "By [email]"), (False, "By a@b.org")])
def test_titles_are_redacted_where_texts_are(asked: bool, title: str) -> None:
    settings = PersonalDataSettings(redact=asked)
    documents, _ = _composed(_SEGMENTS, title="By a@b.org", personal_data=settings)
    assert documents["title"].to_list() == [title, "Page title"]


def test_every_record_is_a_document_or_a_reject() -> None:
    documents, rejects = _composed(_SEGMENTS)
    assert sorted([*documents["doc_id"], *rejects["doc_id"]]) == list("abcde")


def test_the_order_of_rows_does_not_matter() -> None:
    for forward, backward in zip(
        _composed(_SEGMENTS), _composed(_SEGMENTS, reverse=True), strict=True
    ):
        assert forward.equals(backward)


def test_no_documents_give_empty_tables() -> None:
    documents, rejects = compose_documents(
        raw_documents({}),
        PAGE_METADATA.empty(),
        CLEAN_SEGMENTS.empty(),
        QualitySettings(),
        PersonalDataSettings(),
    )
    assert documents.schema == CLEAN_DOCUMENTS.polars_schema
    assert rejects.schema == CLEAN_REJECTS.polars_schema
    assert documents.is_empty()
    assert rejects.is_empty()


@pytest.mark.parametrize(
    ("title", "mended"),
    [
        ("The may\u200bor of Rot\xadter\u2060dam", "The mayor of Rotterdam"),
        ("Der Au\ufb02ug", "Der Auflug"),
        ("Die FÃ¤hre fÃ¤hrt", "Die Fähre fährt"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("\u200b", None),
    ],
)
def test_a_title_is_mended_as_a_line_of_the_text_is(title: str, mended: str | None) -> None:
    assert _composed(_SEGMENTS, title=title)[0]["title"][0] == mended
