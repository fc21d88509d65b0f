"""Read a date as a record or a page writes it: a moment in UTC.

A date is read if it can be read in one way only: neither the clock nor the place of this
machine fills a gap. A time without a zone is taken as UTC. Names of months and weekdays are
those of CLDR in 71 languages and regions; years of the Buddhist era, of Japan's eras and of the
Republic of China become common ones.
"""

import json
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex
from dateutil.parser import parse

from expectations.moments import LATEST
from tasks.writing.digits import with_ascii_digits

WORDS_FILE = Path(__file__).with_name("date_words.json")
# Seconds from 1973 on and milliseconds up to 2286: ranges that no compact date falls into.
_EPOCH_SECONDS = range(10**8, 10**10)
_EPOCH_MILLISECONDS = range(10**11, 10**13)
_NUMBER = re.compile(r"\d{9,13}")
_DOTNET = re.compile(r"/Date\((\d{9,13})(?:[+-]\d{4})?\)/")
_COMPACT_TIME = re.compile(r"(?:19|20)\d{12}")
_MAX_CHARS = 64
# RFC 822, section 5.1, and those of the IANA time zones that mean one offset only; others (`IST`,
# `ET`, `MSK`) mean several.
_ZONES = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_ZONES |= {"WET": 0, "CET": 1, "CEST": 2, "EET": 2, "SAST": 2, "EEST": 3, "PKT": 5}
_ZONES |= {"WIB": 7, "WITA": 8, "HKT": 8, "JST": 9, "KST": 9, "WIT": 9, "NZST": 12, "NZDT": 13}
# What is missing in a date shows as a difference between these two; so do 2/3 and 3/2.
_GAPS = (datetime(2001, 1, 1), datetime(2002, 2, 2))
#: Where slashes are in use, all but English puts the day before the month (CLDR).
_MONTH_MAY_BE_FIRST = frozenset({"en", None})
_SEEN_AS_BLANK = {
    0x200E: None,
    0x200F: None,
    0x61C: None,
    0xA0: " ",
    0x2009: " ",
    0x202F: " ",
    ord("،"): ",",
}

#: Years of eras: what is added to them. Thai dates are of the Buddhist era from 2400 on.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,3}}|元)\s?年")
_BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
_BUDDHIST_YEARS = 543

_CLOCKS = (
    re.compile(r"(?<![\d:])(\d{1,2}) ?: ?(\d\d)(?:: ?(\d\d)(?:[.,]\d{1,9})?)?(?![\d:])"),
    re.compile(r"(?<!\d)(\d{1,2}) ?[時时시点點](?: ?(\d{1,2}) ?[分분])?(?: ?(\d{1,2}) ?[秒초])?"),
    re.compile(r"(?<![\d.])(?<!\d\. )(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?!\d|\. ?\d)"),
    re.compile(
        r"(?<!\d)(\d{1,2}) ?(?:h|Uhr|นาฬิกา) ?(\d\d)?"
        r"(?: ?(?:min|นาที) ?(?:(\d\d) ?(?:s|วินาที))?)?(?![^\W\d_])"
    ),
)  # fmt: skip
_ZONE = regex.compile(
    r"[\s(\[]*(?P<name>[A-Z]{1,5})(?![^\W_])[\s(]*(?P<offset>[+-]\d\d:?\d\d)?[)\]]*"
    r"|[\s(]*(?P<offset>[+-]\d\d:?\d\d)(?: ?\(?[A-Z]{1,5}\b)?[)\]]*"
)
_EAST_ASIAN = re.compile(r"(?<!\d)(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_NUMBERED_MONTH = re.compile(r"\b(?:tháng|thg) (\d{1,2})\b", re.IGNORECASE)
_DOTTED = re.compile(r"\D*(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\D*")
_DOTTED_YEAR_FIRST = re.compile(r"\D*(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\D*")
_NUMBERS = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_FIGURES = re.compile(r"\D*?(\d[\d /.-]*\d)\D*")
_UNSEEN = {ord("."): None, ord("॰"): None, 0x200E: None, 0x200F: None, 0xA0: None, 0x202F: None}
_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}\p{Cf}.'’׳´ʻ॰-]*")
_LAST_WORD = regex.compile(rf"({_WORD.pattern})\s*$")
#: Names of months have up to so many words.
_MAX_WORDS = 3
_MAX_DAY_DIGITS = 2
_MAX_HALF_CHARS, _MAX_HALF_HOUR = 16, 12


def parse_date(value: object, language: str | None = None) -> datetime | None:
    """Return the moment in UTC that a value names; None: none, several, or one after `LATEST`.

    ISO 8601, RFC 2822, seconds or milliseconds since 1970, and full dates in words.

    Args:
        value: Of any type.
        language: BCP-47 tag of the language in which it is written, if that is known: some
            names of months mean different ones.
    """
    try:
        moment = _moment(value, language)
        if moment is None:
            return None
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment < LATEST else None


def _moment(value: object, language: str | None) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value) or _from_string(str(value), language)
    return _from_string(value.strip(), language) if isinstance(value, str) else None


def _from_number(value: float) -> datetime | None:
    if int(value) in _EPOCH_SECONDS:
        return datetime.fromtimestamp(value, UTC)
    if int(value) in _EPOCH_MILLISECONDS:
        return datetime.fromtimestamp(value / 1000, UTC)
    return None


def _from_string(text: str, language: str | None) -> datetime | None:
    if len(text) > _MAX_CHARS:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(int(text))
    if dotnet := _DOTNET.fullmatch(text):
        return _from_number(int(dotnet[1]))
    if _COMPACT_TIME.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _from_words(text, language)


