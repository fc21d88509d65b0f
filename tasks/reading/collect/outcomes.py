"""Name what can come of an address that was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """Why an address gave nothing; see `OUTCOMES`. `is_passing`: the next run tries again."""

    outcome: str
    detail: str
    is_passing: bool = False


#: What can come of an address, in the order in which it is told.
OUTCOMES = {
    "new": "fetched and kept",
    "changed": "fetched again and kept: it says something else",
    "unchanged": "asked again: it says the same, and is not kept twice",
    "links": "a feed, a sitemap or a home page: its links were taken",
    "redirected": "leads to a page that is known already",
    "gone": "not there (404 or 410)",
    "refused": "another refusal (4xx)",
    "robots": "robots.txt asks us not to",
    "not_public": "on a private network or this machine; `allow_private` allows it",
    "wrong_certificate": "its certificate is not valid",
    "not_text": "neither HTML nor text",
    "no_links": "no feed, no sitemap, or without links",
    "too_large": "larger than the list allows",
    "too_slow": "took longer than the list allows",
    "too_many_redirects": "redirects without an end, or to no web address",
    "told_to_wait": "asks to come back later (429 or 503)",
    "server_error": "an error of the site (5xx)",
    "unreachable": "no answer, or none that is HTTP",
}
