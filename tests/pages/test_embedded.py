"""Check the text of pages whose markup has none, and that nothing else is taken for it."""

import json

import pytest

from tasks.pages.page import read_page
from tests.pages.test_set_aside import ARTICLE, HEADLINE, TEXT, page

_HTML = "".join(f"<p>{text}</p>" for text in ARTICLE)
_SPANS = [
    {"type": "paragraph", "children": [{"text": text[:30]}, {"text": text[30:], "bold": True}]}
    for text in ARTICLE
]
_MENU = {"menu": [{"label": "Home"}, {"label": "World"}], "footer": {"text": "All rights. " * 20}}


def _state(story: object) -> str:
    return json.dumps({"props": {"pageProps": {**_MENU, "story": story}}}).replace("</", "<\\/")


def _stream() -> str:
    paragraphs = [["$", "p", None, {"children": [t[:30], t[30:]]}] for t in ARTICLE]
    row = "a:" + json.dumps(["$", "article", None, {"children": paragraphs}]) + "\n"
    halves = (row[:100], row[100:])
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(h)}])</script>" for h in halves)


_NUXT = json.dumps([{"data": 1}, {"title": 2, "parts": 3}, "Ferry", [4, 5, 6], *ARTICLE])


@pytest.mark.parametrize(
    "script",
    [
        f"<script id=__NEXT_DATA__ type=application/json>{_state({'body': _HTML})}</script>",
        f"<script type=application/json>{_state({'blocks': [{'html': t} for t in ARTICLE]})}"
        "</script>",
        f"<script>window.__INITIAL_STATE__ = {_state({'body': _SPANS})};</script>",
        f"<script id=__NUXT_DATA__ type=application/json>{_NUXT}</script>",
        f"<script>window.__NUXT__=(function(a){{return {{body:{json.dumps(_HTML)}}}}}(1))</script>",
        _stream(),
        "<script type=application/ld+json>"
        + json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(ARTICLE)})
        + "</script>",
    ],
)
def test_text_that_only_data_hold_is_read_in_its_paragraphs(script: str) -> None:
    assert read_page(page(f"<div id=app></div>{script}")).lines == ARTICLE


def test_text_of_the_markup_comes_before_that_of_data() -> None:
    other = json.dumps({"a": "Another story, of which a reader of this page sees nothing. " * 9})
    script = f"<script type=application/json>{other}</script>"
    assert read_page(page(f"<main>{HEADLINE}{TEXT}</main>{script}")).lines == ARTICLE


@pytest.mark.parametrize(
    "code", ["{", "[1, 2]", "window.a = {b: 1}", '"' * 999, "[" * 9999, '{"a": null}', "[0]"]
)
def test_data_gone_wrong_are_no_text(code: str) -> None:
    for kind in ("application/json", "text/javascript", "application/ld+json"):
        script = f"<script id=__NUXT_DATA__ type={kind}>{code}</script>"
        assert read_page(page(f"<div></div>{script}")).lines == ()


@pytest.mark.parametrize(
    "story",
    [
        {"title": "Ferry stays in port", "body": _HTML},
        {"headline": "Ferry stays in port", "title": "Ferry", "body": {"html": _HTML}},
        {"article": {"content": _SPANS}, "title": "<b>Ferry</b> stays in port"},
    ],
)
def test_the_headline_beside_the_text_in_data_is_the_title(story: dict[str, object]) -> None:
    script = f"<script id=__NEXT_DATA__ type=application/json>{_state(story)}</script>"
    read = read_page(page(f"<div id=app></div>{script}"))
    assert (read.title, read.lines) == ("Ferry stays in port", ARTICLE)


def test_a_title_far_from_the_text_or_of_text_in_the_markup_is_none() -> None:
    far = {"title": "App", "a": {"b": {"c": {"d": {"body": _HTML}}}}}
    script = f"<script type=application/json>{json.dumps(far)}</script>"
    assert read_page(page(f"<div></div>{script}")).title is None
    near = f"<script type=application/json>{_state({'title': 'App', 'body': _HTML})}</script>"
    assert read_page(page(f"<main>{HEADLINE}{TEXT}</main>{near}")).title is None
