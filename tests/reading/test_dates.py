"""A date is read if it can be read in one way only."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.dates import parse_date

MORNING = datetime(2025, 2, 11, 8, 30, tzinfo=UTC)
MIDNIGHT = datetime(2025, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2025-02-11T08:30:00Z",
        "2025-02-11T10:30:00+02:00",
        "2025-02-11 08:30",
        "2025-02-11 08:30:00 UTC",
        "20250211T083000Z",
        "20250211083000",
        "Tue, 11 Feb 2025 08:30:00 GMT",
        "Tue, 11 Feb 2025 03:30:00 EST",
        "Selasa, 11 Feb 2025 15:30 WIB",
        "11 Feb 2025 09:30 CET",
        "11 Feb 2025 10:30:00 +0200",
        "Feb 11, 2025, 8:30 AM",
        1739262600,
        1739262600.0,
        1739262600000,
        "1739262600",
        " 1739262600000 ",
        datetime(2025, 2, 11, 8, 30),
        datetime(2025, 2, 11, 17, 30, tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_a_moment_is_read(value: object) -> None:
    assert parse_date(value) == MORNING


@pytest.mark.parametrize(
    "value", ["2025-02-11", "20250211", 20250211, "11 February 2025", MIDNIGHT.date()]
)
def test_a_day_is_its_beginning(value: object) -> None:
    assert parse_date(value) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    ["Tue, 11 Feb 2025 08:30:00 MSK", "Feb. 11, 2025, 3:30 a.m. ET", "11 फ़रवरी 2025, 10:30 AM IST"],
)
def test_a_zone_of_several_meanings_leaves_the_day(value: str) -> None:
    assert parse_date(value) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    [
        "11. Februar 2025",
        "Dienstag, 11. Februar 2025",
        "11 de febrero de 2025",
        "11 février 2025",
        "mar., 11 févr. 2025",
        "11 febbraio 2025",
        "11 de fev. de 2025",
        "11 februari 2025",
        "11 февраля 2025 г.",
        "11 лютого 2025 р.",
        "11 lutego 2025",
        "11. února 2025",
        "2025. február 11.",
        "11 februarie 2025",
        "11 Şubat 2025 Salı",
        "Ngày 11 tháng 2 năm 2025",
        "11 Februari 2025",
        "2025年2月11日",
        "2025年02月11日(火)",
        "令和7年2月11日",
        "民國114年2月11日",
        "2025년 2월 11일 화요일",
        "١١ فبراير ٢٠٢٥",
        "11 شباط 2025",
        "11 فوریهٔ 2025",
        "11 फ़रवरी 2025",
        "11 กุมภาพันธ์ 2568",
        "11 בפברואר 2025",
        "11 Φεβρουαρίου 2025",
        "11.02.2025",
        "11. 2. 2025",
        "2025/02/11",
        "/Date(1739232000000)/",
    ],
)
def test_a_day_is_read_in_the_words_of_its_language(value: str) -> None:
    assert parse_date(value) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    [
        "11. Februar 2025 um 8:30 Uhr",
        "11. Februar 2025, 8.30 Uhr",
        "11 février 2025 à 8h30",
        "11 февраля 2025, 11:30 +0300",
        "2025年2月11日 午前8時30分",
        "2025年02月11日 08:30",
        "2025年2月11日 上午8:30",
        "2025. 2. 11. 오전 8:30",
        "11 فبراير 2025، 8:30 ص",
        "11 Şubat 2025 08:30",
        "11.02.2025 08:30",
        "11.02.2025 8.30",
        "Feb 11, 2025 at 3:30 AM EST",
        "Tues, 11 Feb 2025 0:30 PST",
        "mar., 11 févr. 2025 09:30:00 +0100",
        "2025-02-11T08:30:00.123456789Z",
        "2025-02-11 08:30:00 +0000 UTC",
    ],
)
def test_a_time_of_day_is_read_as_its_language_writes_it(value: str) -> None:
    moment = parse_date(value)
    assert moment is not None
    assert moment.replace(microsecond=0) == MORNING


@pytest.mark.parametrize(
    ("text", "hour"), [("am 06.02.2024 22:30", 22), ("am 06.02.2024 9:30", 9), ("22:30 PM", 22)]
)
def test_a_word_before_the_day_is_no_half_of_it(text: str, hour: int) -> None:
    text = text if "2024" in text else f"6 February 2024 {text}"
    assert parse_date(text) == datetime(2024, 2, 6, hour, 30, tzinfo=UTC)


def test_a_name_of_several_months_needs_its_language() -> None:
    assert parse_date("11 listopada 2024") is None
    assert parse_date("11 listopada 2024", "pl") == datetime(2024, 11, 11, tzinfo=UTC)
    assert parse_date("11 listopada 2024", "hr-HR") == datetime(2024, 10, 11, tzinfo=UTC)


def test_slashes_put_the_day_first_but_in_english() -> None:
    assert parse_date("02/03/2025", "fr") == datetime(2025, 3, 2, tzinfo=UTC)
    assert parse_date("02/03/2025", "en") is None


@pytest.mark.parametrize("value", ["2099-11-22", "22 November 2099", "2030-01-01", 2_000_000_000])
def test_a_date_far_ahead_is_a_placeholder(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "March",
        "March 2025",
        "2025",
        2025,
        "2025-02",
        "Tuesday",
        "10:30",
        "02/03/2025",
        "11 Feb 25",
        "2025-13-45",
        "yesterday",
        "",
        None,
        True,
        float("nan"),
        float("inf"),
        10**40,
        -1,
        ["2025-02-11"],
        "1" * 100_000,
    ],
)
def test_what_has_gaps_or_two_readings_is_no_date(value: object) -> None:
    assert parse_date(value) is None


@given(
    st.text(max_size=70) | st.from_regex(r"[0-9A-Za-z:/.,+ -]{0,12}2025[0-9A-Za-z:/.,+ -]{0,20}")
)
def test_no_text_makes_it_fail(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


@given(st.floats() | st.integers())
def test_no_number_makes_it_fail(number: float) -> None:
    parse_date(number)
