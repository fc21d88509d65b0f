"""Check the reading of JSON: arrays, and values that follow one another."""

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reading.ingest import ingest_files
from tasks.reading.source import list_source
from tasks.settings import IngestSettings
from tests.making.reading import fates


@pytest.mark.parametrize(
    "content",
    [
        '[{"text": "a"}, {"text": "b"}]',
        '\ufeff [\n{"text": "a"},\n{"text": "b"}\n]\n',
        '{"text": "a"}\n{"text": "b"}\n',
        '{"text": "a"}{"text":\n"b"}',
    ],
)
def test_items_of_an_array_and_values_of_a_file_are_records(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    assert fates(tmp_path) == {"a.json#1": "a", "a.json#2": "b"}


def test_a_bad_item_costs_itself(tmp_path: Path) -> None:
    content = '[{"text": "a"}, 5, {"text": }, {"text": "' + "x" * 900 + '"}, {"text": "b ]} \\""}]'
    (tmp_path / "a.json").write_text(content, "utf-8")
    assert list(fates(tmp_path, IngestSettings(max_record_bytes=500)).items()) == [
        ("a.json#1", "a"),
        ("a.json#5", 'b ]} "'),
        ("a.json#2", "!malformed_record"),
        ("a.json#3", "!malformed_record"),
        ("a.json#4", "!too_large"),
    ]


def test_an_array_that_is_not_closed_is_truncated(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "a"}, {"text": "b', "utf-8")
    assert list(fates(tmp_path).values()) == ["a", "!malformed_record", "!truncated"]


json_values = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('a"\\[]{},é\n ')),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["x", "]", '"']), json_values, max_size=2), max_size=4
    ),
    st.integers(1, 9),
    st.sampled_from([None, 2]),
)
def test_records_do_not_depend_on_where_chunks_end(
    records: list[dict[str, object]], chunk_bytes: int, indent: int | None
) -> None:
    from tasks.reading.json_lines import _cut, _Values

    whole = [{**record, "text": "t"} for record in records]
    data = json.dumps(whole, indent=indent, ensure_ascii=False).encode()
    chunks = (data[place : place + chunk_bytes] for place in range(0, len(data), chunk_bytes))
    assert [json.loads(value or b"0") for value in _cut(_Values(10**6), chunks)] == whole


def test_memory_does_not_grow_with_an_array(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.reading.ingest._BATCH_ROWS", 16)
    item = json.dumps({"text": "word " * 20_000})
    peaks = []
    for items in (50, 300):
        (tmp_path / "a.json.gz").write_bytes(
            gzip.compress(f"[{','.join([item] * items)}]".encode(), 1)
        )
        tracemalloc.start()
        sum(
            documents.height
            for documents, _ in ingest_files(list_source(str(tmp_path)).files, IngestSettings())
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
