"""Files become raw documents and rejects, each record exactly once."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from expectations.reasons import REASONS
from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import INGEST_REJECTS
from tasks.reading import ingest
from tasks.reading.ingest import ingest_files
from tasks.reading.source import list_source
from tasks.settings import IngestSettings
from tests.making.hostile import make_hostile_folder
from tests.making.hostile_expectation import HostileExpectation, story
from tests.making.packages import docx_of

SEEDS = Path(__file__).parents[2] / "seeds" / "documents"
SETTINGS = IngestSettings()


def ingested(source: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    listing = list_source(str(source))
    batches = list(ingest_files(listing.files, SETTINGS))
    documents = pl.concat([RAW_DOCUMENTS.empty(), *(batch[0] for batch in batches)])
    rejects = pl.concat([INGEST_REJECTS.empty(), *(batch[1] for batch in batches)])
    return documents, rejects


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, HostileExpectation]]:
    folder = tmp_path_factory.mktemp("hostile") / "source"
    yield folder, make_hostile_folder(folder)
    shutil.rmtree(folder)


def test_every_record_of_a_hostile_folder_is_read_or_rejected_with_its_reason(
    hostile: tuple[Path, HostileExpectation],
) -> None:
    folder, expected = hostile
    documents, rejects = ingested(folder)
    listed = {item.source_uri: item.reason for item in list_source(str(folder)).rejections}
    read = dict(rejects.select("source_uri", "reason").iter_rows())
    assert set(documents["source_uri"]) == expected.documents
    assert {**listed, **read} == expected.rejections
    assert set(read.values()) | set(listed.values()) <= set(REASONS)


def test_no_two_rows_of_a_hostile_folder_have_the_same_place(
    hostile: tuple[Path, HostileExpectation],
) -> None:
    documents, rejects = ingested(hostile[0])
    listed = [item.source_uri for item in list_source(str(hostile[0])).rejections]
    places = [*documents["source_uri"], *rejects["source_uri"], *listed]
    assert len(places) == len(set(places))
    assert documents["doc_id"].is_unique().all()


def test_memory_is_bounded_by_a_record_not_by_a_line_of_50_megabytes(
    hostile: tuple[Path, HostileExpectation],
) -> None:
    tracemalloc.start()
    documents, rejects = ingested(hostile[0] / "large.jsonl")
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (documents.height, rejects["reason"].to_list()) == (2, ["too_large"])
    assert peak_bytes < 4 * SETTINGS.max_record_bytes


def test_the_place_of_the_folder_changes_nothing(tmp_path: Path) -> None:
    for name in ("one", "two/deeper"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(story(1), "utf-8")
        (folder / "b.txt").write_bytes(b"\x1f\x8b\x08")
        (folder / "c.parquet").write_bytes(b"PAR1 no PAR1")
    one, two = ingested(tmp_path / "one"), ingested(tmp_path / "two/deeper")
    assert one[0].equals(two[0])
    assert one[1].equals(two[1])
    assert not any("/" in detail for detail in one[1]["detail"])


def test_the_seeds_are_read_as_they_are() -> None:
    documents, rejects = ingested(SEEDS)
    assert rejects.is_empty()
    assert documents.schema == RAW_DOCUMENTS.polars_schema
    for row in documents.iter_rows(named=True):
        content = (SEEDS / row["source_uri"]).read_bytes()
        assert row["text"] == content.decode()
        assert row["text_chars"] == len(row["text"])
        assert row["content_bytes"] == len(content)
        assert row["content_sha256"] == hashlib.sha256(content).hexdigest()
        locator = row["source_uri"].encode() + b"\0"
        assert row["doc_id"] == hashlib.sha256(locator + content).hexdigest()[:32]
        assert (row["format"], row["encoding"], row["encoding_source"]) == (
            "text",
            "utf-8",
            "utf-8",
        )


def test_no_files_give_no_batches() -> None:
    assert list(ingest_files([], SETTINGS)) == []


def test_batches_are_bounded_and_of_the_declared_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_BATCH_ROWS", 4)
    lines = [json.dumps({"text": story(n)} if n % 3 else {}) for n in range(10)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    batches = list(ingest_files(list_source(str(tmp_path)).files, SETTINGS))
    assert [a.height + b.height for a, b in batches] == [4, 4, 2]
    assert all(a.schema == RAW_DOCUMENTS.polars_schema for a, _ in batches)
    assert all(b.schema == INGEST_REJECTS.polars_schema for _, b in batches)


def test_a_batch_ends_when_it_has_enough_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_BATCH_BYTES", 1)
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n', "utf-8")
    batches = list(ingest_files(list_source(str(tmp_path)).files, SETTINGS))
    assert [documents.height for documents, _ in batches] == [1, 1]


def test_a_batch_ends_when_it_has_enough_text_however_small_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_BATCH_BYTES", 90_000)
    document = docx_of(f"<w:p><w:r><w:t>{'word ' * 20_000}</w:t></w:r></w:p>")
    assert len(document) < 10_000
    for name in ("a.docx", "b.docx"):
        (tmp_path / name).write_bytes(document)
    batches = list(ingest_files(list_source(str(tmp_path)).files, SETTINGS))
    assert [documents.height for documents, _ in batches] == [1, 1]


def test_a_file_that_became_a_pipe_after_listing_is_unreadable_and_does_not_wait(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text", "utf-8")
    files = list_source(str(path)).files
    path.unlink()
    os.mkfifo(path)
    [(_, rejects)] = ingest_files(files, SETTINGS)
    assert rejects.row(0)[:4] == ("a.txt", "ingest", "unreadable", "not a regular file")


def test_a_file_that_vanished_after_listing_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"x")
    files = list_source(str(path)).files
    path.unlink()
    [(_, rejects)] = ingest_files(files, SETTINGS)
    assert rejects.row(0)[:4] == ("a.parquet", "ingest", "unreadable", "No such file or directory")


def test_reading_lines_waits_for_no_library_that_other_sources_need(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Grüße aus Köln."}\n', encoding="utf-8")
    code = (
        "import sys; from tasks.reading.ingest import ingest_files; "
        "from tasks.reading.source import list_source; from tasks.settings import IngestSettings; "
        f"files = list_source({str(tmp_path)!r}).files; "
        "assert sum(len(rows) for rows, _ in ingest_files(files, IngestSettings())) == 1; "
        "print({'fsspec', 'charset_normalizer', 'pyarrow.parquet'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "set()"
