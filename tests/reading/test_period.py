"""A backfill takes the records of a period, and accounts for the others."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from expectations.reasons import OUTSIDE_PERIOD
from flows.errors import BadSettings
from flows.settings_file import with_period
from tasks.releases.releases import read_release
from tasks.settings import IngestSettings, Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.reading import fates
from tests.making.small_releases import PLAIN, built, rows_of

RECORDS = {
    "old": {"fetched_at": "2026-10-31T23:59:59Z", "published_at": "2026-11-05"},
    "first": {"fetched_at": "2026-11-01T00:00:00Z", "published_at": "2020-01-01"},
    "last": {"fetched_at": "2026-11-30T23:59:59Z"},
    "next": {"fetched_at": "2026-12-01"},
    "published": {"published_at": "2026-11-07"},
    "undated": {},
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number, (name, dates) in enumerate(RECORDS.items()):
        record = {"text": story(number), **dates}
        (folder / f"{name}.jsonl").write_text(json.dumps(record), "utf-8")
    return folder


def _taken(source: Path, **period: object) -> set[str]:
    settings = IngestSettings.model_validate(period)
    found = fates(source, settings)
    left = {uri for uri, fate in found.items() if fate == f"!{OUTSIDE_PERIOD}"}
    assert len(found) == len(RECORDS), "each record has its fate"
    return {uri.partition(".")[0] for uri in found.keys() - left}


def test_the_records_of_a_period_are_taken(source: Path) -> None:
    november = {"since": "2026-11-01", "until": "2026-12-01"}
    assert _taken(source, **november) == {"first", "last", "published"}
    assert _taken(source, **november, dated_by="published_at") == {"old", "last", "published"}
    assert _taken(source, since="2026-11-30T23:59:59Z") == {"last", "next"}
    assert _taken(source, until="2026-11-01T01:00:00+01:00") == {"old"}
    assert _taken(source) == set(RECORDS)


def test_what_is_outside_is_in_the_ledger_and_is_no_sign_of_a_poor_source(tmp_path: Path) -> None:
    lines = [{"text": story(n), "date": f"2026-{1 + n % 2:02}-03"} for n in range(250)]
    lines += [{"text": story(900), "fetched_at": "2026-05-01"}]
    content = "\n".join(map(json.dumps, lines)).encode()
    period = {"ingest": {"since": "2026-05-01"}}
    verdict = built({"a.jsonl": content}, tmp_path, {**PLAIN, **period})
    assert verdict.passed
    release = read_release(Store(tmp_path / "store"))
    assert (release.tables["documents"].rows, release.tables["ledger"].rows) == (1, 251)
    assert set(rows_of(tmp_path, "rejects", [f"a.jsonl#{n}" for n in range(1, 9)])["reason"]) == {
        OUTSIDE_PERIOD
    }
    assert release.metrics["rejected_records"] == 0


def test_days_are_of_utc_and_what_is_none_is_told() -> None:
    chosen = with_period(Settings(), "2026-11-01", "", "")
    assert chosen.ingest.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert with_period(chosen, "", "", "published_at").ingest.since == chosen.ingest.since
    with pytest.raises(BadSettings, match=r"setting ingest\.since"):
        with_period(Settings(), "yesterday", "", "")
    with pytest.raises(
        BadSettings, match=r"setting ingest\.dated_by.*'fetched_at' or 'published_at'"
    ):
        with_period(Settings(), "", "", "seen_at")
    with pytest.raises(ValidationError):
        IngestSettings.model_validate({"until": "soon"})
