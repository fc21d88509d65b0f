"""A long line is cut where its script or language turns, and nowhere else."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.working_tables import CUT_SEGMENTS
from tasks.clean.language_turns import parts_by_language
from tasks.clean.tag_language import tag_language
from tasks.settings import LanguageSettings

SENTENCES = {
    "en": "The museum is closed on Monday because the roof is being repaired.",
    "fr": "Le musée est fermé lundi parce que le toit est en cours de réparation.",
    "de": "Das Museum bleibt am Montag geschlossen, weil das Dach repariert wird.",
    "ru": "Музей закрыт в понедельник, потому что ремонтируют крышу здания.",
    "el": "Το μουσείο είναι κλειστό τη Δευτέρα επειδή επισκευάζεται η στέγη.",
    "ar": "المتحف مغلق يوم الاثنين بسبب أعمال إصلاح السقف في المبنى القديم.",
    "ko": "박물관은 지붕을 수리하고 있기 때문에 월요일에는 문을 닫습니다.",
    "ja": "屋根を修理しているため、博物館は月曜日に休館いたします。",
    "th": "พิพิธภัณฑ์ปิดทำการในวันจันทร์เนื่องจากกำลังซ่อมแซมหลังคาอาคาร",
}
PAIRS = [(one, other) for one in SENTENCES for other in SENTENCES if one != other]


def _parts(text: str) -> list[str]:
    return [text[start:end] for start, end in parts_by_language([text])[0]]


def _tagged(*texts: str, is_repaired: bool = False, start: int | None = 0) -> pl.DataFrame:
    rows, position = [], start
    for index, text in enumerate(texts):
        end = None if position is None else position + len(text)
        row = {"doc_id": "d", "segment_index": index, "text": text, "text_chars": len(text)}
        row |= {"start_char": position, "end_char": end, "kept": True, "debris_count": 0}
        rows.append(row | {"is_repaired": is_repaired})
        position = None if end is None else end + 1
    return tag_language(CUT_SEGMENTS.frame(rows), LanguageSettings())


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_announcement_and_its_translation_are_two_parts(one: str, other: str) -> None:
    texts = [SENTENCES[one], SENTENCES[other]]
    assert _parts(" ".join(texts)) == texts
    tagged = _tagged(" ".join(texts), texts[0])
    assert tagged["language"].to_list() == [one, other, one]
    assert tagged["segment_index"].to_list() == [0, 1, 2]
    assert tagged["text"].to_list() == [*texts, texts[0]]


@pytest.mark.parametrize("separator", [" / ", " – ", " | ", "  "])
def test_a_line_turns_without_a_full_stop_where_its_script_does(separator: str) -> None:
    texts = SENTENCES["en"].rstrip("."), SENTENCES["ru"].rstrip(".")
    parts = _parts(separator.join(texts))
    assert [part.strip(" /–|") for part in parts] == list(texts)


@pytest.mark.parametrize(
    "text",
    [
        f"{SENTENCES['en']} It opens again on Tuesday. The café stays open. Tickets are valid.",
        "The word «достопримечательность» is long, said Anna, and nobody in the room could spell it.",
        "日本では「artificial intelligence」という言葉がよく使われているが、人工知能とも言う。",
        "Компания Apple представила iPhone 15 Pro Max и MacBook Air на конференции в Купертино.",
        "Er sagte: « Je ne sais pas. » Dann ging er nach Hause und schrieb einen langen Brief.",
        "Predsednik vlade je odstopil. Predsjednik vlade je podnio ostavku. Predseda vlády odstúpil.",
    ],
)
def test_a_line_in_one_language_stays_whole(text: str) -> None:
    assert _parts(text) == [text]


def test_parts_stand_where_they_stood_in_the_raw_text() -> None:
    line = f"{SENTENCES['fr']}  {SENTENCES['ar']}"
    tagged = _tagged(SENTENCES["fr"], line, start=7)
    raw = " " * 7 + SENTENCES["fr"] + " " + line
    for row in tagged.iter_rows(named=True):
        assert raw[row["start_char"] : row["end_char"]] == row["text"]
    assert tagged.height == 3


def test_a_repaired_line_is_cut_only_if_it_has_no_place_in_a_raw_text() -> None:
    line = f"{SENTENCES['fr']} {SENTENCES['ar']}"
    assert _tagged(line, is_repaired=True).height == 1
    assert _tagged(line, is_repaired=True, start=None).height == 2


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*SENTENCES.values(), "Ok.", "2024", "—", "Да!"]), max_size=8))
def test_no_visible_character_is_lost_between_parts(texts: list[str]) -> None:
    line = " ".join(texts)
    [parts] = parts_by_language([line])
    assert "".join("".join(line[start:end].split()) for start, end in parts) == "".join(
        line.split()
    )
