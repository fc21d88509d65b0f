"""Romanised text is no bystander's language, and text of Latin script stays what it is."""

import pytest

from tasks.clean.identification import identify
from tasks.clean.romanised import is_romanised


@pytest.mark.parametrize(
    "text",
    [
        "Ya dumayu, chto segodnya my nikuda ne poydem, potomu chto ochen kholodno.",
        "Deti uzhe spyat, a ya eshche rabotayu i p'yu chay.",
        "Den kserw giati den mou apantas, perimeno olo to vradi.",
        "Ti kaneis simera? Tha pame gia kafe meta ti doulia?",
        "Ana mish 3aref leh el nas 3amla keda elnaharda.",
        "Ba7ebak awi ya 7abibi, wa7ashtni ktir.",
        "Mujhe nahi pata ki woh kahan gaya, tum usse pooch lo.",
        "Yeh bahut acchi baat hai, aap sab ko mubarak ho.",
    ],
)
def test_romanised_text_is_undetermined(text: str) -> None:
    assert identify([text])[0].language == "und"
    assert identify([" ".join([text] * 20)])[0].language == "und"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Deti si hrajú na dvore a babička varí polievku.", "sk"),
        ("Danes je lepo vreme, zato gremo na sprehod v park.", "sl"),
        ("Kami akan pergi ke pasar besok pagi untuk membeli sayur dan ikan.", "id"),
        ("Yarın sabah erkenden köye gidiyoruz, akşam döneceğiz.", "tr"),
        ("Al-Shabaab waxay sheegteen in ay weerarka mas'uul ka yihiin.", "so"),
        ("Ministrul de finanțe a prezentat noul proiect de buget.", "ro"),
        ("Ana y Marta van a la playa para comer pan con queso.", "es"),
        ("CO2 emissions from 5G masts in the 2nd quarter rose 3km above mp3 levels.", "en"),
    ],
)
def test_text_of_a_language_in_latin_script_is_not_romanised(text: str, language: str) -> None:
    assert not is_romanised(text)
    assert identify([text])[0].language == language


@pytest.mark.parametrize("text", ["", "chto", "hai nahi", "3ala 3ashan"])
def test_a_word_or_two_are_too_few_to_tell(text: str) -> None:
    assert not is_romanised(text)
