"""Markup is told from prose that speaks of tags; titles lose tags and entities once."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean.clean_documents import clean_documents
from tasks.reading.ingest import ingest_files
from tasks.reading.markup import is_fragment, plain_line, unescaped_fragment
from tasks.reading.source import list_source
from tasks.settings import CleanSettings, IngestSettings

MARKUP = [
    "<p>Hi</p>",
    "The <b>mayor</b> spoke.",
    "one<br>two",
    "one <br> two <br> three",
    "See <a href='/x'>this</a>.",
    "<p> Text </p> <p> More </p>",
    "a\n<p>b\n<p>c",
    "Text<!--more-->rest",
    "<ul>\n  <li>a\n  <li>b\n</ul>",
    'text <img src="a.jpg" /> text',
    "A <em>very</em> long <i>text</i> on the tag &lt;b&gt; itself",
    "<div>市議會<br/>開會</div>",
]
PROSE = [
    "In the manual, <b> stands for bold and 3 < 4 holds; write <p> at each paragraph.",
    "The tags <ul> and <li> make lists; close them with </li> and </ul>.",
    "<b> is bold and <i> is italic",
    "The element \"<p>\" and the element '<div>' are blocks.",
    "Тег <b> выделяет, а тег <p> начинает абзац.",
    "if a <b and c> d then",
    "List<String> x = new List<>();",
    "Wrap it in <system> and <user>, never <think>.",
    "Use `<b>bold</b>` for bold and `<i>x</i>` for italic.",
    'Example:\n\n    <div class="a">\n      <p>x</p>\n    </div>\n\nThat is all.',
    "```html\n<p>Hi</p>\n```\nis how",
    "mail <john@x.example> or <https://a.example/c>",
    "use <br> for a break",
    "x<i>y and 2<3",
    "Fish &amp; chips &#8217;",
]


@pytest.mark.parametrize("text", MARKUP)
def test_tags_that_work_are_markup(text: str) -> None:
    assert is_fragment(text)


@pytest.mark.parametrize("text", PROSE)
def test_tags_that_are_spoken_of_are_prose(text: str) -> None:
    assert not is_fragment(text)
    assert unescaped_fragment(text) is None


def test_markup_that_was_escaped_is_unescaped_and_mentions_are_not() -> None:
    assert unescaped_fragment("&lt;p&gt;Hi &amp;amp; bye&lt;/p&gt;") == "<p>Hi &amp; bye</p>"
    assert unescaped_fragment("&lt;b&gt; means bold and &lt;p&gt; a paragraph") is None


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("<em>Low water</em> at Fisher &amp; Sons", "Low water at Fisher & Sons"),
        ("Rights &amp; duties at AT&amp;T", "Rights & duties at AT&T"),
        ("Q&A with R&D, a&copy=1", "Q&A with R&D, a&copy=1"),
        ("How to use the <canvas> element", "How to use the <canvas> element"),
        ("&lt;b&gt;Big&lt;/b&gt; news", "Big news"),
        ("Bob&amp;#8217;s&nbsp;boat", "Bob’s boat"),
        ("One<br>two\n three", "One two three"),
        ("Write &amp;amp; in HTML", "Write &amp; in HTML"),
    ],
)
def test_a_title_is_a_line_without_tags_and_entities(raw: str, title: str) -> None:
    assert plain_line(raw) == title


@given(st.text(st.sampled_from("<>/b p=\"'&;lt`-! \n"), max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(is_fragment(text), bool)
    assert "\n" not in plain_line(text)


def _texts(folder: Path) -> list[str]:
    files = list_source(str(folder)).files
    raw = pl.concat([documents for documents, _ in ingest_files(files, IngestSettings())])
    segments, _ = clean_documents(raw, CleanSettings())
    return segments.filter("kept")["text"].to_list()


def test_all_text_of_a_fragment_is_read_and_nothing_that_is_hidden(tmp_path: Path) -> None:
    fragment = (
        "<p>The council agreed to rebuild the landing.</p><p hidden>gone</p>"
        '<p><a href="/x">More about the <b>pontoon</b></a></p><script>track()</script>'
    )
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": fragment}), "utf-8")
    assert _texts(tmp_path) == [
        "The council agreed to rebuild the landing.",
        "More about the pontoon",
    ]


def test_entities_in_code_are_decoded_once_and_elsewhere_until_none_is_left(
    tmp_path: Path,
) -> None:
    fragment = "<p>Write <code>&amp;amp;</code> for it.</p><p>Fish &amp;amp; chips</p>"
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": fragment}), "utf-8")
    assert _texts(tmp_path) == ["Write &amp; for it.", "Fish & chips"]
