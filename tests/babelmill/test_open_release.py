"""Check that a release is opened as its tables are declared, and stays the same one."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from babelmill import NoRelease, NoTable, open_release
from expectations.tables import TABLES
from tasks.releases.releases import latest_id
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_tables import release_tables


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open") / "store"
    published(folder, release_tables(), parts=2)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_each_table_is_what_was_published(store: Path, name: str) -> None:
    release = open_release(store)
    assert release[name].collect().equals(release_tables()[name].collect())
    frame = getattr(release, name)
    assert isinstance(frame, pl.LazyFrame)
    assert frame.collect_schema() == TABLES[name].polars_schema


def test_a_release_is_opened_by_its_name_or_as_a_folder(store: Path) -> None:
    name = latest_id(Store(store))
    assert name is not None
    by_name, by_folder = open_release(store, name), open_release(str(store / "latest"))
    assert by_name == by_folder == open_release(store)
    assert by_name.release_id == name
    assert list(by_name) == list(TABLES)
    assert len(by_name) == len(TABLES)


def test_what_is_published_later_changes_nothing_of_an_open_release(tmp_path: Path) -> None:
    published(tmp_path, release_tables())
    release = open_release(tmp_path)
    later = tmp_path / "releases" / "later"
    later.mkdir()
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").symlink_to(later)
    assert release.documents.select(pl.len()).collect().item() == 5


def test_a_redacted_release_says_that_it_has_no_raw_documents(tmp_path: Path) -> None:
    published(tmp_path, release_tables(), personal_data={"redact": True})
    release = open_release(tmp_path)
    assert "raw_documents" not in release
    with pytest.raises(NoTable, match="no table raw_documents; it has: documents, segments"):
        _ = release.raw_documents


@pytest.mark.parametrize("name", [None, "x", "../latest", ""])
def test_a_release_that_there_is_not_is_named_with_those_there_are(
    tmp_path: Path, name: str | None
) -> None:
    with pytest.raises(NoRelease, match=r"known: none|not by a path"):
        open_release(tmp_path, name)


def test_an_address_is_no_folder_of_a_release() -> None:
    with pytest.raises(NoRelease, match="is an address"):
        open_release("s3://bucket/prefix")


def test_opening_a_release_imports_neither_the_pipeline_nor_prefect() -> None:
    code = (
        "import sys, babelmill; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'flows', 'tasks', 'training', 'prefect', 'spacy', 'pandas', 'pyarrow'}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert told.stdout == "[]\n"
