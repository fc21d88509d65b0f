"""An entity is called by a full name in Latin letters, in its base form, and not in capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.entities.names_to_show import Spelt, shown
from tasks.writing.romanize import name_script

Name = tuple[str, str, str]


def called(label: str, *names: Name, known: str | None = None) -> tuple[str, dict[str, str]]:
    """Return the canonical name and the display names of (surface, language, script)."""
    spellings = [
        Spelt(surface, language, script, label, label == "PER" and " " not in surface, 9 - i)
        for i, (surface, language, script) in enumerate(names)
    ]
    found = shown(spellings, known)
    return found.canonical_name, {name["script"]: name["name"] for name in found.display_names}


@pytest.mark.parametrize(
    ("label", "names", "canonical"),
    [
        ("PER", [("Илона Маска", "ru", "Cyrl"), ("Илон Маск", "ru", "Cyrl")], "Ilon Mask"),
        ("PER", [("Илон Маск", "ru", "Cyrl"), ("Elon Musk", "fr", "Latn")], "Elon Musk"),
        (
            "PER",
            [("Сергею Лаврову", "ru", "Cyrl"), ("Лавров Сергей Викторович", "ru", "Cyrl")],
            "Sergey Viktorovich Lavrov",
        ),
        ("PER", [("Musk", "en", "Latn"), ("Elon Musk", "en", "Latn")], "Elon Musk"),
        ("PER", [("ELON MUSK", "en", "Latn")], "Elon Musk"),
        ("PER", [("PUTIN Vladimir", "fr", "Latn")], "Vladimir Putin"),
        ("PER", [("VINCENT VAN GOGH", "nl", "Latn")], "Vincent van Gogh"),
        ("PER", [("JFK", "en", "Latn")], "JFK"),
        ("PER", [("Musk’s", "en", "Latn")], "Musk"),
        ("PER", [("Donaldem Tuskiem", "pl", "Latn"), ("Donald Tusk", "pl", "Latn")], "Donald Tusk"),
        ("ORG", [("IMF", "en", "Latn")], "IMF"),
        ("ORG", [("MICROSOFT", "en", "Latn"), ("Microsoft", "fr", "Latn")], "Microsoft"),
        ("ORG", [("BANK OF AMERICA", "en", "Latn")], "Bank of America"),
        ("ORG", [("SIEMENS AG", "de", "Latn")], "Siemens AG"),
        ("ORG", [("وماسك", "ar", "Arab"), ("ماسك", "ar", "Arab")], "ماسك"),
        ("PER", [("ジョー・ロンズデール", "ja", "Jpan")], "Joe Ronzuderu"),
        ("MISC", [("OpenAI تخسر", "ar", "Zyyy")], "OpenAI تخسر"),
        ("PER", [("伊丽莎白·约翰逊", "zh", "Hani")], "Elizabeth Johnson"),
        ("PER", [("جون كيري", "ar", "Arab")], "John Kerry"),
        ("PER", [("マイケル・テスラ", "ja", "Jpan")], "Michael Tesura"),
        ("PER", [("डोनाल्ड ट्रंप", "hi", "Deva")], "Donald Tramp"),
        (
            "PER",
            [("Путин Владимир", "ru", "Cyrl"), ("Владимир Путин", "ru", "Cyrl")],
            "Vladimir Putin",
        ),
        ("PER", [("李强", "zh", "Hani")], "Li Qiang"),
        ("PER", [("欧阳修", "zh", "Hani")], "Ouyang Xiu"),
        ("PER", [("문재인", "ko", "Hang")], "Mun Jaein"),
        ("PER", [("특란프", "ko", "Hang")], "Teuglanpeu"),
        ("PER", [("阿里亚尼", "zh", "Hani")], "Aliyani"),
        ("LOC", [("안동", "ko", "Hang")], "Andong"),
        ("LOC", [("安曇野市", "ja", "Hani")], "安曇野市"),
        ("ORG", [("Atreides管理", "ja", "Zyyy")], "Atreides管理"),
        ("LOC", [("İstanbul'da", "tr", "Latn")], "İstanbul"),
    ],
)
def test_an_entity_is_called_by_its_best_name(
    label: str, names: list[Name], canonical: str
) -> None:
    assert called(label, *names)[0] == canonical


def test_it_has_a_name_in_each_script_that_it_goes_by() -> None:
    names = [("Маском", "ru", "Cyrl"), ("Маск", "ru", "Cyrl"), ("マスク氏", "ja", "Jpan"),
             ("MUSK", "en", "Latn")]  # fmt: skip
    assert called("PER", *names)[1] == {"Cyrl": "Маск", "Jpan": "マスク", "Latn": "Musk"}


def test_what_is_known_goes_before_what_stands_in_the_texts() -> None:
    canonical, by_script = called("LOC", ("США", "ru", "Cyrl"), known="United States")
    assert (canonical, by_script) == ("United States", {"Cyrl": "США"})


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.sampled_from(["PER", "ORG"]))
def test_a_name_to_show_is_never_empty(surfaces: list[str], label: str) -> None:
    canonical, by_script = called(label, *((s, "ru", name_script(s)) for s in surfaces))
    assert canonical
    assert all(by_script.values())
