"""Check the generated corpus: the same bytes for the same seed, and a truth that is true."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.corpus import COPIES, KINDS, UNREADABLE, Record, records, write_corpus
from benchmarks.duplicates import documents_with_truth, pair_scores, share_with_original
from benchmarks.prose import LANGUAGES, language
from expectations.working_tables import VERSIONS
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.sign import sign_documents
from tasks.settings import DuplicateSettings

DOCUMENTS = 1500


@pytest.fixture(scope="module")
def made() -> list[Record]:
    return list(records(DOCUMENTS, seed=7))


def truth_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_bytes().splitlines()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.jsonl")}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_corpus(tmp_path / name, 30, seed)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert bytes_of(tmp_path / "a") != bytes_of(tmp_path / "c")


def test_the_truth_stands_outside_the_source_and_names_every_line(tmp_path: Path) -> None:
    write_corpus(tmp_path, 620, 1)
    truth = truth_of(tmp_path)
    shards = sorted((tmp_path / "source").iterdir())
    assert [path.name for path in shards] == ["part-00000.jsonl", "part-00001.jsonl"]
    lines = [line for path in shards for line in path.read_bytes().split(b"\n")[:-1]]
    assert len(lines) == len(truth) == 620
    for line, row in zip(lines, truth, strict=True):
        if row["kind"] not in UNREADABLE:
            assert json.loads(line)["id"] == row["id"]
        else:
            with pytest.raises(ValueError):  # noqa: PT011  JSON or UTF-8, whichever comes first
                json.loads(line)


def test_every_language_and_every_kind_occurs(made: list[Record]) -> None:
    assert {record.article.language.tag for record in made} == set(LANGUAGES)
    assert {record.kind for record in made} == {"article", *KINDS}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_has_at_least_forty_sentences_and_a_plain_list_of_words(tag: str) -> None:
    assert len(set(language(tag).sentences)) >= 40
    assert not any(set(word) & set("{}[]|") for word in language(tag).vocabulary)


def test_texts_are_as_long_as_news(made: list[Record]) -> None:
    lengths = sorted(len(record.article.text) for record in made)
    assert 1200 < sum(lengths) / len(lengths) < 1900
    assert lengths[len(lengths) // 10] < 800
    assert lengths[-len(lengths) // 10] > 2500


def test_no_slot_is_left_open(made: list[Record]) -> None:
    assert not any(set(record.article.text) & set("{}[]|") for record in made)


def test_a_body_is_in_its_content_as_often_as_its_kind_says(made: list[Record]) -> None:
    for record in made:
        first = record.article.paragraphs[0]
        times = 2 if record.kind.startswith("doubled") else 1
        if record.kind != "page":
            assert record.content.count(first) == times, record.kind


def test_planted_chrome_stands_on_lines_of_its_own(made: list[Record]) -> None:
    planted = [record for record in made if record.chrome_lines]
    assert Counter(record.kind for record in planted).keys() == {"chrome", "foreign_boilerplate"}
    for record in planted:
        assert set(record.chrome_lines) <= set(record.content.split("\n"))


def test_an_exact_copy_has_the_text_of_its_cluster_and_a_near_one_has_not(
    made: list[Record],
) -> None:
    texts = {record.id: record.article.text for record in made}
    copies = [record for record in made if record.kind in COPIES]
    assert copies
    for record in copies:
        assert (record.article.text == texts[record.cluster]) == (record.kind == "exact")
        assert (record.changed_share > 0) == (record.kind != "exact")


def test_a_hundredth_rewritten_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    write_corpus(tmp_path / "old", 900, 3)
    write_corpus(tmp_path / "new", 900, 3, changed=0.05)
    old, new = (
        b"".join(
            lines for name, lines in sorted(bytes_of(tmp_path / side).items()) if "part" in name
        )
        for side in ("old", "new")
    )
    pairs = zip(old.split(b"\n"), new.split(b"\n"), strict=True)
    differing = sum(before != after for before, after in pairs)
    rewritten = [row for row in truth_of(tmp_path / "new") if row["cluster"].endswith("rewritten")]
    assert differing == len(rewritten)
    assert 15 < differing < 90


def test_the_planted_copies_are_found_and_nothing_else() -> None:
    corpus = documents_with_truth(DOCUMENTS, seed=7)
    duplicates = find_duplicates(
        sign_documents(corpus, DuplicateSettings()).lazy(),
        VERSIONS.empty().lazy(),
        DuplicateSettings(),
    )
    found = corpus.join(duplicates, on="doc_id", how="left").with_columns(
        group=pl.coalesce("duplicate_of", "doc_id")
    )
    precision, recall = pair_scores(found)
    assert precision >= 0.99
    assert recall >= 0.98
    assert set(share_with_original(found, COPIES)["kind"]) == set(COPIES)
