"""What releases measure is kept over time: in a table, in the report, after pruning and damage."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from tasks.build import build
from tasks.releases.metrics import METRICS, metrics_path, read_metrics
from tasks.releases.prune import prune_store
from tasks.releases.releases import list_releases, read_release, release_folder
from tasks.releases.report.charts import Line, small_multiples
from tasks.releases.report.history import draw_history
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN


def _built(folder: Path, documents: int) -> None:
    source = folder / "source"
    source.mkdir(exist_ok=True)
    records = [
        {
            "text": story(number),
            "date": f"2026-10-{number + 1:02}",
            "url": f"https://a.org/{number}",
        }
        for number in range(documents)
    ]
    (source / "a.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n{", "utf-8")
    build(str(source), folder / "store", Settings.model_validate(PLAIN), PlainRunner())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with three releases, of 3, 5 and 6 documents."""
    folder = tmp_path_factory.mktemp("metrics")
    for documents in (3, 5, 6):
        _built(folder, documents)
    return Store(folder / "store")


def test_each_release_has_its_metrics_and_duckdb_reads_them(store: Store) -> None:
    query = f"from '{metrics_path(store)}' select value where metric = 'documents'"
    rows = duckdb.connect().execute(query).fetchall()
    assert sorted(value for (value,) in rows) == [3, 5, 6]
    assert set(read_metrics(store)["metric"]) == set(METRICS)


def test_the_report_shows_them_from_the_second_release_on(store: Store) -> None:
    reports = [
        (release_folder(store, release.release_id) / "report.html").read_text("utf-8")
        for release in list_releases(store)
    ]
    assert sorted("Metrics over releases" in report for report in reports) == [False, True, True]


def test_a_table_that_is_lost_or_damaged_is_made_of_the_records(store: Store) -> None:
    whole = read_metrics(store)
    path = metrics_path(store)
    content = path.read_bytes()
    for damaged in (content[:50], b""):
        path.write_bytes(damaged)
        assert read_metrics(store).equals(whole)
    path.unlink()
    assert read_metrics(store).equals(whole)
    path.write_bytes(content)


def test_what_was_pruned_stays_in_the_table(store: Store) -> None:
    whole = read_metrics(store)
    prune_store(store, 1)
    assert len(list_releases(store)) == 1
    assert read_metrics(store).equals(whole)


def test_no_metric_is_in_a_table_of_a_release(store: Store) -> None:
    assert not [name for name in read_release(store).tables if "metric" in name]


def test_of_one_release_there_is_no_line(store: Store) -> None:
    metrics = read_metrics(store)
    first = metrics.filter(metrics["release"] == metrics["release"][0])
    assert first.height == len(METRICS)
    assert draw_history(first) is None
    assert draw_history(first.clear()) is None


def test_a_line_of_zeros_and_one_of_a_point_are_drawn() -> None:
    chart = small_multiples(
        "t", [Line("a<b", [(0, 0.0), (1, 0.0)]), Line("c", [(1, 3.0)])], ("x", "y")
    )
    assert "a&lt;b" in chart.picture
    assert "nan" not in chart.picture
    assert "inf" not in chart.picture


def test_releases_of_one_second_are_listed_in_the_order_of_their_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("tasks.build.datetime", SimpleNamespace(now=lambda _: second))
    for documents in (3, 5, 6, 7):
        _built(tmp_path, documents)
    listed = list_releases(Store(tmp_path / "store"))
    assert [release.tables["documents"].rows for release in listed] == [3, 5, 6, 7]
