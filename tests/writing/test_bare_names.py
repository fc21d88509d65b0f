"""A text that is nothing but a name is told from a sentence by its look."""

import pytest

from tasks.writing.bare_names import has_capitals_of_name, is_bare_name


@pytest.mark.parametrize(
    "text",
    [
        "Angela Merkel", "Putin, Vladimir", "MACRON Emmanuel (France)", "J. K. Rowling", "John F. Kennedy",
        "Ludwig van Beethoven", "Jean-Pierre Dupont", "Gabriel García Márquez", "Владимир Путин",
        "Nguyen Van An", "O'Brien, Conan", "Άγγελος Σικελιανός",
    ],
)  # fmt: skip
def test_names_with_capitals(text: str) -> None:
    assert has_capitals_of_name(text)
    assert is_bare_name(text)


@pytest.mark.parametrize("text", ["عمر البشير", "नरेंद्र मोदी", "習近平", "문재인"])
def test_names_in_scripts_without_capitals_are_a_few_words(text: str) -> None:
    assert is_bare_name(text)
    assert not has_capitals_of_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Hamburg", "The mayor of Berlin resigned.", "Angela Merkel spricht", "hello world",
        "Wer kommt mit nach Berlin?", "12 Main Street", "A. B", "https://example.org/Angela Merkel",
        "He said: Yes", "قال رئيس البلدية إن الجسر الجديد لن يفتح",
    ],
)  # fmt: skip
def test_sentences_and_single_words_are_none(text: str) -> None:
    assert not is_bare_name(text)
