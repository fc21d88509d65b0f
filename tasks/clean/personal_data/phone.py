"""Find telephone numbers, by Google's rules of every country's numbers (phonenumbers)."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

from tasks.clean.personal_data.patterns import Span
from tasks.writing.vocabulary import JOINED_LETTERS

if TYPE_CHECKING:
    from phonenumbers import PhoneNumberMatch

_CUES = Path(__file__).with_name("phone_cues.txt")
#: How far before a number a word such as `Tel.` is looked for.
_CUE_CHARS = 24
#: Digits with what stands between them, as many as the shortest number that is looked for.
HINT = r"\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){6}"
_INTERNATIONAL = regex.compile(r"\(?(?:\+\s?\(?\d|(?<!\d)00\s?[1-9])")
#: In brackets, or after the 0 that most countries dial before it; nine digits in all.
_AREA_CODE = regex.compile(
    r"(?<![0-9.,:/-]|[0-9] )(?:(?:\d ?)?\(0?[1-9]\d{1,4}\)|0 ?[1-9]\d{0,4}[ /-])(?:[ /-]{0,3}\d){6}"
)
#: A country that dials 00 before a country code, as the ITU recommends.
_DIALS_00 = "DE"
#: Share of a country's people who speak a language from which its numbers are tried; where the
#: language is official they always are.
_MIN_SPEAKERS_PERCENT = 50


def find_phones(text: str, language: str) -> Iterator[Span]:
    """Yield telephone numbers; `detail` is the country, or `001` and the like.

    A number with its country code counts wherever it is valid. One without counts if it is
    valid in a country of the language and either a word such as `Tel.` stands before it or it
    is written as that country's numbers are, with area code: other figures are often valid
    numbers of some country.

    Args:
        text: With ASCII digits.
        language: BCP-47 tag; of the text.
    """
    if _INTERNATIONAL.search(text):
        for match in _found_in(text, _DIALS_00):
            if _INTERNATIONAL.match(match.raw_string):
                yield _span(match)
    yield from _national(text, language)


def _national(text: str, language: str) -> Iterator[Span]:
    """Yield numbers without country code, the longest first where countries read them apart."""
    spans: list[Span] = []
    if _cue_pattern().search(text):
        matches = _matches(text, language)
        spans += [_span(match) for match in matches if _has_cue(text, match.start)]
    if _AREA_CODE.search(text):
        matches = _matches(text, language, is_grouped=True)
        spans += [_span(match) for match in matches if _AREA_CODE.match(match.raw_string)]
    yield from sorted(spans, key=lambda span: span.start - span.end)


def _matches(text: str, language: str, *, is_grouped: bool = False) -> Iterator["PhoneNumberMatch"]:
    for region in _regions(language):
        yield from _found_in(text, region, is_grouped=is_grouped)


def _found_in(text: str, region: str, *, is_grouped: bool = False) -> Iterator["PhoneNumberMatch"]:
    """Return the valid numbers of a region; if asked, only those grouped as its numbers are."""
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415 - few texts ask for it

    leniency = Leniency.STRICT_GROUPING if is_grouped else Leniency.VALID
    return iter(PhoneNumberMatcher(text, region, leniency))


def _span(match: "PhoneNumberMatch") -> Span:
    from phonenumbers import region_code_for_number  # noqa: PLC0415 - few texts ask for it

    return Span(match.start, match.end, "phone", region_code_for_number(match.number))


def _has_cue(text: str, start: int) -> bool:
    return _cue_pattern().search(text, max(start - _CUE_CHARS, 0), start) is not None


@lru_cache(maxsize=1)
def _cue_pattern() -> regex.Pattern[str]:
    lines = _CUES.read_text(encoding="utf-8").splitlines()
    words = sorted({w for line in lines if not line.startswith("#") for w in line.split()})
    unspaced = rf"[{JOINED_LETTERS}\p{{So}}]"
    parted = [word for word in words if not regex.search(unspaced, word)]
    joined = [word for word in words if regex.search(unspaced, word)]
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])(?:{'|'.join(parted)})(?![\p{{L}}\p{{M}}])|{'|'.join(joined)}",
        regex.IGNORECASE,
    )


@lru_cache(maxsize=512)
def _regions(language: str) -> tuple[str, ...]:
    """Return the countries of a language (CLDR), one per country code, its own first.

    A language of no country, such as `und`, has none.
    """
    from babel.core import get_global  # noqa: PLC0415 - few texts ask for it
    from phonenumbers import country_code_for_region  # noqa: PLC0415

    likely = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    shares = {
        territory: speakers["population_percent"]
        for territory, known in get_global("territory_languages").items()
        for tag, speakers in known.items()
        if tag.partition("_")[0] == language and _is_at_home(speakers)
    }
    ordered = sorted(shares, key=lambda territory: (-shares[territory], territory))
    by_code: dict[int, str] = {}
    for region in [likely, *ordered]:
        by_code.setdefault(country_code_for_region(region), region)
    return tuple(region for code, region in by_code.items() if code)


def _is_at_home(speakers: dict[str, Any]) -> bool:
    is_spoken = speakers["population_percent"] >= _MIN_SPEAKERS_PERCENT
    return is_spoken or "official" in (speakers["official_status"] or "")
