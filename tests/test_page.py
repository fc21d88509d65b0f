"""Main text and metadata of pages, and pages that are none."""

from datetime import UTC, datetime

import pytest

from tasks.clean import clean_documents
from tasks.readers.page import read_page
from tasks.settings import CleanSettings
from tests.test_clean import raw_documents
from tests.texts_in_many_scripts import PARAGRAPHS, SCRIPTS

_PAGE = """<!DOCTYPE html><html><head><title>{title} | Example</title>
<meta property="og:title" content="{title}">
<link rel="canonical" href="https://example.com/2024/a">
<meta property="article:published_time" content="2024-03-12T10:22:00+01:00"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/x">News</a></li></ul></nav>
<article><h1>{title}</h1>{paragraphs}</article>
<footer>© 2024 Example</footer></body></html>"""


def _page(script: str) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[script])
    return _PAGE.format(title=PARAGRAPHS[script][0][:20].strip(), paragraphs=paragraphs)


@pytest.mark.parametrize("script", SCRIPTS)
def test_main_text_is_found_without_navigation(script: str) -> None:
    lines = read_page(_page(script)).lines
    assert [line for line in lines if line in PARAGRAPHS[script]] == list(PARAGRAPHS[script])
    assert not {"Home", "News", "© 2024 Example"} & set(lines)


def test_metadata_is_read_from_the_markup() -> None:
    page = read_page(_page("Latn"))
    assert page.title == PARAGRAPHS["Latn"][0][:20].strip()
    assert page.url == "https://example.com/2024/a"
    assert page.published_at == datetime(2024, 3, 12, tzinfo=UTC)


def test_a_page_gives_the_same_text_every_time() -> None:
    assert len({read_page(_page("Cyrl")) for _ in range(5)}) == 1


def test_relative_dates_are_not_read_by_the_clock() -> None:
    html = _page("Latn").replace("2024-03-12T10:22:00+01:00", "").replace("/2024/", "/")
    page = read_page(html.replace("<h1>", "<span class='date'>2 hours ago</span><h1>"))
    assert page.published_at is None


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n",
        "<html></html>",
        "<html><head><title>Only a title</title></head><body></body></html>",
        "<html><body>" + "<div>" * 50_000 + "x",
        "<!--" * 10_000,
        "<script>" + "x" * 10_000,
    ],
)
def test_a_page_without_main_text_has_no_lines(html: str) -> None:
    assert read_page(html).lines == ()


def test_a_fragment_is_read_as_a_page() -> None:
    assert read_page(f"<p>{PARAGRAPHS['Latn'][0]}</p>").lines == (PARAGRAPHS["Latn"][0],)


def test_segments_of_a_page_have_no_place_in_the_markup() -> None:
    raw = raw_documents({"a": _page("Arab"), "b": "<html></html>"}, is_markup=True)
    segments, metadata = clean_documents(raw, CleanSettings())
    assert set(segments["doc_id"]) == {"a"}
    assert segments["start_char"].null_count() == segments.height
    assert metadata["doc_id"].to_list() == ["a", "b"]
    assert metadata["url"].to_list() == ["https://example.com/2024/a", None]
