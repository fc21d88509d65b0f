"""Check what pages say of themselves, in every script, whatever is wrong with them."""

import json
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
    assert found.published_at == datetime(2024, 3, 12, 9, 22, tzinfo=UTC)
    assert found.declared_language == "en"


@pytest.mark.parametrize("author", ["王小明", "村上春樹", "김철수", "Анна Ли", "محمد علي"])
def test_an_author_needs_no_space_in_the_name(author: str) -> None:
    assert read_metadata(_page(author=author)).author == author


def html_page(head: str = "", body: str = "<h1>Ebb</h1><p>Text.</p>", language: str = "en") -> str:
    return f'<html lang="{language}"><head>{head}</head><body><main>{body}</main></body></html>'


def json_ld(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def test_json_ld_tells_author_and_site_in_any_form() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "港の新しい桟橋",
        "author": [{"@type": "Person", "name": "港湾担当"}, "राजेश शर्मा", {"@id": "#anna"}],
        "publisher": {"@type": "Organization", "name": "港新聞"},
    }
    anna = {"@type": "Person", "@id": "#anna", "name": "Anna Lee"}
    breadcrumbs = {"@type": "BreadcrumbList", "name": "Home"}
    found = read_metadata(html_page(json_ld({"@graph": [breadcrumbs, anna, article]}), "<p>x"))
    assert (found.title, found.site) == ("港の新しい桟橋", "港新聞")
    assert found.author == "港湾担当; राजेश शर्मा; Anna Lee"


@pytest.mark.parametrize(
    "script", ["<!-- {json} -->", "//<![CDATA[\n{json}\n//]]>", "{json};", "[[{json}]]"]
)
def test_json_ld_is_read_in_its_wrappings(script: str) -> None:
    json_text = '{"@type": "Article", "datePublished": "2024-02-06", "name": "a\tb"}'
    text = script.replace("{json}", json_text)
    head = f"<script type='application/ld+json'>{text}</script>"
    assert read_metadata(html_page(head, "<p>x")).published_at == datetime(2024, 2, 6, tzinfo=UTC)


def test_no_question_of_a_page_of_questions_is_its_title() -> None:
    questions = [{"@type": "Question", "name": f"How long does ferry {n} take?"} for n in "12"]
    head = json_ld({"@type": "FAQPage", "mainEntity": questions}) + "<title>Ferries</title>"
    assert read_metadata(html_page(head, "<h1>All ferries</h1>")).title == "Ferries"
    asked = {"@type": "Question", "name": "Which ferry?"}
    assert read_metadata(html_page(json_ld(asked), "<h1>All ferries</h1>")).title == "Which ferry?"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Discord", "How we pwned X, Vercel, Discord and hundreds of companies"),
        ("Houston", "Mountain bike trails near Houston"),
        ("Ferry tickets", "Ferry tickets for all the islands of the north and the west"),
        ("Ebb", "Nord - Ebb"),
    ],
    ids=["word", "last word", "beginning", "part"],
)
def test_a_heading_that_is_a_word_of_the_title_is_not_the_headline(
    heading: str, title: str
) -> None:
    found = read_metadata(html_page(f"<title>{title}</title>", f"<h1>{heading}</h1>")).title
    assert found == (heading if heading in {"Ferry tickets", "Ebb"} else title)


def test_what_search_engines_are_told_behind_a_bar_is_no_title() -> None:
    told = "Ferries of the north | Tickets | Times"
    assert read_metadata(html_page(f"<title>{told}</title>", "")).title == "Ferries of the north"
    one_word = read_metadata(html_page("<title>Ferries | Tickets and times</title>", ""))
    assert one_word.title == "Ferries | Tickets and times"


_WRITTEN_BY = (
    '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="Ann Lee">'
)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (_WRITTEN_BY.format("Written by"), ""),
        (_WRITTEN_BY.format("Verfasst von"), ""),
        ("", '<p><a href="/authors/ann-lee">Ann Lee</a></p>'),
        ("", "<p><span>By <a href='/staff/lee'>Ann Lee</a></span> <span>1 May 2024</span></p>"),
        ("", '<div class="blog__authorname">Ann Lee</div>'),
        ("", '<div class="post-author"><i>A</i> <a>Ann Lee</a> <b>4 min read</b></div>'),
        ("", '<div class="post-author"><i>Post</i> <a>Ann Lee</a> <b>1 silver badge</b></div>'),
        ("", '<div class="byline">Written by <b>Ann Lee</b></div>'),
        ("", '<div class="author"><i>von</i> <b>Ann Lee</b></div>'),
        ("", '<div class="post-author">Eingestellt von <b>Ann Lee</b> um 15:00</div>'),
        ("", '<article class="message" data-author="Ann Lee"><p>Text.</p></article>'),
        ("", '<a class="username">Ann Lee</a><p>Text.</p><a class="username">Bob</a>'),
    ],
)
def test_an_author_is_found_in_the_odd_places_of_pages(head: str, body: str) -> None:
    assert read_metadata(html_page(head, f"<h1>Ebb</h1>{body}")).author == "Ann Lee"


