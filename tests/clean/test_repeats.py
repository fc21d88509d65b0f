"""A body that stands twice is kept once; natural repetition is kept whole."""

import itertools
import random
import time

import pytest

from tasks.clean.copies import Spans, cut_copies, find_copies
from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.judge import judged
from tasks.settings import CleanSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


def _lines(text: str, reason: str | None) -> list[str]:
    return [s.text for s in judged(cut_text(text), CleanSettings()) if s.reason == reason]


def _title(script: str) -> str:
    """Return a short line that stands nowhere in the body."""
    first = PARAGRAPHS[script][0]
    return f"{first[12:24]}{first[:10]}".strip()


def _doubled(script: str) -> dict[str, str]:
    body, heading = PARAGRAPHS[script], _title(script)
    run_on = " ".join(body)
    return {
        "abab": "\n".join([*body, *body]),
        "aabb": "\n".join(itertools.chain.from_iterable((line, line) for line in body)),
        "blank lines": "\n\n".join(body) + "\n\n\n" + "\n".join(body),
        "chrome between": "\n".join([*body, "example.com/1", "Share:", heading, *body]),
        "run-on second": "\n".join([*body, run_on]),
        "run-on first": "\n".join([run_on, *body]),
        "reflowed": "\n".join([*body, " ".join(body[:2]), body[2]]),
        "three copies": "\n".join([*body, *body, *body]),
        "other quotes": "\n".join(body)
        + "\n"
        + "\n".join(body).replace("“", '"').replace("«", '"'),
    }


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind", _doubled("Latn"))
def test_a_body_that_stands_twice_is_kept_once(script: str, kind: str) -> None:
    text = _doubled(script)[kind]
    body = PARAGRAPHS[script]
    expected = [" ".join(body)] if kind == "run-on first" else list(body)
    assert [line for line in _lines(text, None) if line != _title(script)] == expected


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_title_joined_to_the_second_copy_is_kept_as_its_own_segment(script: str) -> None:
    body, title = PARAGRAPHS[script], _title(script)
    text = "\n".join(body) + "\n" + f"{title} {' '.join(body)}"
    segments = judged(cut_text(text), CleanSettings())
    kept = [segment for segment in segments if segment.is_kept]
    assert [segment.text for segment in kept] == [*body, title]
    assert all(text[s.start_char : s.end_char] == s.text for s in segments)


def test_the_last_words_of_a_title_are_kept_if_the_body_begins_with_them() -> None:
    body = ["Interior minister Smith said on Monday that the fleet may act.", *PARAGRAPHS["Latn"]]
    title = "A blockade is possible: interior minister Smith"
    text = "\n".join([*body, f"{title} {' '.join(body)}"])
    assert _lines(text, None) == [*body, title]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_truncated_second_copy_is_dropped(script: str) -> None:
    body = PARAGRAPHS[script]
    text = "\n".join([*body, *body[:2], body[2][:30]])
    assert _lines(text, None) == list(body)


@pytest.mark.parametrize("script", SCRIPTS)
def test_different_paragraphs_that_begin_alike_are_kept(script: str) -> None:
    first, second, third = PARAGRAPHS[script]
    text = f"{first[:30]} {second}\n{first[:30]} {third}\n{first}"
    assert _lines(text, "repeated") == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_body_that_stands_twice_in_one_line_is_kept_once(script: str) -> None:
    body = " ".join(PARAGRAPHS[script])
    assert _lines(f"{body} {body}", None) == [body]


def _wrapped(line: str) -> list[str]:
    """Return the line in two, cut at the space nearest to its middle if it has any."""
    spaces = [place for place, char in enumerate(line) if char == " "] or [len(line) // 2]
    middle = min(spaces, key=lambda place: abs(2 * place - len(line)))
    return [line[:middle], line[middle:].strip()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_paragraph_again_in_other_lines_is_dropped(script: str) -> None:
    body = PARAGRAPHS[script]
    doubled = [part for line in body for part in (line, *_wrapped(line))]
    assert _lines("\n".join(doubled), None) == list(body)


# Ethiopic says so much with one letter that two lines of it are no body yet.
@pytest.mark.parametrize("script", [script for script in SCRIPTS if script != "Ethi"])
def test_a_teaser_before_the_whole_text_is_kept_and_its_copy_dropped(script: str) -> None:
    body = PARAGRAPHS[script]
    assert _lines("\n".join([*body[:2], *body]), None) == list(body)


def test_a_phrase_that_stands_elsewhere_does_not_split_the_second_copy() -> None:
    first, second, third = PARAGRAPHS["Latn"]
    phrase = "Construction is expected to begin soon"
    body = [f"{first} {phrase}.", second, f"{phrase} but slowly. {third}"]
    again = [*body[:2], "1234", body[2]]
    assert _lines("\n".join([*body, *again]), None) == [*body, "1234"]


_VERSE = "When the evening falls on the harbour wall\nand the boats come home one by one,"
_CHORUS = (
    "Oh, row me over, row me home,\nrow me over the sea;\n"
    "the night is long, the tide is strong,\nand my love is waiting for me."
)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"{_VERSE.replace('evening', word)}\n{_CHORUS}" for word in ("dawn", "noon", "rain")
        ),
        "\n".join(["Kyrie eleison.", "Christe eleison."] * 30),
        "\n".join(["Господи, помилуй."] * 40),
        "\n".join(["Hare Krishna Hare Krishna Krishna Krishna Hare Hare"] * 16),
        "\n".join(["はい。", "いいえ。"] * 40),
        "\n".join(
            f"row {number}\tnot available\tnot available\tnot available" for number in range(60)
        ),
        "\n".join(
            f"{year}: the figure for the year was not published by the ministry"
            for year in range(1990, 2010)
        ),
        "\n".join(["— Вы согласны?", "— Нет."] * 20),
        f"{PARAGRAPHS['Latn'][0]}\n{PARAGRAPHS['Latn'][1]}\n“{PARAGRAPHS['Latn'][0]}”\n{PARAGRAPHS['Latn'][2]}",
        "ha " * 400,
        "\n".join([*PARAGRAPHS["Latn"], PARAGRAPHS["Latn"][0]]),
        "\n".join(f"{line} {PARAGRAPHS['Cyrl'][0]}" for line in PARAGRAPHS["Cyrl"][1:]),
    ],
)
def test_natural_repetition_is_kept(text: str) -> None:
    assert _lines(text, "repeated") == []


