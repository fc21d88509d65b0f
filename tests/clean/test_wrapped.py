"""Hard-wrapped paragraphs become one line; poems, lists, tables, code and dialogue stay."""

import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.cut import cut_text
from tasks.clean.hyphens import joined, parts_word
from tasks.clean.repair import repaired
from tests.making.texts_in_many_scripts import PARAGRAPHS

SPACED = ["Latn", "Cyrl", "Arab", "Hebr", "Grek", "Kore", "Deva", "Beng", "Armn", "Geor", "Ethi"]


def _texts(text: str) -> list[str]:
    return [segment.text for segment in cut_text(text)]


def _columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _wrapped(text: str, columns: int) -> str:
    """Return ideographs wrapped as an editor does it: no punctuation begins a line."""
    lines = [""]
    for char in text:
        if _columns(lines[-1] + char) > columns and char not in "、。，！？」”":
            lines.append("")
        lines[-1] += char
    return "\n".join(lines)


@pytest.mark.parametrize("columns", [45, 60, 72, 79])
@pytest.mark.parametrize("script", SPACED)
def test_a_wrapped_paragraph_is_one_line(script: str, columns: int) -> None:
    text = " ".join(PARAGRAPHS[script])
    wrapped = "\n".join(textwrap.wrap(text, columns, break_on_hyphens=False))
    assert _texts(wrapped) == [text]
    assert _texts(wrapped.replace("\n", "\r\n")) == [text]


@pytest.mark.parametrize("columns", [40, 60, 76])
@pytest.mark.parametrize("script", ["Jpan", "Hans"])
def test_wrapped_ideographs_are_joined_without_a_space(script: str, columns: int) -> None:
    text = "".join(PARAGRAPHS[script])
    assert _texts(_wrapped(text, columns)) == [text]


def test_paragraphs_that_blank_lines_or_indents_part_stay_apart() -> None:
    first = textwrap.wrap(" ".join(PARAGRAPHS["Latn"]), 60)
    second = textwrap.wrap(" ".join(reversed(PARAGRAPHS["Latn"])), 60)
    expected = [" ".join(first), " ".join(second)]
    assert _texts("\n".join([*first, "", *second])) == expected
    indented = [f"   {first[0]}", *first[1:], f"   {second[0]}", *second[1:]]
    assert _texts("\n".join(indented)) == expected


def test_a_heading_above_a_wrapped_paragraph_stays_apart() -> None:
    lines = textwrap.wrap(" ".join(PARAGRAPHS["Latn"]), 70)
    assert _texts("\n".join(["The new bridge", *lines])) == ["The new bridge", " ".join(lines)]


def test_items_go_on_in_lines_that_hang_from_them() -> None:
    items = [f"{n}. {text}" for n, text in enumerate(PARAGRAPHS["Latn"], 1)]
    wrapped = [textwrap.fill(item, 60, subsequent_indent="   ") for item in items]
    assert _texts("\n".join(wrapped)) == items


