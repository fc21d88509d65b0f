"""What a page or a machine translation glues together is several names, or a name and no name."""

import pytest

from tasks.mentions.common_words import is_common
from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import Span
from tasks.mentions.name_edges import names_in


def names_of_first(texts: list[str], labels: list[str], language: str) -> list[tuple[str, str]]:
    found = [[Span(0, len(text), label)] for text, label in zip(texts, labels, strict=True)]
    first = consistent(texts, found, language)[0]
    return [(texts[0][span.start : span.end], span.label) for span in first]


@pytest.mark.parametrize(
    ("texts", "labels", "language", "names"),
    [
        (["Sam AltmanOpenAI", "OpenAI"], ["PER", "ORG"], "en", ["Sam Altman", "OpenAI"]),
        (
            ["テスライーロンマスク", "イーロン・マスク"],
            ["PER"] * 2,
            "ja",
            ["テスラ", "イーロンマスク"],
        ),
    ],
)
def test_a_person_and_another_name_without_a_space_between_are_two(
    texts: list[str], labels: list[str], language: str, names: list[str]
) -> None:
    found = names_of_first(texts, labels, language)
    kinds = ("PER", "ORG") if language == "en" else ("ORG", "PER")
    assert found == list(zip(names, kinds, strict=True))


def test_a_company_and_what_it_makes_stay_one() -> None:
    found = names_of_first(["MicrosoftTeams", "Microsoft", "Teams"], ["MISC", "ORG", "MISC"], "en")
    assert found == [("MicrosoftTeams", "MISC")]


def test_an_article_of_another_script_is_no_part_of_a_person() -> None:
    assert names_of_first(["Le マスク"], ["PER"], "ja") == [("マスク", "PER")]


def test_an_abbreviation_before_a_known_name_goes_and_before_another_stays() -> None:
    assert names_of_first(["AI DeepMind"], ["ORG"], "ar") == [("DeepMind", "ORG")]
    assert names_of_first(["AI Quux Institute"], ["ORG"], "en") == [("AI Quux Institute", "ORG")]


def test_what_has_versions_is_no_person_unless_it_is_a_surname() -> None:
    texts = ["Grok", "The tool Grok1.5 came."]
    found = [[Span(0, 4, "PER")], []]
    assert consistent(texts, found, "en")[0][0].label == "MISC"
    texts, found = ["Ann Grok", *texts], [[Span(0, 8, "PER")], *found]
    assert consistent(texts, found, "en")[1][0].label == "PER"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("AI", "ja"),
        ("AI研究", "ja"),
        ("ИИ-агентов", "ru"),
        ("Open source", "fr"),
        ("التحالف", "ar"),
    ],
)
def test_common_words_and_abbreviations_are_no_names(name: str, language: str) -> None:
    assert is_common(name, language, is_first=False)


def test_a_capital_within_a_sentence_makes_a_name_of_a_common_word() -> None:
    assert is_common("Assemblée", "fr", is_first=True)
    assert not is_common("Assemblée", "fr", is_first=False)


@pytest.mark.parametrize(("label", "found"), [("PER", 0), ("LOC", 0), ("ORG", 1)])
def test_a_single_letter_is_no_person_and_no_place(label: str, found: int) -> None:
    assert len(names_in("on X now", Span(3, 4, label), "en")) == found