def test_a_copy_in_markup_is_dropped_and_has_no_place() -> None:
    body = list(PARAGRAPHS["Arab"])
    segments = judged(cut_lines([*body, "عنوان المقال الجديد " + " ".join(body)]), CleanSettings())
    assert [s.text for s in segments if s.is_kept] == [*body, "عنوان المقال الجديد"]
    assert {s.start_char for s in segments} == {None}


def test_the_reason_says_where_the_first_copy_is() -> None:
    body = PARAGRAPHS["Latn"]
    segments = judged(cut_text("\n".join([*body, *body])), CleanSettings())
    assert segments[-1].detail == f"first copy in: {body[-1][:40]}"


def test_each_of_many_copies_says_where_its_own_first_copy_is() -> None:
    body = [f"House {number} in Mill Lane went to bidder {7 * number}." for number in range(50)]
    doubled = "\n".join(itertools.chain.from_iterable((line, line) for line in body))
    segments = judged(cut_text(doubled), CleanSettings())
    details = [segment.detail for segment in segments if not segment.is_kept]
    assert details == [f"first copy in: {line[:40]}" for line in body]


def test_a_long_document_takes_seconds() -> None:
    chooser = random.Random(7)
    words = ["".join(chooser.choices("abcdefghij", k=6)) for _ in range(2000)]
    half = "\n".join(" ".join(chooser.choices(words, k=20)) for _ in range(1500))
    began = time.process_time()
    dropped = _lines(f"{half}\n{half}", "repeated")
    assert len(dropped) == 1500
    assert time.process_time() - began < 10


@pytest.mark.parametrize("text", ["", "a" * 19, "a" * 5000, "ab" * 3000, "abc" * 7])
def test_copies_do_not_overlap_and_say_the_same(text: str) -> None:
    end = 0
    for copy in find_copies(text):
        assert end <= copy.start
        assert copy.source_end <= copy.start
        assert text[copy.source : copy.source_end] == text[copy.start : copy.end]
        end = copy.end


def test_spans_count_what_they_cover() -> None:
    spans = Spans([(0, 10), (5, 12), (20, 30)])
    assert (spans.covered(0, 40), spans.covered(8, 25), spans.covered(12, 20)) == (22, 9, 0)
    assert spans.overlapping(11, 20) == [(0, 12)]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("broken", ["Ã©tÃ©", "a\x07b", "x &amp; y"])
def test_a_repaired_line_is_cut_where_its_raw_text_is(script: str, broken: str) -> None:
    body = f"{' '.join(PARAGRAPHS[script])} {broken}"
    text = f"{body} {body}"
    kept, copy = judged(cut_text(text), CleanSettings())
    assert (kept.reason, copy.reason) == (None, "repeated")
    assert kept.text == copy.text
    assert [text[s.start_char : s.end_char] for s in (kept, copy)] == [body, body]
    assert kept.is_repaired


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("before", "alone"),
    [
        # Words whose UTF-8 was read as windows-1251: with sound text in the line, not all are told.
        ("РўРµРєСЃС‚ Рё С‚РµРєСЃС‚ Рё", "Текст и текст и"),
        # An entity beside a sign of code is meant literally.
        ("a\x07b &amp; c", "ab & c"),
        ("ab &amp; c", "ab & c"),
    ],
)
def test_what_is_cut_from_a_line_says_what_it_says_alone(
    script: str, before: str, alone: str
) -> None:
    body = f"{' '.join(PARAGRAPHS[script])} {{3}}"
    text = f"{body}\n{before} {body}"
    segments = judged(cut_text(text), CleanSettings())
    assert [(segment.text, segment.reason) for segment in segments] == [
        (body, None),
        (alone, None),
        (body, "repeated"),
    ]
    assert [text[segment.start_char : segment.end_char] for segment in segments] == [
        body,
        before,
        body,
    ]


def test_a_repaired_line_whose_raw_text_says_something_else_is_kept_whole() -> None:
    body = " ".join(PARAGRAPHS["Latn"])
    segment = cut_text(f"{body} a\x07b {body}")[0]._replace(raw="something else")
    assert cut_copies(segment, [(len(body), 2 * len(body))]) == [(segment, False)]
