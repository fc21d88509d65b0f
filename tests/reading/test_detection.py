"""Real text of each language survives each of its encodings, named or not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reading.documents import document
from tasks.reading.encodings import decode, named_encoding, wide_codec
from tasks.reading.letter_model import alphabets, case_costs
from tasks.reading.records import Flaw, ReadError, Record
from tasks.settings import IngestSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS

SETTINGS = IngestSettings()
SEEDS = sorted((Path(__file__).parents[2] / "seeds" / "documents").glob("*.txt"))
RUSSIAN, JAPANESE, ARABIC = (path.read_text("utf-8") for path in SEEDS[:3])
TRADITIONAL = (
    "市議會星期二晚上開會，討論在居民中引起爭議的新橋計畫，許多居民到場旁聽。"
    "「從來沒有人問過我們的意見，」一位在河邊住了四十年的居民說，她希望市政府重新考慮。"
)
#: A language's text, the name that a server or page would give, the codec that decodes it.
ENCODED = [
    ("ru", "windows-1251", "cp1251"),
    ("ru", "KOI8-R", "koi8-r"),
    ("ja", "Shift_JIS", "cp932"),
    ("ja", "EUC-JP", "euc_jp"),
    ("ja", "ISO-2022-JP", "iso2022_jp"),
    ("zh", "GB18030", "gb18030"),
    ("zh", "GB2312", "gb18030"),
    ("zh-Hant", "Big5", "big5hkscs"),
    ("ar", "windows-1256", "cp1256"),
    ("ko", "EUC-KR", "cp949"),
]
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
TEXTS = {
    "ru": [*PARAGRAPHS["Cyrl"], RUSSIAN],
    "ja": [*PARAGRAPHS["Jpan"], JAPANESE],
    "zh": list(PARAGRAPHS["Hans"]),
    "zh-Hant": TRADITIONAL.split("\n"),
    "ar": [*PARAGRAPHS["Arab"], ARABIC],
    "ko": list(PARAGRAPHS["Kore"]),
}
CASES = [(text, name, codec) for lang, name, codec in ENCODED for text in TEXTS[lang]]


def _record(content: bytes, *, http: str | None = None, is_markup: bool = False) -> Record:
    hint = named_encoding(http, "http") if http else None
    item = document(content, [hint] if hint else [], SETTINGS, is_markup=is_markup)
    assert isinstance(item, Record)
    return item


def _bytes(text: str, codec: str) -> tuple[bytes, str]:
    """Return the text in a codec, and what of it the codec has."""
    data = text.encode(codec, "ignore")
    sound = data.decode(codec)
    assert len(sound) > 0.95 * len(text)
    return data, sound


@pytest.mark.parametrize(("text", "name", "codec"), CASES)
def test_a_text_comes_back_by_detection(text: str, name: str, codec: str) -> None:
    data, sound = _bytes(text, codec)
    record = _record(data)
    assert record.text == sound
    assert record.encoding.source == "detected"
    assert 0.5 <= record.encoding.confidence <= 1


@pytest.mark.parametrize(("text", "name", "codec"), CASES)
def test_a_page_comes_back_by_its_meta_tag_or_by_the_server(
    text: str, name: str, codec: str
) -> None:
    data, sound = _bytes(f"<html><head><meta charset={name}></head><p>{text}</p>", codec)
    record = _record(data, is_markup=True)
    assert (record.text, record.encoding.codec) == (sound, codec)
    assert record.encoding.source == ("detected" if codec == "iso2022_jp" else "declared")
    data, sound = _bytes(f"<p>{text}</p>", codec)
    served = _record(data, http=name, is_markup=True)
    assert (served.text, served.encoding.codec) == (sound, codec)
    assert served.encoding.source == ("detected" if codec == "iso2022_jp" else "http")


@pytest.mark.parametrize("codec", WIDE)
@pytest.mark.parametrize("text", [text for texts in TEXTS.values() for text in texts])
def test_utf16_and_utf32_come_back_with_and_without_a_mark(text: str, codec: str) -> None:
    bare, marked = _record(text.encode(codec)), _record(("\ufeff" + text).encode(codec))
    assert bare.text == marked.text == text
    assert (bare.encoding.source, marked.encoding.source) == ("detected", "bom")
    assert marked.encoding.confidence == 1


def test_the_server_goes_before_the_page_and_a_mark_before_both() -> None:
    page = "<meta charset=koi8-r><p>Городской совет собрался во вторник вечером.</p>"
    served = _record(page.encode("cp1251"), http="windows-1251", is_markup=True)
    assert (served.text, served.encoding.source) == (page, "http")
    marked = _record(page.encode("utf-8-sig"), http="windows-1251", is_markup=True)
    assert (marked.text, marked.encoding.source) == (page, "bom")


def test_a_wrong_declaration_shows_in_the_confidence() -> None:
    text = PARAGRAPHS["Cyrl"][0]
    right = _record(text.encode("cp1251"), http="windows-1251")
    wrong = _record(text.encode("cp1251"), http="windows-1252")
    assert wrong.encoding.confidence < right.encoding.confidence


@settings(deadline=None)
@given(st.text(st.sampled_from(" abcdefghijklmnopqrstuvwxyzABC"), min_size=4))
def test_words_with_nul_are_not_taken_for_chinese(text: str) -> None:
    data = (text + "\0").encode() * 3
    assert wide_codec(data) is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_confidence_from_0_to_1(data: bytes) -> None:
    reason, confidence = "", 1.0
    try:
        item = document(data, [], SETTINGS, is_markup=False)
        confidence = 1.0 if isinstance(item, Flaw) else item.encoding.confidence
    except ReadError as failure:
        reason = failure.reason
    assert reason in {"", "binary", "undecodable"}
    assert 0 <= confidence <= 1


@pytest.mark.parametrize("before", [b"", b"plain text "])
def test_an_escape_sequence_that_never_ends_is_read_as_text(before: bytes) -> None:
    data = before + b"\x1b$((((((((("
    assert decode(data, (), IngestSettings())[0].encode() == data


def test_costs_are_whole_numbers_of_parts_so_that_no_order_of_adding_changes_their_sum() -> None:
    for alphabet in alphabets():
        for costs in (alphabet.costs, alphabet.characters, case_costs()):
            assert costs is None or bool((costs * 2**12 % 1 == 0).all())
