"""Find the links of feeds, sitemaps and home pages, and name pages so that each is known once.

Links of feeds are read by their entries: trafilatura takes the feed's own link, and those of
replies, for articles, and of entries with markup some only. It finds what a JSON feed, a sitemap
and a home page name.
"""

import re
from urllib.parse import urldefrag, urljoin

from lxml import etree  # type: ignore[import-untyped]

from tasks.reading.encodings import without_surrogates
from tasks.reading.entities import with_characters

_ADDRESS = re.compile(r"https?://[^/\s]")
_ALTERNATE = {"", "alternate"}
_MOST_LINKS = 50_000


def page_key(address: str) -> str:
    """Return what a page is known by: its address without fragment, trackers and their order."""
    from courlan import normalize_url  # noqa: PLC0415 - only who collects needs it

    whole = urldefrag(address)[0]
    try:
        return str(normalize_url(whole))
    except ValueError:
        return whole


def absolute_links(base: str, links: list[str]) -> list[str]:
    """Return web addresses without fragments, each once, in their order; no others."""
    found: dict[str, None] = {}
    for link in links[:_MOST_LINKS]:
        try:
            address = urldefrag(urljoin(base, without_surrogates(link)[0].strip()))[0]
        except ValueError:
            continue
        if _ADDRESS.match(address):
            found[address] = None
    return list(found)


def feed_links(base: str, body: bytes) -> list[str] | None:
    """Return the addresses of a feed's entries; None: it is no feed.

    Args:
        base: Its own address.
        body: RSS, Atom or JSON, decoded of content codings.
    """
    if body.lstrip()[:1] == b"{":
        from trafilatura.feeds import FeedParameters, find_links  # noqa: PLC0415

        text = body.decode("utf-8", "replace").strip()
        return absolute_links(base, find_links(text, FeedParameters(base, "", base)))
    root = _xml(body)
    if root is None or etree.QName(root).localname.lower() not in {"rss", "feed", "rdf"}:
        return None
    entries = root.iter("{*}item", "{*}entry", "item", "entry")
    return absolute_links(base, [link for entry in entries if (link := _link(entry))])


def _link(entry: "etree._Element") -> str:
    """Return the address of an entry; what it is known by, if that is one and it has no other."""
    for child in entry:
        if isinstance(child.tag, str) and etree.QName(child).localname == "link":
            address = child.get("href") if child.get("rel", "") in _ALTERNATE else ""
            if text := (address or child.text or "").strip():
                return str(text)
    guid = next(entry.iter("{*}guid", "guid", "{*}id", "id"), None)
    return "" if guid is None or guid.get("isPermaLink") == "false" else (guid.text or "").strip()


def _xml(body: bytes) -> "etree._Element | None":
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        # UTF-16 has none of what is mended as such bytes
        mended = body if b"\0" in body[:100] else b"".join(with_characters(iter([body])))
        return etree.fromstring(mended.lstrip(), parser)
    except etree.XMLSyntaxError:
        return None


def sitemap_links(base: str, body: bytes) -> tuple[list[str], list[str]] | None:
    """Return the pages and the sitemaps that a sitemap names; None: it is none."""
    from trafilatura.sitemaps import SitemapObject, is_plausible_sitemap  # noqa: PLC0415

    text = body.decode("utf-8", "replace")
    if not is_plausible_sitemap(base, text):
        return None
    sitemap = SitemapObject(base, "", [], external=True)
    sitemap.current_url, sitemap.content = base, text
    sitemap.process()
    return absolute_links(base, sitemap.urls), absolute_links(base, sitemap.sitemap_urls)


def feeds_of_page(base: str, body: bytes) -> list[str]:
    """Return the feeds that a home page names."""
    from trafilatura.feeds import FeedParameters, determine_feed  # noqa: PLC0415

    found = determine_feed(body.decode("utf-8", "replace"), FeedParameters(base, "", base))
    return absolute_links(base, found)
