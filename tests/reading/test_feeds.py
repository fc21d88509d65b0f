"""Check the reading of feeds, and of pages that a browser saved."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.reading.entities import with_characters
from tests.making.containers import ATOM, MHTML, RSS
from tests.making.reading import fates, rows


def test_entries_of_rss_are_records(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(RSS.encode("cp1251"))
    first, second = rows(tmp_path / "a.xml")
    names = (
        "text",
        "title",
        "url",
        "source_id",
        "author",
        "site",
        "declared_language",
        "is_markup",
    )
    assert [first[name] for name in names] == [
        *(
            "<p>Полный текст</p>",
            "Мост",
            "http://a.example/1",
            "g1",
            "Анна Ли",
            "Лента",
            "ru-RU",
            True,
        )
    ]
    assert first["published_at"] == datetime(2024, 3, 12, 7, 22, tzinfo=UTC)
    assert (first["encoding"], first["encoding_source"]) == ("cp1251", "declared")
    assert (second["text"], second["is_markup"], second["site"]) == ("Текст & ещё", False, "Лента")
    assert fates(tmp_path)["a.xml#3"] == "!no_text_field"


def test_entries_of_atom_are_records(tmp_path: Path) -> None:
    (tmp_path / "a.atom.gz").write_bytes(gzip.compress(ATOM.encode()))
    first, second = rows(tmp_path / "a.atom.gz")
    assert (first["url"], first["author"], first["declared_language"]) == (
        "http://a/1",
        "Ann Lee",
        "en-GB",
    )
    assert "<p>Some <b>text</b></p>" in str(first["text"])
    assert (second["text"], second["is_markup"]) == ("plain", False)


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ("<svg/>", ["!unsupported_format"]),
        ("", ["!empty"]),
        ("no markup at all", ["!corrupt"]),
        (
            RSS[: RSS.index("</item>\n<item><title>")],
            ["<p>Полный текст</p>", "Текст & ещё", "!truncated"],
        ),
        (
            "<rss><channel><item><description>R&D & co</description></item></channel></rss>",
            ["R&D  co"],
        ),
    ],
)
def test_what_is_no_feed_or_a_broken_one_says_so(
    tmp_path: Path, content: str, reasons: list[str]
) -> None:
    (tmp_path / "a.xml").write_bytes(content.encode("cp1251"))
    found = list(fates(tmp_path).values())
    assert found[-1].startswith("!") == reasons[-1].startswith("!")
    assert len(found) >= len(reasons) - 1


def test_a_feed_cannot_read_files_or_grow_without_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    entities = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY a "aaaaaaaaaa">'
    )
    entities += "".join(
        f'<!ENTITY {n} "{"&" + p + ";" * 1}{("&" + p + ";") * 9}">'
        for p, n in zip("abcdefghi", "bcdefghij", strict=True)
    )
    feed = f"{entities}]><rss><channel><item><description>text &x; &j;</description></item></channel></rss>"
    (tmp_path / "a.xml").write_text(feed, "utf-8")
    found = fates(tmp_path / "a.xml")
    assert "secret" not in str(found)
    assert sum(map(len, found.values())) < 10**6


def test_a_saved_page_in_one_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(MHTML)
    [row] = rows(tmp_path / "a.mhtml")
    assert (row["text"], row["url"]) == ("<html><body>Привет</body></html>", "https://a.example/p")
    assert row["fetched_at"] == datetime(2024, 3, 12, 10, 22, tzinfo=UTC)
    assert (row["source_uri"], row["encoding"], row["encoding_source"]) == (
        "a.mhtml",
        "cp1251",
        "http",
    )


def test_a_saved_file_without_a_page_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(MHTML.replace(b"text/html", b"image/gif"))
    assert fates(tmp_path) == {"a.mht": "!malformed_record"}


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        ("<!-- saved from url=(0021)https://a.example/p/1 -->", "https://a.example/p/1"),
        ("<!-- Mirrored from a.example/p by HTTrack Website Copier -->", "http://a.example/p"),
        (
            "<!--\n Page saved with SingleFile \n url: https://a.example/p \n saved date: "
            "Tue Mar 12 2024 10:22:00 GMT+0100 (CET)\n-->",
            "https://a.example/p",
        ),
    ],
)
def test_a_saved_page_tells_where_it_is_from(tmp_path: Path, comment: str, url: str) -> None:
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html>{comment}<html><p>text", "utf-8")
    [row] = rows(tmp_path / "a.html")
    assert row["url"] == url
    assert row["fetched_at"] in {None, datetime(2024, 3, 12, 9, 22, tzinfo=UTC)}


def _feed(item: str) -> str:
    namespaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    return f"<rss {namespaces}><channel><title>N</title><item>{item}</item></channel></rss>"


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            "<title>Caf&eacute; &mdash; Q&A</title><description>na&iuml;ve R&D</description>",
            {"title": "Café — Q&A", "text": "naïve R&D"},
        ),
        (
            "<title>The &lt;canvas&gt; tag</title><description>Use the &lt;canvas&gt; tag.</description>",
            {"title": "The <canvas> tag", "text": "Use the <canvas> tag.", "is_markup": False},
        ),
        (
            "<title>&lt;![CDATA[A]]&gt;</title><description>&lt;![CDATA[B c]]&gt;</description>",
            {"title": "A", "text": "B c"},
        ),
        (
            "<description>x</description><author>a@b.example (Ann Lee)</author>"
            "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>",
            {"author": "Ann Lee; Bo Ek"},
        ),
        (
            "<description>x</description><author>a@b.example</author>",
            {"author": None, "record_fields": '{"author_address":"a@b.example"}'},
        ),
        (
            "<media:title>other</media:title><title>own</title><itunes:summary>S.</itunes:summary>",
            {"title": "own", "text": "S."},
        ),
        (
            "<title>V</title><media:group><media:content url='u'/><media:description>We look.</media:description></media:group>",
            {"title": "V", "text": "We look."},
        ),
        (
            "<content:encoded><![CDATA[One.\n\nTwo &hellip; R&D]]></content:encoded>",
            {"text": "One.\n\nTwo &hellip; R&D", "is_markup": True},
        ),
    ],
)
def test_what_feeds_do_with_names_and_signs_is_undone(
    tmp_path: Path, item: str, said: dict[str, object]
) -> None:
    (tmp_path / "a.rss").write_text(_feed(item), encoding="utf-8")
    [row] = rows(tmp_path)
    assert {name: row[name] for name in said} == said


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_characters_are_written_out_however_chunks_are_cut(size: int) -> None:
    data = b"<a>&eacute; &amp; &x; R&D &#233;<![CDATA[&eacute; & ]] >]]><!-- & -->&</a>"
    chunks = (data[begin : begin + size] for begin in range(0, len(data), size))
    expected = "<a>&#233; &#38; &x; R&#38;D &#233;<![CDATA[&eacute; & ]] >]]><!-- & -->&#38;</a>"
    assert b"".join(with_characters(chunks)).decode() == expected
