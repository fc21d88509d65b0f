"""Check signatures and clusters: what counts as a copy, in every script and in any order."""

import random
import time
import unicodedata

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.prose import LANGUAGES, edited, write_article
from expectations.working_tables import DUPLICATES, SIGNATURES, VERSIONS
from tasks.copies.facts import fact_rows, facts_of, shared_facts
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.shingles import ShingleWidths, normalised, shingle_hashes
from tasks.copies.sign import sign_documents
from tasks.settings import DuplicateSettings
from tests.making.texts_in_many_scripts import KHMER, THAI

SETTINGS = DuplicateSettings()
NO_VERSIONS = VERSIONS.empty().lazy()


def signed(texts: dict[str, str]) -> pl.DataFrame:
    documents = pl.DataFrame(
        {
            "doc_id": list(texts),
            "source_uri": [f"{doc_id}.txt" for doc_id in texts],
            "text": list(texts.values()),
            "text_chars": [len(text) for text in texts.values()],
        },
        schema={
            "doc_id": pl.String,
            "source_uri": pl.String,
            "text": pl.String,
            "text_chars": pl.Int64,
        },
    )
    return sign_documents(documents, SETTINGS)


def found(texts: dict[str, str]) -> dict[str, tuple[str, str]]:
    duplicates = find_duplicates(signed(texts).lazy(), NO_VERSIONS, SETTINGS)
    return {doc_id: (original, kind) for doc_id, original, kind in duplicates.iter_rows()}


def article(tag: str, seed: int) -> str:
    return write_article(tag, random.Random(seed)).text


def signatures_of(*minhashes: bytes) -> pl.LazyFrame:
    """Signatures made by hand; the first is of the longest document."""
    return SIGNATURES.frame(
        {
            "doc_id": f"{place:05d}",
            "source_uri": f"{place:05d}",
            "text_chars": 1_000_000 - place,
            "exact_sha256": str(place),
            "minhash": minhash,
            "facts": b"",
        }
        for place, minhash in enumerate(minhashes)
    ).lazy()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_two_articles_of_one_language_are_no_copies(tag: str) -> None:
    assert found({"a": article(tag, 1), "b": article(tag, 2)}) == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_copy_with_a_tenth_of_its_tokens_changed_is_near(tag: str) -> None:
    original = write_article(tag, random.Random(3))
    copy = edited(original, 0.1, random.Random(4)).text
    result = found({"a": original.text, "b": copy, "c": article(tag, 5)})
    assert [kind for _, kind in result.values()] == ["near"]
    assert "c" not in result


@pytest.mark.parametrize("text", [THAI, KHMER])
def test_scripts_without_spaces_are_compared_by_letters(text: str) -> None:
    assert found({"a": text + text[5:40], "b": text}) == {"b": ("a", "near")}


def test_case_white_space_and_width_make_no_difference_to_an_exact_copy() -> None:
    text = article("fr", 1)
    other = unicodedata.normalize("NFD", text).upper().replace(" ", " \t ").replace("\n", "\n\n")
    assert found({"a": other, "b": text}) == {"b": ("a", "exact")}


