"""Subtitles are read as running text, without times, styles and what captions repeat."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making.reading import fates

VTT = """WEBVTT - title

NOTE a comment

STYLE
::cue { color: red }

intro
00:00:01.000 --> 00:00:04.000 align:start
<v Host>Welcome back &amp; thanks to the <i>harbour</i>

2
00:04.100 --> 00:09.000
hour of today.

00:09.100 --> 00:10.000
- Is it late?
- It is.
"""
ROLLING = """1
00:00:01,000 --> 00:00:02,000
The ferry is

2
00:00:02,000 --> 00:00:03,000
The ferry is
late again

3
00:00:03,000 --> 00:00:04,000
late again
today.

4
00:00:09,000 --> 00:00:10,000
昨日の夜、

5
00:00:10,000 --> 00:00:11,000
始まりました。
"""


def test_cues_become_sentences(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text(VTT, "utf-8")
    (tmp_path / "b.srt").write_bytes(ROLLING.replace("\n", "\r\n").encode("utf-8-sig"))
    assert fates(tmp_path) == {
        "a.vtt": "Welcome back & thanks to the harbour hour of today.\n- Is it late?\n- It is.",
        "b.srt": "The ferry is late again today.\n昨日の夜、始まりました。",
    }


def test_the_times_of_single_words_are_not_said(tmp_path: Path) -> None:
    filler = "00:00:02.000 --> 00:00:02.010\nwelcome to the\n \n\n"
    (tmp_path / "a.vtt").write_text(
        "WEBVTT\nKind: captions\n\n00:00:00.000 --> 00:00:02.000 align:start position:0%\n \n"
        f"welcome<00:00:00.320><c> to</c><00:00:00.480><c> the</c>\n\n{filler}"
        "00:02.010 --> 00:04.000\nwelcome to the\nharbour<00:02.320><c> hour</c>\n",
        "utf-8",
    )
    assert fates(tmp_path) == {"a.vtt": "welcome to the harbour hour"}


def test_a_file_without_cues_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("only a text", "utf-8")
    (tmp_path / "b.vtt").write_text("WEBVTT\n\n", "utf-8")
    assert set(fates(tmp_path).values()) == {"!malformed_record"}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["WEBVTT", "", "1", "00:00:01.000 --> 00:00:02.000", "99:99:99,999 --> x",
    "<v A>b", "{\\an8}c", "-->", "\x00", "é", "00:00:05,000 --> 00:00:01,000"]), max_size=12))  # fmt: skip
def test_subtitles_gone_wrong_are_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("subtitles")
    (folder / "a.srt").write_text("\n".join(lines), "utf-8")
    (folder / "b.vtt").write_text("\n".join(["WEBVTT", *lines]), "utf-8")
    assert len(fates(folder)) == 2
