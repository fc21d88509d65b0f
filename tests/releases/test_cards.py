"""Check that what describes a release is true of it, and that its own tools can read it."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from expectations.tables import TABLES
from tasks.releases.cards.croissant import CONTEXT
from tasks.releases.releases import Release, folder_damage, release_folder
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_tables import release_tables

HOSTILE = 'a "b": [c]\n---\n# <script>alert(1)</script> | `x`'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cards") / "store"
    published(folder, release_tables(), parts=2)
    return folder


@pytest.fixture(scope="module")
def latest(store: Path) -> Path:
    return store / "latest"


def _front_matter(folder: Path) -> str:
    _, front, _ = (folder / "README.md").read_text("utf-8").split("---\n", 2)
    return front


def test_sha256sum_finds_every_file_as_it_was_published(latest: Path) -> None:
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=latest, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    found = {str(path.relative_to(latest)) for path in latest.rglob("*") if path.is_file()}
    found |= {f"{name}/{file.name}" for name in TABLES for file in (latest / name).iterdir()}
    named = {line.rpartition(": ")[0] for line in checked.stdout.splitlines()}
    assert named == found - {"SHA256SUMS"}


def test_each_table_with_rows_is_a_configuration_of_hugging_face(latest: Path) -> None:
    front = _front_matter(latest)
    filled = [name for name in TABLES if name != "personal_data"]
    assert [line for line in front.splitlines() if "config_name" in line] == [
        f"- config_name: {name}" for name in filled
    ]
    assert 'language: ["fr", "ar", "ja", "ru"]' in front
    assert 'license: "other"' in front


def test_the_card_tells_rows_languages_models_and_limits(latest: Path) -> None:
    readme = (latest / "README.md").read_text("utf-8")
    assert "5 clean documents in 4 languages" in readme
    assert "| Russian (ru) | Cyrillic | 1 |" in readme
    assert "slovnet 1.0" in readme
    assert "In fr, ar, ja no names were looked for" in readme


def test_no_description_tells_where_it_was_made(store: Path, latest: Path) -> None:
    texts = [path.read_text("utf-8") for path in latest.iterdir() if path.suffix in {".md", ".json", ".sql"}]  # fmt: skip
    assert len(texts) == 4
    assert not any(str(store) in text for text in texts)


def test_what_a_publisher_says_cannot_leave_its_place(tmp_path: Path) -> None:
    published(tmp_path, release_tables(), card={"title": HOSTILE, "licence": "CC-BY-4.0"})
    latest = tmp_path / "latest"
    assert _front_matter(latest).splitlines()[0] == f"pretty_name: {json.dumps(HOSTILE)}"
    assert 'license: "cc-by-4.0"' in _front_matter(latest)
    body = (latest / "README.md").read_text("utf-8")
    assert not re.search(r"(?<!\\)[<`|\[]", body.split("\n# ")[1].splitlines()[0])
    assert json.loads((latest / "croissant.json").read_text("utf-8"))["name"] == HOSTILE


def test_another_licence_is_another_release_of_the_same_tables(tmp_path: Path) -> None:
    first, second = (
        published(tmp_path / licence, release_tables(), card={"licence": licence})
        for licence in ("MIT", "CC-BY-4.0")
    )
    assert first.release_id != second.release_id
    assert first.tables == second.tables


def test_croissant_names_each_file_by_its_hash_and_each_plain_column(latest: Path) -> None:
    croissant = json.loads((latest / "croissant.json").read_text("utf-8"))
    assert croissant["@context"] == CONTEXT
    for entry in croissant["distribution"]:
        if entry["@type"] == "cr:FileObject":
            content = (latest / entry["contentUrl"]).read_bytes()
            assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    fields = {field["@id"] for records in croissant["recordSet"] for field in records["field"]}
    assert {"documents/language", "documents/published_at", "stories/languages"} <= fields
    assert "entities/names" not in fields
    assert {"rai:dataLimitations", "rai:personalSensitiveInformation"} <= croissant.keys()


def test_the_data_package_has_each_table_with_its_columns(latest: Path) -> None:
    package = json.loads((latest / "datapackage.json").read_text("utf-8"))
    columns = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in package["resources"]}
    assert columns == {name: table.column_names for name, table in TABLES.items()}
    assert all((latest / path).is_file() for r in package["resources"] for path in r["path"])


def test_duckdb_has_a_view_of_each_table(latest: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{latest}'")
        connection.execute((latest / "babelmill.duckdb.sql").read_text("utf-8"))
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
        assert {name for (name,) in views.fetchall()} == set(TABLES)
        counted = connection.execute("SELECT count(*) FROM documents").fetchall()
        assert counted == [(5,)]


def test_a_redacted_release_has_no_raw_documents_in_any_description(tmp_path: Path) -> None:
    published(tmp_path, release_tables(), personal_data={"redact": True})
    latest = tmp_path / "latest"
    for name in ("README.md", "croissant.json", "datapackage.json", "SHA256SUMS"):
        text = (latest / name).read_text("utf-8")
        assert not re.search(
            r'raw_documents/|"raw_documents"|config_name: raw|`raw_documents` \|', text
        )
    assert "VIEW raw_documents" not in (latest / "babelmill.duckdb.sql").read_text("utf-8")


@pytest.mark.parametrize("name", ["README.md", "croissant.json", "SHA256SUMS", "report.html"])
def test_a_changed_description_is_damage(tmp_path: Path, name: str) -> None:
    release: Release = published(tmp_path, release_tables())
    store = Store(tmp_path)
    assert folder_damage(store, release) == []
    (release_folder(store, release.release_id) / name).write_text("x", encoding="utf-8")
    assert folder_damage(store, release) == [name]


def test_an_empty_release_has_a_card(tmp_path: Path) -> None:
    published(tmp_path, release_tables((), ()))
    assert "configs: []" in _front_matter(tmp_path / "latest")


@pytest.mark.slow
def test_croissants_own_library_finds_no_fault_and_loads_records(
    latest: Path, tmp_path: Path
) -> None:
    import mlcroissant

    # Of a folder that was handed on: the library follows no links to folders.
    subprocess.run(["cp", "-rL", f"{latest}/.", str(tmp_path)], check=True)
    described = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    issues = described.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    for name, table in release_tables().items():
        rows = table.collect()
        if rows.height:
            loaded = list(described.records(name))
            key = TABLES[name].key[0]
            assert sorted(row[f"{name}/{key}"].decode() for row in loaded) == sorted(rows[key])
