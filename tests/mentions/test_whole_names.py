"""What models mark as two names side by side is one where the text says so."""

import pytest

from tasks.mentions.entity_model import Span
from tasks.mentions.whole_names import whole_names


def joined(text: str, language: str, *parts: tuple[str, str]) -> list[str]:
    """Return the names of a text in which parts are marked with labels, in their order."""
    spans, start = [], 0
    for part, label in parts:
        start = text.index(part, start)
        spans.append(Span(start, start + len(part), label, 0.9))
        start += len(part)
    return [text[span.start : span.end] for span in whole_names(text, spans, language)]


@pytest.mark.parametrize(
    ("text", "language", "parts", "names"),
    [
        ("Mme MERKEL Angela arrive", "fr", [("MERKEL", "PER"), ("Angela", "PER")],
         ["MERKEL Angela"]),
        ("Angela MERKEL arrive", "fr", [("Angela", "PER"), ("MERKEL", "PER")], ["Angela MERKEL"]),
        ("Putin, Vladimir", "en", [("Putin", "PER"), ("Vladimir", "PER")], ["Putin, Vladimir"]),
        ("встречу PUTIN Vladimir in", "en", [("PUTIN", "LOC")], ["PUTIN Vladimir"]),
        ("Меркель Ангела и Путин Владимир", "ru", [("Меркель Ангела", "PER"), ("Владимир", "PER")],
         ["Меркель Ангела", "Путин Владимир"]),
        ("заявил ЦБ РФ", "ru", [("ЦБ", "ORG"), ("РФ", "LOC")], ["ЦБ РФ"]),
        ("Верховный суд Индии", "ru", [("Верховный суд", "ORG"), ("Индии", "LOC")],
         ["Верховный суд Индии"]),
    ],
)  # fmt: skip
def test_two_parts_of_a_name_are_one(
    text: str, language: str, parts: list[tuple[str, str]], names: list[str]
) -> None:
    assert joined(text, language, *parts) == names


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Musk Altman", "en", [("Musk", "PER"), ("Altman", "PER")]),
        ("JK Rowling", "en", [("JK", "PER"), ("Rowling", "PER")]),
        ("MERKEL, Angela und", "de", [("MERKEL", "PER"), ("Angela", "PER")]),
        ("Президент Владимир", "ru", [("Владимир", "PER")]),
        ("Elizabeth Angela", "en", [("Elizabeth", "PER"), ("Angela", "PER")]),
        ("NATO Angela", "en", [("NATO", "ORG")]),
        ("Газпром РФ", "ru", [("Газпром", "ORG"), ("РФ", "LOC")]),
        ("МИД России США", "ru", [("МИД России", "ORG"), ("США", "LOC")]),
    ],
)
def test_two_names_are_two(text: str, language: str, parts: list[tuple[str, str]]) -> None:
    assert joined(text, language, *parts) == [part for part, _ in parts]


def test_the_less_sure_part_says_how_sure_a_name_is() -> None:
    spans = [Span(0, 6, "PER", 0.9), Span(7, 13, "PER", 0.4)]
    assert whole_names("MERKEL Angela", spans, "de") == [Span(0, 13, "PER", 0.4)]


def test_a_text_without_names_has_none() -> None:
    assert whole_names("", [], "en") == []
