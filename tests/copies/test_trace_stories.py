"""Check what of a text survives translation, in every script."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.working_tables import STORY_FEATURES
from tasks.copies.concepts import concepts_in, concepts_of
from tasks.copies.numbers import calendar, scale_after, values
from tasks.copies.own_text import with_own_text
from tasks.copies.words import skeleton, stem
from tasks.settings import StorySettings
from tests.making.story_in_languages import traced_alone
from training.write_concepts import concept_words

SETTINGS = StorySettings()


def traced(text: str, language: str, settings: StorySettings = SETTINGS) -> pl.DataFrame:
    documents = pl.DataFrame({"doc_id": ["a"], "language": [language], "text": [text]})
    return traced_alone(documents, settings)


def names(text: str, language: str) -> set[str]:
    return set(traced(text, language)["features"].item())


def letters_of(text: str) -> float:
    return float(traced(text, "und")["letters"].item())


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("26,750", [26750]),
        ("26.750", [26750]),
        ("26 750", [26750]),
        ("26\u202f750", [26750]),
        ("٢٦٬٧٥٠", [26750]),
        ("२६,७५०", [26750]),
        ("1,234.5", [1234.5]),
        ("1.234,5", [1234.5]),
        ("١٬٢٣٤٫٥", [1234.5]),
        ("12,34,567", [1234567]),
        ("1.234.567", [1234567]),
        ("3,5", [3.5]),
        ("24.12.2020", [24, 12, 2020]),
    ],
)
def test_a_number_is_the_same_value_in_every_notation(number: str, expected: list[float]) -> None:
    assert values(number) == expected


@pytest.mark.parametrize(
    ("text", "language", "scale"),
    [
        ("5 million dollars", "en", 10**6),
        ("5 миллионов долларов", "ru", 10**6),
        ("5億円", "ja", 10**8),
        ("5万人", "zh", 10**4),
        ("5 Milliarden Euro", "de", 10**9),
        ("5 करोड़ रुपये", "hi", 10**7),
        ("5 people", "en", 1),
        ("5", "en", 1),
        ("5 million", "und", 1),
    ],
)
def test_the_word_after_a_number_scales_it(text: str, language: str, scale: int) -> None:
    assert scale_after(text, 1, language) == scale


@pytest.mark.parametrize(
    ("text", "language", "feature"),
    [
        ("on Saturday", "en", "weekday:5"),
        ("в субботу", "ru", "weekday:5"),
        ("土曜日に", "ja", "weekday:5"),
        ("在周六举行", "zh", "weekday:5"),
        ("يوم السبت", "ar", "weekday:5"),
        ("29 September", "en", "month:9"),
        ("29 сентября", "ru", "month:9"),
        ("9月29日", "ja", "month:9"),
        ("29 सितंबर", "hi", "month:9"),
    ],
)
def test_dates_are_one_feature_in_every_language(text: str, language: str, feature: str) -> None:
    assert feature in names(text, language)


def test_languages_without_tables_have_no_calendar() -> None:
    assert calendar("und") == calendar("xyz-not-a-tag") == {}


@pytest.mark.parametrize("name", ["Newport", "Ньюпорт", "نيوبورت", "न्यूपोर्ट"])
def test_a_name_sounds_alike_in_alphabets(name: str) -> None:
    assert skeleton(name) in {"NFPRT", "NPRT", "NFPFRT"}


@pytest.mark.parametrize(
    ("name", "katakana"), [("Altman", "アルトマン"), ("Kavanaugh", "カバノー")]
)
def test_a_name_in_katakana_begins_as_it_sounds(name: str, katakana: str) -> None:
    assert skeleton(name)[:1] == skeleton(katakana)[:1]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a shark attacked", "en"),
        ("акула напала", "ru"),
        ("鲨鱼袭击", "zh"),
        ("サメが襲った", "ja"),
        ("هجوم القرش", "ar"),
        ("शार्क का हमला", "hi"),
    ],
)
def test_a_concept_is_one_feature_in_every_language(text: str, language: str) -> None:
    assert "concept:🦈" in names(text, language)


def test_a_language_without_keywords_has_no_concepts() -> None:
    assert concepts_of("shark", "und") == ""
    assert concepts_in("shark", "und") == []


def test_inflected_forms_have_one_stem() -> None:
    assert stem("полицейский") == stem("полицейского")
    assert stem("والشرطة") == stem("شرطة")


def test_words_for_too_many_things_are_no_concepts() -> None:
    animals = {chr(0x1F980 + n): {"default": ["animal"], "tts": [f"x{n}y"]} for n in range(9)}
    assert concept_words(animals | {"🦈": {"default": ["shark"]}}, "en") == {"shark": "🦈"}


def test_places_are_one_feature_in_every_language() -> None:
    shared = names("Paris, Berlin", "en") & names("Париж, Берлин", "ru")
    assert sum(name.startswith("place:") for name in shared) == 2


def test_a_chinese_text_is_as_long_as_its_translation() -> None:
    assert letters_of("国家") > letters_of("ab")
    assert letters_of("") == 0


def test_features_stand_where_they_are_said() -> None:
    row = traced("Newport paid 26,750", "en").row(0, named=True)
    positions = dict(zip(row["features"], row["positions"], strict=True))
    assert positions["word:newport"] == 0.0
    assert positions["number:26750"] == 13 / 19


def test_a_long_text_is_read_from_its_beginning() -> None:
    few = StorySettings(max_features=3)
    assert traced("Newport paid 26,750 " * 9, "en", few)["features"].list.len().item() == 3


def test_no_documents_have_no_features() -> None:
    empty = pl.DataFrame(schema={"doc_id": pl.String, "language": pl.String, "text": pl.String})
    assert traced_alone(empty, SETTINGS).schema == STORY_FEATURES.polars_schema


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["en", "ja", "ar", "th", "ko", "und"]),
)
def test_any_text_has_features_at_places_inside_it(text: str, language: str) -> None:
    row = traced(text, language).row(0, named=True)
    assert len(row["features"]) == len(row["positions"])
    assert all(0 <= position < 1 for position in row["positions"])
    assert row["positions"] == sorted(row["positions"])


def test_a_concept_stands_where_it_is_said_behind_letters_that_fold_to_several() -> None:
    row = traced("ßßßßサメ", "ja").row(0, named=True)
    assert dict(zip(row["features"], row["positions"], strict=True))["concept:🦈"] == 4 / 6


def test_texts_traced_together_are_traced_as_alone() -> None:
    texts = ["Newport 1,234", "567 million 東京", "サメが", "", "9", "月末 Ялта"]
    languages = ["en", "en", "ja", "ja", "zh", "zh"]
    documents = pl.DataFrame({"doc_id": list("abcdef"), "language": languages, "text": texts})
    alone = [traced_alone(document, SETTINGS) for document in documents.iter_slices(1)]
    assert traced_alone(documents, SETTINGS).equals(pl.concat(alone))


def _document(language: str, script: str) -> pl.DataFrame:
    row = {"doc_id": "a", "text": "all of it", "language": language, "script": script}
    return pl.DataFrame([row])


def _own_text(document: pl.DataFrame, *segments: tuple[str, str, float, str]) -> str:
    """Return the own text of a document with segments: text, language, confidence, script."""
    rows = [
        {"doc_id": "a", "segment_index": index, "text": text, "kept": text != "dropped"}
        | {"language": language, "language_confidence": confidence, "script": script}
        for index, (text, language, confidence, script) in enumerate(segments)
    ]
    return str(with_own_text(document, pl.DataFrame(rows))["text"].item())


def test_what_is_said_in_another_language_is_not_read() -> None:
    own, disclaimer = ("मुख्य पाठ", "hi", 1.0, "Deva"), ("All rights reserved.", "en", 0.9, "Latn")
    heading, dropped = ("OpenAI", "und", 0.0, "Latn"), ("dropped", "en", 1.0, "Latn")
    found = _own_text(_document("hi", "Deva"), own, heading, disclaimer, own, dropped)
    assert found == "मुख्य पाठ\nमुख्य पाठ"


@pytest.mark.parametrize(
    "other",
    [
        ("Ein Satz.", "de", 1.0, "Latn"),
        ("Een zin.", "nl", 0.4, "Latn"),
        ("Et ord", "lb", 1.0, "Latn"),
        ("1 234", "und", 0.0, "Zyyy"),
    ],
)
def test_what_may_be_in_the_own_language_is_read(other: tuple[str, str, float, str]) -> None:
    document = _document("de", "Latn")
    assert _own_text(document, ("Text.", "de", 1.0, "Latn"), other) == "all of it"
