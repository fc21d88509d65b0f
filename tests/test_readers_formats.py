"""JSON, feeds, saved pages, Arrow, and files at addresses."""

import gzip
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from tasks.ingest import ingest_files
from tasks.ingest_step import plan_ingest, read_chunk
from tasks.readers import remote
from tasks.readers.source import SourceNotFound, absolute_source, list_source
from tasks.settings import IngestSettings, Settings
from tasks.store import Store
from tests.containers import fates, zip_of


def rows(path: Path) -> list[dict[str, object]]:
    batches = ingest_files(list_source(str(path)).files, IngestSettings())
    return [row for documents, _ in batches for row in documents.iter_rows(named=True)]


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
    (tmp_path / "a.json").write_text(content)
    assert fates(tmp_path) == {"a.json#1": "a", "a.json#2": "b"}


def test_a_bad_item_costs_itself(tmp_path: Path) -> None:
    content = '[{"text": "a"}, 5, {"text": }, {"text": "' + "x" * 900 + '"}, {"text": "b ]} \\""}]'
    (tmp_path / "a.json").write_text(content)
    assert list(fates(tmp_path, IngestSettings(max_record_bytes=500)).items()) == [
        ("a.json#1", "a"),
        ("a.json#5", 'b ]} "'),
        ("a.json#2", "!malformed_record"),
        ("a.json#3", "!malformed_record"),
        ("a.json#4", "!too_large"),
    ]


def test_an_array_that_is_not_closed_is_truncated(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "a"}, {"text": "b')
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
    from tasks.readers.json_values import _cut, _Values

    whole = [{**record, "text": "t"} for record in records]
    data = json.dumps(whole, indent=indent, ensure_ascii=False).encode()
    chunks = (data[place : place + chunk_bytes] for place in range(0, len(data), chunk_bytes))
    assert [json.loads(value or b"0") for value in _cut(_Values(10**6), chunks)] == whole


def test_memory_does_not_grow_with_an_array(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.ingest._BATCH_ROWS", 16)
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


RSS = """<?xml version="1.0" encoding="windows-1251"?>
<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Лента</title><language>ru-ru</language>
<item><title>Мост</title><link>http://a.example/1</link><guid>g1</guid><dc:creator>Анна Ли</dc:creator>
<pubDate>Tue, 12 Mar 2024 10:22:00 +0300</pubDate><description>Кратко</description>
<content:encoded><![CDATA[<p>Полный текст</p>]]></content:encoded></item>
<item><description>Текст &amp; ещё</description></item>
<item><title>Без текста</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><title>Feed</title>
<entry><id>1</id><title>One</title><link rel="self" href="http://self"/><link href="http://a/1"/>
<published>2024-03-12T10:22:00Z</published><author><name>Ann Lee</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Some <b>text</b></p></div></content></entry>
<entry><summary>plain</summary></entry></feed>"""


def test_entries_of_rss_are_records(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(RSS.encode("cp1251"))
    first, second = rows(tmp_path / "a.xml")
    names = (
        "text",
        "title",
        "url",
        "source_id",
        "author",
        "site",
        "declared_language",
        "is_markup",
    )
    assert [first[name] for name in names] == [
        *(
            "<p>Полный текст</p>",
            "Мост",
            "http://a.example/1",
            "g1",
            "Анна Ли",
            "Лента",
            "ru-RU",
            True,
        )
    ]
    assert first["published_at"] == datetime(2024, 3, 12, 7, 22, tzinfo=UTC)
    assert (first["encoding"], first["encoding_source"]) == ("cp1251", "declared")
    assert (second["text"], second["is_markup"], second["site"]) == ("Текст & ещё", False, "Лента")
    assert fates(tmp_path)["a.xml#3"] == "!no_text_field"


def test_entries_of_atom_are_records(tmp_path: Path) -> None:
    (tmp_path / "a.atom.gz").write_bytes(gzip.compress(ATOM.encode()))
    first, second = rows(tmp_path / "a.atom.gz")
    assert (first["url"], first["author"], first["declared_language"]) == (
        "http://a/1",
        "Ann Lee",
        "en-GB",
    )
    assert "<p>Some <b>text</b></p>" in str(first["text"])
    assert (second["text"], second["is_markup"]) == ("plain", False)


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ("<svg/>", ["!unsupported_format"]),
        ("", ["!empty"]),
        ("no markup at all", ["!corrupt"]),
        (
            RSS[: RSS.index("</item>\n<item><title>")],
            ["<p>Полный текст</p>", "Текст & ещё", "!truncated"],
        ),
        (
            "<rss><channel><item><description>R&D & co</description></item></channel></rss>",
            ["R&D  co"],
        ),
    ],
)
def test_what_is_no_feed_or_a_broken_one_says_so(
    tmp_path: Path, content: str, reasons: list[str]
) -> None:
    (tmp_path / "a.xml").write_bytes(content.encode("cp1251"))
    found = list(fates(tmp_path).values())
    assert found[-1].startswith("!") == reasons[-1].startswith("!")
    assert len(found) >= len(reasons) - 1


def test_a_feed_cannot_read_files_or_grow_without_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entities = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY a "aaaaaaaaaa">'
    )
    entities += "".join(
        f'<!ENTITY {n} "{"&" + p + ";" * 1}{("&" + p + ";") * 9}">'
        for p, n in zip("abcdefghi", "bcdefghij", strict=True)
    )
    feed = f"{entities}]><rss><channel><item><description>text &x; &j;</description></item></channel></rss>"
    (tmp_path / "a.xml").write_text(feed)
    found = fates(tmp_path / "a.xml")
    assert "secret" not in str(found)
    assert sum(map(len, found.values())) < 10**6


