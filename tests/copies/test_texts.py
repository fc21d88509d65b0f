"""Runs found in many texts at once are those that a pattern finds in each of them."""

import numpy as np
import regex
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.texts import HAN, KANA, NUMBER, WORD, join_texts
from tasks.writing.vocabulary import UNSPACED_LETTERS

#: The same tokens, one text and one match at a time.
_TOKEN = regex.compile(
    r"(?P<number>\p{Nd}+(?:[.,٫٬'’\u00a0\u202f ]\p{Nd}+)*)"
    r"|(?P<han>\p{Han}+)"
    r"|(?P<kana>[\p{Katakana}ー]{2,})"
    rf"|(?P<word>(?:(?![{UNSPACED_LETTERS}])[\p{{L}}\p{{M}}])+)",
    regex.VERSION1,
)
_KINDS = {"number": NUMBER, "han": HAN, "kana": KANA, "word": WORD}
_TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.text("12٣४.,٫’\u00a0 \n東京タワーアのaße\u0301กمα", max_size=20),
    ),
    min_size=1,
    max_size=4,
)


@given(_TEXTS, st.sampled_from(sorted(_KINDS)))
def test_runs_are_the_tokens_of_each_text(texts: list[str], kind: str) -> None:
    joined = join_texts(texts)
    starts, ends = joined.runs(_KINDS[kind])
    owners = joined.owners(starts)
    within = starts - joined.starts[owners]
    found = zip(owners.tolist(), within.tolist(), joined.cut(starts, ends), strict=True)
    assert [*found] == [
        (number, match.start(), match.group())
        for number, text in enumerate(texts)
        for match in _TOKEN.finditer(text)
        if match.lastgroup == kind
    ]


@given(_TEXTS)
def test_characters_are_counted_in_the_text_that_has_them(texts: list[str]) -> None:
    expected = [len(regex.findall(r"\p{Han}", text)) for text in texts]
    assert np.array_equal(join_texts(texts).count(HAN), expected)
