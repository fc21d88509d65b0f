"""Check that no file, however made, takes more time or memory than its size and the settings say.

Small versions of `benchmarks.hostile_files`: that a bound holds shows in what is read, or in how much
is looked at, not in seconds.
"""

import gzip
import io
import tarfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from tasks.reading import columnar, json_lines
from tasks.reading.arrow_sizes import batch_sizes
from tasks.reading.columnar import BATCH_BYTES
from tasks.reading.fields import unique_names
from tasks.reading.ingest import ingest_files
from tasks.reading.parquet_pages import pages, string_chunks
from tasks.reading.records import Flaw, ReadError
from tasks.reading.source import list_source
from tasks.settings import IngestSettings
from tests.making.containers import MHTML
from tests.making.reading import fates, numbered_fates, read_file

MEBIBYTE = 2**20
SMALL_BLOCKS = IngestSettings(max_block_bytes=MEBIBYTE)
SMALL_FILES = IngestSettings(min_expansion_bytes=MEBIBYTE)
LARGE = "x" * 2 * MEBIBYTE


def _write_parquet(path: Path) -> None:
    table = pa.table({"text": ["a", "b", "c", LARGE, "e"]})
    pq.write_table(table, path, row_group_size=2, compression="zstd")


def _write_arrow(path: Path) -> None:
    table = pa.table({"text": ["a", "b", "c", LARGE, "e"]})
    feather.write_feather(table, path, compression="zstd", chunksize=2)


@pytest.mark.parametrize(
    ("name", "write"), [("p.parquet", _write_parquet), ("a.arrow", _write_arrow)]
)
def test_what_cannot_be_held_costs_its_row_group_or_batch(
    tmp_path: Path, name: str, write: object
) -> None:
    write(tmp_path / name)  # type: ignore[operator]
    items = read_file(tmp_path / name, settings=SMALL_BLOCKS)
    expected = [(1, "a"), (2, "b"), (3, "too_large"), (5, "e")]
    assert numbered_fates(items) == expected
    assert "rows 3 to 4" in (items[2].detail or "")  # type: ignore[union-attr]


def test_an_arrow_stream_ends_at_a_batch_that_cannot_be_held(tmp_path: Path) -> None:
    path = tmp_path / "a.arrows"
    schema = pa.schema({"text": pa.string()})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, schema, options=options) as out,
    ):
        for text in ("a", LARGE, "c"):
            out.write_batch(pa.record_batch({"text": [text]}))
    items = numbered_fates(read_file(path, settings=SMALL_BLOCKS))
    assert items == [(1, "a"), (2, "too_large")]


@given(
    texts=st.lists(st.text(max_size=9), min_size=1, max_size=30),
    compression=st.sampled_from([None, "zstd", "lz4"]),
    is_dictionary=st.booleans(),
)
@settings(deadline=None, max_examples=40)
def test_sizes_of_batches_are_read_as_they_are(
    texts: list[str], compression: str | None, is_dictionary: bool
) -> None:
    column = pa.array(texts)
    batch = pa.record_batch({"text": column.dictionary_encode() if is_dictionary else column})
    options = pa.ipc.IpcWriteOptions(compression=compression)
    for new in (pa.ipc.new_file, pa.ipc.new_stream):
        out = io.BytesIO()
        with new(out, batch.schema, options=options) as writer:
            writer.write_batch(batch)
        sizes = list(batch_sizes(out))
        assert [size.rows for size in sizes] == [None] * is_dictionary + [len(texts)]
        written = sum(size.size_bytes for size in sizes)
        assert 0 <= written - batch.nbytes <= 64 * 8  # buffers are padded