@pytest.mark.parametrize(
    "body",
    [
        '<p class="authorized">Sign in here</p>',
        '<div class="comments"><a class="username">Ann Lee</a></div>',
        '<div class="author-tools">Skip to main content</div>',
        '<span class="author">undefined</span>',
        '<div class="author">1 silver badge</div>',
        '<div class="author">12</div>',
        '<nav><a href="/authors/ann-lee">Ann Lee</a></nav>',
        '<div class="author-box">Ann Lee has written about the sea for so long that nobody can '
        "say any more when she began to, or whether she will ever stop.</div>",
    ],
)
def test_who_did_not_write_a_page_is_no_author(body: str) -> None:
    assert read_metadata(html_page(body=f"<h1>Ebb</h1>{body}")).author is None


@pytest.mark.parametrize(
    "name",
    ["ann", "Ann Lee", "Jean d’Ormesson", "María de la Cruz y López", "“Sea” Desk", "王小明",
     "राजेश शर्मा", "Ann Lee, Bo Ek and Cy Fox", "The Harbour Post staff", "Dr. A. B. Lee-Ek, Ph.D."],
)  # fmt: skip
def test_a_name_in_an_element_for_authors_is_taken(name: str) -> None:
    found = read_metadata(html_page(body=f'<h1>Ebb</h1><div class="author">{name}</div>')).author
    assert found == name


def test_a_site_is_the_author_only_where_nobody_else_is_named() -> None:
    head = '<meta name="author" content="Harbour Post">'
    head += '<meta property="og:site_name" content="Harbour Post">'
    byline = '<h1>Ebb</h1><p class="byline">By Ann Lee</p>'
    assert read_metadata(html_page(head, byline)).author == "Ann Lee"
    assert read_metadata(html_page(head)).author == "Harbour Post"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Ferry runs again - Harbour Post", "Ferry runs again"),
        ("Ferry runs again | Ferries | The Harbour-Post Forums", "Ferry runs again"),
        ("Ferry runs again - to Corfu", "Ferry runs again - to Corfu"),
        ("Harbour Post - all of the sea", "Harbour Post - all of the sea"),
    ],
)
def test_the_last_part_of_a_title_may_be_told_by_the_host(told: str, title: str) -> None:
    link = '<link rel="canonical" href="https://www.harbour-post.example/a">'
    assert read_metadata(html_page(f"<title>{told}</title>{link}", "<p>Text.</p>")).title == title


def test_a_headline_of_the_second_rank_goes_before_the_heading_of_the_site() -> None:
    head = "<title>Ferry runs again - The Harbour Post</title>"
    body = "<h1>The Harbour Post</h1><h2>Ferry runs again</h2><h2>The Harbour</h2>"
    assert read_metadata(html_page(head, body)).title == "Ferry runs again"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>The Harbour Post</h1><h1>Ferry runs again</h1>",
        "<h1>Ferry runs again ¶</h1><h1>The Harbour Post</h1>",
        "<h1><a><img alt=logo></a></h1><h1>Ferry runs again</h1><h1>Post</h1>",
    ],
)
def test_the_name_of_the_site_in_a_heading_is_no_title(body: str) -> None:
    head = "<title>Ferry runs again | The Harbour Post</title>"
    assert read_metadata(html_page(head, body)).title == "Ferry runs again"


@pytest.mark.parametrize(
    ("declared", "shown", "title"),
    [
        ("Ebb and flow | The Harbour", "Ebb and flow", "Ebb and flow"),
        ("Ebb and flow - The Harbour", "Sections", "Ebb and flow"),
        ("The Harbour: Ebb and flow", "", "The Harbour: Ebb and flow"),
        ("Ebb &amp; flow", "", "Ebb & flow"),
    ],
)
def test_a_title_is_the_headline_without_the_site(declared: str, shown: str, title: str) -> None:
    head = f"<title>{declared}</title><meta property='og:site_name' content='The Harbour'>"
    assert read_metadata(html_page(head, f"<h1>{shown}</h1><p>x")).title == title


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Gazeta Portowa</title>", "<article><h1>Prom wraca</h1></article>", "Prom wraca"),
        ("<title>Untitled Document</title>", "<h1>Ebb and flow</h1>", "Ebb and flow"),
        (
            "<title>Порт</title><meta property='og:site_name' content='Порт'>",
            "<h1>Порт</h1><h1>Причал</h1>",
            "Причал",
        ),
        ("<title>Ebb and flow</title>", "<main><h1>How the sea moves</h1></main>", "Ebb and flow"),
        (
            "<title>Harbour Post</title><link rel=canonical href='https://p.example/'>",
            "<article><h1>Prom wraca dziś</h1></article>",
            "Harbour Post",
        ),
    ],
)
def test_the_headline_of_an_article_is_its_title_where_all_pages_have_one(
    head: str, body: str, title: str
) -> None:
    assert read_metadata(html_page(head, f"{body}<p>x</p>")).title == title


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("Yazan: Ali Yılmaz", "Ali Yılmaz"),
        ("文・佐藤花子", "佐藤花子"),
        ("김민수 기자 kim@example.com", "김민수"),
        ("山田太郎記者", "山田太郎"),
        ("Von Anna Lee", "Anna Lee"),
        ("von der Leyen", "von der Leyen"),
        ("記者：山田太郎", "山田太郎"),
        ("Автор: Анна Ли", "Анна Ли"),
        ("https://example.com/ann", None),
    ],
)
def test_a_byline_is_a_name(byline: str, author: str | None) -> None:
    body = f'<h1>Ebb</h1><p class="byline">{byline}</p><p>Text.</p>'
    assert read_metadata(html_page(body=body)).author == author


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
