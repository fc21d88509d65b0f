"""The headline of a plain text is found above its body, in every script, and is kept."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.titles import made_up_pages
from expectations.tables import RAW_DOCUMENTS
from tasks.clean.clean_documents import clean_documents
from tasks.clean.cut import cut_text
from tasks.clean.headline import Headline, find_headlines, with_headline
from tasks.clean.judge import judged_documents
from tasks.settings import CleanSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS

_BODY = (
    "The city council agreed on Tuesday to rebuild the old ferry landing, which has been closed "
    "since a storm tore away half of its timber deck two winters ago.\n"
    "Work on the ferry landing is due to start in March and should take eleven months; until then "
    "passengers will keep using the temporary pontoon near the fish market.\n"
    "A citizens' group had asked for a longer jetty that would let larger boats moor, but the "
    "harbour authority warned that dredging would disturb the seagrass beds."
)


def _headline(text: str) -> Headline | None:
    return find_headlines(judged_documents([cut_text(text)], CleanSettings()))[0]


def _title(text: str) -> str | None:
    found = _headline(text)
    return found.title if found else None


@pytest.mark.parametrize("heading", ["# The landing is rebuilt", "## The landing is rebuilt ##"])
def test_a_title_has_no_mark_of_a_heading(heading: str) -> None:
    assert _title(f"{heading}\n\n{_BODY}") == "The landing is rebuilt"


def test_a_line_that_is_answered_is_no_headline() -> None:
    assert _title(f"> When is the old landing rebuilt\n\n{_BODY}") is None


@pytest.mark.parametrize("above", ["", "Home\nWorld\nSport\nSubscribe\n", "Share\nPrint\n"])
@pytest.mark.parametrize("below", ["", "By Ann Lee\n6 February 2024\n", "Share\n"])
def test_the_headline_stands_between_menus_and_bylines(above: str, below: str) -> None:
    title = "Council agrees to rebuild the old ferry landing"
    assert _title(f"{above}{title}\n{below}{_BODY}") == title


@pytest.mark.parametrize(
    "title",
    [
        "Minutes of the council on the old ferry landing, 10 October 2019",
        "Will the council ever rebuild the old ferry landing, and who is going to pay for it?",
    ],
    ids=["with a date", "a question"],
)
def test_a_headline_may_hold_a_date_or_ask(title: str) -> None:
    assert _title(f"Home\nWorld\n{title}\n26/12/2019 by Ann Lee\n{_BODY}") == title


def test_a_dateline_of_a_few_words_is_no_headline() -> None:
    line = "Published on Wednesday, 5 June 2019"
    assert _title(f"Home\nWorld\n{line}\n{_BODY}") is None


def test_a_headline_stands_below_a_menu_of_hundreds_of_lines() -> None:
    menu = "\n".join(f"Harbour {number}" for number in range(600))
    title = "Council agrees to rebuild the old ferry landing"
    assert _title(f"{menu}\n{title}\nBy Ann Lee\n{_BODY}") == title


@pytest.mark.parametrize("title", ["Ferry landing", "Ferry landings rebuilt"])
def test_a_headline_of_few_words_is_told_from_the_menu_by_the_words_of_the_text(title: str) -> None:
    menu = "Home\nWorld\nSport\nBusiness\nOpinion\nSubscribe\nSign in\n"
    assert _title(f"{menu}{title}\n{_BODY}") == title


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Hafen baut den alten Anleger wieder auf",
            "Die Hafenverwaltung teilte am Dienstag mit, "
            "dass der alte Anleger ab März wieder aufgebaut wird; bis dahin legt die Fähre ab.",
        ),
        (
            "Le port reconstruit son vieil embarcadère",
            "Le conseil municipal a décidé mardi de "
            "reconstruire le vieil embarcadère, fermé depuis la tempête d'il y a deux hivers.",
        ),
        (
            "Порт восстановит старый причал",
            "Администрация порта сообщила во вторник, что старый "
            "причал, разрушенный штормом две зимы назад, начнут восстанавливать в марте.",
        ),
        (
            "الميناء يعيد بناء الرصيف القديم",
            "أعلنت إدارة الميناء يوم الثلاثاء أن الرصيف القديم الذي "
            "دمرته العاصفة قبل شتاءين سيعاد بناؤه ابتداء من شهر مارس المقبل.",
        ),
        (
            "बंदरगाह पुराना घाट फिर बनाएगा",
            "बंदरगाह प्रशासन ने मंगलवार को बताया कि दो साल पहले के तूफान में "
            "टूटा पुराना घाट मार्च से फिर बनाया जाएगा और काम ग्यारह महीने चलेगा।",
        ),
        (
            "港が古い桟橋を再建へ 三月に着工",
            "港の管理事務所は火曜日、二年前の嵐で壊れた古い桟橋を三月から建て直"
            "すと発表した。工事は十一か月かかる見込みで、その間は浮き桟橋を使う。",
        ),
        (
            "港口将重建旧码头 三月开工",
            "港口管理处星期二宣布，两年前在风暴中损毁的旧码头将从三月起重建，工程预计"
            "需要十一个月，其间乘客继续使用鱼市旁的临时浮桥。",
        ),
        (
            "항구, 낡은 선착장 다시 짓는다",
            "항만 관리소는 화요일 2년 전 폭풍으로 부서진 낡은 선착장을 3월부터 다시 "
            "짓는다고 발표했다. 공사는 열한 달이 걸릴 것으로 보인다.",
        ),
    ],
    ids=["de", "fr", "ru", "ar", "hi", "ja", "zh", "ko"],
)
def test_the_headline_is_found_in_many_languages(title: str, body: str) -> None:
    menu = "\n".join(f"{word}" for word in body.split()[:3] if len(word) < 12)
    assert _title(f"{menu}\n{title}\n2024-02-06\n{body}\n{body[:60]} {body}") == title


def test_byline_and_date_beside_the_headline_are_read() -> None:
    text = f"Council agrees to rebuild ferry landing\nBy Ann Lee\n6 February 2024\n{_BODY}"
    found = _headline(text)
    assert found is not None
    assert found.author == "Ann Lee"
    assert found.published_at == datetime(2024, 2, 6, tzinfo=UTC)


def test_a_body_without_a_headline_has_none() -> None:
    assert _title(_BODY) is None
    assert _title("") is None


@pytest.mark.parametrize("script", SCRIPTS)
def test_running_text_of_every_script_is_no_headline(script: str) -> None:
    assert _title("\n".join(PARAGRAPHS[script])) is None


@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_headline_of_any_text_is_a_line_of_it_and_stays(lines: list[str]) -> None:
    judged = judged_documents([cut_text("\n".join(lines))], CleanSettings())[0]
    found = find_headlines([judged])[0]
    if found:
        kept = with_headline(judged, found)
        assert kept[found.segment_index].is_kept
        assert kept[found.segment_index].text == found.title
        assert len(kept) == len(judged)


def test_a_text_has_the_same_headline_alone_and_in_company() -> None:
    pages = [page.text for page in list(made_up_pages())[::20]]
    judged = judged_documents([cut_text(text) for text in pages], CleanSettings())
    assert find_headlines(judged) == [find_headlines([lines])[0] for lines in judged]


def test_the_headline_of_a_plain_document_is_its_title_and_a_kept_segment() -> None:
    text = f"Home\nWorld\nSport\nSubscribe\nCouncil agrees to rebuild the old landing\n{_BODY}"
    row = {"doc_id": "a", "text": text, "format": "text", "is_markup": False}
    raw = pl.DataFrame(
        [{**dict.fromkeys(RAW_DOCUMENTS.column_names), **row}], schema=RAW_DOCUMENTS.polars_schema
    )
    segments, metadata = clean_documents(
        raw.select("doc_id", "format", "is_markup", "text"), CleanSettings()
    )
    assert metadata["title"].to_list() == ["Council agrees to rebuild the old landing"]
    kept = segments.filter("kept")["text"].to_list()
    assert "Council agrees to rebuild the old landing" in kept


@pytest.mark.parametrize(
    "line", ["example.com/news/1", "Read more", "https://a.example/b c.example/d"]
)
def test_what_is_furniture_anywhere_is_no_headline(line: str) -> None:
    assert _title(f"Home\nWorld\n{line}\n{_BODY}") is None