@given(
    texts=st.lists(st.text(max_size=40), min_size=1, max_size=200),
    options=st.fixed_dictionaries(
        {
            "compression": st.sampled_from(["none", "snappy", "zstd", "gzip"]),
            "use_dictionary": st.booleans(),
            "data_page_version": st.sampled_from(["1.0", "2.0"]),
            "data_page_size": st.sampled_from([64, 1024, MEBIBYTE]),
            "row_group_size": st.sampled_from([7, 1000]),
            "write_statistics": st.booleans(),
            "write_page_index": st.booleans(),
        }
    ),
)
@settings(deadline=None, max_examples=60)
def test_sizes_of_pages_are_read_as_they_are(texts: list[str], options: dict[str, object]) -> None:
    out = io.BytesIO()
    lists = [[text, text] for text in texts]
    pq.write_table(
        pa.table({"n": range(len(texts)), "text": texts, "lists": lists}), out, **options
    )
    metadata = pq.ParquetFile(out).metadata
    for index, chunks in enumerate(string_chunks(out)):
        columns = [metadata.row_group(index).column(number) for number in (1, 2)]
        for chunk, column in zip(chunks, columns, strict=True):
            found = list(pages(out, chunk))
            headers = column.total_uncompressed_size - sum(page.size_bytes for page in found)
            assert 0 < headers <= 200 * len(found)
            assert found[0].is_dictionary == column.has_dictionary_page


def test_a_value_that_many_rows_share_is_copied_for_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    indices = pa.array([0] * 20_000, pa.int32())
    shared = pa.DictionaryArray.from_arrays(indices, pa.array(["x" * MEBIBYTE]))
    pieces = columnar._pieces(pa.record_batch({"text": shared}))
    assert next(pieces).nbytes <= BATCH_BYTES + 2 * MEBIBYTE


