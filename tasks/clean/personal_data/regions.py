"""Say from which countries the telephone numbers of a text are tried."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

#: Share of a country's people who speak a language from which its numbers are tried; where the
#: language is official they always are.
_MIN_SPEAKERS_PERCENT = 50
#: A top-level domain that is not its country's code.
_COUNTRY_OF_DOMAIN = {"UK": "GB"}


def regions_of(languages: Iterable[str], url: str | None = None) -> tuple[str, ...]:
    """Return the countries that a text may be of, the likeliest first.

    Args:
        languages: BCP-47 tags, the likeliest first; one of no country, such as `und`, adds none.
        url: Where the text stood: the country of the site comes before those of a language.
    """
    home = country_of_site(url) if url else None
    found = [home] if home else []
    for language in languages:
        found += _regions_of_language(language.partition("-")[0])
    return tuple(dict.fromkeys(found))


def country_of_site(url: str | None) -> str | None:
    """Return the country whose top-level domain a site has (ISO 3166), if any."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - few texts ask for it

    domain = _host(url).rpartition(".")[2].upper()
    country = _COUNTRY_OF_DOMAIN.get(domain, domain)
    return country if country in SUPPORTED_REGIONS else None


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # e.g. brackets that hold no IPv6 address
        return ""


@lru_cache(maxsize=512)
def _regions_of_language(language: str) -> tuple[str, ...]:
    """Return the countries of a language (CLDR), one per country code, its own first."""
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
