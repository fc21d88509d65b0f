"""With entities and stories switched off, their tables are empty, and the release says why."""

import polars as pl
import pytest

from tasks.build import build
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.conftest import SEEDS
from tests.making.pipeline import PlainRunner

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store")
    off = Settings.model_validate({"entities": {"enabled": False}, "stories": {"enabled": False}})
    assert build(str(SEEDS), folder, off, PlainRunner()).status == "published"
    return Store(folder)


def _read(store: Store, table: str) -> pl.DataFrame:
    return pl.read_parquet(store.root / "latest" / table / "*.parquet")


@pytest.mark.parametrize("table", ["mentions", "entities", "stories"])
def test_what_is_not_looked_for_has_an_empty_table(store: Store, table: str) -> None:
    assert _read(store, table).is_empty()


def test_every_row_that_would_have_been_read_says_that_it_was_not(store: Store) -> None:
    segments, documents = _read(store, "segments"), _read(store, "documents")
    assert set(segments.filter("kept")["analysis"]) <= {"switched_off", "not_language", "duplicate"}
    assert "switched_off" in set(segments["analysis"])
    assert documents["story_id"].is_null().all()
    assert documents["analysed_share"].to_list() == [0.0] * 5


def test_the_report_says_which_setting_switched_them_off(store: Store) -> None:
    report = (store.root / "latest" / "report.html").read_text(encoding="utf-8")
    assert "<code>entities.enabled</code> is false" in report
    assert "<code>stories.enabled</code> is false" in report