@pytest.mark.parametrize(
    ("language", "before", "after", "expected"),
    [
        ("en", "They were read out, and the com-", "mittee agreed that it", "the committee agreed"),
        ("en", "the work should begin without fur-", "ther delay in", "without further delay"),
        ("en", "before the vote the price-", "determining factors", "the price-determining factors"),
        ("en", "it was a well-", "known author of the", "a well-known author"),
        ("en", "this is the state-of-the-", "art system", "the state-of-the-art system"),
        ("en", "the terms of three-", "to four-year", "of three- to four-year"),
        ("en", "between the years 1990-", "1995 he was", "years 1990-1995 he"),
        ("de", "Die Akten waren nach Mag-", "deburg gebracht worden", "nach Magdeburg gebracht"),
        ("de", "die Zahlen der Ein-", "und Ausfuhr über den Hafen", "der Ein- und Ausfuhr"),
        ("de", "und in Baden-", "Württemberg wurde der", "in Baden-Württemberg wurde"),
        ("nl", "het is in de regel-", "geving van het land", "de regelgeving van"),
        ("fr", "je ne sais pas, dit-", "il à la presse, mais", "dit-il à la presse"),
        ("fr", "hier le gouverne-", "ment a annoncé que", "le gouvernement a annoncé"),
        ("es", "el presidente y su progra-", "ma de gobierno", "su programa de gobierno"),
        ("ru", "вчера в городе кто-", "то сказал, что это", "городе кто-то сказал"),
        ("ru", "об этом правитель-", "ство объявило вчера", "правительство объявило"),
        ("id", "di rumah itu anak-", "anak bermain dengan", "itu anak-anak bermain"),
    ],
)  # fmt: skip
def test_hyphenation_is_undone_and_hyphens_that_are_spelling_stay(
    language: str, before: str, after: str, expected: str
) -> None:
    assert parts_word(before, after) or after[0].isupper() or after[0].isdigit()
    one = joined(before, after, f"{before}\n{after}")
    assert one is not None
    assert expected in one


def test_a_soft_hyphen_at_a_line_end_goes() -> None:
    assert _texts("Die Ver\xadwal\xad\ntung teilt mit") == ["Die Verwaltung teilt mit"]


#: All its letters are small.
GEORGIAN = "საქალაქო საბჭო სამშაბათ საღამოს შეიკრიბა, რათა ახალი ხიდის პროექტი განეხილა დეტალურად."
STAYS = {
    "verse": "Tyger Tyger, burning bright,\nIn the forests of the night;\n"
    "What immortal hand or eye,\nCould frame thy fearful symmetry?",
    "verse in small letters": "so much depends\nupon\na red wheel\nbarrow\nglazed with rain\nwater",
    "long verse": "Habe nun, ach! Philosophie, Juristerei und Medizin,\n"
    "Und leider auch Theologie durchaus studiert, mit heißem Bemühn.\n"
    "Da steh ich nun, ich armer Tor! Und bin so klug als wie zuvor;",
    "list": "- two eggs and a little milk for the dough\n- some flour and a spoon of sugar\n"
    "- butter for the pan, if there is any left",
    "bare list": "milk\nbutter\nflour and sugar\nsome apples\ntwo eggs",
    "numbers": "1. The council opens the meeting on Tuesday\n2. The mayor reads out the minutes\n"
    "3. The treasurer gives an account of the year",
    "table": "Berlin      3,645,000   892 km\nHamburg     1,841,000   755 km\nMunich      1,472,000   310 km",
    "tabs": "name\tage\ttown\nAnna\t34\tBerlin\nBen\t29\tHamburg",
    "code": "def area(width, height):\n    result = width * height\n    return result\n\n"
    "for (int i = 0; i < n; i++) {\n    total += values[i];\n}",
    "dialogue": "— Where have you been all this long day?\n— In the harbour, where the ships are.\n"
    "— And did you see your brother there?",
    "speakers": "ANNA: I have been waiting for you all day.\nBEN: I was in the harbour with the men.\n"
    "ANNA: And you did not think of sending word?",
    "headlines": "Council votes for new bridge over the river\nMayor rejects calls to step down now\n"
    "Storm leaves thousands of homes without power",
    "sentences": "The council met on Tuesday evening in the town hall.\n"
    "The mayor opened the meeting at eight o'clock sharp.\nNobody from the opposition came to it.",
    "Japanese headlines": "新しい橋の計画を市議会が承認\n市長は辞任を求める声を拒否した\n嵐で数千戸が停電、復旧は未定",
    "Georgian sentences": 3 * f"{GEORGIAN}\n" + f"0\n{GEORGIAN}",
    "Arabic headlines": "المجلس يصوت لصالح الجسر الجديد\nالعمدة يرفض دعوات الاستقالة\nالعاصفة تقطع الكهرباء عن المدينة",
    "signature": "Kind regards\nAnna Smith\nHarbour Office\n12 Pier Road",
    "prefixes": "pre-\npost-\nanti-",
    "mail header": "From: anna@example.org\nTo: ben@example.org\nSubject: minutes of the meeting",
    "quoted mail": "> I think that we should meet on Tuesday in the\n> town hall, if nobody minds.",
}  # fmt: skip


