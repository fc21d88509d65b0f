"""With `personal_data.redact`, no release, report, explanation, log or database shows a value.

Planted are an address, a telephone and a card number, others in each place that a record has.
"""

import io
import shutil
from pathlib import Path

import polars as pl
import pytest

from flows.views.diff_view import render_diff
from flows.views.explain_entity_view import render_entity
from flows.views.explain_view import render_explanation
from flows.views.terminal_text import SafeConsole
from tasks.releases.diff import diff_releases
from tasks.releases.explain import explain_record
from tasks.releases.explain_entity import explain_entity
from tasks.releases.releases import list_releases, read_release, release_tables
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.private_source import (
    PLACES,
    email,
    leaks_below,
    leaks_in,
    private_files,
    write_files,
)

#: What the next build reads again: records as they came, and pages before redaction. docs/security.md
WORKING = {"tables/raw_documents", "tables/cut_segments", "tables/page_metadata", "steps/ingest"}
REDACT = Settings.model_validate({"personal_data": {"redact": True}, "entities": {"model": "fast"}})
Tables = dict[str, pl.LazyFrame]


@pytest.fixture(scope="module")
def home(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two redacted releases, the source and what Prefect wrote down."""
    from flows.build import build

    folder = tmp_path_factory.mktemp("private")
    files = private_files()
    dropped = next(name for name in files if name.endswith(".jpg"))
    write_files({name: data for name, data in files.items() if name != dropped}, folder / "source")
    build(str(folder / "source"), str(folder / "store"), 1, settings=REDACT)
    write_files(files, folder / "source")
    build(str(folder / "source"), str(folder / "store"), 1, settings=REDACT)
    return folder


@pytest.fixture(scope="module")
def tables(home: Path) -> Tables:
    store = Store(home / "store")
    return release_tables(store, read_release(store))


def _printed(*renderables: object) -> str:
    console = SafeConsole(file=io.StringIO(), width=300, color_system=None)
    for renderable in renderables:
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_value_is_read(home: Path) -> None:
    chunks = leaks_below(home / "store" / "steps")
    read = {value for values in chunks.values() for value in values}
    seen = {place for place in PLACES if {f"email {place}", f"phone {place}"} & read}
    assert seen == set(PLACES) - {"listed"}  # which no reader opens


def test_a_release_holds_none_of_them(home: Path) -> None:
    assert leaks_below(home / "store" / "latest") == {}


def test_the_store_holds_them_only_where_the_next_build_reads_them(home: Path) -> None:
    leaking = leaks_below(home / "store")
    assert {"/".join(name.split("/")[:2]) for name in leaking} == WORKING


def test_nothing_that_is_explained_shows_one(tables: Tables) -> None:
    records = tables["ledger"].collect()["source_uri"].to_list()
    names = tables["entities"].collect()["entity_id"].to_list()
    text = _printed(
        *(render_explanation(explain_record(tables, record)) for record in records),
        *(render_entity(explain_entity(tables, name)) for name in names),
    )
    assert len(records) == 15
    assert names
    assert leaks_in(text) == set()


def test_a_difference_shows_none(home: Path, tables: Tables) -> None:
    store = Store(home / "store")
    first = release_tables(store, list_releases(store)[0])
    text = _printed(render_diff(diff_releases(first, tables, 20)))
    assert "1 came" in text
    assert "[email]" in text
    assert leaks_in(text) == set()


def test_prefects_database_and_logs_hold_none(home: Path) -> None:
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    database = Path(str(PREFECT_API_DATABASE_CONNECTION_URL.value()).partition("///")[2])
    files = list(database.parent.glob(f"{database.name}*"))
    content = b"".join(path.read_bytes() for path in files)
    assert str(home / "source").encode() in content  # the run of the build is in it
    assert leaks_in(content.decode("utf-8", errors="replace")) == set()


def test_a_record_is_found_by_its_name_before_redaction(tables: Tables) -> None:
    name = next(name for name in private_files() if name.startswith(email("name")))
    found = explain_record(tables, name)
    assert found.ledger["source_uri"].startswith("[email]_[phone]_[card].txt\\~")
    assert found.ledger["fate"] == "published"


def test_names_that_redaction_makes_alike_stay_apart(tables: Tables) -> None:
    ledger = tables["ledger"].collect()
    rejected = ledger.filter(pl.col("reason") == "unsupported_format")["source_uri"].to_list()
    assert rejected == ["[email]\\~1", "[email]\\~2"]


def test_redaction_reads_no_source_again(home: Path, tmp_path: Path) -> None:
    from tasks.build import build
    from tests.making.pipeline import PlainRunner

    store = tmp_path / "store"
    shutil.copytree(home / "store", store, symlinks=True)
    chunks = {path: path.stat().st_mtime_ns for path in store.glob("steps/ingest/chunks/*.json")}
    build(str(home / "source"), store, Settings(), PlainRunner())
    assert {p: p.stat().st_mtime_ns for p in store.glob("steps/ingest/chunks/*.json")} == chunks
    assert (store / "latest" / "raw_documents").is_dir()
