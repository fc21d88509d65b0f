"""Traces of machine translation are counted by kind; sound text in any script has none."""

import pytest
from hypothesis import given, settings

from tasks.clean.debris import find_debris
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS, documents


def _counts(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for trace in find_debris(text):
        found[trace.kind] = found.get(trace.kind, 0) + trace.count
    return found


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("9,74億XNUMX万ドル、XNUMX人", "placeholder", 2),
        ("Он сказал <unk> и ушёл <ph id='3'/> домой", "placeholder", 2),
        ("Добро пожаловать, {{ user.name }}!", "placeholder", 1),
        ("Sam Altman )39歳(とElon Musk )53歳(は", "bracket", 2),
        ("قال سام )39 عاما( أمس", "bracket", 1),
        ("アルトマン氏)39歳(は", "bracket", 1),
        ("La ministra ( 44 años ) habló", "bracket", 1),
        ("これは終わりです。.次の話です。", "punctuation", 1),
        ("趣味は音楽、映画、権力. 彼は言った。", "punctuation", 1),
        ("The ministers met、 and spoke。", "punctuation", 2),
        ("改为议会议员（威尔士)的头衔", "punctuation", 1),
        ("هذا صحيح؟? نعم", "punctuation", 1),
        ("La 法的構造 OpenAI の運営", "untranslated_word", 1),
        ("投資家の e ジョー", "untranslated_word", 1),
        ("Он пришёл в the office вчера вечером", "untranslated_word", 2),
        ("הוא אמר however את האמת לכולם", "untranslated_word", 1),
        ("The minister said что в the end nothing changed", "untranslated_word", 1),
        ("Das ist nicht so gut, which man sagt, und es ist für alle das", "untranslated_word", 1),
    ],
)
def test_a_trace_is_counted(text: str, kind: str, count: int) -> None:
    assert _counts(text) == {kind: count}


def test_untranslated_words_come_with_script_and_language() -> None:
    found = list(find_debris("日本の the 会社と dans 東京で cette 話をした、すしの сегодня 話"))
    assert [(trace.script, trace.language, trace.count) for trace in found] == [
        ("Cyrl", "und", 1),
        ("Latn", "en", 1),
        ("Latn", "fr", 1),
        ("Latn", "und", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a) first (in brackets) and b) second (too)",
        "f(x)2g(y) and 12(3)45(6)",
        "Muskはテレビをつけると",
        "iPhoneを3台、eスポーツで買った。",
        "в The New York Times и Bank of America",
        "время 19:00 ET यह",
        "Он использует машинное обучение (machine learning) и пишет на example.com/path",
        "Она сказала: «to be or not to be» — и ушла, получив письмо на name@example.org",
        "скорость 20 km/h, вес 5 kg",
        "The cat and the dog",
        "Il a vu le film « The Lord of the Rings » et il est avec le groupe de Los Angeles.",
        "Emoticons :) and :( are no brackets (39) [40]",
        "هل هذا صحيح؟ نعم، هذا صحيح.",
    ],
)
def test_sound_text_has_no_trace(text: str) -> None:
    assert find_debris(text) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_prose_in_every_script_has_no_trace(script: str) -> None:
    assert [find_debris(paragraph) for paragraph in PARAGRAPHS[script]] == [[], [], []]


@settings(max_examples=80, deadline=None)
@given(documents())
def test_any_text_is_counted_in_order_and_more_than_nothing(text: str) -> None:
    found = find_debris(text)
    keys = [(trace.kind, trace.script or "", trace.language or "") for trace in found]
    assert keys == sorted(set(keys))
    assert all(trace.count > 0 for trace in found)
