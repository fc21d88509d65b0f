"""Page furniture is dropped; what an article may hold is kept."""

import pytest

from tasks.clean.chrome import is_phrase
from tasks.clean.cut import cut_text
from tasks.clean.judge import judged
from tasks.clean.segment import Segment
from tasks.settings import CleanSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


def _cleaned(text: str) -> list[Segment]:
    return judged(cut_text(text), CleanSettings())


def _dropped(text: str) -> dict[str, str | None]:
    return {segment.text: segment.reason for segment in _cleaned(text) if not segment.is_kept}


@pytest.mark.parametrize("script", SCRIPTS)
def test_running_text_with_title_and_headings_is_kept(script: str) -> None:
    first, second, third = PARAGRAPHS[script]
    text = f"{first[:20]}\n{first}\n{second[:15]}\n{second}\n{third}\n{third[:12]}"
    assert _dropped(text) == {}


@pytest.mark.parametrize(
    "line",
    [
        "https://example.com/a?b=c",
        "www.example.com",
        "group-example.com/channel/9952",
        "→ http://example.com/x",
        "пример.рф/новости",
        "https://a.example/1 | https://b.example/2",
    ],
)
@pytest.mark.parametrize("place", ["{line}\n{body}", "{body}\n{line}\n{body}", "{body}\n{line}"])
def test_a_bare_address_is_dropped_anywhere(line: str, place: str) -> None:
    body = PARAGRAPHS["Latn"][0]
    assert _dropped(place.format(line=line, body=body)) == {line: "link"}


@pytest.mark.parametrize(
    "line", ["Amazon.com", "Node.js", "See https://example.com for more", "3.5"]
)
def test_a_name_or_a_sentence_with_an_address_is_kept(line: str) -> None:
    assert _dropped(f"{PARAGRAPHS['Latn'][0]}\n{line}\n{PARAGRAPHS['Latn'][1]}") == {}


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("Latn", "Read more »"),
        ("Latn", "Weiterlesen"),
        ("Latn", "Tüm hakları saklıdır."),
        ("Latn", "© 2024 Tous droits réservés"),
        ("Cyrl", "Читать далее →"),
        ("Arab", "اقرأ المزيد"),
        ("Hebr", "קרא עוד"),
        ("Grek", "Διαβάστε περισσότερα"),
        ("Jpan", "続きを読む"),
        ("Hans", "阅读更多 >>"),
        ("Kore", "더 보기"),
        ("Deva", "और पढ़ें"),
        ("Beng", "আরও পড়ুন"),
        ("Thai", "อ่านเพิ่มเติม"),
    ],
)
def test_read_on_lines_are_dropped_between_paragraphs(script: str, line: str) -> None:
    first, second, _ = PARAGRAPHS[script]
    assert _dropped(f"{first}\n{line}\n{second}") == {line: "chrome"}


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("Latn", "Share with your friend now:"),
        ("Latn", "Open in Telegram"),
        ("Latn", "Teilen auf Facebook"),
        ("Latn", "Comments (12)"),
        ("Latn", "Date: |"),
        ("Latn", "Create:"),
        ("Latn", "12.03.2024, 10:22"),
        ("Latn", "Home › News › Europe › Rivers"),
        ("Latn", "Copyright © 2024 The Post. All rights reserved."),
        ("Latn", "© 2024 The Post."),
        ("Latn", "Startseite | Politik | Wirtschaft | Sport"),
        ("Latn", "Ana Sayfa  Gündem  Spor  İletişim"),
        ("Cyrl", "Поделиться с друзьями:"),
        ("Cyrl", "Теги"),
        ("Jpan", "Twitterでシェア"),
        ("Jpan", "最終更新は午前10時"),
        ("Jpan", "2024年3月12日 10:22"),
        ("Kore", "페이스북에 공유하기"),
        ("Hans", "分享到微博"),
        ("Arab", "شارك على تويتر"),
        ("Arab", "خانه / اخبار / ورزش"),
        ("Kore", "홈 정치 경제 스포츠"),
        ("Kore", "Copyright ⓒ 한국신문. All rights reserved."),
    ],
)
def test_furniture_is_dropped_after_the_text_and_kept_inside(script: str, line: str) -> None:
    first, second, _ = PARAGRAPHS[script]
    assert _dropped(f"{first}\n{second}\n{line}") == {line: "chrome"}
    if not is_phrase(line):  # else it is furniture wherever it stands
        assert _dropped(f"{first}\n{line}\n{second}") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Newsletter",
        "Comments\n" + PARAGRAPHS["Latn"][0],
        "One line only, not even a sentence",
        "The fog comes\non little cat feet.\n\nIt sits looking\nover harbor and city",
        "Anna: Yes.\nBoris: No.\nAnna: Yes.\nBoris: No.\nAnna: Share?",
        "Pancakes\nIngredients:\n2 eggs\n1 cup milk\nMethod:\n"
        "Whisk the eggs with the milk until it is smooth.",
        "Name | Age | City\nAnna | 31 | Bonn\nBoris | 32 | Kyiv",
        "* milk\n* bread\n* 12.03.2024",
        f"Dear all,\n\n{PARAGRAPHS['Latn'][2]}\n\nBest\nAnn",
        "Related work on rivers\n" + PARAGRAPHS["Latn"][0],
        "***",
    ],
)
def test_titles_poems_dialogues_recipes_tables_and_lists_are_kept(text: str) -> None:
    assert _dropped(text) == {}


@pytest.mark.parametrize(
    ("script", "labels"),
    [
        ("Latn", ["Ana Sayfa", "Gündem", "Spor"]),
        ("Latn", ["Trang chủ", "Thời sự", "Thể thao", "Menu"]),
        ("Cyrl", ["Главная", "Новости", "Спорт"]),
        ("Kore", ["홈", "뉴스", "스포츠"]),
        ("Thai", ["หน้าแรก", "ข่าว", "กีฬา"]),
        ("Hebr", ["ראשי", "חדשות", "ספורט"]),
    ],
)
def test_labels_of_a_menu_go_and_the_headline_below_them_stays(
    script: str, labels: list[str]
) -> None:
    first, second, _ = PARAGRAPHS.get(script, PARAGRAPHS["Latn"])
    text = "\n".join([*labels, first[:20], first, second])
    assert _dropped(text) == dict.fromkeys(labels, "chrome")


def test_two_labels_may_be_rubrics_and_within_the_text_they_are_headings() -> None:
    first, second, third = PARAGRAPHS["Latn"]
    assert _dropped(f"Sport\nPolitik\n{first}\n{second}") == {}
    assert _dropped(f"{first}\nNews\nSport\nPolitics\n{second}\n{third}") == {}


def test_labels_that_introduce_nothing_go_together() -> None:
    body = PARAGRAPHS["Cyrl"][0]
    assert _dropped(f"{body}\nCreate:\nLast Update:\n") == {
        "Create:": "chrome",
        "Last Update:": "chrome",
    }