@pytest.mark.parametrize("kind", STAYS)
def test_what_is_no_wrapped_paragraph_stays_as_it_is(kind: str) -> None:
    lines = [line.strip() for line in STAYS[kind].split("\n") if line.strip()]
    assert _texts(STAYS[kind]) == lines


@pytest.mark.parametrize("script", sorted(PARAGRAPHS))
def test_lines_that_are_whole_paragraphs_stay_apart(script: str) -> None:
    assert _texts("\n".join(PARAGRAPHS[script])) == list(PARAGRAPHS[script])


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SPACED), st.integers(30, 100), st.sampled_from(["\n", "\r\n"]))
def test_each_character_of_wrapped_text_is_explained(script: str, columns: int, end: str) -> None:
    text = end.join(textwrap.wrap(" ".join(PARAGRAPHS[script]), columns))
    position = 0
    for segment in cut_text(text):
        assert segment.start_char is not None
        assert text[position : segment.start_char].strip() == ""
        position = segment.end_char or 0
        raw = text[segment.start_char : position]
        assert (segment.text, segment.is_repaired) == (repaired(raw), segment.text != raw)
    assert text[position:].strip() == ""


@pytest.mark.parametrize(
    "lines",
    [
        [
            "การก่อสร้างคาดว่าจะเริ่มในฤดูใบไม้ผลิปีหน้า เว้นแต่ศาลจะมีคำสั่งเป็นอย่างอื่นในเดือนหน้า",
            "Η κατασκευή αναμένεται να ξεκινήσει την άνοιξη, εκτός αν το δικαστήριο αποφασίσει αλλιώς.",
            "ፍርድ ቤቱ ሌላ ውሳኔ ካልሰጠ በስተቀር ግንባታው በሚቀጥለው ጸደይ ይጀምራል ተብሎ ይጠበቃል።",
        ],
        [
            "ไม่มีใครเคยถามพวกเราเลย หญิงคนหนึ่งซึ่งอาศัยอยู่ริมแม่น้ำมานานสี่สิบปีกล่าวกับผู้สื่อข่าว",
            "اجتمع مجلس المدينة مساء الثلاثاء لمناقشة الجسر الجديد الذي أثار خلافا بين السكان والتجار.",
            "قالت إحدى المقيمات: «لم يسألنا أحد»، وهي تعيش قرب النهر منذ أكثر من أربعين عاما كاملة.",
        ],
        [
            "การก่อสร้างคาดว่าจะเริ่มในฤดูใบไม้ผลิปีหน้า เว้นแต่ศาลจะมีคำสั่งเป็นอย่างอื่นในเดือนหน้า",
            "ไม่มีใครเคยถามพวกเราเลย หญิงคนหนึ่งซึ่งอาศัยอยู่ริมแม่น้ำมานานสี่สิบปีกล่าวกับผู้สื่อข่าว",
            "«Κανείς δεν μας ρώτησε», είπε μια κάτοικος που ζει δίπλα στο ποτάμι εδώ και χρόνια.",
        ],
        [
            "من المتوقع أن يبدأ البناء في الربيع المقبل ما لم تقرر المحكمة خلاف ذلك في جلستها القادمة.",
            "Городской совет собрался во вторник вечером, чтобы обсудить новый мост через реку.",
            "მშენებლობა მომავალ გაზაფხულზე დაიწყება, თუ სასამართლო სხვაგვარად არ გადაწყვეტს მანამდე.",
            "a@example.com",
            "a@example.com",
        ],
    ],
)
def test_lines_of_one_width_in_several_writings_are_paragraphs(lines: list[str]) -> None:
    assert [segment.text for segment in cut_text("\n".join(lines))] == lines
