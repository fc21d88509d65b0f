"""Check what pages say of themselves, in every script, whatever is wrong with them."""

import re
from datetime import UTC, datetime

import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.pages.metadata import NO_METADATA, read_metadata
from tasks.reading.values import language_tag
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS

_PAGE = """<!DOCTYPE html><html lang="{language}"><head><title>{title} | Example</title>
<meta property="og:title" content="{title}"><meta name="author" content="{author}">
<meta property="og:site_name" content="Example News">
<link rel="canonical" href="https://example.com/2024/a">
<meta property="article:published_time" content="2024-03-12T10:22:00+01:00"></head>
<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""


def _page(script: str = "Latn", author: str = "Ann Lee", language: str = "en") -> str:
    text = PARAGRAPHS[script][0]
    return _PAGE.format(title=text[:20].strip(), author=author, language=language, text=text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_tells_all_in_every_script(script: str) -> None:
    found = read_metadata(_page(script))
    assert found.title == PARAGRAPHS[script][0][:20].strip()
    assert (found.author, found.site) == ("Ann Lee", "Example News")
    assert found.canonical_url == "https://example.com/2024/a"
    assert found.published_at == datetime(2024, 3, 12, tzinfo=UTC)
    assert found.declared_language == "en"


@pytest.mark.parametrize("author", ["王小明", "村上春樹", "김철수", "Анна Ли", "محمد علي"])
def test_an_author_needs_no_space_in_the_name(author: str) -> None:
    assert read_metadata(_page(author=author)).author == author


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en_us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("RU", "ru"),
        ("iw", "he"),
        ("sh", "sr-Latn"),
        ("hbs", "sr-Latn"),
        ("sh_Cyrl-BA", "sr-Cyrl-BA"),
        ("prs", "fa-AF"),
        ("prs-Arab-IR", "fa-Arab-IR"),
        ("eng", "en"),
        ("es-419", "es-419"),
        ("de_DE.UTF-8", "de-DE"),
        ("en, fr", None),
        ("", None),
        ("русский", None),
        (None, None),
    ],
)
def test_a_declared_language_becomes_a_tag(declared: str | None, tag: str | None) -> None:
    assert language_tag(declared) == tag


def test_no_alias_of_a_language_makes_a_tag_of_another_form() -> None:
    form = re.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
    tags = [language_tag(alias) for alias in get_global("language_aliases")]
    assert [tag for tag in tags if tag and not form.fullmatch(tag)] == []


@pytest.mark.parametrize(
    "markup",
    [
        '<html><head><meta http-equiv="Content-Language" content="uk-ua"></head><p>x',
        '<html><head><meta property="og:locale" content="uk_UA"></head><p>x',
        '<html xml:lang="uk-UA"><p>x',
    ],
)
def test_the_language_is_found_where_pages_put_it(markup: str) -> None:
    assert read_metadata(markup).declared_language == "uk-UA"


def test_the_same_page_says_the_same_on_every_day() -> None:
    relative = _page().replace("2024-03-12T10:22:00+01:00", "").replace("/2024/", "/")
    assert (
        read_metadata(relative.replace("<h1>", "<span>2 hours ago</span><h1>")).published_at is None
    )


@pytest.mark.parametrize("markup", ["", " ", "<!--" * 999, "<div>" * 9999, "\ud800", "\0"])
def test_of_nothing_nothing_is_said(markup: str) -> None:
    assert read_metadata(markup) == NO_METADATA


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_page_with_anything_in_it_is_read(data: st.DataObject) -> None:
    text = st.text(max_size=30) | st.sampled_from(
        ["2024-13-45", "http://[", "{", '{"@type": 5}', "&#xD800;"]
    )
    values = {name: data.draw(text) for name in ("title", "author", "language", "text")}
    script = f"<script type='application/ld+json'>{data.draw(text)}</script>"
    found = read_metadata(_PAGE.format(**values).replace("</head>", f"{script}</head>"))
    assert all(
        value is None or str(value).encode() for value in (found.title, found.author, found.site)
    )
