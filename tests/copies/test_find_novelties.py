"""A near copy is searched for names if it says something new, whatever it is written in."""

import random

import pytest

from benchmarks.prose import LANGUAGES, write_article
from expectations.working_tables import CLEAN_DOCUMENTS, DUPLICATES, NOVELTIES
from tasks.copies import find_novelties as stage
from tasks.copies.find_novelties import find_novelties, new_words
from tasks.settings import DuplicateSettings

#: A report; one that says as much in other words; one with another person or another place.
REPORTS = {
    "en": (
        "The bridge over the Trent was closed on Monday, said the mayor, Anna Keller.",
        "The bridge over the Trent was shut on Monday, the mayor, Anna Keller, said.",
        "The bridge over the Trent was closed on Monday, said the mayor, Ruth Odell.",
    ),
    "el": (
        "Η γέφυρα έκλεισε τη Δευτέρα, είπε ο δήμαρχος Νίκος Ράπτης στην Πάτρα.",
        "Η γέφυρα ήταν κλειστή τη Δευτέρα, είπε στην Πάτρα ο δήμαρχος Νίκος Ράπτης.",
        "Η γέφυρα έκλεισε τη Δευτέρα, είπε ο δήμαρχος Άρης Δούκας στην Πάτρα.",
    ),
    "ar": (
        "أغلق الجسر يوم الاثنين كما قال رئيس البلدية سامي حداد في طرابلس",
        "أغلق الجسر صباح الاثنين كما قال رئيس البلدية سامي حداد في طرابلس",
        "أغلق الجسر يوم الاثنين كما قالت رئيسة البلدية ليلى منصور في صيدا",
    ),
    "ka": (
        "ხიდი ორშაბათს დაიკეტა, განაცხადა მერმა გიორგი ბერიძემ ქუთაისში.",
        "ხიდი ორშაბათს გადაიკეტა, განაცხადა მერმა გიორგი ბერიძემ ქუთაისში.",
        "ხიდი ორშაბათს დაიკეტა, თქვა მერმა ნინო კაპანაძემ თელავში.",
    ),
    "zh": (
        "大桥星期一关闭，市长王建国在苏州表示，维修需要三个星期。",
        "大桥于星期一关闭，市长王建国在苏州说，维修需要三个星期。",
        "大桥星期一关闭，市长欧阳志远在哈尔滨表示，维修需要三个星期。",
    ),
    "th": (
        "นายกเทศมนตรีสมชายใจดีกล่าวว่าสะพานปิดเมื่อวันจันทร์ที่เชียงใหม่",
        "นายกเทศมนตรีสมชายใจดีบอกว่าสะพานปิดเมื่อวันจันทร์ที่เชียงใหม่",
        "นายกเทศมนตรีวิภาศรีสุขกล่าวว่าสะพานปิดเมื่อวันจันทร์ที่อุบลราชธานี",
    ),
    "ja": (
        "市長の田中健一氏は月曜日、橋の通行を止めたと発表した。",
        "市長の田中健一氏は月曜日に、橋の通行を止めたと発表した。",
        "市長のジョン・スミス氏は月曜日、橋の通行を止めたと発表した。",
    ),
}


def found(original: str, copy: str, kind: str = "near") -> list[str]:
    texts = {"a": original, "b": copy}
    documents = CLEAN_DOCUMENTS.frame({"doc_id": key, "text": text} for key, text in texts.items())
    duplicates = DUPLICATES.frame([{"doc_id": "b", "duplicate_of": "a", "duplicate_kind": kind}])
    novelties = find_novelties(duplicates.lazy(), documents.lazy(), DuplicateSettings())
    assert novelties.schema == NOVELTIES.polars_schema
    return novelties["doc_id"].to_list()


@pytest.mark.parametrize("language", REPORTS)
def test_another_name_in_the_same_report_is_new(language: str) -> None:
    original, _, other = REPORTS[language]
    assert found(original, other) == ["b"]


@pytest.mark.parametrize("language", REPORTS)
def test_other_words_for_the_same_are_not_new(language: str) -> None:
    original, reworded, _ = REPORTS[language]
    assert found(original, reworded) == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_part_of_a_text_says_nothing_new_and_another_article_at_its_end_does(tag: str) -> None:
    text = write_article(tag, random.Random(1)).text
    assert new_words(text[: len(text) * 4 // 5], text) < DuplicateSettings().min_new_words
    assert found(text, f"{text}\n{write_article(tag, random.Random(2)).text}") == ["b"]


def test_numbers_and_capitals_of_known_words_are_not_new() -> None:
    assert (
        new_words("On 3 May 2021 THE BRIDGE closed at 10:45", "the bridge closed on a May day") == 0
    )


@pytest.mark.parametrize("kind", ["exact", "superseded"])
def test_only_near_copies_can_say_something_new(kind: str) -> None:
    original, _, other = REPORTS["en"]
    assert found(original, other, kind) == []


def test_what_is_new_does_not_depend_on_the_company(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for report in REPORTS.values() for text in report]
    documents = CLEAN_DOCUMENTS.frame(
        {"doc_id": f"{number:02d}", "text": text} for number, text in enumerate(texts)
    ).lazy()
    duplicates = DUPLICATES.frame(
        {
            "doc_id": f"{number:02d}",
            "duplicate_of": f"{number // 3 * 3:02d}",
            "duplicate_kind": "near",
        }
        for number in range(len(texts))
        if number % 3
    ).lazy()
    together = find_novelties(duplicates, documents, DuplicateSettings())
    assert together["doc_id"].to_list() == [f"{number:02d}" for number in range(2, len(texts), 3)]
    monkeypatch.setattr(stage, "PAIRS_AT_ONCE", 1)
    assert find_novelties(duplicates, documents, DuplicateSettings()).equals(together)


def test_no_near_copies_give_no_rows() -> None:
    nothing = find_novelties(
        DUPLICATES.empty().lazy(), CLEAN_DOCUMENTS.empty().lazy(), DuplicateSettings()
    )
    assert nothing.equals(NOVELTIES.empty())
