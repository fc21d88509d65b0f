"""Check tags, scripts and the table of which language is written in what."""

import pycld2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tasks.writing.languages import (
    CLD2_CODES,
    KNOWN_TAGS,
    LANGUAGES,
    PY3LANGID_CODES,
    expected_scripts,
    fits_script,
    for_script,
    from_cld2,
    from_py3langid,
    only_language_of,
)
from tasks.writing.scripts import letters_of, script_counts, script_of
from tests.making.texts_in_many_scripts import PARAGRAPHS


def test_every_label_of_the_installed_py3langid_has_a_tag() -> None:
    labels = LanguageIdentifier.from_model_file(MODEL_FILE).labels
    assert set(labels) == PY3LANGID_CODES
    assert {from_py3langid(code) for code in PY3LANGID_CODES} <= KNOWN_TAGS


def test_every_code_of_the_installed_cld2_has_a_tag() -> None:
    codes = {code for _name, code in pycld2.LANGUAGES}
    assert {code for code in codes if not code.startswith("xx-")} <= CLD2_CODES
    assert {from_cld2(code) for code in codes} <= KNOWN_TAGS


@pytest.mark.parametrize(
    ("code", "tag"),
    [("iw", "he"), ("jw", "jv"), ("no", "nb"), ("nn", "nn"), ("zh-Hant", "zh"), ("tl", "tl"),
     ("id", "id"), ("bh", "bho"), ("tlh", "und"), ("un", "und"), ("xx-Goth", "und")],
)  # fmt: skip
def test_codes_of_cld2_become_bcp_47(code: str, tag: str) -> None:
    assert from_cld2(code) == tag


@pytest.mark.parametrize(
    ("code", "tag"), [("no", "nb"), ("zxx", "und"), ("arz", "ar"), ("kik", "ki")]
)
def test_labels_of_py3langid_become_bcp_47(code: str, tag: str) -> None:
    assert from_py3langid(code) == tag


def test_an_unknown_code_raises() -> None:
    with pytest.raises(KeyError, match="qqq"):
        from_cld2("qqq")
    with pytest.raises(KeyError, match="qqq"):
        from_py3langid("qqq")
    with pytest.raises(KeyError, match="qqq"):
        expected_scripts("qqq")


def test_every_language_has_a_name_and_a_script() -> None:
    assert set(LANGUAGES) == KNOWN_TAGS
    assert all(LANGUAGES.values())
    assert {tag for tag in KNOWN_TAGS if not expected_scripts(tag)} == {"und"}


@pytest.mark.parametrize(
    ("language", "scripts"),
    [("ru", {"Cyrl"}), ("ar", {"Arab"}), ("fr", {"Latn"}), ("ja", {"Jpan"}), ("ko", {"Kore"}),
     ("zh", {"Hans", "Hant"}), ("sr", {"Cyrl", "Latn"}), ("pa", {"Arab", "Guru"})],
)  # fmt: skip
def test_the_scripts_of_a_language_are_those_of_cldr(language: str, scripts: set[str]) -> None:
    assert expected_scripts(language) == scripts


def test_no_language_and_no_letters_fit_everything() -> None:
    assert fits_script("und", "Tfng")
    assert fits_script("fr", "Zyyy")
    assert not fits_script("fr", "Cyrl")


@pytest.mark.parametrize(
    ("script", "language"),
    [("Jpan", "ja"), ("Thai", "th"), ("Grek", "el"), ("Latn", None), ("Tibt", None)],
)
def test_some_scripts_decide_the_language(script: str, language: str | None) -> None:
    assert only_language_of(script) == language


def test_kurdish_has_two_tags_by_script() -> None:
    assert (for_script("ku", "Arab"), for_script("ku", "Latn")) == ("ckb", "ku")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", "Zyyy"),
        ("12 % — 3.5 € 🤖", "Zyyy"),
        ("Пётр и Mary", "Cyrl"),
        ("हिन्दी की मात्राएँ", "Deva"),
        ("カタカナのみ", "Jpan"),
        ("東京でiPhone 15 Pro Maxが発売", "Jpan"),
        ("特斯拉汽車公司發表聲明", "Hant"),
        ("特斯拉汽车公司发表声明", "Hans"),
        ("中国人喜欢《ポケモン》这个游戏，玩家遍布全国各地，销量创下新高纪录", "Hans"),
        ("対日円売り気配", "Jpan"),
        ("대한민국의 大統領", "Kore"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "Tfng"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@given(st.text())
def test_the_script_does_not_depend_on_the_order_of_letters(text: str) -> None:
    assert script_of(text) == script_of(text[::-1])


_ALPHABETS = (
    "aß 1.\u3000é\u0301",
    "дѣ",
    "中国書书齊齐働込",
    "かナｶﾞ",
    "한글ᄒ",
    "ข้าว",
    "\u2028\u200b\x1f\ud800",
)


@given(st.lists(st.sampled_from([*PARAGRAPHS["Jpan"], *PARAGRAPHS["Hans"]])
                | st.text(st.sampled_from("".join(_ALPHABETS))) | st.text()))  # fmt: skip
def test_letters_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    for text, letters in zip(texts, letters_of(texts), strict=True):
        assert letters.script == script_of(text)
        assert letters.count == sum(script_counts(text).values())
        assert letters.visible == sum(map(len, text.split()))


def test_han_that_japanese_lacks_is_counted_in_east_asian_text_only() -> None:
    found = letters_of(["说话 會", "会話する", "abc 话"])
    assert [letters.chinese_only for letters in found] == [2, 0, 0]
