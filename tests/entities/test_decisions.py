"""What the user decides of names goes before all else, and is told apart from nonsense."""

from pathlib import Path

import polars as pl
import pytest

from tasks.entities.decisions import DECISIONS, DecisionsError, read_decisions
from tasks.releases.assemble import with_entities
from tasks.releases.review_entities import doubtful_names, write_review
from tasks.settings import ResolveSettings
from tests.making.mentions import Mention, mentions, resolve_entities

HEADER = "decision\tlanguage\tname\tother\n"
FOUND: list[Mention] = [
    ("d1", "en", "PER", "Elon Musk"), ("d1", "en", "PER", "Musk"), ("d2", "ru", "PER", "Маск"),
    ("d3", "en", "ORG", "Acme"), ("d3", "en", "ORG", "Zorro Bank"), ("d3", "ru", "ORG", "Акме"),
    ("d4", "tr", "LOC", "ABD"), ("d4", "en", "LOC", "U.S."),
]  # fmt: skip


def decided(folder: Path, *rows: str) -> ResolveSettings:
    """Settings with a table of decisions."""
    path = folder / "decisions.tsv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return ResolveSettings(alias_table=None, decisions=str(path))


def entity_of(settings: ResolveSettings) -> dict[str, str]:
    _, names = resolve_entities(mentions(*FOUND), settings)
    return dict(names.select("surface", "entity_id").iter_rows())


def test_without_decisions_names_are_what_they_seem(tmp_path: Path) -> None:
    found = entity_of(decided(tmp_path))
    assert found["Elon Musk"] == found["Musk"] == found["Маск"]
    assert found["Acme"] == found["Акме"] != found["Zorro Bank"]
    assert found["ABD"] == found["U.S."]


def test_parted_names_are_two_whatever_joined_them(tmp_path: Path) -> None:
    parted = ("part\t\tMusk\tElon Musk", "part\tru\tАкме\tacme", "part\ttr\tABD\tUnited States")
    found = entity_of(decided(tmp_path, *parted))
    assert found["Elon Musk"] != found["Musk"]
    assert found["Acme"] != found["Акме"]
    assert found["ABD"] != found["U.S."]


def test_joined_names_are_one(tmp_path: Path) -> None:
    settings = decided(tmp_path, "join\ten\tZorro Bank\tAcme")
    found = entity_of(settings)
    assert found["Zorro Bank"] == found["Acme"] == found["Акме"]
    entities, _ = resolve_entities(mentions(*FOUND), settings)
    names = entities.explode("names").unnest("names", separator="_")
    assert names.filter(names_name="Zorro Bank")["names_evidence"].item() == "decision"


def test_an_entity_is_called_as_the_user_says(tmp_path: Path) -> None:
    settings = decided(tmp_path, "rename\t\tАкме\tACME plc")
    entities, names = resolve_entities(mentions(*FOUND), settings)
    called = dict(entities.select("entity_id", "canonical_name").iter_rows())
    assert {called[row["entity_id"]] for row in names.filter(surface="Acme").to_dicts()} == {
        "ACME plc"
    }


def test_a_dropped_name_is_no_entity(tmp_path: Path) -> None:
    entities, names = resolve_entities(
        mentions(*FOUND), decided(tmp_path, "drop\ten\tZorro Bank\t")
    )
    assert names.filter(surface="Zorro Bank")["entity_id"].to_list() == ["dropped"]
    assert "Zorro Bank" not in entities["canonical_name"]
    assert names.height == len(FOUND)


def test_mentions_of_a_dropped_name_reach_no_public_table(tmp_path: Path) -> None:
    _, names = resolve_entities(mentions(*FOUND), decided(tmp_path, "drop\ten\tZorro Bank\t"))
    kept = with_entities(mentions(*FOUND).collect(), names)
    assert kept.height == len(FOUND) - 1
    assert "Zorro Bank" not in kept["surface"]


@pytest.mark.parametrize("ending", ["tsv", "parquet"])
def test_what_is_written_for_review_is_obeyed_when_given_back(tmp_path: Path, ending: str) -> None:
    settings = ResolveSettings(alias_table=None)
    entities, _ = resolve_entities(mentions(*FOUND), settings)
    review = doubtful_names(entities.lazy(), 0.9)
    assert review["score"].is_sorted()
    assert "Маск" in review["name"]
    path = tmp_path / f"review.{ending}"
    write_review(review, path)
    assert entity_of(ResolveSettings(alias_table=None, decisions=str(path))) == entity_of(settings)
    is_mask = pl.col("name") == "Маск"
    edited = review.with_columns(
        decision=pl.when(is_mask).then(pl.lit("part")).otherwise("decision")
    )
    write_review(edited, path)
    found = entity_of(ResolveSettings(alias_table=None, decisions=str(path)))
    assert found["Маск"] != found["Elon Musk"] == found["Musk"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("jion\t\tA\tB", "line 2: the decision 'jion' is none of join, part, rename, drop"),
        ("join\txx\tA\tB", "line 2: 'xx' is not a language tag of ours, nor empty"),
        ("join\t\t\tB", "line 2: has no name"),
        ("part\t\tA\t", "line 2: 'part' needs the other name"),
        ("part\t\tA\tB\njoin\t\tb\ta", "line 3: joins 'b' and 'a', which line 2 parts"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(DecisionsError, match=message):
        read_decisions(decided(tmp_path, row))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"decision,name\n", "lacks the column 'decision'"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"PAR1 and no more", "is no Parquet file"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "decisions"
    path.write_bytes(content)
    with pytest.raises(DecisionsError, match=message):
        read_decisions(ResolveSettings(decisions=str(path)))


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(DecisionsError, match=r"resolve.decisions: nowhere.tsv cannot be read"):
        read_decisions(ResolveSettings(decisions="nowhere.tsv"))


def test_rows_without_a_decision_decide_nothing(tmp_path: Path) -> None:
    assert read_decisions(decided(tmp_path, "\t\tA\tB", "drop\t\tA\t")) != []
    assert set(DECISIONS) == {"join", "part", "rename", "drop"}
