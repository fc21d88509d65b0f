"""Bytes become text by their mark, their declaration, their form, or detection."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.encodings import declared_encoding, decode, without_surrogates
from tasks.reading.records import Encoding, ReadError
from tasks.settings import IngestSettings

SETTINGS = IngestSettings()
SEEDS = sorted((Path(__file__).parents[2] / "seeds" / "documents").glob("*.txt"))
RUSSIAN, JAPANESE, ARABIC, FRENCH = (path.read_text("utf-8") for path in SEEDS[:4])
HINDI = "भारत की राजधानी में कल शाम को एक पुरानी किताबों की प्रदर्शनी शुरू हुई। " * 3
BENGALI = "গতকাল সন্ধ্যায় ঢাকার পুরানো গ্রন্থাগারে মানচিত্রের প্রদর্শনী শুরু হয়েছে। " * 3
THAI = "เมื่อวานนี้ห้องสมุดเก่าในเชียงใหม่ได้เปิดนิทรรศการแผนที่และจดหมาย " * 3
KOREAN = "어제 저녁 부산의 오래된 도서관에서 지도와 편지 전시회가 열렸다. " * 3
HEBREW = "אתמול בערב נפתחה בספרייה הישנה בחיפה תערוכה של מפות ומכתבים. " * 3
CHINESE = "昨天晚上，上海老图书馆举办的地图和书信展览正式开幕，吸引了许多市民参观。" * 3
ENGLISH = "Last night the old library opened an exhibition of maps and letters. " * 3
SCRIPTS = [
    RUSSIAN,
    JAPANESE,
    ARABIC,
    FRENCH,
    HINDI,
    BENGALI,
    THAI,
    KOREAN,
    HEBREW,
    CHINESE,
    ENGLISH,
]
WIDE_CODECS = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
LEGACY = [
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jp"),
    (JAPANESE, "iso2022_jp"),
    (ARABIC, "cp1256"),
    (FRENCH, "cp1252"),
    (KOREAN, "cp949"),
    (HEBREW, "cp1255"),
    (CHINESE, "gb18030"),
    (CHINESE, "big5hkscs"),
]


def decoded(data: bytes, hint: Encoding | None = None) -> tuple[str, Encoding]:
    return decode(data, [hint] if hint else [], SETTINGS)


@pytest.mark.parametrize("codec", WIDE_CODECS)
@pytest.mark.parametrize("text", SCRIPTS)
def test_wide_encodings_are_found_without_a_mark_in_every_script(text: str, codec: str) -> None:
    result, encoding = decoded(text.encode(codec))
    assert (result, encoding.codec, encoding.source) == (text, codec, "detected")


@pytest.mark.parametrize("codec", [*WIDE_CODECS, "utf-8"])
def test_a_byte_order_mark_decides(codec: str) -> None:
    assert decoded(("\ufeff" + HINDI).encode(codec)) == (HINDI, Encoding(codec, "bom"))


@pytest.mark.parametrize(("text", "codec"), LEGACY)
def test_other_encodings_are_detected(text: str, codec: str) -> None:
    data = text.encode(codec, "ignore")
    result, encoding = decoded(data)
    assert result == data.decode(codec)
    assert encoding.source == "detected"


@pytest.mark.parametrize(("text", "codec"), [pair for pair in LEGACY if pair[1] != "iso2022_jp"])
def test_other_encodings_read_as_utf8_are_damaged_beyond_the_limit(text: str, codec: str) -> None:
    result = text.encode(codec, "ignore").decode("utf-8", "replace")
    beyond_ascii = [character for character in result if not character.isascii()]
    assert beyond_ascii.count("\ufffd") / len(beyond_ascii) > 0.7 > SETTINGS.max_damaged_share


@pytest.mark.parametrize("text", [text for text in SCRIPTS if not text.isascii()])
def test_some_damage_does_not_turn_utf8_into_another_encoding(text: str) -> None:
    data = text.encode()
    cut = data[: len(data) // 2] + b"\xff\xc3" + data[len(data) // 2 :] + data[:1] + b"\xe2"
    result, encoding = decoded(cut)
    assert (encoding.codec, encoding.source) == ("utf-8", "utf-8")
    assert 0.8 < encoding.confidence < 1
    assert 1 <= without_surrogates(result)[1] <= 6


def test_a_replacement_character_that_was_there_is_not_counted() -> None:
    result, count = without_surrogates(decoded("déjà \ufffd vu ".encode() + b"\xff")[0])
    assert (result, count) == ("déjà \ufffd vu \ufffd", 1)


@pytest.mark.parametrize(
    ("page", "codec"),
    [
        (b'<html><meta charset="windows-1251">', "cp1251"),
        (b"<META http-equiv=Content-Type content='text/html; charset=Shift_JIS'>", "cp932"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        (b"<meta charset=gb2312>", "gb18030"),
        (b"<meta charset=utf-16>", "utf-8"),
    ],
)
def test_declarations_are_read_as_browsers_read_them(page: bytes, codec: str) -> None:
    assert declared_encoding(page) == Encoding(codec, "declared")


@pytest.mark.parametrize("name", ["x-unknown", "base64", "utf-7", "idna", "rot13", "\x00"])
def test_a_declared_encoding_that_no_page_may_ask_for_is_none(name: str) -> None:
    assert declared_encoding(f"<meta charset={name}>".encode()) is None


def test_a_declaration_is_believed_where_detection_would_be_unsure() -> None:
    hint = Encoding("cp1251", "declared")
    assert decoded("Да".encode("cp1251"), hint) == ("Да", hint)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (THAI, "cp874"),
        (HEBREW, "cp1255"),
        (CHINESE, "gb18030"),
    ],
)
def test_a_declaration_that_makes_nonsense_is_not_believed(text: str, codec: str) -> None:
    data = text.encode(codec, "ignore")
    assert decoded(data, Encoding("cp1252", "declared"))[0] == data.decode(codec)


@pytest.mark.parametrize(
    "text", [FRENCH, "“Wait” – he said… © 2024 » more « 3 °C ½ €", "Die Fähre", "ÅÄÖ åäö ÆØ ñññ"]
)
def test_a_declaration_is_believed_of_text_that_it_fits(text: str) -> None:
    hint = Encoding("cp1252", "declared")
    assert decoded(text.encode("cp1252", "ignore"), hint)[1].codec == "cp1252"


def test_a_wrong_declaration_beside_valid_utf8_is_not_believed() -> None:
    result, encoding = decoded("Да".encode(), Encoding("cp1251", "declared"))
    assert (result, encoding.source) == ("Да", "utf-8")


def test_a_declaration_that_does_not_fit_is_not_believed() -> None:
    text, encoding = decoded(RUSSIAN.encode("cp1251"), Encoding("cp932", "declared"))
    assert (text, encoding.codec, encoding.source) == (RUSSIAN, "cp1251", "detected")


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_text_with_some_nul_bytes_keeps_them(text: str) -> None:
    with_nul = text[:40] + "\0" + text[40:] + "\0"
    assert decoded(with_nul.encode())[0] == with_nul


@pytest.mark.parametrize("data", [b"\0" * 100, bytes(range(32)) * 9, b"\x7fELF\2\1\1" + b"\0" * 60])
def test_bytes_that_are_no_text_are_binary(data: bytes) -> None:
    with pytest.raises(ReadError, match="binary"):
        decoded(data)


def test_detection_looks_where_ascii_ends() -> None:
    data = ENGLISH.encode() * 2000 + b"\n" + RUSSIAN.encode("cp1251")
    assert decoded(data)[1].codec == "cp1251"


@given(st.text())
def test_utf8_is_read_as_it_is(text: str) -> None:
    plain = "".join(c for c in text if c >= " " and c != "\x7f").lstrip("\ufeff")
    assert decoded(plain.encode())[0] == plain


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_a_reason(data: bytes) -> None:
    try:
        text, encoding = decoded(data)
    except ReadError as error:
        reason = error.reason
    else:
        reason = ""
        without_surrogates(text)[0].encode()
        assert encoding.source in {"bom", "utf-8", "detected"}
        assert decoded(data) == (text, encoding)
    assert reason in {"", "binary", "undecodable"}
