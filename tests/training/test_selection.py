"""Check what our own models are trained on."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpus import Example, Marked
from training.recipe import ModelRecipe, Recipe
from training.selection import (
    NEWS_SOURCE,
    Text,
    name_pools,
    training_texts,
    weights,
    with_latin_names,
    with_listed_names,
    with_other_names,
)

MODEL = ModelRecipe(
    name="tiny", scripts=("Latin",), million_tokens=0.01, rows=(50,) * 5, shares={"fr": 3, "en": 1}
)


def text(words: str, *names: tuple[str, str], lang: str = "fr", kind: str = "news") -> Text:
    spans = tuple(
        Marked(words.index(name), words.index(name) + len(name), label)  # type: ignore[arg-type]
        for name, label in names
    )
    return Text(Example(text=words, spans=spans, lang=lang, source="s"), kind)  # type: ignore[arg-type]


def surfaces(example: Example) -> list[str]:
    return [example.text[span.start : span.end] for span in example.spans]


def replaced(texts: list[Text], copies: int, seed: int = 0) -> list[Text]:
    return with_other_names(texts, name_pools(texts), copies, random.Random(seed))


@given(st.integers(0, 99), st.text(alphabet="ab 日", max_size=5))
def test_other_names_stand_where_their_spans_say(seed: int, between: str) -> None:
    first = text(f"Anne{between}vit à Nice", ("Anne", "PER"), ("Nice", "LOC"))
    other = text("Jean-Paul aime Le Mans", ("Jean-Paul", "PER"), ("Le Mans", "LOC"))
    for copy in replaced([first, other], 3, seed):
        person, place = surfaces(copy.example)
        assert person in {"Anne", "Jean-Paul"}
        assert place in {"Nice", "Le Mans"}


def test_a_name_is_replaced_by_the_same_name_throughout_a_text() -> None:
    twice = Text(
        Example(
            text="Anne et Anne",
            spans=(Marked(0, 4, "PER"), Marked(8, 12, "PER")),
            lang="fr",
            source="s",
        ),
        "news",
    )
    copies = replaced([twice, text("Zoé", ("Zoé", "PER"))], 9)
    assert {tuple(surfaces(copy.example)) for copy in copies} >= {("Zoé", "Zoé")}
    assert all(len(set(surfaces(copy.example))) == 1 for copy in copies)


def test_titles_of_works_stay_in_their_place() -> None:
    film = text("Vu Shrek", ("Shrek", "MISC"))
    book = text("Lu Candide", ("Candide", "MISC"))
    copies = replaced([film, book], 5)
    assert [surfaces(copy.example)[0] for copy in copies] == ["Shrek"] * 5 + ["Candide"] * 5


def test_names_of_noisy_texts_stand_in_no_other_text() -> None:
    noisy = text("Paris chante", ("Paris", "PER"), kind="noisy")
    assert name_pools([noisy, text("Zoé", ("Zoé", "PER"))]) == {("fr", "PER"): ["Zoé"]}


def test_listed_persons_of_some_parts_and_listed_places_stand_beside_those_of_the_texts() -> None:
    pools = {("ar", "PER"): ["عمر"] * 4, ("ar", "LOC"): ["مكة"], ("ar", "ORG"): ["بنك"]}
    lists = {"سام": "person", "ماسك": "city rare_person", "رياض": "city", "كذا": "region"}
    wider = with_listed_names(pools, lists, random.Random(0))
    assert wider["ar", "ORG"] == ["بنك"]
    assert wider["ar", "LOC"][0] == "مكة"
    assert set(wider["ar", "LOC"][1:]) <= {"ماسك", "رياض"}
    assert len(wider["ar", "PER"]) == 12
    assert {part for name in wider["ar", "PER"][4:] for part in name.split()} == {"سام", "ماسك"}


def test_latin_names_stand_in_a_share_of_the_texts() -> None:
    arabic = text("قال ماسك", ("ماسك", "PER"), lang="ar", kind="human")
    copies = with_latin_names([arabic] * 40, {"PER": ["Musk"]}, 0.5, random.Random(0))
    names = [surfaces(copy.example)[0] for copy in copies]
    assert len(names) == 20
    assert set(names) == {"Musk", "ماسك"}
    assert {copy.kind for copy in copies} == {"switched"}


def test_a_label_without_latin_names_keeps_its_own() -> None:
    arabic = text("في الرياض", ("الرياض", "LOC"), lang="ar")
    copies = with_latin_names([arabic] * 9, {"PER": ["Musk"]}, 1, random.Random(0))
    assert [surfaces(copy.example) for copy in copies] == [["الرياض"]] * 9


def test_latin_names_come_from_the_english_news_of_the_corpora(tmp_path: Path) -> None:
    english = text("Musk", ("Musk", "PER"), lang="en")
    arabic = text("قال عمر", ("عمر", "PER"), lang="ar")
    for example in (english.example, arabic.example):
        folder = tmp_path / "train" / example.lang
        folder.mkdir(parents=True)
        (folder / f"{NEWS_SOURCE}.jsonl").write_text(example.model_dump_json(), encoding="utf-8")
    model = MODEL.model_copy(update={"shares": {"ar": 1}, "switched_share": 1})
    found = [
        training_texts([tmp_path], model, Recipe(), {}, random.Random(seed)) for seed in range(9)
    ]
    assert {surfaces(texts[-1].example)[0] for texts in found} == {"Musk", "عمر"}


def test_a_share_of_the_texts_is_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "train" / "fr"
    folder.mkdir(parents=True)
    lines = [text(f"Anne {i}").example.model_dump_json() for i in range(8)]
    (folder / "wiki.jsonl").write_text("\n".join(lines), encoding="utf-8")
    recipe = Recipe(text_share=0.25)
    assert len(training_texts([tmp_path], MODEL, recipe, {}, random.Random(0))) == 2


def test_languages_have_their_shares_of_the_tokens() -> None:
    texts = [text("a"), text("b", kind="noisy"), text("c", lang="en")]
    tokens = [10, 10, 1000]
    given_weights = weights(texts, tokens, MODEL, Recipe())
    seen = [weight * count for weight, count in zip(given_weights, tokens, strict=True)]
    assert (seen[0] + seen[1]) / seen[2] == pytest.approx(3)
    assert seen[0] / seen[1] == pytest.approx(10)


def test_lower_cased_texts_of_languages_with_capitals_are_left_out(tmp_path: Path) -> None:
    line = text("paris", lang="fr").example.model_dump_json()
    for source in ("multiconer2_dev", "multiconer2_dev_truecased"):
        folder = tmp_path / "train_silver" / "fr"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{source}.jsonl").write_text(line + "\n", encoding="utf-8")
    texts = training_texts([tmp_path], MODEL, Recipe(), {}, random.Random(0))
    assert [t.kind for t in texts] == ["silver"]
