"""Digits of every script have their value, those younger than Python's tables, too."""

import sys

import pytest
import regex

from tasks.clean.personal_data.patterns import plain_digits
from tasks.copies.numbers import values
from tasks.writing.digits import ascii_digit

_DIGITS = regex.findall(r"\p{Nd}", "".join(map(chr, range(sys.maxunicode + 1))))
#: Digits of Kawi, Garay and Myanmar: Unicode 15 and 16, where Python 3.11 has 14.
_YOUNG = ["\U00011f55", "\U00010d45", "\U000116d5"]


def test_every_digit_has_the_value_that_python_gives_it() -> None:
    known = [digit for digit in _DIGITS if digit.isdecimal()]
    assert len(known) >= 650
    assert [ascii_digit(digit) for digit in known] == [str(int(digit)) for digit in known]


@pytest.mark.parametrize("digit", _YOUNG)
def test_a_digit_of_a_young_script_is_read(digit: str) -> None:
    assert plain_digits(f"٣ {digit}") == "3 5"
    assert values(f"{digit}{digit},{digit}") == [55.5]
