"""Every byte and character of a record is accounted for."""

import codecs
import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tasks.clean.cut import cut_text
from tasks.releases.accounts import account_for
from tests.making.texts_in_many_scripts import PARAGRAPHS, documents


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("encoding", "mark", "script"),
    [
        ("utf-8", b"", "Jpan"),
        ("utf-8", codecs.BOM_UTF8, "Deva"),
        ("utf-8-sig", b"", "Cyrl"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "Arab"),
        ("utf-16", b"", "Latn"),
        ("utf-16-be", b"", "Grek"),
        ("windows-1251", b"", "Cyrl"),
        ("shift_jis", b"", "Jpan"),
        ("iso2022_jp", b"", "Jpan"),
        ("gb18030", b"", "Hans"),
    ],
)
def test_byte_ranges_hold_the_characters_that_they_became(
    encoding: str, mark: bytes, script: str
) -> None:
    text = "  " + " \n".join(PARAGRAPHS[script]) + "\n"
    try:
        content = mark + text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("—", "-").replace("«", '"').replace("»", '"')
        content = mark + text.encode(encoding)
    segments = [(i, s.start_char or 0, s.end_char or 0) for i, s in enumerate(cut_text(text))]
    stretches = account_for(text, segments, encoding, _sha256(content))
    assert stretches[-1].end_byte in {len(content), len(content) - 3}  # ISO-2022 ends in an escape
    for before, after in pairwise(stretches):
        assert (before.end_char, before.end_byte) == (after.start_char, after.start_byte)
    if encoding in {"utf-8", "windows-1251", "utf-16-le", "gb18030"}:
        for stretch in stretches:
            shown = content[stretch.start_byte : stretch.end_byte].decode(encoding)
            assert shown == text[stretch.start_char : stretch.end_char]


def test_bytes_that_are_not_those_of_the_text_are_not_told() -> None:
    stretches = account_for("text", [(0, 0, 4)], "utf-8", _sha256(b'{"text": "text"}'))
    assert [(s.start_char, s.end_char, s.start_byte) for s in stretches] == [(0, 4, None)]
    assert account_for("text", [], "no-such-codec", "")[0].start_byte is None
    assert account_for("", [], "utf-8", _sha256(b"")) == []


@given(documents())
@settings(max_examples=30, deadline=None)
def test_stretches_are_the_whole_text_and_what_is_in_no_segment_is_blank(text: str) -> None:
    segments = [(i, s.start_char or 0, s.end_char or 0) for i, s in enumerate(cut_text(text))]
    content = text.encode("utf-8", "surrogatepass")
    stretches = account_for(text, segments, "utf-8", _sha256(content))
    assert "".join(text[s.start_char : s.end_char] for s in stretches) == text
    assert all(s.is_blank for s in stretches if s.segment_index is None)
    assert sum((s.end_byte or 0) - (s.start_byte or 0) for s in stretches) == len(content)
