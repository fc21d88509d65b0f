"""Check the reading of tables in columns: Parquet and Arrow."""

import gzip
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from tasks.reading.records import Record
from tasks.settings import IngestSettings
from tests.making.reading import fates, numbered_fates, read_file


def test_parquet_values_of_all_kinds_are_kept(tmp_path: Path) -> None:
    day = datetime(2025, 2, 11, 8, 30)
    table = pa.table(
        {
            "text": ["a"],
            "date": pa.array([day], pa.timestamp("ns")),
            "tags": [[1.5, math.nan]],
            "raw": [b"\xff"],
            "day": [day.date()],
            "map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    [item] = read_file(tmp_path / "a.parquet")
    assert isinstance(item, Record)
    assert item.published_at == day.replace(tzinfo=UTC)
    expected = {"tags": [1.5, "nan"], "raw": "/w==", "day": "2025-02-11", "map": [["k", 1]]}
    assert json.loads(item.record_fields or "") == expected


def test_a_bad_value_in_parquet_costs_its_own_row_at_most(tmp_path: Path) -> None:
    cells = [b"good", b"caf\xc3\xa9 \xff", b"late"]
    texts = pa.array(cells).view(pa.string())
    days = pa.array([1, 2, 10**9], pa.int32()).view(pa.date32())
    pq.write_table(pa.table({"text": texts, "day": days}), tmp_path / "a.parquet")
    assert numbered_fates(read_file(tmp_path / "a.parquet")) == [
        (1, "good"),
        (2, "café \udcff".replace("\udcff", "\ufffd")),
        (3, "malformed_record"),
    ]


def test_a_damaged_row_group_ends_the_reading_after_the_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"text {n}" for n in range(40)]}), path, row_group_size=20)
    offset = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    content = bytearray(path.read_bytes())
    content[offset : offset + 40] = b"\xff" * 40
    items = numbered_fates(read_file(path, bytes(content)))
    assert items[-1] == (21, "corrupt")
    assert [number for number, _ in items[:-1]] == list(range(1, 21))


def test_a_large_parquet_row_is_rejected_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a", "b" * 100, "c"]}), tmp_path / "a.parquet")
    items = read_file(tmp_path / "a.parquet", settings=IngestSettings(max_record_bytes=50))
    assert numbered_fates(items) == [(1, "a"), (2, "too_large"), (3, "c")]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 10_000), st.integers(0, 255), min_size=1, max_size=5))
def test_parquet_with_changed_bytes_gives_records_or_flaws(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[int, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.parquet"
    table = pa.table({"text": [f"text {n}" for n in range(30)], "list": [[n] for n in range(30)]})
    pq.write_table(table, path, row_group_size=10)
    content = bytearray(path.read_bytes())
    for place, value in changes.items():
        content[place % len(content)] = value
    items = read_file(path, bytes(content))
    assert items
    assert len({item.number for item in items}) == len(items)


def test_arrow_files_and_streams_are_read(tmp_path: Path) -> None:
    table = pa.table({"text": ["a", "б"], "n": [1, 2]})
    feather.write_feather(table, str(tmp_path / "a.feather"))
    with pa.ipc.new_stream(str(tmp_path / "b.arrows"), table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "c.arrow.gz").write_bytes(gzip.compress((tmp_path / "a.feather").read_bytes()))
    (tmp_path / "d.arrow").write_bytes((tmp_path / "a.feather").read_bytes()[:-40])
    expected = {
        f"{name}#{n}": t
        for name in ("a.feather", "b.arrows", "c.arrow.gz")
        for n, t in ((1, "a"), (2, "б"))
    }
    assert fates(tmp_path) == {**expected, "d.arrow": "!corrupt"}


def test_a_string_that_is_not_utf8_costs_its_own_row_in_arrow(tmp_path: Path) -> None:
    texts = pa.array([b"good", b"caf\xe9 \xff"]).view(pa.string())
    with pa.ipc.new_file(str(tmp_path / "a.arrow"), pa.schema({"text": pa.string()})) as writer:
        writer.write_batch(pa.record_batch({"text": texts}))
    assert fates(tmp_path)["a.arrow#1"] == "good"
