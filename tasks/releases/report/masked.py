"""The beginnings of texts as a report may show them: personal data as dots."""

from collections.abc import Iterable
from typing import Any

from tasks.clean.personal_data import mask

#: What is read beyond the part that is shown, so that its end cuts nothing in half before it is
#: recognised: the longest e-mail address (RFC 5321, 4.5.3.1.3).
MARGIN_CHARS = 254
#: Longer titles are a page's first paragraph.
_TITLE_CHARS = 200
_DOT = "•"


def masked_start(text: str, language: str, shown_chars: int, known: Iterable[str] = ()) -> str:
    """Return the first characters of a text, a dot for each character of personal data.

    Args:
        text: The text, or its first `shown_chars + MARGIN_CHARS` characters.
        language: Its BCP-47 tag.
        shown_chars: How much of it is shown.
        known: Personal data that the table `personal_data` has of it.
    """
    for value in sorted(known, key=len, reverse=True):
        text = text.replace(value, _DOT * len(value))
    return mask(text, language)[:shown_chars]


def with_masked_title(row: dict[str, Any], known: Iterable[str] = ()) -> dict[str, Any]:
    """Return a row with `title, language, source_uri`, its title fit to be shown, never null."""
    if not row["title"]:
        return {**row, "title": row["source_uri"]}
    return {**row, "title": masked_start(row["title"], row["language"], _TITLE_CHARS, known)}


def holds_part_of(known: Iterable[str], value: str) -> bool:
    """Tell whether a value is part of personal data, be it as a bare number or without case."""
    word, digits = value.casefold(), _digits(value)
    return any(
        word in secret.casefold() or (digits and digits in _digits(secret)) for secret in known
    )


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
