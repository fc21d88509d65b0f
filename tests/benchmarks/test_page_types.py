"""Check how the text of a page of some type is scored."""

import pytest

from benchmarks.page_types import TypedPage, scores


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two three four", (1.0, 1.0, 1.0)),
        ("one TWO", (1.0, 0.5, 2 / 3)),
        ("one two three four Home Login menu now", (0.5, 1.0, 2 / 3)),
        ("", (0.0, 0.0, 0.0)),
    ],
)
def test_words_are_counted_without_case(text: str, expected: tuple[float, ...]) -> None:
    page = TypedPage("a.html", "", "", ("o",), ("Login",), "forum", "one two three four")
    found = scores(page, text)
    assert (found.precision, found.recall, found.f1) == pytest.approx(expected)


def test_strings_that_must_and_must_not_stand_in_the_text_count_alike() -> None:
    page = TypedPage("a.html", "", "", ("two",), ("Login",), "forum", "one two")
    assert [scores(page, text).right for text in ("one two", "Login two", "Login")] == [1, 0.5, 0]
