"""Make the bytes of hostile files: few that grow, many small pieces, deep nesting.

Each is made from fixed numbers, so that it is the same every time.
"""

import bz2
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

MEBIBYTE = 2**20


def written(content: Callable[[], bytes]) -> Callable[[Path], object]:
    """Return what writes the bytes that a function makes."""
    return lambda path: path.write_bytes(content())


def repeated(piece: bytes, size_bytes: int) -> bytes:
    """Return a piece again and again."""
    return piece * (size_bytes // len(piece))


def numbered(form: str, size_bytes: int) -> bytes:
    """Return a piece again and again, each time with the next number in place of `{}`."""
    pieces, left = list[str](), size_bytes
    while left > 0:
        pieces.append(form.replace("{}", str(len(pieces))))
        left -= len(pieces[-1])
    return "".join(pieces).encode()


def varied(size_bytes: int) -> bytes:
    """Return numbered words in a line, and again with other letters in every eightieth word."""
    words = numbered("lot{} ", size_bytes // 2).split()
    again = [
        b"x%dand%sthen" % (number, word) * 2 if number % 80 == 0 else word
        for number, word in enumerate(words)
    ]
    return b" ".join([*words, *again])


def compressed(piece: bytes, size_bytes: int) -> bytes:
    """Return a bzip2 file of a repeated piece, made without holding what is in it."""
    compressor = bz2.BZ2Compressor()
    chunk = repeated(piece, MEBIBYTE)
    parts = [compressor.compress(chunk) for _ in range(size_bytes // len(chunk))]
    return b"".join([*parts, compressor.flush()])


def parquet(path: Path, columns: Mapping[str, object], **options: object) -> None:
    """Write a table as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), path, **options)


def arrow(path: Path, columns: Mapping[str, object]) -> None:
    """Write a table as an Arrow file, compressed."""
    import pyarrow as pa
    from pyarrow import feather

    feather.write_feather(pa.table(dict(columns)), path, compression="zstd")


def arrow_stream(path: Path, columns: Mapping[str, object]) -> None:
    """Write a table as an Arrow stream, compressed."""
    import pyarrow as pa

    table = pa.table(dict(columns))
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, table.schema, options=options) as out,
    ):
        out.write_table(table)


def large_string(size_bytes: int) -> dict[str, object]:
    """Return a column with a short string and a long one."""
    return {"text": ["a text", "x" * size_bytes]}


def wide(columns: int) -> dict[str, object]:
    """Return a table of two rows and many columns."""
    return {"text": ["a", "b"], **{f"c{number}": [1, 2] for number in range(columns)}}


def nested(depth: int) -> dict[str, object]:
    """Return a column of lists in lists."""
    import pyarrow as pa

    value: object = "deep"
    kind = pa.string()
    for _ in range(depth):
        value, kind = [value], pa.list_(kind)
    return {"text": ["a"], "deep": pa.array([value], kind)}


def dictionary(rows: int, size_bytes: int) -> dict[str, object]:
    """A string that every row refers to."""
    import pyarrow as pa

    indices = pa.array([0] * rows, pa.int32())
    return {"text": pa.DictionaryArray.from_arrays(indices, pa.array(["x" * size_bytes]))}


def csv(columns: int, rows: int) -> bytes:
    """Return a table of many columns."""
    names = ",".join(["text", *(f"c{number}" for number in range(columns))])
    return "\n".join([names, *(f"some text{',1' * columns}" for _ in range(rows))]).encode()


def same_columns(columns: int) -> bytes:
    """Return a table of many columns of one name."""
    return (",".join(["text", *["c"] * columns]) + "\nsome text" + ",1" * columns).encode()


def odd_tar(members: int) -> bytes:
    """Links, devices and folders: members that are no files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(members):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type = (tarfile.SYMTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)[number % 3]
            archive.addfile(info)
    return buffer.getvalue()


def tar_of_folders(members: int) -> bytes:
    """Return an archive of folders."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(members):
            info = tarfile.TarInfo(f"{number}")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    return buffer.getvalue()


def zip_of(names: Callable[[int], str], members: int, content: bytes = b"") -> bytes:
    """Return an archive of members of one content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(zipfile.ZipInfo(names(number)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def overlapping_zip(members: int, size_bytes: int) -> bytes:
    """Every entry of the directory is of the same compressed member."""
    data = zip_of(lambda _: "a.jsonl", 1, b'{"text": "a"}' + b" " * size_bytes)
    directory = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = data[directory:end]
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = members.to_bytes(2, "little")
    tail[12:16] = (members * len(entry)).to_bytes(4, "little")
    return data[:directory] + entry * members + bytes(tail)


def deep_object(depth: int) -> bytes:
    """Return a record with objects in objects."""
    return b'{"text": "a", "x": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


def many_keys(keys: int) -> bytes:
    """Return a record of many fields."""
    fields = {"text": "a", **{f"k{number}": number for number in range(keys)}}
    return json.dumps(fields).encode()


def mhtml(part: bytes, parts: int, page: bytes = b"") -> bytes:
    """Return a saved page of many parts."""
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n'
    return head + page + (b"--B\r\n" + part) * parts + b"--B--\r\n"


def nested_mhtml(depth: int) -> bytes:
    """Return a saved page with parts in parts."""
    parts = [
        b"Content-Type: multipart/related; boundary=B%d\r\n\r\n--B%d\r\n" % (number, number)
        for number in range(depth)
    ]
    return b"MIME-Version: 1.0\r\n" + b"".join(parts) + b"Content-Type: text/html\r\n\r\n<p>a</p>"


def feed(entry: str, count: int) -> bytes:
    """Return a feed with something in it again and again."""
    return f"<rss><channel><title>T</title>{entry * count}</channel></rss>".encode()


def laughs() -> bytes:
    """A billion laughs: entities of entities."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    entry = "<item><description>&a9;</description></item>"
    head = f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'ha'>{entities}]>"
    return f"{head}<rss><channel>{entry}</channel></rss>".encode()


def warc(head: bytes, piece: bytes) -> bytes:
    """A record of a response of a megabyte."""
    body = b"HTTP/1.1 200 X\n" + head + repeated(piece, MEBIBYTE)
    record = b"WARC/1.0\nWARC-Type: response\nContent-Length: %d\n\n" % len(body)
    return record + body + b"\n\n"


def random_bytes(size_bytes: int, low: int = 0x80) -> bytes:
    """Return bytes from a value on, the same each time."""
    rng = Random(1)
    return bytes(rng.choices(range(low, 0x100), k=size_bytes))


def html(opening: str, count: int, closing: str = "") -> bytes:
    """Return a page with something in it again and again."""
    return f"<html><body><p>A text.</p>{opening * count}{closing}</body></html>".encode()
