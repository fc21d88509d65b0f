"""Addresses and names lose their personal data, and stay addresses and names."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean.personal_data import KINDS
from tasks.clean.personal_data.record_names import (
    MARK,
    redacted_address,
    redacted_names,
    redacted_text,
)
from tasks.reading.records import printable_uri

CARD = "4111111111111111"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/?mail=anna%40example.org&x=%20y", "https://a.example/?mail=[email]&x=%20y"),
        ("https://a.example/anna@example.org/50%25", "https://a.example/[email]/50%25"),
        ("mailto:anna@example.org", "mailto:[email]"),
        ("tel:+49-221-4701234", "tel:[phone]"),
        (f"https://a.example/{CARD}/x_{CARD}", "https://a.example/[card]/x_[card]"),
        ("https://a.example/2024/03/12/4701234567", "https://a.example/2024/03/12/4701234567"),
        ("https://a.example/%D0%BC%D0%B8%D1%80", "https://a.example/%D0%BC%D0%B8%D1%80"),
        ("https://a.example/%0A%00anna%40example.org", "https://a.example/%0A%00[email]"),
        ("4701234567", "4701234567"),
    ],
)  # fmt: skip
def test_an_address_loses_what_is_private_and_keeps_the_rest(address: str, expected: str) -> None:
    assert redacted_address(address, KINDS) == expected


def test_nothing_is_nothing() -> None:
    assert redacted_address(None, KINDS) is None
    assert redacted_text(None, (), KINDS) is None


def test_only_the_kinds_that_are_asked_for_are_taken() -> None:
    assert redacted_address(f"{CARD}/anna@example.org", ["email"]) == f"{CARD}/[email]"


_NAMES = st.lists(
    st.sampled_from(["a.txt", "anna@example.org.txt", "otto@example.org.txt", f"{CARD}.txt"])
    | st.text(max_size=12).map(printable_uri),
    unique=True,
)


@given(_NAMES, st.data())
def test_names_stay_apart_and_without_personal_data_as_they_are(
    names: list[str], data: st.DataObject
) -> None:
    ids = [f"{i:032x}" if data.draw(st.booleans()) else None for i in range(len(names))]
    made = redacted_names(pl.Series("n", names, pl.String), pl.Series(ids, dtype=pl.String), KINDS)
    assert made.n_unique() == len(names)
    for name, new in zip(names, made, strict=True):
        assert (new == name) == (redacted_address(name, KINDS) == name)
        assert new == name or MARK in new


def test_a_name_does_not_depend_on_the_order_of_the_others() -> None:
    names = ["anna@example.org.txt", "b.txt", "otto@example.org.txt"]
    ids = pl.Series([None, None, None], dtype=pl.String)
    made = redacted_names(pl.Series(names), ids, KINDS).to_list()
    assert made == ["[email]\\~1", "b.txt", "[email]\\~2"]
    assert redacted_names(pl.Series(names[::-1]), ids, KINDS).to_list() == made[::-1]
