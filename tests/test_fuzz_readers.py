"""Whatever a source holds, every record is read or rejected once, with a known reason, soon.

BABELMILL_FUZZ_INPUTS sets how many inputs the slow run tries.
"""

import bz2
import gzip
import io
import lzma
import os
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tasks.readers.formats import FORMATS, read_records
from tasks.readers.names import joined_uri
from tasks.readers.page_metadata import read_metadata
from tasks.readers.records import Flaw, Record
from tasks.readers.source import SourceFile, content_of
from tasks.reasons import REASONS
from tasks.settings import IngestSettings
from tests.containers import ATOM, MHTML, RSS, http_response, response, tar_of, warc_record, zip_of

#: Small limits, so that inputs of some hundred bytes reach them.
SETTINGS = IngestSettings(
    max_record_bytes=2000, max_archive_members=5, max_archive_depth=2, max_spooled_bytes=5000
)
#: The hang that must not be: 5 s per MB, and for inputs this small a margin for a busy machine.
_MAX_SECONDS = 5.0
_SLOW_INPUTS = int(os.environ.get("BABELMILL_FUZZ_INPUTS", "100000"))
_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def _arrow(*, stream: bool) -> bytes:
    buffer = io.BytesIO()
    table = pa.table({"text": ["one", "два"], "list": [[1], [2, 3]]})
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"text": ["one", "два"]}), buffer)
    return buffer.getvalue()


_JSON = '{"text": "один", "id": 1, "date": "2024-03-12", "x": [1, {"y": null}]}'
_PAGE = f"<html lang=ru><head><meta charset=windows-1251><title>T</title></head><p>{_JSON}"
_WARC = (
    warc_record("warcinfo", "", b"x: y")
    + response("http://a", _PAGE)
    + warc_record(
        "response",
        "http://b",
        http_response(gzip.compress(b"<p>x"), headers="Content-Encoding: gzip\r\n"),
    )
    + warc_record("conversion", "http://c", "текст".encode())
)
#: By suffix, what is whole of its kind.
SAMPLES: dict[str, bytes] = {
    ".txt": "Просто текст. Just a text. 本文。".encode(),
    ".html": _PAGE.encode("cp1251"),
    ".mhtml": MHTML,
    ".jsonl": f"{_JSON}\n{_JSON}\n".encode(),
    ".json": f"[{_JSON}, {_JSON}]".encode(),
    ".csv": "id;text\n1;\"один\nдва\"\n2;три\n".encode(),
    ".tsv": b"id\ttext\n1\tone\n",
    ".parquet": _parquet(),
    ".arrow": _arrow(stream=False),
    ".arrows": _arrow(stream=True),
    ".warc": _WARC,
    ".xml": RSS.encode("cp1251"),
    ".atom": ATOM.encode(),
    ".zip": zip_of({"a.txt": b"one", "b/c.jsonl": _JSON.encode(), "d.zip": zip_of({"e.txt": b"x"})}),
    ".tar": tar_of({"a.txt": b"one", "b" * 150 + ".json": _JSON.encode(), "w.warc.gz": gzip.compress(_WARC)}),
}  # fmt: skip
PACKS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, bz2.compress, lzma.compress]
PACKS.append(zstandard.compress)
_SIGNS = [
    b"\0",
    b"\xff" * 4,
    b'"',
    b"{",
    b"]",
    b"\r\n\r\n",
    b"<",
    b"-1",
    b"9" * 20,
    b"PK\3\4",
    b"\x1b$B",
    b"\n",
]


@st.composite
def inputs(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file name and bytes: of its kind or of another, changed here and there."""
    suffix = draw(st.sampled_from(sorted(SAMPLES)))
    content = SAMPLES[draw(st.sampled_from([suffix, suffix, suffix, *sorted(SAMPLES)]))]
    content = _changed(draw, content)
    pack = draw(st.sampled_from(PACKS))
    packed = pack(content)
    return f"a{suffix}", packed if pack is bytes else _changed(draw, packed)


def _changed(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 0, 1, 4, 50, 1000]))
        new = draw(st.binary(max_size=4) | st.sampled_from(_SIGNS))
        content = content[:place] + new + content[place + length :]
    return content


def _check(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)
    started = time.monotonic()
    file = SourceFile(name, str(path), len(content))
    items = list(read_records(content_of(file, SETTINGS), SETTINGS))
    for item in items:
        if isinstance(item, Record) and item.is_markup:
            read_metadata(item.text)
    assert time.monotonic() - started < _MAX_SECONDS
    places = [joined_uri(name, item.within, item.number) for item in items]
    assert items
    assert len(set(places)) == len(places)
    for item in items:
        _check_item(item)


def _check_item(item: Record | Flaw) -> None:
    if isinstance(item, Flaw):
        assert REASONS[item.reason].stage == "ingest"
        (item.detail or "").encode()
        return
    assert item.text.strip()
    assert len(item.content) <= SETTINGS.max_record_bytes
    assert 0 <= item.encoding.confidence <= 1
    assert item.text.count("\ufffd") >= item.replaced_chars
    fields = (item.text, item.url, item.title, item.author, item.site, item.record_fields)
    "".join(field or "" for field in fields).encode()


def test_there_is_a_sample_of_every_format() -> None:
    assert all(any(suffix in SAMPLES for suffix in known.suffixes) for known in FORMATS)


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_the_samples_themselves_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(SAMPLES[suffix])
    file = SourceFile(path.name, str(path), 1)
    items = list(read_records(content_of(file, IngestSettings()), IngestSettings()))
    assert any(isinstance(item, Record) for item in items)


@settings(max_examples=60, deadline=None, suppress_health_check=_CHECKS)
@given(inputs())
def test_anything_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, bytes]
) -> None:
    _check(tmp_path_factory.getbasetemp(), *drawn)


@pytest.mark.slow
@pytest.mark.timeout(0)
@settings(max_examples=_SLOW_INPUTS, deadline=None, suppress_health_check=_CHECKS)
@given(inputs())
def test_any_of_very_many_inputs_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, bytes]
) -> None:
    _check(tmp_path_factory.getbasetemp(), *drawn)
