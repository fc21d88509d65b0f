"""References in an XML file are written so that libxml2 loses and trips over none of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.entities import with_characters
from tests.making.reading import rows

_PIECES = (
    "&#xD83D;", "&#56832;", "&#xDE00;", "&#x41;", "&lt;", "&amp;amp;", "&eacute;", "&own;", "&", "a b", "<t>",
    "<![CDATA[", "]]>", "<!--", "-->", "&#", "é", "&#00055357;", "&#xd83d", ";",
)  # fmt: skip


def _written(*chunks: bytes) -> str:
    return b"".join(with_characters(iter(chunks))).decode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&lt;p&gt; &quot;&apos;&amp;lt;", "&#60;p&#62; &#34;&#39;&#38;lt;"),
        ("Q&A &eacute; &own; &nbsp", "Q&#38;A &#233; &own; &#38;nbsp"),
        ("&#xD83D;&#xDE00; &#55357;&#xde00;", "&#128512; &#128512;"),
        ("&#xD83D; &#56832;", "&#65533; &#65533;"),
        ("&#xDE00;&#xD83D;&#xD83D;&#xDE00;", "&#65533;&#65533;&#128512;"),
        ("&#x41;&#xD83D;&#x41;", "&#x41;&#65533;&#x41;"),
        ("<![CDATA[a & b &#xD83D;]]>&<!-- & -->", "<![CDATA[a & b &#65533;]]>&#38;<!-- & -->"),
    ],
)
def test_each_reference_has_a_number_that_is_a_character(written: str, meant: str) -> None:
    assert _written(written.encode()) == meant


@given(st.lists(st.sampled_from(_PIECES), max_size=20), st.lists(st.integers(1, 9), max_size=40))
def test_how_the_bytes_are_cut_does_not_count(pieces: list[str], sizes: list[int]) -> None:
    content, chunks = "".join(pieces).encode(), []
    rest = content
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert _written(*chunks, rest) == _written(content)


@pytest.mark.parametrize("half", ["&#xD83D;", "&#55357;", "&#xDFFF;", "&#x0000000DFFF;"])
@pytest.mark.parametrize(
    "place", ["<title>{}</title>", "<a b='{}'/>", "<link href='{}'/>", "{}", "<a b='<!--'/>{}"]
)
def test_half_a_character_anywhere_in_a_feed_stops_nothing(
    half: str, place: str, tmp_path: Path
) -> None:
    first = f"<item>{place.format(half)}<description>one {half}</description></item>"
    feed = f"<rss><channel><title>{half}</title>{first}<item><description>two</description></item>"
    (tmp_path / "a.xml").write_text(f"{feed}</channel></rss>", "utf-8")
    assert [row["text"] for row in rows(tmp_path / "a.xml")] == ["one \ufffd", "two"]


@pytest.mark.parametrize("error", ["Q & A", "&own;", "&nbsp;", "&#1;", "<b x>", "&#0;"])
def test_after_an_error_markup_and_signs_of_a_feed_are_still_there(
    error: str, tmp_path: Path
) -> None:
    items = f"<item><title>{error}</title><description>x</description></item>" + (
        "<item><description>&lt;p&gt;one &amp;amp; two&lt;/p&gt;</description></item>"
    )
    (tmp_path / "a.xml").write_text(f"<rss><channel>{items}</channel></rss>", "utf-8")
    assert rows(tmp_path / "a.xml")[-1]["text"] == "<p>one &amp; two</p>"
