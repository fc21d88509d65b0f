"""Many documents are cleaned together as each of them alone; no hint overlooks anything."""

import unicodedata

import numpy as np
import polars as pl
import pytest
import regex
from ftfy.badness import MOJIBAKE_CATEGORIES
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.blocks import BLOCK_CHARS, block_hits
from tasks.clean.cut import cut_lines, cut_pages, cut_text, cut_texts
from tasks.clean.debris import debris_columns, find_debris
from tasks.clean.folding import Letters, fold
from tasks.clean.judge import judged, judged_documents
from tasks.clean.line_features import features_of_documents, line_features
from tasks.clean.repair import repaired, repaired_lines
from tasks.settings import CleanSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, documents

_PARAGRAPHS = [text for texts in PARAGRAPHS.values() for text in texts]
_ENCODINGS = ["latin-1", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp437", "macroman"]
_MOJIBAKE = "".join(set("".join(MOJIBAKE_CATEGORIES.values()))) + "aZ 5à«вЂГў²°œ√≈‚Äββ€"
_TRACES = [
    "XNUMX", "<unk>", "⁇", "{{ name }}", "%1$s", "<ph id=1>", ")39歳(", "( 39)", "（3)", "。.", "、,",
    "؟?", "।.", "the", "und", "dans", "which", "La", "die", "法的構造", "сегодня", "a\u0301the", "the\u0301",
    "_the_", "‿", "\u200d", "(", ")", "\"", " ", ".", "。", "、", "字.", "é", "12", "א", "ש",
]  # fmt: skip


@st.composite
def _misread(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(_PARAGRAPHS))[: draw(st.integers(1, 60))]
    return text.encode().decode(draw(st.sampled_from(_ENCODINGS)), "replace")


_LINES = st.text() | st.sampled_from(_PARAGRAPHS) | _misread() | st.text(st.sampled_from(_MOJIBAKE))


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES))
def test_lines_are_repaired_together_as_each_alone(lines: list[str]) -> None:
    assert repaired_lines(lines) == [repaired(line) for line in lines]


@pytest.mark.parametrize("entity", ["&amp;", "&#39;", "a &eacute; b", "\x96", "a\ufeffb"])
def test_what_ftfy_mends_anywhere_is_not_overlooked(entity: str) -> None:
    lines = [f"{text} {entity}" for text in _PARAGRAPHS]
    assert repaired_lines(lines) == [repaired(line) for line in lines]


@settings(max_examples=40, deadline=None)
@given(st.lists(documents(), max_size=4))
def test_texts_are_cut_together_as_each_alone(texts: list[str]) -> None:
    assert cut_texts(texts) == [cut_text(text) for text in texts]
    pages = [text.splitlines() for text in texts]
    assert cut_pages(pages) == [cut_lines(lines) for lines in pages]


@settings(max_examples=40, deadline=None)
@given(st.lists(documents(), max_size=5))
def test_documents_are_judged_together_as_each_alone(texts: list[str]) -> None:
    cut = cut_texts([*texts, _flattened(), _flattened()])
    together = judged_documents(cut, CleanSettings())
    assert together == [judged(segments, CleanSettings()) for segments in cut]


def _flattened() -> str:
    """Return a page as text: its menu, its text, and its footer, with a layout."""
    menu = "\n".join(
        f"  * {word}" for word in ("Home", "News", "Sport", "Culture", "Weather", "Login")
    )
    return "\n".join([menu, "", *PARAGRAPHS["Latn"], "", menu])


@settings(max_examples=30, deadline=None)
@given(st.lists(documents(), max_size=4))
def test_lines_look_the_same_beside_other_documents(texts: list[str]) -> None:
    cut = cut_texts([*texts, _flattened()])
    for segments, features in zip(cut, features_of_documents(cut), strict=True):
        assert np.array_equal(features, line_features(segments))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*_TRACES, *_PARAGRAPHS])) | st.lists(st.text())))
def test_no_debris_is_overlooked(texts: list[list[str]]) -> None:
    joined = [" ".join(words) for words in texts] + ["".join(words) for words in texts]
    debris, counts = debris_columns(pl.Series(joined, dtype=pl.String))
    for text, found, count in zip(joined, debris.to_list(), counts, strict=True):
        expected = find_debris(text)
        assert [tuple(trace.values()) for trace in found] == [
            (each.kind, each.script, each.language, each.count) for each in expected
        ]
        assert count == sum(trace.count for trace in expected)


_IGNORED = r"[\s\p{Quotation_Mark}\p{Pi}\p{Pf}\p{Cf}\p{Cc}`´]"


@given(
    st.lists(st.text() | st.sampled_from(["ﷺ", "ﬁn", "Straße", "が", "한국", "İ", *_PARAGRAPHS]))
)
def test_texts_are_folded_character_by_character(texts: list[str]) -> None:
    letters = fold(texts)
    bounds = letters.bounds.tolist()
    for number, text in enumerate(texts):
        kept = regex.sub(_IGNORED, "", text)
        expected = "".join(unicodedata.normalize("NFKD", char).casefold() for char in kept)
        assert str(letters)[bounds[number] : bounds[number + 1]] == expected


@given(st.lists(st.text(st.sampled_from("abc"), max_size=90)), st.text(min_size=20, max_size=60))
def test_blocks_that_come_again_are_found(texts: list[str], said: str) -> None:
    letters = [*texts, said + "x" + said, said, ""]
    points = np.frombuffer("".join(letters).encode("utf-32-le"), np.uint32)
    bounds = np.cumsum([0, *map(len, letters)])
    assert block_hits(Letters(points, bounds)) == [_hits(text) for text in letters]


def _hits(text: str) -> list[tuple[int, int]]:
    blocks: dict[str, int] = {}
    places = range(len(text) - BLOCK_CHARS + 1)
    for place in places[::BLOCK_CHARS]:
        blocks.setdefault(text[place : place + BLOCK_CHARS], place)
    found = [(place, blocks.get(text[place : place + BLOCK_CHARS], place)) for place in places]
    return [(place, source) for place, source in found if source + BLOCK_CHARS <= place]
