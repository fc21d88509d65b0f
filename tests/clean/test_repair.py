"""Mojibake is mended; sound text in any script is left alone."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.cut import cut_lines, cut_text
from tasks.clean.repair import has_visible_text, repaired, repaired_lines
from tests.making.release_breakers import BLANK_LINES
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS, documents


@pytest.mark.parametrize("text", [text for texts in PARAGRAPHS.values() for text in texts])
def test_sound_text_is_not_altered(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” quotes, ‘single’ ones and ’apostrophes’ stay…",
        "全角ＡＢＣと半角ｱｲｳ、全角　空白",
        "ǅ and Ǆ, Ⅳ and ①, ㎏ and ㍿, ℃ and ½ stay",
        "صلى الله عليه وسلم ﷺ، ٥٠ ﷼",
        "神社の神と福井の福",
        "é as two characters, e\u0301",
        "שּׁ and שׁ keep their points",
        "क़िला and क\u093cिला",
        "Use `&amp;` for an ampersand: if (a && b) { x &lt; y; }",
        "Begin with [vc_row] and end it, as in `[caption id=1]x[/caption]`.",
        "A row is written [vc_row width=2], or [gallery ids=1], by hand.",
        "[video] shows it, a[vc_b] = [1], [sic] and row[vc_b]+1 stay",
        "R&D; Q&A; AT&T",
        "می‌خواهم (zero-width non-joiner)",
        "👨‍👩‍👧 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "IL Y MARQUÉ… à 5 €",
        "« Non\xa0! », dit-il\xa0: 10\xa0000\xa0€ et 25\xa0%",
        "कर्ता क्\u200dष क्\u200cष, නිල්වන් ශ්\u200dරී",
        "ภาษา\u200bไทย ភាសា\u200bខ្មែរ",
        "עברית \u200f(2024)\u200e",
    ],
)
def test_what_is_meant_is_not_altered(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The oﬃcial diﬀerence was ﬁfty, said the ﬂoor manager", "The official difference was fifty, said the floor manager"),
        ("ﺍﻟﻌﺮﺑﻴﺔ ﻻ إله", "العربية لا إله"),
        ("ﬓ և ﬠ", "մն և ע"),
        ("Die Ver\xadwal\xadtung in Mag\xadde\xadburg", "Die Verwaltung in Magdeburg"),
        ("from Ham\u200bburg; \ufeffBarack Obama, Rot\u2060terdam", "from Hamburg; Barack Obama, Rotterdam"),
        ("Auf\u200clage, иде\u200dя, Ja\u200eva", "Auflage, идея, Java"),
        ("Emmanuel\xa0Macron à New\u202fYork, M.\xa0Le\xa0Pen, le 5\xa0mai", "Emmanuel Macron à New York, M. Le Pen, le 5 mai"),
        ("hidden\U000e0068\U000e0069 text", "hidden text"),
        ("paÃ\xads", "país"),
        ("[vc_row css=\".a{b:1}\"][vc_column]Il molo[/vc_column][/vc_row]", "Il molo"),
        ("[vc_row] [vc_column_text] Il molo [/vc_column_text]", "Il molo"),
        ("[caption id='a1' width='3'] Der Kai[/caption] Der Hafen", "Der Kai Der Hafen"),
    ],
)  # fmt: skip
def test_typography_becomes_letters_and_words_are_whole(text: str, expected: str) -> None:
    assert repaired(text) == expected
    assert cut_lines([text])[0].text == expected


@given(st.text("aé­\u200b‌‍⁠﻿ﬁﻻ 1א는อ", max_size=12))
def test_no_hint_overlooks_typography(text: str) -> None:
    lines = [text, f"x{text}y"]
    assert repaired_lines(lines) == [repaired(line) for line in lines]


_WORDS = {script: " ".join(texts).split() for script, texts in PARAGRAPHS.items()}


@st.composite
def sound_lines(draw: st.DrawFn) -> str:
    """Draw a line of words that stand in texts of one or two scripts, in any order."""
    scripts = draw(st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=2))
    words = st.one_of([st.sampled_from(_WORDS[script]) for script in scripts])
    return " ".join(draw(st.lists(words, min_size=1, max_size=12)))


def test_sound_texts_are_of_twelve_scripts_and_more() -> None:
    assert len(SCRIPTS) >= 12


@settings(max_examples=100, deadline=None)
@given(sound_lines())
def test_sound_words_in_any_order_are_not_altered(line: str) -> None:
    assert repaired(line) == line


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("encoding", ["latin-1", "sloppy-windows-1252"])
@pytest.mark.parametrize("script", ["Cyrl", "Arab", "Latn", "Jpan", "Hans", "Kore", "Grek", "Hebr"])
def test_text_that_was_encoded_too_often_is_mended(script: str, encoding: str, times: int) -> None:
    for sound in PARAGRAPHS[script]:
        broken = sound
        for _ in range(times):
            broken = broken.encode().decode(encoding)
        assert repaired(broken) == sound


@pytest.mark.parametrize("script", ["Cyrl", "Arab", "Jpan", "Hans", "Grek", "Hebr"])
def test_utf8_that_was_read_as_windows_1251_is_mended(script: str) -> None:
    for sound in PARAGRAPHS[script]:
        assert repaired(sound.encode().decode("sloppy-windows-1251")) == sound


@pytest.mark.parametrize("text", ["15 В° и 20 В°", "Рё", "ОБСЄ і ЄС", "І В І С", "«В»", "№ 5 Ё"])
def test_a_few_pairs_that_might_be_utf8_are_left_alone(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("sound", "encoding"),
    [
        ("La dernière tournée", "windows-1252"),
        ("Ça coûte 5 € à l’entrée", "windows-1252"),
        ("Илон Маск подал иск против OpenAI", "windows-1252"),
        ("Маск подал несколько исков", "windows-1251"),
        ("マスク氏の提案について", "latin-1"),
        ("رفع ماسك دعوى قضائية", "latin-1"),
    ],
)
def test_mojibake_is_mended(sound: str, encoding: str) -> None:
    broken = sound.encode().decode(encoding if encoding == "latin-1" else f"sloppy-{encoding}")
    assert repaired(broken) == sound


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom &amp; Jerry&#39;s caf&eacute;", "Tom & Jerry's café"),
        ("a\x00b\x07c", "abc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\ufeffBOM", "BOM"),
        ("one&#10;two", "one two"),
    ],
)
def test_leftovers_of_markup_and_terminals_go(text: str, expected: str) -> None:
    assert repaired(text) == expected


@given(st.text())
def test_repairing_twice_changes_nothing(text: str) -> None:
    assert repaired(repaired(text)) == repaired(text)


@given(st.one_of(documents(), st.text(), st.text("\n\r\x85\u2028 \t\xa0a。😀\x00Ãé")))
def test_every_visible_character_lies_in_exactly_one_segment(text: str) -> None:
    segments = cut_text(text)
    covered = [False] * len(text)
    for segment in segments:
        assert segment.start_char is not None
        assert segment.end_char is not None
        for position in range(segment.start_char, segment.end_char):
            assert not covered[position]
            covered[position] = True
        raw = text[segment.start_char : segment.end_char]
        assert segment.is_repaired == (segment.text != raw)
        assert segment.text == (raw if segment.reason == "blank" else repaired(raw))
        assert segment.text.strip()
    assert all(covered[position] or char.isspace() for position, char in enumerate(text))


def test_a_line_of_control_characters_is_dropped_as_blank() -> None:
    assert [segment.reason for segment in cut_text("text\n\x00\x01\n\u200b\nmore")] == [
        None,
        "blank",
        "blank",
        None,
    ]
    assert not has_visible_text("\u200e \u00ad")


@pytest.mark.parametrize("line", BLANK_LINES)
def test_a_line_that_repair_makes_blank_is_dropped_as_it_stands(line: str) -> None:
    cuts = cut_text(f"text\n{line}\nmore"), cut_lines(["text", line, "more"])
    for segments in cuts:
        assert all(segment.text.strip() for segment in segments)
        dropped = [segment for segment in segments if not segment.is_kept]
        assert {segment.reason for segment in dropped} <= {"blank"}
        assert all(segment.text in line and not segment.is_repaired for segment in dropped)


def test_the_space_inside_a_broken_letter_is_not_trimmed() -> None:
    assert cut_text("et voilÃ\xa0\nfin")[0].text == "et voilà"


def test_ampersands_escaped_again_and_again_are_taken_back_at_once() -> None:
    started = time.process_time()
    assert repaired("&" + "amp;" * 250_000 + "lt;") == "<"
    assert repaired("R&" + "#38;#x26;AMP;" * 80_000 + "D") == "R&D"
    assert time.process_time() - started < 5
