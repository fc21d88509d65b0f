"""Read numbers and dates of any language as values, by the tables of CLDR (through Babel)."""

from functools import lru_cache

import regex
from babel import Locale, UnknownLocaleError

from tasks.copies.words import stem
from tasks.writing.digits import with_ascii_digits
from tasks.writing.vocabulary import UNSPACED_LANGUAGES

# One kind of separator between groups of three digits, then perhaps a decimal part; or the
# Indian groups of two.
_GROUPED = regex.compile(
    r"(?P<whole>\d{1,3}(?:(?P<mark>[.,'’\u00a0\u202f ])\d{3})(?:(?P=mark)\d{3})*)"
    r"(?:[.,](?P<part>\d+))?|(?P<whole>\d{1,2}(?:,\d{2})+,\d{3})(?:\.(?P<part>\d+))?"
)
_DIGITS = regex.compile(r"\d+")
_DECIMAL = regex.compile(r"\d+[.,]\d+")
_ARABIC_MARKS = str.maketrans({"٫": ".", "٬": ","})
# Longer runs of digits are codes; a float would no longer tell them apart.
_MAX_DIGITS = 15
_LETTERS_AFTER = regex.compile(r"[\s\u00a0\u202f-]*([\p{L}\p{M}]+)")
#: CLDR has the words of the norm; Chinese has two more for the days.
_CHINESE_DAYS = {
    f"{week}{day}": index for week in "周週" for index, day in enumerate("一二三四五六日")
}


def values(number: str) -> list[float]:
    """Return what a run of digits and separators of any script can mean.

    `1,234.5`, `1.234,5`, `1 234,5` and `١٬٢٣٤٫٥` are one value. What is neither grouped by
    thousands nor decimal (`24.12.2020`) is several numbers.
    """
    plain = with_ascii_digits(number).translate(_ARABIC_MARKS)
    grouped = _GROUPED.fullmatch(plain)
    if grouped:
        whole = "".join(_DIGITS.findall(grouped["whole"]))
        return [float(f"{whole[:_MAX_DIGITS]}.{grouped['part'] or 0}")]
    if _DECIMAL.fullmatch(plain):
        return [float(plain.replace(",", "."))]
    return [float(digits[:_MAX_DIGITS]) for digits in _DIGITS.findall(plain)]


def scale_after(text: str, end: int, language: str) -> int:
    """Return what a number is multiplied by: 10⁶ before `million`, 10⁸ before `億`; else 1."""
    word = _LETTERS_AFTER.match(text, end, end + 24)
    if word is None:
        return 1
    scales = _scales(language)
    if language in UNSPACED_LANGUAGES or language == "ko":
        starts = [length for length in (3, 2, 1) if word[1][:length] in scales]
        return scales[word[1][: starts[0]]] if starts else 1
    return scales.get(stem(word[1]), 1)


@lru_cache(maxsize=256)
def _scales(language: str) -> dict[str, int]:
    """Return the words of CLDR's compact numbers: `00 million` stands for 10⁷."""
    locale = _locale(language)
    scales: dict[str, int] = {}
    formats = locale.compact_decimal_formats if locale else {}
    # Japanese has only the short ones, which are its words all the same.
    for forms in formats.get("long" if "long" in formats else "short", {}).values():
        for power, form in forms.items():
            word = form.pattern.replace("0", "").replace("'", "").strip(" \u00a0.").casefold()
            zeros = form.pattern.count("0")
            if word and zeros:
                key = word if language in UNSPACED_LANGUAGES or language == "ko" else stem(word)
                scales.setdefault(key, int(power) // 10 ** (zeros - 1))
    return scales


@lru_cache(maxsize=256)
def calendar(language: str) -> dict[str, str]:
    """Return names of months and weekdays (stems, or words of unspaced scripts) as features.

    Months of scripts that number them (`9月`) are not there: see `is_month`.
    """
    locale = _locale(language)
    if locale is None:
        return {}
    names: dict[str, str] = {}
    for context in ("format", "stand-alone"):
        for kind, table in (("month", locale.months), ("weekday", locale.days)):
            for index, name in table[context]["wide"].items():
                if not any(char.isdecimal() for char in name):
                    form = name if language in UNSPACED_LANGUAGES else stem(name)
                    names.setdefault(form, f"{kind}:{index}")
    if language == "zh":
        names.update({word: f"weekday:{day}" for word, day in _CHINESE_DAYS.items()})
    return names


def is_month(text: str, end: int, number: float) -> bool:
    """Say whether a number before `月` (`월` in Korean) is a month."""
    return text[end : end + 1] in {"月", "월"} and number in range(1, 13)


def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language.replace("-", "_"), resolve_likely_subtags=False)
    except (UnknownLocaleError, ValueError):
        return None  # a language that CLDR has no tables for: its digits are read all the same
