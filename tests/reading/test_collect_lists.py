"""What a list of sources and a feed say: in every form, and what is wrong in a sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.reading.collect.errors import BadSourceList
from tasks.reading.collect.links import absolute_links, feed_links, page_key
from tasks.reading.collect.politeness import retry_after
from tasks.reading.collect.source_list import read_source_list

BASE = "https://a.example/feeds/all"
GOOD = 'contact = "me@example.org"\nfeeds = ["https://a.example/feed"]\n'
OPML = """<?xml version="1.0"?><opml version="2.0"><head><ownerEmail>me@example.org</ownerEmail></head>
<body><outline text="News"><outline xmlUrl="https://a.example/1" type="rss"/>
<outline xmlUrl="https://a.example/2"/></outline><outline text="none"/></body></opml>"""


def _read(folder: Path, text: str, contact: str = "") -> object:
    path = folder / "news.toml"
    path.write_text(text, "utf-8")
    return read_source_list(path, contact)


def test_a_toml_list_and_an_opml_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "news.toml"
    path.write_text(GOOD, "utf-8")
    assert read_source_list(path).addresses() == [("feed", "https://a.example/feed")]
    assert read_source_list(path).name == "news"
    path.write_text(OPML, "utf-8")
    found = read_source_list(path)
    assert found.feeds == ("https://a.example/1", "https://a.example/2")
    assert found.contact == "me@example.org"
    assert read_source_list(path, "you@example.org").contact == "you@example.org"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "speed = 9", "speed does not exist; allowed are name, contact, feeds"),
        (GOOD + "delay_seconds = -1", "delay_seconds: Input should be greater than or equal to 0"),
        ('contact = "me@example.org"\nfeeds = ["a.example/feed"]', "must begin with http"),
        ('contact = "me@example.org"\nfeeds = ["file:///etc/passwd"]', "must begin with http"),
        ('contact = "me@example.org"', "names nothing"),
        ('feeds = ["https://a.example/feed"]', "contact must be an e-mail or web address"),
        ('contact = "me"\nfeeds = ["https://a.example/feed"]', "contact must be"),
        ('contact = "mé@example.org"\nfeeds = ["https://a.example/feed"]', "contact must be"),
        ('contact = "me@example.org\\r\\nX: y"\nfeeds = ["https://a.example/feed"]', "contact must"),
        (GOOD + 'name = "../../etc"', "name '../../etc' begins the names of files"),
        ("feeds = ", "is neither TOML nor OPML"),
        ("<opml><body>", "is no OPML"),
        ('<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>', "names nothing|contact"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_list_is_said(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSourceList, match=said):
        _read(tmp_path, text)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSourceList, match=r"none\.toml: No such file"):
        read_source_list(tmp_path / "none.toml")


FEEDS = {
    "rss": "<rss><channel><link>https://a.example/</link><item><link>/1?x=1&amp;y=2</link></item>"
    "<item><link><![CDATA[https://b.example/2]]></link></item>"
    "<item><guid isPermaLink='true'>https://b.example/3</guid></item>"
    "<item><guid>urn:x</guid></item><item><link>mailto:x</link></item></channel></rss>",
    "rss 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"><channel><link>https://a.example/</link></channel>'
    "<item><link>/1?x=1&amp;y=2</link></item><item><link>https://b.example/2</link></item>"
    "<item><link> https://b.example/3 </link></item></rdf:RDF>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feeds/all"/><link href="/"/>'
    '<entry><link rel="replies" href="/c"/><link rel="alternate" href="/1?x=1&amp;y=2"/></entry>'
    '<entry><link href="https://b.example/2"/><content><link href="/no"/></content></entry>'
    "<entry><id>https://b.example/3</id></entry></feed>",
    "json": '{"items": [{"url": "/1?x=1&y=2"}, {"url": "https://b.example/2"}, {"id": "https://b.example/3"}, 5]}',
    "broken": "<rss><channel><item><link>/1?x=1&y=2</link></item><item><link>https://b.example/2</link></item>"
    "<item><link>https://b.example/3</link></item><item><title>&nbsp;&nope;<b></item>",
}  # fmt: skip


@pytest.mark.parametrize("form", FEEDS)
def test_the_entries_of_a_feed_and_nothing_else_are_links(form: str) -> None:
    links = ["https://a.example/1?x=1&y=2", "https://b.example/2", "https://b.example/3"]
    assert feed_links(BASE, FEEDS[form].encode()) == links


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>", b"no feed", b"\x00\xff" * 99, b"<a>" * 99_999]
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    assert not feed_links(BASE, body)


def test_a_page_is_known_by_its_address_without_trackers_and_fragment() -> None:
    key = page_key("https://a.example/x?b=2&a=1")
    assert page_key("https://A.example/x?a=1&b=2&utm_source=rss#top") == key
    assert page_key("https://a.example/x?a=1&b=3") != key
    assert page_key("http://[bad/") == "http://[bad/"


def test_only_web_addresses_are_links() -> None:
    links = [
        "javascript:alert(1)",
        "ftp://a.example/",
        "http://[bad",
        "//b.example/2",
        "3",
        "\ud800",
        "",
    ]
    assert absolute_links("https://a.example/1/", links) == [
        "https://b.example/2", "https://a.example/1/3", "https://a.example/1/�", "https://a.example/1/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("Mon, 30 Nov 2026 00:01:00 GMT", 60), ("Mon, 30 Nov 2020 00:00:00 GMT", 0),
     (None, None), ("soon", None), ("-5", None), ("9" * 30, 10**9)],
)  # fmt: skip
def test_when_to_come_back_is_read(value: str | None, seconds: int | None) -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    found = retry_after(value, lambda: now)
    assert found == (None if seconds is None else timedelta(seconds=seconds))
