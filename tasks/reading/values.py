"""Read what a field of a record says: a moment in UTC, or a language as a BCP-47 tag.

A date is read if it can be read in one way only: neither the clock nor the place of this
machine fills a gap. A time without a zone is taken as UTC.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from babel.core import get_global
from dateutil.parser import parse

# Seconds from 1973 on and milliseconds up to 2286: ranges that no compact date falls into.
_EPOCH_SECONDS = range(10**8, 10**10)
_EPOCH_MILLISECONDS = range(10**11, 10**13)
_NUMBER = re.compile(r"\d{9,13}")
_COMPACT_TIME = re.compile(r"(?:19|20)\d{12}")
# dateutil reads two-digit years by the clock.
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_MAX_CHARS = 64
# RFC 822, section 5.1; other abbreviations mean several zones.
_ZONES = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
# What is missing in a date shows as a difference between these two; so do 2/3 and 3/2.
_GAPS = (datetime(2001, 1, 1), datetime(2002, 2, 2))
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|\d{3}))?"
    r"(?:[-_.@][\w.@-]{1,40})?",
    re.IGNORECASE | re.ASCII,
)


def parse_date(value: object) -> datetime | None:
    """Return the moment in UTC that a value of a record names; None: none, or several.

    ISO 8601, RFC 2822, seconds or milliseconds since 1970, and full dates in words.
    """
    try:
        moment = _moment(value)
        if moment is None:
            return None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value) or _from_string(str(value))
    return _from_string(value.strip()) if isinstance(value, str) else None


def _from_number(value: float) -> datetime | None:
    if int(value) in _EPOCH_SECONDS:
        return datetime.fromtimestamp(value, UTC)
    if int(value) in _EPOCH_MILLISECONDS:
        return datetime.fromtimestamp(value / 1000, UTC)
    return None


def _from_string(text: str) -> datetime | None:
    if len(text) > _MAX_CHARS:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(int(text))
    if _COMPACT_TIME.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _from_words(text)


def _from_words(text: str) -> datetime | None:
    if not _YEAR.search(text):
        return None
    day_may_be_first = not text[:4].isdigit()
    readings = {
        parse(text, default=_GAPS[0], tzinfos=_zone),
        parse(text, default=_GAPS[1], tzinfos=_zone, dayfirst=day_may_be_first),
    }
    return readings.pop() if len(readings) == 1 else None


def _zone(name: str | None, offset_seconds: int | None) -> timezone | None:
    if name is None and offset_seconds is None:
        return None
    if offset_seconds is not None:
        return timezone(timedelta(seconds=offset_seconds))
    if name not in _ZONES:
        raise ValueError(f"the zone {name} has several meanings")
    return timezone(timedelta(hours=_ZONES[name]))


def language_tag(value: object) -> str | None:
    """Return language, script and region of a tag or a locale: `en_us.UTF-8` is `en-US`.

    None for what is neither, and for a list of several languages.
    """
    found = _TAG.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    language = found["language"].lower()
    # Some aliases name a script or a region, too: Serbo-Croatian is `sr_Latn`, Dari `fa_AF`.
    meant = _TAG.fullmatch(get_global("language_aliases").get(language, language)) or found
    script, region = (found[part] or meant[part] for part in ("script", "region"))
    parts = [meant["language"].lower()]
    parts += [script.title()] if script else []
    parts += [region.upper()] if region else []
    return "-".join(parts)
