"""Say what a feed, a sitemap or a home page names: pages to fetch, and more that names pages."""

import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from tasks.reading.collect.links import feed_links, feeds_of_page, sitemap_links
from tasks.reading.collect.outcomes import Trouble
from tasks.reading.collect.source_list import Kind

#: A sitemap may have 50 MB (sitemaps.org).
_MOST_BYTES = 52_428_800
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Found:
    """Addresses of pages, and of feeds and sitemaps that name more."""

    pages: tuple[str, ...]
    more: tuple[tuple[Kind, str], ...] = ()


def links_of(kind: Kind, address: str, body: bytes) -> Found | Trouble:
    """Return what a listed address names.

    Args:
        kind: As what it is listed.
        address: Where it was found.
        body: Decoded of content codings.
    """
    if kind == "feed":
        links = feed_links(address, body)
        return (
            Trouble("no_links", "no RSS, Atom or JSON feed")
            if links is None
            else Found(tuple(links))
        )
    if kind == "sitemap":
        found = sitemap_links(address, _unpacked(body))
        if found is None or not any(found):
            return Trouble("no_links", "no sitemap")
        return Found(tuple(found[0]), tuple(("sitemap", link) for link in found[1]))
    feeds = feeds_of_page(address, body)
    if feeds:
        return Found((), tuple(("feed", link) for link in feeds))
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    return Found((), (("sitemap", f"{origin}/sitemap.xml"),))


def _unpacked(body: bytes) -> bytes:
    """Return a sitemap that is a gzip file (`sitemap.xml.gz`) as what is in it."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, _MOST_BYTES)
    except zlib.error:
        return body
