"""Make files that cost a careless reader minutes or gigabytes: few bytes, or worst runs of text.

Each is made from fixed numbers, so that it is the same every time.
"""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

_MEBIBYTE = 2**20


class HostileFile(NamedTuple):
    """A file and what writes it: its suffix says which reader it is for.

    Attributes:
        suffix: With the dot.
        write: Given the path.
    """

    suffix: str
    write: Callable[[Path], object]


def _bytes(content: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content())


def _repeated(piece: bytes, size_bytes: int) -> bytes:
    return piece * (size_bytes // len(piece))


def _compressed(piece: bytes, size_bytes: int) -> bytes:
    """Return a bzip2 file of a repeated piece, made without holding what is in it."""
    compressor = bz2.BZ2Compressor()
    chunk = _repeated(piece, _MEBIBYTE)
    parts = [compressor.compress(chunk) for _ in range(size_bytes // len(chunk))]
    return b"".join([*parts, compressor.flush()])


def _parquet(path: Path, columns: Mapping[str, object], **options: object) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), path, **options)


def _arrow(path: Path, columns: Mapping[str, object]) -> None:
    import pyarrow as pa
    from pyarrow import feather

    feather.write_feather(pa.table(dict(columns)), path, compression="zstd")


def _arrow_stream(path: Path, columns: Mapping[str, object]) -> None:
    import pyarrow as pa

    table = pa.table(dict(columns))
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, table.schema, options=options) as out,
    ):
        out.write_table(table)


def _large_string(size_bytes: int) -> dict[str, object]:
    return {"text": ["a text", "x" * size_bytes]}


def _wide(columns: int) -> dict[str, object]:
    return {"text": ["a", "b"], **{f"c{number}": [1, 2] for number in range(columns)}}


def _nested(depth: int) -> dict[str, object]:
    import pyarrow as pa

    value: object = "deep"
    kind = pa.string()
    for _ in range(depth):
        value, kind = [value], pa.list_(kind)
    return {"text": ["a"], "deep": pa.array([value], kind)}


def _dictionary(rows: int, size_bytes: int) -> dict[str, object]:
    """A string that every row refers to."""
    import pyarrow as pa

    indices = pa.array([0] * rows, pa.int32())
    return {"text": pa.DictionaryArray.from_arrays(indices, pa.array(["x" * size_bytes]))}


def _csv(columns: int, rows: int) -> bytes:
    names = ",".join(["text", *(f"c{number}" for number in range(columns))])
    return "\n".join([names, *(f"some text{',1' * columns}" for _ in range(rows))]).encode()


def _same_columns(columns: int) -> bytes:
    return (",".join(["text", *["c"] * columns]) + "\nsome text" + ",1" * columns).encode()