def _from_words(text: str, language: str | None) -> datetime | None:
    text = with_ascii_digits(text).translate(_SEEN_AS_BLANK)
    if not _NUMBERS.search(text):
        return None
    text = _ERA.sub(lambda era: f"{_ERAS[era[1]] + int(era[2].replace('元', '1'))}年", text)
    text = _BUDDHIST.sub(lambda year: str(int(year[0]) - _BUDDHIST_YEARS), text)
    clock, rest = _clock(text)
    day = _east_asian(rest) or _named_day(rest, language) or _dotted(rest)
    day = day or _in_figures(rest, language)
    return datetime.combine(day, clock or time()) if day else None


def _east_asian(text: str) -> date | None:
    found = _EAST_ASIAN.search(text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _dotted(text: str) -> date | None:
    """Return a day whose numbers stand with points: in no other order than these two (CLDR)."""
    if found := _DOTTED.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    found = _DOTTED_YEAR_FIRST.fullmatch(text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _named_day(text: str, language: str | None) -> date | None:
    """Return the day of a date with one named month, one year and one day, and no other number."""
    numbers = _NUMBERS.findall(_NUMBERED_MONTH.sub(" ", text))
    years = [int(number) for number in numbers if len(number) == len("2025")]
    days = [int(number) for number in numbers if len(number) <= _MAX_DAY_DIGITS]
    if not len(years) == len(days) == 1 or len(numbers) != len(years) + len(days):
        return None
    months = {int(number) for number in _NUMBERED_MONTH.findall(text)}
    months = months or _named_months(text, language)
    return date(years[0], months.pop(), days[0]) if len(months) == 1 else None


def _named_months(text: str, language: str | None) -> set[int]:
    """Return the months that words name; one that names a weekday, too, yields to others."""
    words = [word for found in _WORD.findall(text) if (word := folded(found))]
    months, weekdays = set[int](), set[int]()
    for length in range(1, _MAX_WORDS + 1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            month = _words()["months"].get(name)
            if isinstance(month, dict):
                month = month.get((language or "").partition("-")[0])
            if month:
                (weekdays if name in _words()["weekdays"] else months).add(month)
    return months or weekdays


def _clock(text: str) -> tuple[time | None, str]:
    """Return the time of day in a text, with its zone, and the text without it.

    None where its zone has several meanings: the day is what the text says, all the same.

    Raises:
        ValueError: If there is none of that hour.
    """
    found = next((found for form in _CLOCKS if (found := form.search(text))), None)
    if found is None:
        return None, text
    before, after = text[: found.start()], text[found.end() :]
    hour, minute, second = (int(part or 0) for part in found.groups())
    half = _half(before, after)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0) if hour <= _MAX_HALF_HOUR else hour
        after = _without_half(after)
    zone = _ZONE.match(after)
    if zone is None:
        return time(hour % 24, minute, second), f"{before} {after}"
    moment = time(hour % 24, minute, second)
    rest = f"{before} {after[zone.end() :]}"
    if zone["offset"] is None and zone["name"] not in _ZONES:
        return None, rest
    return moment.replace(tzinfo=_zone(zone["name"], zone["offset"])), rest


def _half(before: str, after: str) -> str | None:
    """Return which half of the day is named beside a time: `am`, `pm`, or none.

    It stands right behind, or before where no letters of Latin script could be another word.
    """
    halves = _words()["halves"]
    behind = [folded(word) for word in _WORD.findall(after[:_MAX_HALF_CHARS])]
    # *am 6.2.2024 9:45* is German, and no half of a day.
    last = _LAST_WORD.search(before[-_MAX_HALF_CHARS:])
    ahead = [folded(last[1])] if last else []
    nearby = [
        "".join(behind[:2]),
        *behind[:1],
        *(w for w in ahead if w in {"am", "pm"} or not w.isascii()),
    ]
    return next((halves[word] for word in nearby if word in halves), None)


def _without_half(after: str) -> str:
    """Return what follows a time without the half of its day, which is no zone."""
    first = _WORD.match(after.lstrip())
    is_half = first is not None and folded(first[0]) in _words()["halves"]
    return after.lstrip()[first.end() :] if first and is_half else after


def _zone(name: str, offset: str | None) -> tzinfo | None:
    if offset:
        return datetime.strptime(offset.replace(":", ""), "%z").tzinfo
    return timezone(timedelta(hours=_ZONES[name]))


def _in_figures(text: str, language: str | None) -> date | None:
    """Return a day in figures that reads in one way only, or so in its language."""
    found = _FIGURES.fullmatch(text)
    # dateutil reads two-digit years by the clock, and words by itself.
    if not found or not _YEAR.search(found[1]):
        return None
    figures = found[1]
    day_may_be_first = not figures[:4].isdigit()
    spoken = (language or "").partition("-")[0] or None
    is_first = day_may_be_first and spoken not in _MONTH_MAY_BE_FIRST
    readings = {
        parse(figures, default=_GAPS[0], dayfirst=is_first).date(),
        parse(figures, default=_GAPS[1], dayfirst=day_may_be_first).date(),
    }
    return readings.pop() if len(readings) == 1 else None


def folded(name: str) -> str:
    """Return a word of a date as it is compared: without case, points and marks of direction."""
    return name.casefold().translate(_UNSEEN).strip(" '-").replace("\u2019", "'")


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    halves = sorted(words["halves"].items(), key=lambda named: (-len(named[0]), named))
    return words | {"weekdays": frozenset(words["weekdays"]), "halves": dict(halves)}
