"""What was checked once is not checked again, and what changed is."""

from pathlib import Path

import polars as pl
import pytest

from expectations.results import Outcome, Verdict
from expectations.tables import TABLES
from tasks.releases.check import check_part
from tasks.settings import CheckSettings, Settings
from tasks.steps import check
from tasks.steps.check import CheckPlan, check_one_part, check_whole, finish_check, known_verdict
from tasks.steps.step import write_parts
from tasks.steps.store import Part, Store, TableVersion
from tests.making.release_records import RECORDS, changed
from tests.making.release_tables import release_tables

PARTS = [Part(index, 4) for index in range(4)]
MORE_RECORDS = changed(RECORDS, RECORDS[0].source_uri, title="Другой")
STRICT = Settings(checks=CheckSettings(tolerated_segments=0))


def put(store: Store, version: str, tables: dict[str, pl.LazyFrame]) -> dict[str, TableVersion]:
    """Write the public tables of a release, those of documents in four parts."""
    versions = {}
    for name in TABLES:
        frame = tables[name].collect()
        versions[name] = TableVersion(
            table=name, version=version, step="toy", rule="toy", inputs={}, rows=frame.height,
            files=write_parts(store, name, version, frame, PARTS),
        )  # fmt: skip
        store.commit(versions[name])
    return versions


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the documents of the parts that are looked at."""
    seen: list[list[str]] = []

    def counting(frames: dict[str, pl.DataFrame], settings: CheckSettings) -> list[Outcome]:
        seen.append(frames["raw_documents"]["doc_id"].to_list())
        return check_part(frames, settings)

    monkeypatch.setattr(check, "check_part", counting)
    return seen


def plan_for(
    store: Store, tables: dict[str, pl.LazyFrame], settings: Settings | None = None
) -> CheckPlan:
    versions = put(store, f"v{len(list((store.root / 'tables').glob('ledger/*.json')))}", tables)
    return check.plan_check(store, versions, None, settings or Settings())


def run(plan: CheckPlan) -> Verdict:
    return finish_check(plan, [*(check_one_part(plan, part) for part in PARTS), check_whole(plan)])


def test_a_verdict_is_reached_once(store: Store) -> None:
    plan = plan_for(store, release_tables())
    assert known_verdict(plan) is None
    verdict = run(plan)
    assert verdict.passed
    assert known_verdict(plan) == verdict


def test_only_the_parts_whose_files_changed_are_looked_at_again(
    store: Store, checked: list[list[str]]
) -> None:
    first = run(plan_for(store, release_tables()))
    assert len(checked) == len(PARTS)
    checked.clear()
    again = run(plan_for(store, release_tables(MORE_RECORDS)))
    assert [RECORDS[0].doc_id in part for part in checked] == [True]
    assert again == first


def test_other_thresholds_look_at_everything_again(store: Store, checked: list[list[str]]) -> None:
    run(plan_for(store, release_tables()))
    checked.clear()
    run(plan_for(store, release_tables(), STRICT))
    assert len(checked) == len(PARTS)


def test_an_error_of_ours_is_not_remembered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_for(store, release_tables())
    broken = Outcome(table="documents", expectation="key_is_unique", error="boom")
    with monkeypatch.context() as patched:
        patched.setattr(check, "check_part", lambda _frames, _settings: [broken])
        assert not run(plan).passed
    assert known_verdict(plan) is None
    assert run(plan).passed


def test_personal_data_is_hidden_in_examples(store: Store) -> None:
    tables = release_tables()
    uri = "anna@example.org"
    tables["documents"] = tables["documents"].with_columns(duplicate_of=pl.lit(uri))
    verdict = run(plan_for(store, tables))
    assert verdict.failures
    assert uri not in verdict.model_dump_json()
