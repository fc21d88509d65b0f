"""A date is read if it can be read in one way only."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.values import parse_date

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
        "Tue, 11 Feb 2025 08:30:00 MSK",
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
