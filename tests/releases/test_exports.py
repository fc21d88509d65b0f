"""Check that a release that is handed on says what the release says, and does no harm."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.tables import TABLES
from tasks.reading.confinement import ROOTS, NotAllowed
from tasks.releases.exports.conll import _lines, without_overlaps
from tasks.releases.exports.export import SHAPES, UnusableExport, export_release
from tasks.releases.releases import Release
from tasks.steps.store import Store
from tests.making.published import published
from tests.making.release_tables import release_tables

FORMULAS = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "=HYPERLINK(\"http://x\")")  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Release]:
    folder = tmp_path_factory.mktemp("exports") / "store"
    tables = release_tables()
    tables["documents"] = tables["documents"].with_columns(
        url=pl.lit("https://example.org/a"),
        published_at=pl.lit(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)).cast(
            pl.Datetime("us", "UTC")
        ),
    )
    return Store(folder), published(folder, tables, parts=2)


@pytest.fixture(scope="module")
def exported(release: tuple[Store, Release], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    written = export_release(*release, folder, SHAPES)
    files = {shape: sum(p.is_file() for p in (folder / shape).rglob("*")) for shape in SHAPES}
    assert written == files
    return folder


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_json_lines_have_each_row_of_each_table(exported: Path) -> None:
    for name, table in release_tables().items():
        lines = (exported / "jsonl" / f"{name}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert len(rows) == table.select(pl.len()).collect().item()
        key = TABLES[name].key[0]
        assert [row[key] for row in rows] == table.collect()[key].to_list()


def test_a_csv_opens_in_excel_with_all_its_rows(exported: Path) -> None:
    assert (exported / "csv" / "entities.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = _csv(exported / "csv" / "entities.csv")
    expected = release_tables()["entities"].collect()
    assert [row["canonical_name"] for row in rows] == expected["canonical_name"].to_list()
    names = [[name["name"] for name in json.loads(row["names"])] for row in rows]
    assert names == [[n["name"] for n in names] for names in expected["names"].to_list()]


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    tables = release_tables()
    titles = pl.Series("title", (FORMULAS * 2)[:5])
    tables["documents"] = tables["documents"].with_columns(titles, site=pl.lit(FORMULAS[-1]))
    store = Store(tmp_path / "store")
    found = published(store.root, tables)
    export_release(store, found, tmp_path / "out", ["csv"])
    rows = _csv(tmp_path / "out" / "csv" / "documents.csv")
    assert [row["title"] for row in rows] == [f"'{title}" for title in titles]
    assert {row["site"] for row in rows} == {f"'{FORMULAS[-1]}"}


def test_brat_names_spans_of_its_texts(exported: Path) -> None:
    spans = 0
    for annotations in sorted((exported / "brat").rglob("*.ann")):
        text = annotations.with_suffix(".txt").read_text("utf-8")
        for line in annotations.read_text("utf-8").splitlines():
            if line.startswith("T"):
                _, told, surface = line.split("\t")
                _, start, end = told.split(" ")
                assert text[int(start) : int(end)] == surface
                spans += 1
    assert spans == release_tables()["mentions"].select(pl.len()).collect().item()


def test_conll_tags_as_many_names_as_there_are(exported: Path) -> None:
    lines = (exported / "conll" / "mentions.conll").read_text("utf-8").splitlines()
    assert "Маск B-PER" in lines
    assert lines[lines.index("Elon B-PER") + 1] == "Musk I-PER"
    begun = sum(" B-" in line for line in lines)
    assert begun == release_tables()["mentions"].select(pl.len()).collect().item()


SPAN = st.tuples(st.integers(0, 40), st.integers(1, 9))
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def _conll(text: str, mentions: list[dict[str, Any]]) -> list[list[str]]:
    document = {"doc_id": "d", "language": "x", "text": text}
    tokens = "".join(_lines(document, mentions)).split("-DOCSTART- O\n\n")[1]
    return [line.rsplit(" ", 1) for line in tokens.split("\n") if line]


@given(TEXT, st.lists(SPAN, max_size=5))
def test_conll_loses_no_sign_and_no_mention(text: str, spans: list[tuple[int, int]]) -> None:
    mentions = [
        {"start_char": start, "end_char": min(start + size, len(text)), "label": "PER"}
        for start, size in spans
        if start < len(text) and not text[start].isspace()
    ]
    rows = _conll(text, mentions)
    assert "".join(token for token, _ in rows) == "".join(text.split())
    chosen = without_overlaps(mentions)
    assert sum(tag == "B-PER" for _, tag in rows) == len(chosen)
    assert not mentions or chosen


def _entities(exported: Path) -> list[dict[str, Any]]:
    lines = (exported / "ftm" / "entities.ftm.json").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_follow_the_money_has_each_entity_document_and_link_once(exported: Path) -> None:
    entities = _entities(exported)
    assert len({entity["id"] for entity in entities}) == len(entities)
    counts = pl.DataFrame({"s": [e["schema"] for e in entities]})["s"].value_counts(name="n")
    pairs = release_tables()["mentions"].select("doc_id", "entity_id").unique().collect().height
    assert dict(counts.iter_rows()) == {
        "Person": 2, "Organization": 1, "Address": 1, "Article": 5, "Documentation": pairs,
    }  # fmt: skip
    known = {entity["id"] for entity in entities}
    links = [e["properties"] for e in entities if e["schema"] == "Documentation"]
    assert {value for link in links for value in link["document"] + link["entity"]} <= known
    [musk] = [e["properties"] for e in entities if e["properties"].get("name") == ["Elon Musk"]]
    assert musk["wikidataId"] == ["Q317521"]
    assert "ماسك" in musk["alias"]


@pytest.mark.slow
def test_followthemoney_itself_finds_every_value_valid(exported: Path) -> None:
    followthemoney = pytest.importorskip(
        "followthemoney", reason="needs followthemoney, whose PyICU is to be compiled"
    )
    for entity in _entities(exported):
        proxy = followthemoney.model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(entity)
        told = {name: sorted(values) for name, values in entity["properties"].items()}
        assert {name: sorted(proxy.get(name)) for name in told} == told


def test_the_same_release_is_handed_on_in_the_same_bytes(
    release: tuple[Store, Release], exported: Path, tmp_path: Path
) -> None:
    export_release(*release, tmp_path, SHAPES)
    for path in exported.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(exported)).read_bytes() == path.read_bytes()


def test_a_redacted_release_hands_on_no_raw_documents(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    found = published(store.root, release_tables(), personal_data={"redact": True})
    export_release(store, found, tmp_path / "out", ["jsonl", "csv"])
    assert not list((tmp_path / "out").rglob("raw_documents*"))


def test_nothing_is_written_where_it_may_not_be(
    release: tuple[Store, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnusableExport, match="allowed are: jsonl, csv, ftm, conll, brat"):
        export_release(*release, tmp_path, ["xlsx"])
    with pytest.raises(UnusableExport, match="lies in the store"):
        export_release(*release, release[0].root / "out", ["csv"])
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "mine.csv").write_text("x", encoding="utf-8")
    with pytest.raises(UnusableExport, match="has files in csv already"):
        export_release(*release, tmp_path, ["csv"])
    monkeypatch.setenv(ROOTS, str(tmp_path / "inside"))
    with pytest.raises(NotAllowed, match=ROOTS):
        export_release(*release, tmp_path / "outside", ["csv"])