def _odd_tar(members: int) -> bytes:
    """Links, devices and folders: members that are no files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(members):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type = (tarfile.SYMTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)[number % 3]
            archive.addfile(info)
    return buffer.getvalue()


def _tar_of_folders(members: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(members):
            info = tarfile.TarInfo(f"{number}")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    return buffer.getvalue()


def _zip(names: Callable[[int], str], members: int, content: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(zipfile.ZipInfo(names(number)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _overlapping_zip(members: int, size_bytes: int) -> bytes:
    """Every entry of the directory is of the same compressed member."""
    data = _zip(lambda _: "a.jsonl", 1, b'{"text": "a"}' + b" " * size_bytes)
    directory = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = data[directory:end]
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = members.to_bytes(2, "little")
    tail[12:16] = (members * len(entry)).to_bytes(4, "little")
    return data[:directory] + entry * members + bytes(tail)


def _deep_object(depth: int) -> bytes:
    return b'{"text": "a", "x": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


def _many_keys(keys: int) -> bytes:
    fields = {"text": "a", **{f"k{number}": number for number in range(keys)}}
    return json.dumps(fields).encode()


def _mhtml(part: bytes, parts: int, page: bytes = b"") -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n'
    return head + page + (b"--B\r\n" + part) * parts + b"--B--\r\n"


def _nested_mhtml(depth: int) -> bytes:
    parts = [
        b"Content-Type: multipart/related; boundary=B%d\r\n\r\n--B%d\r\n" % (number, number)
        for number in range(depth)
    ]
    return b"MIME-Version: 1.0\r\n" + b"".join(parts) + b"Content-Type: text/html\r\n\r\n<p>a</p>"


def _feed(entry: str, count: int) -> bytes:
    return f"<rss><channel><title>T</title>{entry * count}</channel></rss>".encode()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>'
    return f"<?xml version='1.0'?>{head}<rss><channel><item><description>&a9;</description></item></channel></rss>".encode()


def _warc(line: bytes, count: int) -> bytes:
    return line * count


def _random(size_bytes: int, low: int = 0x80) -> bytes:
    rng = Random(1)
    return bytes(rng.choices(range(low, 0x100), k=size_bytes))


def _html(opening: str, count: int, closing: str = "") -> bytes:
    return f"<html><body><p>A text.</p>{opening * count}{closing}</body></html>".encode()


READERS: dict[str, HostileFile] = {
    "a Parquet string of 600 MB": HostileFile(
        ".parquet", lambda path: _parquet(path, _large_string(600 * 10**6), compression="zstd")
    ),
    "Parquet, 100,000 columns": HostileFile(
        ".parquet", lambda path: _parquet(path, _wide(100_000))
    ),
    "Parquet, lists 400 deep": HostileFile(".parquet", lambda path: _parquet(path, _nested(400))),
    "Parquet, a string of 9 MB in 20,000 rows": HostileFile(
        ".parquet", lambda path: _parquet(path, _dictionary(20_000, 9 * 10**6))
    ),
    "Arrow, a compressed string of 600 MB": HostileFile(
        ".arrow", lambda path: _arrow(path, _large_string(600 * 10**6))
    ),
    "Arrow stream, a compressed string of 600 MB": HostileFile(
        ".arrows", lambda path: _arrow_stream(path, _large_string(600 * 10**6))
    ),
    "Arrow, a string of 9 MB in 20,000 rows": HostileFile(
        ".arrow", lambda path: _arrow(path, _dictionary(20_000, 9 * 10**6))
    ),
    "Arrow, 100,000 columns": HostileFile(".arrow", lambda path: _arrow(path, _wide(100_000))),
    "CSV, 100,000 columns": HostileFile(".csv", _bytes(partial(_csv, 100_000, 5))),
    "CSV, 1,000,000 columns of one name": HostileFile(
        ".csv", _bytes(partial(_same_columns, 10**6))
    ),
    "CSV, an unclosed quote again and again": HostileFile(
        ".csv", _bytes(lambda: b"text\n" + _repeated(b'"a\n', _MEBIBYTE))
    ),
    "tar.gz, 100,000 odd members": HostileFile(".tgz", _bytes(partial(_odd_tar, 100_000))),
    "tar.gz, 100,000 folders": HostileFile(".tgz", _bytes(partial(_tar_of_folders, 100_000))),
    "tar.bz2 of 100 MB of zeros": HostileFile(
        ".tbz2", _bytes(partial(_compressed, b"\0", 100 * _MEBIBYTE))
    ),
    "zip, 60,000 empty members": HostileFile(
        ".zip", _bytes(partial(_zip, lambda number: f"{number}.txt", 60_000))
    ),
    "zip, 60,000 members of one name": HostileFile(
        ".zip", _bytes(partial(_zip, lambda _: "a.txt", 60_000))
    ),
    "zip, 60,000 entries of one member of 9 MB": HostileFile(
        ".zip", _bytes(partial(_overlapping_zip, 60_000, 9 * _MEBIBYTE))
    ),
    "JSON, 10 MB of brackets": HostileFile(".json", _bytes(lambda: b"[" * 10 * _MEBIBYTE)),
    "JSON, objects a million deep": HostileFile(".json", _bytes(partial(_deep_object, 10**6))),
    "JSON Lines, an object a million deep": HostileFile(
        ".jsonl", _bytes(partial(_deep_object, 10**6))
    ),
    "JSON Lines, objects 900 deep": HostileFile(
        ".jsonl", _bytes(lambda: _repeated(_deep_object(900) + b"\n", 10 * _MEBIBYTE))
    ),
    "JSON Lines, a record of 500,000 keys": HostileFile(
        ".jsonl", _bytes(partial(_many_keys, 500_000))
    ),
    "JSON, 5 MB of commas": HostileFile(
        ".json", _bytes(lambda: b"[" + _repeated(b"1,", 5 * _MEBIBYTE))
    ),
    "JSON Lines, 1 MB of digits": HostileFile(
        ".jsonl", _bytes(lambda: b'{"text": "a", "n": ' + b"9" * _MEBIBYTE + b"}")
    ),
    "JSON Lines, 500,000 bad lines": HostileFile(
        ".jsonl", _bytes(lambda: _repeated(b"x\n", _MEBIBYTE))
    ),
    "JSON Lines in bzip2, 5,000,000 bad lines": HostileFile(
        ".jsonl.bz2", _bytes(lambda: bz2.compress(b"x\n" * 5_000_000))
    ),
    "JSON Lines in bzip2, 5,000,000 tiny records": HostileFile(
        ".jsonl.bz2", _bytes(lambda: bz2.compress(b'{"text":"a"}\n' * 5_000_000))
    ),
    "CSV in bzip2, 30,000,000 tiny records": HostileFile(
        ".csv.bz2", _bytes(lambda: bz2.compress(b"text\n" + b"a\n" * 30_000_000))
    ),
    "WARC in bzip2, 10,000,000 lines that begin as headers": HostileFile(
        ".warc.bz2", _bytes(lambda: bz2.compress(b"WARC/\n\n" * 10_000_000))
    ),
    "WARC, 1 MB of lines that begin as headers": HostileFile(
        ".warc", _bytes(lambda: _repeated(b"WARC/\n", _MEBIBYTE))
    ),
    "WARC, 1 MB of empty records": HostileFile(
        ".warc",
        _bytes(
            lambda: _repeated(b"WARC/1.0\nWARC-Type: response\nContent-Length: 0\n\n", _MEBIBYTE)
        ),
    ),
    "WARC, 1 MB of chunks of one byte": HostileFile(
        ".warc",
        _bytes(
            lambda: (
                lambda body: (
                    b"WARC/1.0\nWARC-Type: response\nContent-Length: %d\n\n%s\n\n"
                    % (len(body), body)
                )
            )(b"HTTP/1.1 200 X\nTransfer-Encoding: chunked\n\n" + _repeated(b"1\na\n", _MEBIBYTE))
        ),
    ),
    "WARC, a head of 1 MB without an end": HostileFile(
        ".warc",
        _bytes(
            lambda: (
                lambda body: (
                    b"WARC/1.0\nWARC-Type: response\nContent-Length: %d\n\n%s\n\n"
                    % (len(body), body)
                )
            )(b"HTTP/1.1 200 X\n" + _repeated(b"a:1\n", _MEBIBYTE))
        ),
    ),
    "MHTML, 100,000 parts": HostileFile(
        ".mhtml", _bytes(partial(_mhtml, b"Content-Type: image/png\r\n\r\nP\r\n", 100_000))
    ),
    "MHTML, 500,000 parts without headers": HostileFile(
        ".mhtml", _bytes(partial(_mhtml, b"\r\n", 500_000))
    ),
    "MHTML, 100,000 pages": HostileFile(
        ".mhtml", _bytes(partial(_mhtml, b"Content-Type: text/html\r\n\r\n<p>a\r\n", 100_000))
    ),
    "MHTML, multiparts 20,000 deep": HostileFile(".mhtml", _bytes(partial(_nested_mhtml, 20_000))),
    "MHTML, 1 MB of headers": HostileFile(
        ".mhtml", _bytes(lambda: _repeated(b"a: b\r\n", _MEBIBYTE) + b"\r\n<p>a")
    ),
    "MHTML, a header of 1 MB": HostileFile(
        ".mhtml",
        _bytes(
            lambda: b"Content-Type: text/html; " + _repeated(b'a="b"; ', _MEBIBYTE) + b"\r\n\r\na"
        ),
    ),
    **{
        f"{suffix} in bzip2, 100 MB of newlines": HostileFile(
            f"{suffix}.bz2", _bytes(partial(_compressed, b"\n", 100 * _MEBIBYTE))
        )
        for suffix in (
            ".txt",
            ".html",
            ".mhtml",
            ".jsonl",
            ".json",
            ".csv",
            ".tsv",
            ".warc",
            ".xml",
        )
    },
    ".jsonl in bzip2, 100 MB of UTF-16 newlines": HostileFile(
        ".jsonl.bz2", _bytes(partial(_compressed, b"\n\0", 100 * _MEBIBYTE))
    ),
    "gzip, 1 GB of zeros in a text": HostileFile(
        ".txt.gz", _bytes(lambda: gzip.compress(bytes(_MEBIBYTE), 9) * 1000)
    ),
    "xz, 1 GB of one character in JSON Lines": HostileFile(
        ".jsonl.xz", _bytes(lambda: lzma.compress(b"a" * 16 * _MEBIBYTE) * 64)
    ),
    "gzip, 100,000 empty members": HostileFile(
        ".jsonl.gz", _bytes(lambda: gzip.compress(b"") * 100_000)
    ),
    "bzip2, 100,000 empty streams": HostileFile(
        ".jsonl.bz2", _bytes(lambda: bz2.compress(b"") * 100_000)
    ),
    "xz, 50,000 empty streams": HostileFile(
        ".jsonl.xz", _bytes(lambda: lzma.compress(b"") * 50_000)
    ),
    "RSS, 200,000 empty entries": HostileFile(".xml", _bytes(partial(_feed, "<item/>", 200_000))),
    "RSS, an entry of 300,000 elements": HostileFile(
        ".xml", _bytes(lambda: _feed("<item>" + "<a/>" * 300_000 + "</item>", 1))
    ),
    "RSS, elements that are no entries": HostileFile(
        ".xml", _bytes(partial(_feed, "<a/>", 300_000))
    ),
    "RSS, entries within entries": HostileFile(".xml", _bytes(partial(_feed, "<item>", 200_000))),
    "RSS, elements 200,000 deep": HostileFile(".xml", _bytes(partial(_feed, "<a>", 200_000))),
    "RSS, a billion laughs": HostileFile(".xml", _bytes(_laughs)),
    "RSS, 1 MB of attributes": HostileFile(
        ".xml",
        _bytes(lambda: _feed("<item " + " ".join(f'a{n}="b"' for n in range(100_000)) + "/>", 1)),
    ),
    "text, 10 MB of random bytes beyond ASCII": HostileFile(
        ".txt", _bytes(partial(_random, 10 * 10**6))
    ),
    "JSON Lines, 10 MB of random bytes beyond ASCII": HostileFile(
        ".jsonl", _bytes(lambda: _repeated(b"\n" + _random(99), 10 * 10**6))
    ),
    "text, 1 MB of escapes": HostileFile(".txt", _bytes(lambda: _repeated(b"\x1b$B", _MEBIBYTE))),
}

PAGES: dict[str, HostileFile] = {
    "HTML, elements 200,000 deep": HostileFile(".html", _bytes(partial(_html, "<div>", 200_000))),
    "HTML, 200,000 paragraphs": HostileFile(".html", _bytes(partial(_html, "<p>a", 200_000))),
    "HTML, 100,000 links": HostileFile(
        ".html", _bytes(partial(_html, '<a href="b">a</a>', 60_000))
    ),
    "HTML, 200,000 unclosed formats": HostileFile(
        ".html", _bytes(partial(_html, "<b><i>", 150_000))
    ),
    "HTML, tables in tables": HostileFile(
        ".html", _bytes(partial(_html, "<table><tr><td>", 60_000))
    ),
    "HTML, an element of 100,000 attributes": HostileFile(
        ".html",
        _bytes(lambda: _html("<p " + " ".join(f'a{n}="b"' for n in range(100_000)) + ">a</p>", 1)),
    ),
    "HTML, 1 MB of `<`": HostileFile(".html", _bytes(partial(_html, "<", _MEBIBYTE))),
    "HTML, 1 MB of `&amp;`": HostileFile(".html", _bytes(partial(_html, "&amp;", 200_000))),
    "HTML, 60,000 scripts of JSON-LD": HostileFile(
        ".html",
        _bytes(partial(_html, '<script type="application/ld+json">{"a":1}</script>', 20_000)),
    ),
    "HTML, JSON-LD 1 MB deep": HostileFile(
        ".html",
        _bytes(
            lambda: _html(
                '<script type="application/ld+json">' + '{"a":[' * 150_000 + "</script>", 1
            )
        ),
    ),
    "HTML, 60,000 meta elements": HostileFile(
        ".html", _bytes(partial(_html, '<meta name="author" content="a">', 40_000))
    ),
    "HTML, 40,000 times of publication": HostileFile(
        ".html", _bytes(partial(_html, '<time datetime="2024-01-01">1 Jan 2024</time>', 25_000))
    ),
}

#: Texts of a megabyte that repeat a piece.
_PIECES = {
    "numbers and points": "1.",
    "IP addresses": "88.77.66.55 ",
    "IPv6": "1:",
    "IPv6 addresses": "2a00:1450:4001:81b::200e ",
    "letters of account numbers": "DE12ABCD",
    "account numbers": "DE89 3704 0044 0532 0130 00 ",
    "card numbers": "4111 1111 1111 1111, ",
    "digits": "1234567890",
    "digits in groups": "123 ",
    "telephone numbers": "+49 30 901820, ",
    "short lines": "a\n",
    "short lines of two kinds": "a\nb\n",
    "blank lines with a mark": "\ufeff\n",
    "letters": "a",
    "capitals": "A",
    "words": "the ",
    "words of other languages": "der the les ",
    "Chinese": "中",
    "Chinese sentences": "中国。",
    "Japanese": "カ",
    "Thai": "ไทย",
    "Arabic": "ال",
    "emoji": "😀",
    "combining marks": "a\u0301\u0301",
    "brackets": "(",
    "brackets and digits": "(1 )",
    "quotation marks": '"a',
    "entities": "&amp;",
    "entities escaped again": "amp;",
    "mojibake": "Ã©",
    "Cyrillic mojibake": "Р°",
    "addresses": "http://a.b/ ",
    "mail addresses": "a@b.de ",
    "at signs": "a@",
    "hyphens": "a-",
    "points": "a.",
    "underscores": "__A_",
    "separators": "a | ",
    "spaces": "a ",
    "control characters": "a\x00",
    "sentences": "This is a sentence. ",
    "names": "Angela Merkel ",
    "capitalised words": "Aa ",
    "menu lines": "Home\nNews\nShare\nRead more\n",
    "dates": "2024-01-01\n",
    "braces": "{{a",
    "tags": "<x id=",
}


def _text(piece: str, size_bytes: int, path: Path) -> None:
    path.write_bytes(_repeated(piece.encode(), size_bytes))


TEXTS: dict[str, HostileFile] = {
    f"1 MB of {name}": HostileFile(".txt", partial(_text, piece, _MEBIBYTE))
    for name, piece in _PIECES.items()
}
#: These are taken through every step; of the others reading is all that they cost.
THROUGH = {**PAGES, **TEXTS}
HOSTILE = {**READERS, **THROUGH}
