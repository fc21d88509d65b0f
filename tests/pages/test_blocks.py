"""Check how a page falls into blocks, and how they are described in any script."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.pages.blocks import MARKS, Block, Element, page_blocks
from tasks.pages.elements import Matrix
from tasks.pages.features import COLUMNS, block_features
from tasks.pages.kinds import KINDS
from tasks.pages.model import min_score, name_weights, text_scores
from tasks.pages.page import parse_page
from tasks.writing.measures import width
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


def _blocks(body: str) -> list[Block]:
    return page_blocks(parse_page(f"<html><body>{body}</body></html>"))[0]


def _texts(body: str) -> list[str]:
    return [block.text for block in _blocks(body)]


def _features(blocks: list[Block], elements: list[Element]) -> Matrix:
    likely = np.full(len(KINDS), 1 / len(KINDS))
    return block_features(blocks, elements, set(), name_weights(), likely)


def _column(body: str, name: str) -> list[float]:
    blocks, elements, _ = page_blocks(parse_page(f"<html><body>{body}</body></html>"))
    column: list[float] = _features(blocks, elements)[:, COLUMNS.index(name)].tolist()
    return column


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>a <b>b</b> <a href=x>c</a></p><p>d", ["a b c", "d"]),
        ("a<br>b<br/><br>c", ["a", "b", "c"]),
        ("<div>before<p>inside</p>after</div>", ["before", "inside", "after"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
        ("<p>a<script>x</script>b<style>x</style>c", ["abc"]),
        ("<p><ruby>法律<rt>ほうりつ</rt></ruby>では", ["法律では"]),
        ("<p> \n\t </p><p>a\n  b</p>", ["a b"]),
        ("<!-- x --><p>a", ["a"]),
        ("<news-card>a</news-card> b", ["a b"]),
        ("", []),
    ],
)
def test_a_block_is_what_stands_between_two_tags_that_break_the_line(
    body: str, texts: list[str]
) -> None:
    assert _texts(body) == texts


def test_soft_hyphens_are_no_part_of_a_word() -> None:
    assert _texts("<p>Zusammen\u00adarbeit &shy;</p>") == ["Zusammenarbeit"]


def test_links_and_bold_are_counted_and_so_is_a_break() -> None:
    first, second = _blocks("<p>a <a href=x>bcd</a> <b>ef</b><br>g</p>")
    assert (first.link_chars, first.bold_chars, first.after_break) == (3, 2, False)
    assert (second.link_chars, second.bold_chars, second.after_break) == (0, 0, True)


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        ("<nav><div><p>a", "nav"),
        ("<h3>a", "heading"),
        ("<table><tr><td>a", "table"),
        ("<div hidden><p>a", "hidden"),
        ("<div style='color:red; display : none; display: none'>a", "hidden"),
        ("<div aria-hidden=true>a", "hidden"),
        ("<noscript><p>a", "noscript"),
    ],
)
def test_a_block_bears_the_marks_of_all_elements_around_it(body: str, mark: str) -> None:
    (block,) = _blocks(body)
    assert block.element.marks & (1 << MARKS.index(mark))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_sentence_ends_in_every_script_that_ends_sentences(script: str) -> None:
    ends = _column("".join(f"<p>{text}" for text in PARAGRAPHS[script]), "ends_sentence")
    assert ends == [0.0 if script == "Thai" else 1.0] * len(PARAGRAPHS[script])


def test_an_ideograph_is_as_wide_as_two_letters() -> None:
    assert (width("法律"), width("ab"), width("")) == (4, 2, 0)


def test_only_the_first_element_that_holds_an_article_counts() -> None:
    article = f"<article><p>{PARAGRAPHS['Latn'][0] * 3}</p></article>"
    assert _column(f"<p>a</p>{article}{article}", "in_first_holder") == [0.0, 1.0, 0.0]


def test_features_are_the_same_when_asked_for_again() -> None:
    blocks, elements, _ = page_blocks(parse_page(f"<p>{PARAGRAPHS['Cyrl'][0]}<ul><li>a<li>b"))
    assert np.array_equal(_features(blocks, elements), _features(blocks, elements))


def test_a_page_without_blocks_has_no_features_and_no_scores() -> None:
    features = _features([], [])
    assert features.shape == (0, len(COLUMNS))
    assert text_scores(features).shape == (0,)


_TAGS = st.sampled_from(["p", "div", "li", "a", "b", "br", "h1", "td", "article", "nav", "span"])
_NAMES = st.sampled_from(["", "articleBody", "post-content related", "навигация", "\ufffd \n"])
_ELEMENTS = st.builds(
    "<{0} class='{1}'>{2}".format, _TAGS, _NAMES, st.text(max_size=90) | st.just("</div></p>")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ELEMENTS, min_size=1, max_size=25).map("".join))
def test_features_and_scores_of_any_page_are_in_range(body: str) -> None:
    tree = parse_page(f"<html><body>{body}</body></html>")
    blocks, elements, _ = page_blocks(tree)
    features = _features(blocks, elements)
    assert features.shape == (len(blocks), len(COLUMNS))
    assert np.all(np.abs(features) <= 1)
    scores = text_scores(features)
    assert np.all((scores >= 0) & (scores <= 1))
    assert all(block.text == " ".join(block.text.split()) != "" for block in blocks)


def test_a_page_that_is_sure_of_its_text_keeps_what_is_likelier_than_not() -> None:
    blocks = page_blocks(parse_page("<p>aaaa<p>aaaa<p>aaaa")).blocks
    assert min_score(blocks, np.array([1.0, 1.0, 0.0])) == 0.5


def test_a_page_that_is_sure_of_nothing_keeps_what_is_less_likely() -> None:
    blocks = page_blocks(parse_page("<p>aaaa<p>aaaa<p>aaaa")).blocks
    assert min_score(blocks, np.array([0.8, 0.6, 0.6])) == 0.4
    assert min_score(blocks, np.array([0.01, 0.0, 0.0])) == 0.25
