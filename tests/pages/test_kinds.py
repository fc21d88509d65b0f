"""Check what a page says of its kind."""

import pytest

from tasks.pages.kinds import KINDS, NO_HINT, hints_of, kind_probabilities
from tasks.pages.page import parse_page


@pytest.mark.parametrize(
    ("html", "hint"),
    [
        ('<script type="application/ld+json">{"@type": "Product"}</script>', "ld product"),
        ("<div itemtype='https://schema.org/QAPage'>a</div>", "item qapage"),
        ("<meta property='og:type' content='website'>", "og website"),
        ("<meta name='generator' content='Discourse 3.1'>", "by discourse"),
        ("<link rel=canonical href='https://docs.example.com/guide/start-here'>", "host docs"),
        ("<link rel=canonical href='https://example.com/guide/start-here'>", "path guide"),
        ("<link rel=canonical href='http://[broken'>", "og -"),
        ("<div class=add-to-cart>a</div>", "class cart"),
        ("<h2><a href=a>a</a></h2>", "h2 of links 1"),
        ("<a href=a><h3>a</h3></a>", "links around 1"),
        ("<p>a<p>a<p>a<p>a", "p 3"),
    ],
)
def test_a_page_gives_hints(html: str, hint: str) -> None:
    assert hint in hints_of(parse_page(f"<html><body>{html}</body></html>"))


def test_kinds_are_as_likely_as_their_hints_say() -> None:
    none = (0.0,) * len(KINDS)
    weights = {NO_HINT: none, "og product": tuple(5.0 * (kind == "product") for kind in KINDS)}
    assert kind_probabilities([], weights).tolist() == [0.143] * len(KINDS)
    found = dict(zip(KINDS, kind_probabilities({"og product", "unknown"}, weights), strict=True))
    assert max(found, key=lambda kind: found[kind]) == "product"