def test_a_shared_value_counts_for_each_row(tmp_path: Path) -> None:
    column = pa.array(["x" * (MEBIBYTE // 4)] * 40)
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet")
    shared = pa.table({"text": column.dictionary_encode()})
    feather.write_feather(shared, tmp_path / "a.arrow", compression="zstd")
    for name in ("a.parquet", "a.arrow"):
        items = read_file(tmp_path / name, settings=SMALL_FILES)
        assert numbered_fates(items)[-1][1] == "too_large"
        assert len(items) < 20


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.csv"])
def test_a_table_of_too_many_columns_is_one_reject(tmp_path: Path, name: str) -> None:
    columns = {"text": ["a"], **{f"c{number}": [1] for number in range(20)}}
    if name == "a.parquet":
        pq.write_table(pa.table(columns), tmp_path / name)
    elif name == "a.arrow":
        feather.write_feather(pa.table(columns), tmp_path / name)
    else:
        (tmp_path / name).write_text(",".join(columns) + "\na" + ",1" * 20 + "\n", "utf-8")
    settings = IngestSettings(max_record_fields=20)
    assert numbered_fates(read_file(tmp_path / name, settings=settings)) == [(None, "too_large")]
    [(_, text)] = numbered_fates(read_file(tmp_path / name))
    assert text == "a"


def test_a_record_of_too_many_fields_costs_itself(tmp_path: Path) -> None:
    content = b'{"text": "a", "b": 1, "c": 2}\n{"text": "d"}\n'
    items = read_file(tmp_path / "a.jsonl", content, IngestSettings(max_record_fields=2))
    assert numbered_fates(items) == [(1, "too_large"), (2, "d")]


def test_names_of_columns_are_made_unique_without_looking_at_each_for_each() -> None:
    names = unique_names(["c"] * 200_000)
    assert len(set(names)) == 200_000
    assert unique_names(["c_3", "c", "c"]) == ["c_3", "c", "c_3_3"]


PIECES = [b"\n", b"x\n", b"\0", b'"', b"[1,", b"WARC/\n\n", b"\n\0"]
GROWING = [gzip.compress(piece * (4 * MEBIBYTE // len(piece)), 1) for piece in PIECES]
SUFFIXES = [".txt", ".html", ".mhtml", ".jsonl", ".json", ".csv", ".tsv", ".warc", ".xml", ".tar"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_few_bytes_that_grow_give_a_few_rows(tmp_path: Path, suffix: str) -> None:
    for number, content in enumerate(GROWING):
        (tmp_path / f"a{number}{suffix}.gz").write_bytes(content)
    (tmp_path / "b.txt").write_text("sound", "utf-8")
    found = fates(tmp_path, SMALL_FILES)
    rows = Counter(uri.partition("#")[0] for uri in found)
    assert set(rows) == {f"a{number}{suffix}.gz" for number in range(len(GROWING))} | {"b.txt"}
    # Of a mebibyte, a row counts as 512 bytes.
    assert max(rows.values()) <= MEBIBYTE // 512 + 3
    assert found["b.txt"] == "sound"


def test_members_of_a_compressed_archive_count_as_more_than_their_bytes(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        for number in range(2000):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type = (tarfile.SYMTYPE, tarfile.DIRTYPE)[number % 2]
            archive.addfile(info)
    (tmp_path / "a.tbz2").write_bytes(buffer.getvalue())
    found = Counter(fates(tmp_path, SMALL_FILES).values())
    assert found["!too_large"] == 1
    assert found["!unsupported_format"] < 2**20 // 2048


def test_small_records_of_a_plain_file_do_not_count(tmp_path: Path) -> None:
    content = b"text\n" + b"a\n" * 20_000
    settings = IngestSettings(min_expansion_bytes=1, max_expansion=1)
    items = read_file(tmp_path / "a.csv", content, settings)
    assert Counter(text for _, text in numbered_fates(items)) == {"a": 20_000}


def test_rejects_beyond_a_number_are_one_row_that_counts_them(tmp_path: Path) -> None:
    lines = ["x"] * 5 + ['{"text": "sound"}', "[]", '{"text": " "}', '{"text": "late"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "b.jsonl").write_text("x\n", "utf-8")
    settings = IngestSettings(max_file_rejects=3)
    assert fates(tmp_path, settings) == {
        **{f"a.jsonl#{number}": "!malformed_record" for number in (1, 2, 3)},
        "a.jsonl#4": "!too_many_rejects",
        "a.jsonl#6": "sound",
        "a.jsonl#9": "late",
        "b.jsonl#1": "!malformed_record",
    }
    [(_, rejects)] = ingest_files(list_source(str(tmp_path)).files, settings)
    details = dict(rejects.select("source_uri", "detail").iter_rows())
    assert details["a.jsonl#4"] == "from here on: 3 malformed_record, 1 empty"


def test_a_saved_page_is_looked_for_among_a_number_of_parts(tmp_path: Path) -> None:
    picture = b"--B\r\nContent-Type: image/png\r\n\r\nP\r\n"
    content = MHTML.replace(b"--B\r\n", picture * 5 + b"--B\r\n", 1)
    [item] = read_file(tmp_path / "a.mhtml", content)
    assert not isinstance(item, Flaw)
    settings = IngestSettings(max_message_parts=6)
    [item] = read_file(tmp_path / "a.mhtml", content, settings)
    assert isinstance(item, Flaw)
    assert item.reason == "too_large"


def test_parts_within_parts_end_somewhere(tmp_path: Path) -> None:
    head = b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n"
    content = b"".join(head % (n, n) for n in range(1000)) + b"Content-Type: text/html\r\n\r\n<p>a"
    [item] = read_file(tmp_path / "a.mhtml", content)
    assert isinstance(item, Flaw)
    assert item.reason == "too_large"


JSON_PIECES = [
    "[",
    "{",
    "]",
    "}",
    ",",
    '"',
    "\\",
    "a",
    " ",
    '"a":',
    "1",
    "[[[[[",
    "]]]]]",
    "x" * 20,
]


@given(st.lists(st.sampled_from(JSON_PIECES), max_size=60), st.sampled_from([1, 3, 7, 1000]))
def test_counting_signs_together_finds_the_same_values(pieces: list[str], chunk_bytes: int) -> None:
    data = "".join(pieces).encode()
    chunks = [data[start : start + chunk_bytes] for start in range(0, len(data), chunk_bytes)]

    def cut(counted_bytes: int) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_lines, "_MAX_DEPTH", 4)
            patch.setattr(json_lines, "_COUNTED_BYTES", counted_bytes)
            values = json_lines._cut(json_lines._Values(60), iter(chunks))
            try:
                return list(values)
            except ReadError as failure:
                return str(failure)

    assert cut(1024) == cut(0)  # 0: no sign is passed over
