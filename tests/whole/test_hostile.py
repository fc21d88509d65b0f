"""Take a hostile folder through the whole pipeline.

Every good record is published, every bad one is in `rejects` with its reason, and the ledger
adds up."""

from pathlib import Path

import polars as pl
import pytest

from expectations.tables import TABLES
from tasks.settings import Settings
from tasks.steps.check import (
    PART_TABLES,
    check_one_part,
    check_whole,
    finish_check,
    plan_check,
)
from tasks.steps.store import Part, Store, TableVersion
from tests.making.hostile import make_hostile_folder
from tests.making.hostile_expectation import HostileExpectation
from tests.making.pipeline import make_tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def expected(folder: Path) -> HostileExpectation:
    return make_hostile_folder(folder / "source")


@pytest.fixture(scope="module")
def versions(folder: Path, expected: HostileExpectation) -> dict[str, TableVersion]:
    return make_tables(folder / "source", folder / "store")


@pytest.fixture(scope="module")
def tables(folder: Path, versions: dict[str, TableVersion]) -> dict[str, pl.DataFrame]:
    store = Store(folder / "store")
    return {name: store.scan(versions[name]).collect() for name in TABLES}


def test_every_bad_record_is_rejected_with_its_reason(
    tables: dict[str, pl.DataFrame], expected: HostileExpectation
) -> None:
    rejects = tables["rejects"].filter(stage="ingest")
    assert dict(rejects.select("source_uri", "reason").iter_rows()) == expected.rejections


def test_every_good_record_is_a_document_or_says_why_nothing_was_kept_of_it(
    tables: dict[str, pl.DataFrame], expected: HostileExpectation
) -> None:
    ledger = tables["ledger"].filter(~pl.col("stage").eq("ingest"))
    assert set(ledger["source_uri"]) == expected.documents
    rejected = ledger.filter(fate="rejected")
    assert set(rejected["reason"]) <= {"nothing_kept", "no_main_text"}
    assert rejected.height <= len(expected.documents) // 10


def test_the_ledger_adds_up(tables: dict[str, pl.DataFrame], expected: HostileExpectation) -> None:
    ledger = tables["ledger"]
    fates = dict(ledger.group_by("fate").len().iter_rows())
    assert ledger["source_uri"].is_unique().all()
    assert ledger.height == len(expected.documents) + len(expected.rejections)
    assert fates["published"] + fates["duplicate"] == tables["documents"].height
    assert fates["rejected"] == tables["rejects"].height


def test_no_detail_names_a_place_on_this_machine(
    tables: dict[str, pl.DataFrame], folder: Path
) -> None:
    details = tables["rejects"]["detail"].drop_nulls().to_list()
    assert [detail for detail in details if str(folder) in detail] == []


def test_the_release_of_a_hostile_folder_passes_the_checks(
    folder: Path, versions: dict[str, TableVersion]
) -> None:
    public = {name: versions[name] for name in TABLES}
    plan = plan_check(Store(folder / "store"), public, None, Settings())
    parts = len(versions[PART_TABLES[0]].files)
    outcomes = [check_one_part(plan, Part(index, parts)) for index in range(parts)]
    verdict = finish_check(plan, [*outcomes, check_whole(plan)])
    assert [(f.table, f.expectation, f.error) for f in verdict.failures] == []