def test_the_longest_text_represents_and_ties_go_by_place() -> None:
    text = article("ru", 1)
    assert found({"c": text, "b": text, "a": text}) == {"b": ("a", "exact"), "c": ("a", "exact")}
    assert found({"a": text, "b": f"{text}\n{text}"}) == {"a": ("b", "near")}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_beginning_of_a_text_is_no_copy_of_it_and_most_of_it_is(tag: str) -> None:
    text = article(tag, 1)
    beginning, most = text[: len(text) * 2 // 5], text[: len(text) * 4 // 5]
    assert found({"a": text, "b": beginning}) == {}
    assert found({"a": text, "b": most}) == {"b": ("a", "near")}


def test_a_chain_of_ever_shorter_texts_is_split_where_one_is_an_excerpt() -> None:
    text = article("fr", 1)
    parts = {f"{share}": text[: len(text) * share // 100] for share in (100, 70, 46, 33)}
    assert found(parts) == {"70": ("100", "near"), "33": ("46", "near")}


def test_a_text_too_short_for_a_signature_has_exact_copies_only() -> None:
    short = "Nothing new today in the village."
    result = found({"a": short, "b": short, "c": "Nothing new today in the village!!"})
    assert result == {"b": ("a", "exact")}


@pytest.mark.parametrize("text", ["", "!!! — ???", "\U0001f600\U0001f600", "\u0301" * 50, "\u200f"])
def test_a_text_without_words_is_signed_and_equals_itself_only(text: str) -> None:
    assert found({"a": text, "b": text, "c": article("en", 1)}) == {"b": ("a", "exact")}


def test_a_flood_of_combining_marks_is_signed_in_linear_time() -> None:
    start = time.process_time()
    signed({"a": "a" + "\u0301\u0316" * 100_000})
    assert time.process_time() - start < 5  # normalised as it stands: half a minute


@pytest.mark.parametrize("before", range(6))
def test_a_flood_of_marks_is_broken_wherever_it_begins(before: int) -> None:
    flood = "b" * before + "\u0301\u0316" * 15
    assert "\u034f" in normalised(flood)
    assert "\u034f" not in normalised(flood[:-1])


def test_a_signature_is_the_same_on_every_machine() -> None:
    text = "The ferry between the island and the harbour will not run before the end of the week. "
    signature = signed({"a": text + "フェリーは今週末まで運航しない。"})["minhash"][0]
    assert len(signature) == SETTINGS.num_permutations
    assert signature[:16].hex() == "b94a85cca264275d5922b7667fecb70d"


def test_a_signature_does_not_depend_on_the_documents_beside_it() -> None:
    texts = {f"{seed:02d}": article(tag, seed) for seed, tag in enumerate(LANGUAGES * 2)}
    alone = pl.concat(signed({doc_id: text}) for doc_id, text in texts.items())
    assert signed(texts).equals(alone)


@given(st.lists(st.text(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_texts_are_signed_one_row_each(texts: list[str]) -> None:
    safe = [text.encode("utf-8", "ignore").decode() for text in texts]
    result = signed({f"{place:03d}": text for place, text in enumerate(safe)})
    assert result.schema == SIGNATURES.polars_schema
    assert len(result) == len(texts)


def test_shingles_do_not_reach_into_the_next_text() -> None:
    hashes, offsets = shingle_hashes(["one two", "three four five", ""], ShingleWidths(3, 6))
    assert offsets.tolist() == [0, 0, 1, 1]
    assert len(hashes) == 1


@pytest.fixture(scope="module")
def corpus() -> pl.DataFrame:
    """Clusters of copies of copies, and strangers."""
    texts: dict[str, str] = {}
    for seed, tag in enumerate(("en", "ja", "ar")):
        current = write_article(tag, random.Random(seed))
        for step in range(5):
            texts[f"{tag}-{step}"] = current.text
            current = edited(current, 0.08, random.Random(f"{seed} {step}"))
        texts[f"{tag}-copy"] = texts[f"{tag}-2"]
        texts[f"{tag}-stranger"] = article(tag, 100)
    return signed(texts)


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_clusters_do_not_depend_on_the_order(corpus: pl.DataFrame, chance: random.Random) -> None:
    order = list(range(len(corpus)))
    chance.shuffle(order)
    expected = find_duplicates(corpus.lazy(), NO_VERSIONS, SETTINGS)
    assert find_duplicates(corpus[order].lazy(), NO_VERSIONS, SETTINGS).equals(expected)
    assert len(expected) > 3


@given(st.binary(min_size=256, max_size=256), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_a_representative_represents_itself_and_every_member_is_like_it(
    first: bytes, chance: random.Random
) -> None:
    drifting, current = [first], bytearray(first)
    for _ in range(12):
        for place in chance.sample(range(256), 64):
            current[place] = chance.randrange(256)
        drifting.append(bytes(current))
    result = find_duplicates(signatures_of(*drifting), NO_VERSIONS, SETTINGS)
    assert not set(result["doc_id"]) & set(result["duplicate_of"])
    for doc_id, original, _ in result.iter_rows():
        left, right = (np.frombuffer(drifting[int(key)], np.uint8) for key in (doc_id, original))
        assert (left == right).mean() >= SETTINGS.min_representative_similarity


def test_a_chain_of_small_changes_is_split_where_it_no_longer_resembles_its_beginning() -> None:
    chance = random.Random(1)
    steps = [bytes(chance.randrange(256) for _ in range(256))]
    for start in range(0, 256, 64):
        changed = bytearray(steps[-1])
        changed[start : start + 64] = bytes(byte ^ 1 for byte in changed[start : start + 64])
        steps.append(bytes(changed))
    strict = DuplicateSettings(min_representative_similarity=0.4)
    result = find_duplicates(signatures_of(*steps), NO_VERSIONS, strict)
    assert dict(result.select("doc_id", "duplicate_of").iter_rows()) == {
        "00001": "00000",
        "00002": "00000",
        "00004": "00003",
    }


def test_ten_thousand_variants_of_one_page_are_one_cluster_in_linear_time() -> None:
    chance = np.random.default_rng(1)
    variants = np.tile(chance.integers(0, 256, 256, np.uint8), (10_000, 1))
    for row in variants:
        row[chance.integers(0, 256, 8)] = chance.integers(0, 256, 8, np.uint8)
    signatures = signatures_of(*(row.tobytes() for row in variants))
    start = time.process_time()
    result = find_duplicates(signatures, NO_VERSIONS, SETTINGS)
    assert time.process_time() - start < 10  # all pairs: minutes
    assert result["duplicate_of"].to_list() == ["00000"] * 9_999


def test_signatures_of_another_length_are_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="num_permutations"):
        find_duplicates(signatures_of(b"too short"), NO_VERSIONS, SETTINGS)


def test_nothing_comes_of_nothing() -> None:
    nothing = signed({})
    assert nothing.schema == SIGNATURES.polars_schema
    duplicates = find_duplicates(nothing.lazy(), NO_VERSIONS, SETTINGS)
    assert duplicates.schema == DUPLICATES.polars_schema
    assert len(duplicates) == 0


_TEMPLATES = [
    [
        f"A magnitude {size} earthquake struck {place} at {hour} local time on {day}, the "
        f"geological survey said. The quake hit {far} kilometres from {town} at a depth of {deep} "
        "kilometres. There were no immediate reports of casualties or damage, and no tsunami "
        "warning was issued. The survey revises its first figures as more data arrive."
        for size, place, hour, day, far, town, deep in (
            ("5.4", "northern Chile", "06:12", "Monday", 41, "Calama", 96),
            ("6.1", "eastern Japan", "23:40", "Tuesday", 130, "Sendai", 22),
            ("4.8", "southern Greece", "14:05", "Friday", 18, "Kalamata", 12),
        )
    ],
    [
        f"{town}の天気は{sky}、最高気温は{high}度、最低気温は{low}度の見込みです。{wind}の風がやや強く吹くで"
        "しょう。気象台は路面の凍結に注意するよう呼びかけています。"
        for town, sky, high, low, wind in (
            ("札幌", "晴れ", "三", "零下七", "北"),
            ("那覇", "雨", "二十一", "十七", "南"),
        )
    ],
    [
        f"ارتفع سعر الذهب في {town} اليوم إلى {price} {coin} للغرام من عيار {carat}، بحسب {body}. ويتوقع "
        "التجار أن يستقر السعر حتى نهاية الأسبوع مع ترقب قرار البنك المركزي."
        for town, price, coin, carat, body in (
            ("القاهرة", 3850, "جنيها", 21, "شعبة الذهب"),
            ("عمان", 55, "دينارا", 21, "نقابة الصاغة"),
        )
    ],
    [
        f"A magnitude {size} earthquake struck near {place} in Turkey on Tuesday, the seismological "
        f"centre said. The quake hit at a depth of {deep} kilometres. There were no immediate "
        f"reports of damage or casualties. Residents of {place} ran into the streets and the "
        "authorities asked people to stay calm."
        for size, place, deep in (("4.1", "Izmir", 12), ("5.3", "Van", 7), ("3.9", "Malatya", 10))
    ],
    [
        f"В городе {town} полиция задержала {age}-летнего мужчину по подозрению в краже. По данным "
        f"МВД, он похитил из магазина товары на {price} тысяч рублей. Возбуждено уголовное дело, "
        f"подозреваемому грозит до {years} лет лишения свободы."
        for town, age, price, years in (("Самаре", 34, 12, 5), ("Перми", 27, 150, 6))
    ],
    [
        f"{town}で{day}日午前、乗用車とトラックが衝突する事故があり、乗用車を運転していた{age}歳の男性が死亡"
        "した。警察によると、現場は片側一車線の県道で、事故の原因を調べている。運転手にけがはなかった。"
        for town, day, age in (("静岡市", 3, 45), ("盛岡市", 18, 72), ("高知市", 27, 31))
    ],
]
_TEMPLATE_IDS = ["en", "ja", "ar", "en-one-country", "ru", "ja-two-numbers"]


@pytest.mark.parametrize("reports", _TEMPLATES, ids=_TEMPLATE_IDS)
def test_reports_that_fill_in_one_template_are_no_copies(reports: list[str]) -> None:
    texts = {str(number): text for number, text in enumerate(reports)}
    assert find_duplicates(signed(texts).lazy(), NO_VERSIONS, SETTINGS).is_empty()
    same = SETTINGS.model_copy(update={"min_shared_facts": 0.0, "min_facts_and_similarity": 0.0})
    assert not find_duplicates(signed(texts).lazy(), NO_VERSIONS, same).is_empty()


@pytest.mark.parametrize("reports", _TEMPLATES[:3], ids=_TEMPLATE_IDS[:3])
def test_a_report_whose_first_figure_was_revised_is_a_copy(reports: list[str]) -> None:
    revised = reports[0].replace("5.4", "5.6").replace("三度", "四度").replace("3850", "3855")
    texts = {"a": f"{reports[0]} {_NUMBERS}", "b": f"{revised} {_NUMBERS}"}
    assert find_duplicates(signed(texts).lazy(), NO_VERSIONS, SETTINGS)[
        "duplicate_kind"
    ].to_list() == ["near"]


_NUMBERS = "12 34 56"


def test_numbers_and_names_are_shared_each_for_itself() -> None:
    one, other = "in Rome by Ann Lee, 12 and 34", "in Rome by Ann Lee, 13 and 35"
    rows = fact_rows([facts_of(one), facts_of(other)])
    assert shared_facts(rows, np.array([0]), np.array([1])).tolist() == [0.0]


def test_two_texts_share_the_facts_that_both_state() -> None:
    one, other = "seen by Ann Lee, 12 and 34", "seen by Bob Lee, 12 and 35, 36"
    rows = fact_rows([facts_of(one), facts_of(other), facts_of("nothing"), facts_of(one)])
    left, right = np.array([0, 0, 0]), np.array([1, 2, 3])
    assert shared_facts(rows, left, right).tolist() == [0.5, 1.0, 1.0]
    assert shared_facts(rows, right, left).tolist() == [0.5, 1.0, 1.0]


@given(st.text(), st.lists(st.integers(0, 10**6), max_size=80))
def test_a_text_shares_all_facts_with_itself(text: str, numbers: list[int]) -> None:
    rows = fact_rows([facts_of(f"{text} {' '.join(map(str, numbers))}")])
    assert shared_facts(rows, np.array([0]), np.array([0])).tolist() == [1.0]