MHTML = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://a.example/p\r
Subject: T\r
Date: Tue, 12 Mar 2024 10:22:00 -0000\r
MIME-Version: 1.0\r
Content-Type: multipart/related; type="text/html"; boundary="B"\r
\r
--B\r
Content-Type: text/html; charset=windows-1251\r
Content-Transfer-Encoding: quoted-printable\r
\r
<html><body>=CF=F0=E8=E2=E5=F2</body></html>\r
--B\r
Content-Type: image/png\r
\r
PNG\r
--B--\r
"""


def test_a_saved_page_in_one_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(MHTML)
    [row] = rows(tmp_path / "a.mhtml")
    assert (row["text"], row["url"]) == ("<html><body>Привет</body></html>", "https://a.example/p")
    assert row["fetched_at"] == datetime(2024, 3, 12, 10, 22, tzinfo=UTC)
    assert (row["source_uri"], row["encoding"], row["encoding_source"]) == (
        "a.mhtml",
        "cp1251",
        "http",
    )


def test_a_saved_file_without_a_page_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(MHTML.replace(b"text/html", b"image/gif"))
    assert fates(tmp_path) == {"a.mht": "!malformed_record"}


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        ("<!-- saved from url=(0021)https://a.example/p/1 -->", "https://a.example/p/1"),
        ("<!-- Mirrored from a.example/p by HTTrack Website Copier -->", "http://a.example/p"),
        (
            "<!--\n Page saved with SingleFile \n url: https://a.example/p \n saved date: "
            "Tue Mar 12 2024 10:22:00 GMT+0100 (CET)\n-->",
            "https://a.example/p",
        ),
    ],
)
def test_a_saved_page_tells_where_it_is_from(tmp_path: Path, comment: str, url: str) -> None:
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html>{comment}<html><p>text")
    [row] = rows(tmp_path / "a.html")
    assert row["url"] == url
    assert row["fetched_at"] in {None, datetime(2024, 3, 12, 9, 22, tzinfo=UTC)}


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


@pytest.fixture
def address() -> str:
    system = fsspec.filesystem("memory")
    files = {
        "a.txt": b"one",
        "sub/b.txt": b"two",
        "c.zip": zip_of({"d.txt": b"three"}),
        "e.pdf": b"x",
    }
    for name, content in files.items():
        system.pipe(f"/bucket/{name}", content)
    return "memory://bucket"


def test_a_folder_at_an_address_is_read_as_on_this_machine(address: str, tmp_path: Path) -> None:
    expected = {
        "a.txt": "one",
        "sub/b.txt": "two",
        "c.zip#d.txt": "three",
        "e.pdf": "!unsupported_format",
    }
    assert fates(address) == expected
    assert fates(f"{address}/**/*.txt") == {"a.txt": "one", "sub/b.txt": "two"}
    assert fates(f"{address}/*.txt") == {"a.txt": "one"}
    assert fates(f"{address}/sub/b.txt") == {"b.txt": "two"}
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.txt").write_bytes(b"two")
    local, far = (
        plan_ingest(source, Settings()) for source in (f"{tmp_path}/sub", f"{address}/sub")
    )
    assert local.version == far.version
    assert plan_ingest((tmp_path / "sub").as_uri(), Settings()).version == local.version


def test_an_address_stays_and_a_path_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_source("s3://bucket/*.txt") == "s3://bucket/*.txt"
    assert absolute_source("a") == str(tmp_path / "a")
    assert absolute_source((tmp_path / "b c").as_uri()) == str(tmp_path / "b c")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("memory://nothing", "no files"),
        ("nosuch://a", "nosuch"),
        ("sftp://me:secret@host/a", "password"),
    ],
)
def test_an_address_that_cannot_be_read_is_said(source: str, message: str) -> None:
    with pytest.raises(SourceNotFound, match=message):
        list_source(source)


def test_a_failing_network_ends_the_build_and_rejects_nothing(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [chunk, *_] = plan_ingest(address, Settings()).chunks

    def refuse(address: str) -> object:
        raise remote.Unreachable("no route")

    monkeypatch.setattr(remote, "opened", refuse)
    with pytest.raises(remote.Unreachable):
        read_chunk(Store(tmp_path / "store"), chunk, Settings())


def test_an_object_is_known_by_its_tag_without_being_read(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = plan_ingest(address, Settings()).version
    monkeypatch.setattr(remote, "content_tag", lambda address: f"ETag {address}")
    monkeypatch.setattr(remote, "opened", lambda address: pytest.fail("it was read"))
    assert plan_ingest(address, Settings()).version != before
