"""Write the digits of every script as ASCII digits."""

from functools import lru_cache

import regex

_OTHER_DIGIT = regex.compile(r"[\p{Nd}--[0-9]]", regex.V1)


def with_ascii_digits(text: str) -> str:
    """Return a text with the ASCII digit for each digit of another script."""
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda match: ascii_digit(match[0]), text)


@lru_cache(maxsize=2048)
def ascii_digit(digit: str) -> str:
    """Return the ASCII digit of the same value.

    Asked is `regex`, which finds the digits: it knows scripts of a later Unicode than Python,
    whose `int` raises on them.

    Args:
        digit: A character of the general category Nd.
    """
    return next(str(value) for value in range(10) if regex.match(rf"\p{{nv={value}}}", digit))
