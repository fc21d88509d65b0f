"""Check which language a text by itself is taken for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import language_identifier
from tasks.clean.identification import (
    Evidence,
    Identification,
    examined,
    gather_evidence,
    identify,
    judge,
    judge_within,
)
from tasks.writing.languages import KNOWN_TAGS

SENTENCES = [
    ("Президент заявил, что переговоры продолжатся на следующей неделе.", "ru", "Cyrl"),
    ("Президент заявив, що переговори триватимуть наступного тижня.", "uk", "Cyrl"),
    ("Председник је изјавио да ће преговори бити настављени следеће недеље.", "sr", "Cyrl"),
    ("Le président a déclaré que les négociations reprendraient bientôt.", "fr", "Latn"),
    ("وقال الرئيس إن المفاوضات ستستمر الأسبوع المقبل في جنيف.", "ar", "Arab"),
    ("رئیس جمهور گفت که مذاکرات هفته آینده در ژنو ادامه خواهد یافت.", "fa", "Arab"),
    ("大統領は、交渉は来週ジュネーブで続けられると述べた。", "ja", "Jpan"),
    ("总统表示，谈判将于下周在日内瓦继续进行。", "zh", "Hans"),
    ("總統表示，談判將於下週在日內瓦繼續進行。", "zh", "Hant"),
    ("대통령은 다음 주 제네바에서 협상이 계속될 것이라고 말했다.", "ko", "Kore"),
    ("הנשיא אמר שהמשא ומתן יימשך בשבוע הבא בז'נבה.", "he", "Hebr"),
    ("राष्ट्रपति ने कहा कि बातचीत अगले सप्ताह जिनेवा में जारी रहेगी।", "hi", "Deva"),
    ("Presidenten sa at forhandlingene vil fortsette neste uke i Genève.", "nb", "Latn"),
    ("سەرۆک وتی کە دانوستانەکان هەفتەی داهاتوو لە جنێڤ بەردەوام دەبن.", "ckb", "Arab"),
    ("ประธานาธิบดีกล่าวว่าการเจรจาจะดำเนินต่อไปในสัปดาห์หน้า", "th", "Thai"),
]  # fmt: skip


def _told(text: str) -> Identification:
    return identify([text])[0]


def _evidence(text: str) -> Evidence:
    return gather_evidence([text])[0]


@pytest.mark.parametrize(("text", "language", "script"), SENTENCES)
def test_a_sentence_is_told_with_its_script(text: str, language: str, script: str) -> None:
    found = _told(text)
    assert (found.language, found.script) == (language, script)
    assert found.confidence > 0.5


@pytest.mark.parametrize("text", [case[0] for case in SENTENCES[:6]])
def test_py3langid_alone_will_do(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_both = _told(text).language
    monkeypatch.setattr(language_identifier, "_pycld2", lambda: None)
    assert _told(text).language == with_both


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "42", "https://example.org/the/whole/story?of=my&life=here", "me@example.org",
     "3655d74497a53b1ce8ed420c5fa44de1", "😂😀🇷🎉", "$35,087.12", "=.//=>-_:#:^@~", 
     "31.12.2020 17:48", "dbvlmmrxvsjfcw", "\ufdd0\ufdd1", "x"],
)  # fmt: skip
def test_junk_is_no_language(text: str) -> None:
    found = _told(text)
    assert (found.language, found.confidence) == ("und", 0.0)


def test_a_script_that_no_known_language_has_is_no_language() -> None:
    assert _told("ⵜⴰⵎⴰⵣⵉⵖⵜ ⵜⴰⵏⴰⵡⴰⵢⵜ") == Identification("und", 0.0, "Tfng")


def test_a_japanese_headline_in_kanji_is_japanese() -> None:
    assert _told("関東地方広範囲大雨警戒").language == "ja"


def test_addresses_and_controls_are_not_looked_at() -> None:
    assert examined("a\x00b https://example.org/x c@d.org e").split() == ["a", "b", "e"]


def test_text_glued_to_an_address_is_looked_at() -> None:
    assert examined("详见https://example.org/x，或写信给a@b.org。") == "详见 ，或写信给 。"


def test_no_more_is_looked_at_than_needed() -> None:
    assert len(examined("слово " * 10_000)) == 2000


def test_a_document_advises_its_uncertain_segments() -> None:
    evidence = _evidence("so se pritoževali")
    alone = judge(evidence)
    assert alone.confidence < 0.8
    assert judge_within(evidence, alone, {"sl", "en"}).language == "sl"
    assert judge_within(evidence, alone, ()) == alone


def test_a_certain_segment_takes_no_advice() -> None:
    evidence = _evidence(SENTENCES[3][0])
    alone = judge(evidence)
    assert judge_within(evidence, alone, {"it", "en"}) == alone


def test_advice_does_not_make_junk_a_language() -> None:
    evidence = _evidence("OgdBoWVNRfGic/P08NeutWjZqrIulCxeelBr7L7k")
    assert judge_within(evidence, judge(evidence), {"fr", "en"}).language == "und"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-16"), max_size=60))
def test_any_text_has_a_known_tag_and_a_confidence_in_range(text: str) -> None:
    found = _told(text)
    assert found.language in KNOWN_TAGS
    assert 0 <= found.confidence <= 1
    assert len(found.script) == 4


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([case[0] for case in SENTENCES]) | st.text(max_size=40)))
def test_a_text_is_told_alone_as_in_company(texts: list[str]) -> None:
    assert identify(texts) == [_told(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "Angela Merkel", "Putin, Vladimir", "MACRON Emmanuel (France)", "Владимир Путин", "Xi Jinping",
        "Parom otkhodit kazhdyi den v sem chasov utra i vozvrashchaetsya vecherom.",
        "O proedros dilose oti oi diapragmatefseis tha synechistoun tin epomeni evdomada",
        "ana mish 3aref a3mel eih dilwa2ti ya sa7bi",
        "mujhe nahi pata ki kya karna hai yaar",
    ],
)  # fmt: skip
def test_a_name_and_romanised_text_are_in_no_bystanders_language(text: str) -> None:
    assert _told(text).language == "und"


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("как дела", {"ru", "und"}),
        ("I love you", {"en", "und"}),
        ("merci beaucoup", {"fr"}),
        ("Dzień dobry", {"pl"}),
        ("市議會討論新橋計畫", {"zh"}),
        ("我們明天再見", {"zh"}),
        ("佢哋喺度傾緊偈嘅時候，我都唔知發生咩事。", {"yue"}),
    ],
)
def test_a_few_words_are_in_their_language_or_none(text: str, languages: set[str]) -> None:
    assert _told(text).language in languages
