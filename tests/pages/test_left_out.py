"""Check that all text of a page is listed: what is main text, and why the rest is none."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.reasons import BLOCK_REASONS
from tasks.clean.clean_documents import clean_documents
from tasks.clean.compose import compose_documents
from tasks.clean.find_personal_data import find_personal_data
from tasks.clean.tag_language import tag_language
from tasks.pages.blocks import page_blocks
from tasks.pages.page import parse_page, read_fragment, read_page
from tasks.settings import CleanSettings, LanguageSettings, PersonalDataSettings, QualitySettings
from tests.making.raw_documents import raw_documents
from tests.pages.test_set_aside import ARTICLE, COMMENTS, COOKIES, HEADLINE, OTHER, TEXT, page

_PAYWALL = (
    "<div class=paywall><p>Subscribe now to read the full story.</p><p>Already a subscriber? Log"
    " in</p><button>Subscribe</button></div>"
)


def _left_out(body: str) -> dict[str, str]:
    """Return what is left out of a page with this body, and why."""
    found = read_page(page(f"<main>{HEADLINE}{TEXT}{body}</main>"))
    assert found.lines == ARTICLE
    return {left.text: left.reason for left in found.left_out}


@pytest.mark.parametrize(
    ("body", "begin", "reason"),
    [
        ("", "Home\nWorld", "page_furniture"),
        ("", "Ferry landing to be rebuilt", "title"),
        ("", "© 2024 The Harbour", "page_furniture"),
        (f"<div role=dialog>{COOKIES}</div>", "Ihre Privatsphäre\nWir und", "consent"),
        (f"<section id=kommentare>{COMMENTS}</section>", "oar 1 March 2024\nNone", "comment"),
        (f"<div hidden><p>{OTHER}</p></div>", OTHER, "hidden"),
        (f"<dialog open><p>{OTHER}</p></dialog>", OTHER, "dialog"),
        (_PAYWALL, "Subscribe now", "paywall"),
        ("<figure><img src=a><figcaption>The landing</figcaption></figure>", "The l", "caption"),
        ("<div class=related><ul><li><a href=/f>Fish market</a></ul></div>", "Fish", "related"),
    ],
)
def test_what_is_left_out_of_a_page_is_listed_with_its_reason(
    body: str, begin: str, reason: str
) -> None:
    assert any(text.startswith(begin) and why == reason for text, why in _left_out(body).items()), (
        _left_out(body)
    )


def test_what_is_left_out_stands_where_it_stood() -> None:
    aside = "<aside><ul><li><a href=/f>Fish market</a></li></ul></aside>"
    first, *others = (f"<p>{text}</p>" for text in ARTICLE)
    found = read_page(page(f"<main>{HEADLINE}{first}{aside}{''.join(others)}</main>"))
    assert found.lines == ARTICLE
    assert [left.before for left in found.left_out] == [0, 0, 1, len(ARTICLE)]


_PIECES = st.sampled_from(
    [
        TEXT,
        HEADLINE,
        _PAYWALL,
        f"<div class=cookie-banner>{COOKIES}</div>",
        f"<div id=comments>{COMMENTS}</div>",
        f"<div hidden><p>{OTHER}</p></div>",
        "<nav><a href=/>Home</a> <a href=/w>World</a></nav>",
        "<pre>a\n  b</pre>",
        "stray <b>words</b>",
        "<p>\x1c\ufeff</p>",
        "<table><tr><td>1<td>2</table>",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=6), st.booleans())
def test_no_text_of_a_page_vanishes(pieces: list[str], is_whole: bool) -> None:
    html = page("".join(pieces)) if is_whole else "".join(pieces)
    tree = parse_page(html)
    shown = [] if tree is None else [block.line for block in page_blocks(tree).blocks]
    for found in (read_page(html), read_fragment(html)):
        listed = "\n".join([*found.lines, *(left.text for left in found.left_out)])
        assert [text for text in shown if text not in listed] == []
        assert {left.reason for left in found.left_out} <= BLOCK_REASONS


_HTML = page(f"<main>{HEADLINE}{TEXT}<nav><p>Call +44 20 7946 0958</p></nav></main>")
_EMPTY = page("<nav><a href=/>Home</a></nav>")


def _tables(*, listed: bool = True, redact: bool = False) -> dict[str, pl.DataFrame]:
    """Return what becomes of a page, and of one without main text."""
    raw = raw_documents({"a": _HTML, "b": _EMPTY}, is_markup=True)
    cut, metadata = clean_documents(raw, CleanSettings(list_left_out=listed))
    personal = PersonalDataSettings(redact=redact)
    tagged = tag_language(cut, LanguageSettings())
    segments, spans = find_personal_data(raw, metadata, tagged, personal)
    documents, rejects = compose_documents(raw, metadata, segments, QualitySettings(), personal)
    return {"segments": segments, "spans": spans, "documents": documents, "rejects": rejects}


def _of_text(tables: dict[str, pl.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Return what does not count the segments that were dropped."""
    counts = ["segments_dropped", "dropped_chars"]
    kept = tables["segments"].filter("kept").drop("segment_index")
    return {
        "kept": kept.to_dicts(),
        "documents": tables["documents"].drop(counts).to_dicts(),
        "spans": tables["spans"].to_dicts(),
        "rejects": tables["rejects"].drop("detail").to_dicts(),
    }


def test_what_is_left_out_has_no_language_and_changes_nothing_else() -> None:
    with_blocks, without = _tables(), _tables(listed=False)
    blocks = with_blocks["segments"].filter(pl.col("reason").is_in(BLOCK_REASONS))
    assert set(blocks["language"]) == {"und"}
    assert not without["segments"]["reason"].is_in(BLOCK_REASONS).any()
    assert _of_text(with_blocks) == _of_text(without)


def test_a_page_without_main_text_is_rejected_as_such_and_lists_its_menu() -> None:
    tables = _tables()
    rejects = tables["rejects"].select("doc_id", "reason", "detail").rows()
    assert rejects == [("b", "no_main_text", "1 page_furniture")]
    listed = tables["segments"].filter(doc_id="b")["text"].to_list()
    assert listed[0].startswith("Home\nWorld")


def test_what_is_left_out_is_redacted_like_the_rest() -> None:
    text = "\n".join(_tables(redact=True)["segments"]["text"])
    assert "7946" not in text
    assert "[phone]" in text
