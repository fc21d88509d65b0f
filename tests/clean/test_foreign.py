"""Boilerplate in another language goes; what a document says in two languages stays."""

import polars as pl
import pytest

from expectations.working_tables import TAGGED_SEGMENTS
from tasks.clean.foreign import drop_foreign_boilerplate
from tests.making.texts_in_many_scripts import PARAGRAPHS

_LANGUAGES = {"Latn": "en", "Cyrl": "ru", "Arab": "ar", "Jpan": "ja", "Hans": "zh", "Deva": "hi"}
_FRENCH = (
    "Le conseil municipal s'est réuni mardi soir pour discuter du pont qui divise la ville.",
    "« On ne nous a jamais rien demandé », a déclaré une habitante qui vit au bord du fleuve.",
    "Les travaux devraient commencer au printemps prochain, sauf décision contraire du tribunal.",
)
_ENGLISH = PARAGRAPHS["Latn"][0]

Line = tuple[str, str, str]


def _line(text: str, script: str, language: str | None = None) -> Line:
    return text, language or _LANGUAGES[script], script


def _tagged(lines: list[Line], dropped: dict[int, str] | None = None) -> pl.DataFrame:
    reasons = dropped or {}
    return TAGGED_SEGMENTS.frame(
        {
            "doc_id": "a",
            "segment_index": index,
            "text": text,
            "text_chars": len(text),
            "start_char": None,
            "end_char": None,
            "kept": index not in reasons,
            "reason": reasons.get(index),
            "detail": None,
            "is_repaired": False,
            "debris_count": 0,
            "language": language,
            "language_confidence": 0.95,
            "script": script,
            "document_start_char": None,
        }
        for index, (text, language, script) in enumerate(lines)
    )


def _found(lines: list[Line], dropped: dict[int, str] | None = None) -> list[int]:
    judged = drop_foreign_boilerplate(_tagged(lines, dropped))
    assert judged.schema == TAGGED_SEGMENTS.polars_schema
    return judged.filter(reason="foreign_boilerplate")["segment_index"].to_list()


def _body(script: str) -> list[Line]:
    return [_line(text, script) for text in PARAGRAPHS[script] * 3]


@pytest.mark.parametrize("script", ["Cyrl", "Arab", "Jpan", "Hans", "Deva"])
def test_an_english_disclaimer_at_either_edge_is_dropped(script: str) -> None:
    disclaimer, title = _line(_ENGLISH, "Latn"), _line(PARAGRAPHS[script][0][:14], script)
    assert _found([disclaimer, title, *_body(script)]) == [0]
    assert _found([title, *_body(script), disclaimer]) == [10]
    assert _found([*_body(script), disclaimer, title]) == [9]


def test_a_disclaimer_in_the_same_script_is_dropped() -> None:
    body = [(text, "fr", "Latn") for text in _FRENCH * 3]
    assert _found([*body, _line(_ENGLISH, "Latn")]) == [9]


def test_a_language_that_may_be_a_confusion_is_kept() -> None:
    assert _found([*_body("Cyrl"), (PARAGRAPHS["Cyrl"][1], "uk", "Cyrl")]) == []
    assert _found([*_body("Deva"), (PARAGRAPHS["Deva"][1], "mr", "Deva")]) == []


def test_a_quotation_inside_the_body_is_kept() -> None:
    body = _body("Cyrl")
    assert _found([*body[:4], _line(_ENGLISH, "Latn"), *body[4:]]) == []


def test_a_bilingual_document_loses_nothing() -> None:
    russian, english = _body("Cyrl")[:3], _body("Latn")[:3]
    alternating = [line for pair in zip(russian, english, strict=True) for line in pair]
    for lines in (alternating, russian + english, english + russian, english + russian[:2]):
        assert _found(lines) == []


def test_a_long_paragraph_needs_furniture_beside_it() -> None:
    body, abstract = _body("Cyrl")[:6], _body("Latn")[:2]
    assert _found([*body, *abstract]) == []
    furniture = _line("Share this:", "Latn")
    assert _found([*body, furniture, *abstract], {6: "chrome"}) == [7, 8]


def test_short_lines_in_the_script_of_the_furniture_go_with_it() -> None:
    lines = [
        _line("Telegram Group & Telegram Channel", "Latn"),
        _line("Что не поделили?", "Cyrl"),
        *_body("Cyrl"),
        _line("Open in Telegram", "Latn"),
        _line("FROM American", "Latn", "und"),
    ]
    assert _found(lines, {11: "chrome"}) == [0, 12]


def test_a_latin_name_at_the_edge_is_kept_without_furniture() -> None:
    lines = [_line("OpenAI o1", "Latn", "und"), *_body("Cyrl"), _line("Reuters", "Latn", "und")]
    assert _found(lines) == []


def test_the_last_line_before_the_body_is_its_title() -> None:
    lines = [_line("OpenAI o1", "Latn", "und"), *_body("Jpan"), _line("Open in app", "Latn")]
    assert _found(lines, {10: "chrome"}) == []


def test_kana_and_han_are_one_writing() -> None:
    lines = [_line("テスラ", "Jpan", "und"), *_body("Hans"), _line("続きを読む", "Jpan", "ja")]
    assert _found(lines, {10: "chrome"}) == []


def test_rows_that_stay_are_untouched_and_none_are_none() -> None:
    tagged = _tagged(_body("Cyrl"))
    assert drop_foreign_boilerplate(tagged).equals(tagged)
    assert drop_foreign_boilerplate(TAGGED_SEGMENTS.empty()).equals(TAGGED_SEGMENTS.empty())
