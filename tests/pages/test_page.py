"""Check the main text of pages, and of what is no page."""

import pytest

from tasks.clean.clean_documents import clean_documents
from tasks.pages.page import parse_page, read_page
from tasks.settings import CleanSettings
from tests.making.raw_documents import raw_documents
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS

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


def test_the_paragraphs_of_a_short_page_stay_apart_and_its_date_outside() -> None:
    first = (
        "De gemeenteraad besloot dinsdag om de oude havenbrug twee jaar te sluiten voor onderhoud."
    )
    second = "Er komt een pont die elke tien minuten vaart, zei de burgemeester na de vergadering."
    page = (
        "<html><head><title>Brug dicht</title></head><body><article><h1>De brug gaat dicht</h1>"
        f"<p class=meta>Gepubliceerd op 12 maart 2024 om 14:30 uur</p><p>{first}</p><p>{second}</p>"
        "</article></body></html>"
    )
    assert read_page(page).lines == (first, second)


def test_the_title_is_no_line_of_the_text() -> None:
    assert read_page(_page("Latn")).lines == PARAGRAPHS["Latn"]


def test_what_stands_beside_the_article_is_left_out() -> None:
    teaser = (
        "<div class='teasers'><p>" + "Another story of another day, told in a line. " + "</p></div>"
    )
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS["Latn"] * 3)
    html = f"<html><body>{teaser}<div class='article-body'>{body}</div>{teaser}</body></html>"
    assert "Another story" not in " ".join(read_page(html).lines)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("tag", ["article", "div"])
def test_the_links_around_an_article_are_left_out(script: str, tag: str) -> None:
    article = [f"{first} {second}" for first in PARAGRAPHS[script] for second in PARAGRAPHS[script]]
    links = "".join(f"<li><a href='/{i}'>{text[:30]}</a></li>" for i, text in enumerate(article))
    paragraphs = "".join(f"<p>{text}</p>" for text in article)
    html = f"<ul>{links}</ul><{tag}>{paragraphs}</{tag}><div class='related'><ul>{links}</ul></div>"
    assert read_page(f"<html><body>{html}</body></html>").lines == tuple(article)


def test_an_article_without_marks_or_paragraphs_is_found() -> None:
    body = "".join(f"<div>{text}</div>" for text in PARAGRAPHS["Cyrl"] * 3)
    lines = read_page(f"<html><body><div>{body}</div></body></html>").lines
    assert set(PARAGRAPHS["Cyrl"]) <= set(lines)


def test_a_page_gives_the_same_text_every_time() -> None:
    assert len({read_page(_page("Cyrl")) for _ in range(5)}) == 1


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
    assert metadata["canonical_url"].to_list() == ["https://example.com/2024/a", None]


@pytest.mark.parametrize("form", ['a{}="b" ', "a{} ", 'a{}="b"', "a{}=b/", "a{}='>' "])
def test_a_tag_of_a_thousand_attributes_loses_them_and_keeps_its_text(form: str) -> None:
    attributes = "".join(form.format(number) for number in range(2000))
    tree = parse_page(f"<html><body><p {attributes}>Text</p><p class='c'>More</p></body></html>")
    assert tree is not None
    paragraphs = [(len(found.attrib), found.text) for found in tree.iter("p")]
    assert paragraphs in ([(0, "Text"), (1, "More")], [(1, "Text"), (1, "More")])


@pytest.mark.parametrize(("tags", "is_menu_kept"), [(49_000, False), (51_000, True)])
def test_a_page_of_more_tags_than_anybody_writes_is_read_whole(
    tags: int, is_menu_kept: bool
) -> None:
    markup = _page("Latn").replace("</article>", f"</article><script>never</script>{'<br>' * tags}")
    segments, _ = clean_documents(raw_documents({"a": markup}, is_markup=True), CleanSettings())
    texts = segments["text"].to_list()
    assert set(PARAGRAPHS["Latn"]) <= set(texts)
    assert "never" not in texts
    assert ("News" in texts) == is_menu_kept
