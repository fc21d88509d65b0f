"""List files that cost a careless reader minutes or gigabytes: few bytes, or worst runs of text."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.hostile_bytes import (
    MEBIBYTE,
    arrow,
    arrow_stream,
    compressed,
    csv,
    deep_object,
    dictionary,
    feed,
    html,
    large_string,
    laughs,
    many_keys,
    mhtml,
    nested,
    nested_mhtml,
    numbered,
    odd_tar,
    overlapping_zip,
    parquet,
    random_bytes,
    repeated,
    same_columns,
    tar_of_folders,
    varied,
    warc,
    wide,
    written,
    zip_of,
)


class HostileFile(NamedTuple):
    """A file and what writes it: its suffix says which reader it is for.

    Attributes:
        suffix: With the dot.
        write: Given the path.
    """

    suffix: str
    write: Callable[[Path], object]


READERS: dict[str, HostileFile] = {
    "a Parquet string of 600 MB": HostileFile(
        ".parquet", lambda path: parquet(path, large_string(600 * 10**6), compression="zstd")
    ),
    "Parquet, 100,000 columns": HostileFile(".parquet", lambda path: parquet(path, wide(100_000))),
    "Parquet, lists 400 deep": HostileFile(".parquet", lambda path: parquet(path, nested(400))),
    "Parquet, a string of 9 MB in 20,000 rows": HostileFile(
        ".parquet", lambda path: parquet(path, dictionary(20_000, 9 * 10**6))
    ),
    "Arrow, a compressed string of 600 MB": HostileFile(
        ".arrow", lambda path: arrow(path, large_string(600 * 10**6))
    ),
    "Arrow stream, a compressed string of 600 MB": HostileFile(
        ".arrows", lambda path: arrow_stream(path, large_string(600 * 10**6))
    ),
    "Arrow, a string of 9 MB in 20,000 rows": HostileFile(
        ".arrow", lambda path: arrow(path, dictionary(20_000, 9 * 10**6))
    ),
    "Arrow, 100,000 columns": HostileFile(".arrow", lambda path: arrow(path, wide(100_000))),
    "CSV, 100,000 columns": HostileFile(".csv", written(partial(csv, 100_000, 5))),
    "CSV, 1,000,000 columns of one name": HostileFile(
        ".csv", written(partial(same_columns, 10**6))
    ),
    "CSV, an unclosed quote again and again": HostileFile(
        ".csv", written(lambda: b"text\n" + repeated(b'"a\n', MEBIBYTE))
    ),
    "tar.gz, 100,000 odd members": HostileFile(".tgz", written(partial(odd_tar, 100_000))),
    "tar.gz, 100,000 folders": HostileFile(".tgz", written(partial(tar_of_folders, 100_000))),
    "tar.bz2 of 100 MB of zeros": HostileFile(
        ".tbz2", written(partial(compressed, b"\0", 100 * MEBIBYTE))
    ),
    "zip, 60,000 empty members": HostileFile(
        ".zip", written(partial(zip_of, lambda number: f"{number}.txt", 60_000))
    ),
    "zip, 60,000 members of one name": HostileFile(
        ".zip", written(partial(zip_of, lambda _: "a.txt", 60_000))
    ),
    "zip, 60,000 entries of one member of 9 MB": HostileFile(
        ".zip", written(partial(overlapping_zip, 60_000, 9 * MEBIBYTE))
    ),
    "JSON, 10 MB of brackets": HostileFile(".json", written(lambda: b"[" * 10 * MEBIBYTE)),
    "JSON, objects a million deep": HostileFile(".json", written(partial(deep_object, 10**6))),
    "JSON Lines, an object a million deep": HostileFile(
        ".jsonl", written(partial(deep_object, 10**6))
    ),
    "JSON Lines, objects 900 deep": HostileFile(
        ".jsonl", written(lambda: repeated(deep_object(900) + b"\n", 10 * MEBIBYTE))
    ),
    "JSON Lines, a record of 500,000 keys": HostileFile(
        ".jsonl", written(partial(many_keys, 500_000))
    ),
    "JSON, 5 MB of commas": HostileFile(
        ".json", written(lambda: b"[" + repeated(b"1,", 5 * MEBIBYTE))
    ),
    "JSON Lines, 1 MB of digits": HostileFile(
        ".jsonl", written(lambda: b'{"text": "a", "n": ' + b"9" * MEBIBYTE + b"}")
    ),
    "JSON Lines, 500,000 bad lines": HostileFile(
        ".jsonl", written(lambda: repeated(b"x\n", MEBIBYTE))
    ),
    "JSON Lines in bzip2, 5,000,000 bad lines": HostileFile(
        ".jsonl.bz2", written(lambda: bz2.compress(b"x\n" * 5_000_000))
    ),
    "JSON Lines in bzip2, 5,000,000 tiny records": HostileFile(
        ".jsonl.bz2", written(lambda: bz2.compress(b'{"text":"a"}\n' * 5_000_000))
    ),
    "CSV in bzip2, 30,000,000 tiny records": HostileFile(
        ".csv.bz2", written(lambda: bz2.compress(b"text\n" + b"a\n" * 30_000_000))
    ),
    "WARC in bzip2, 10,000,000 lines that begin as headers": HostileFile(
        ".warc.bz2", written(lambda: bz2.compress(b"WARC/\n\n" * 10_000_000))
    ),
    "WARC, 1 MB of lines that begin as headers": HostileFile(
        ".warc", written(lambda: repeated(b"WARC/\n", MEBIBYTE))
    ),
    "WARC, 1 MB of empty records": HostileFile(
        ".warc",
        written(
            lambda: repeated(b"WARC/1.0\nWARC-Type: response\nContent-Length: 0\n\n", MEBIBYTE)
        ),
    ),
    "WARC, 1 MB of chunks of one byte": HostileFile(
        ".warc", written(partial(warc, b"Transfer-Encoding: chunked\n\n", b"1\na\n"))
    ),
    "WARC, a head of 1 MB without an end": HostileFile(
        ".warc", written(partial(warc, b"", b"a:1\n"))
    ),
    "MHTML, 100,000 parts": HostileFile(
        ".mhtml", written(partial(mhtml, b"Content-Type: image/png\r\n\r\nP\r\n", 100_000))
    ),
    "MHTML, 500,000 parts without headers": HostileFile(
        ".mhtml", written(partial(mhtml, b"\r\n", 500_000))
    ),
    "MHTML, 100,000 pages": HostileFile(
        ".mhtml", written(partial(mhtml, b"Content-Type: text/html\r\n\r\n<p>a\r\n", 100_000))
    ),
    "MHTML, multiparts 20,000 deep": HostileFile(".mhtml", written(partial(nested_mhtml, 20_000))),
    "MHTML, 1 MB of headers": HostileFile(
        ".mhtml", written(lambda: repeated(b"a: b\r\n", MEBIBYTE) + b"\r\n<p>a")
    ),
    "MHTML, a header of 1 MB": HostileFile(
        ".mhtml",
        written(
            lambda: b"Content-Type: text/html; " + repeated(b'a="b"; ', MEBIBYTE) + b"\r\n\r\na"
        ),
    ),
    **{
        f"{suffix} in bzip2, 100 MB of newlines": HostileFile(
            f"{suffix}.bz2", written(partial(compressed, b"\n", 100 * MEBIBYTE))
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
        ".jsonl.bz2", written(partial(compressed, b"\n\0", 100 * MEBIBYTE))
    ),
    "gzip, 1 GB of zeros in a text": HostileFile(
        ".txt.gz", written(lambda: gzip.compress(bytes(MEBIBYTE), 9) * 1000)
    ),
    "xz, 1 GB of one character in JSON Lines": HostileFile(
        ".jsonl.xz", written(lambda: lzma.compress(b"a" * 16 * MEBIBYTE) * 64)
    ),
    "gzip, 100,000 empty members": HostileFile(
        ".jsonl.gz", written(lambda: gzip.compress(b"") * 100_000)
    ),
    "bzip2, 100,000 empty streams": HostileFile(
        ".jsonl.bz2", written(lambda: bz2.compress(b"") * 100_000)
    ),
    "xz, 50,000 empty streams": HostileFile(
        ".jsonl.xz", written(lambda: lzma.compress(b"") * 50_000)
    ),
    "RSS, 200,000 empty entries": HostileFile(".xml", written(partial(feed, "<item/>", 200_000))),
    "RSS, an entry of 300,000 elements": HostileFile(
        ".xml", written(lambda: feed("<item>" + "<a/>" * 300_000 + "</item>", 1))
    ),
    "RSS, elements that are no entries": HostileFile(
        ".xml", written(partial(feed, "<a/>", 300_000))
    ),
    "RSS, entries within entries": HostileFile(".xml", written(partial(feed, "<item>", 200_000))),
    "RSS, elements 200,000 deep": HostileFile(".xml", written(partial(feed, "<a>", 200_000))),
    "RSS, a billion laughs": HostileFile(".xml", written(laughs)),
    "RSS, 1 MB of attributes": HostileFile(
        ".xml",
        written(lambda: feed("<item " + " ".join(f'a{n}="b"' for n in range(100_000)) + "/>", 1)),
    ),
    "text, 10 MB of random bytes beyond ASCII": HostileFile(
        ".txt", written(partial(random_bytes, 10 * 10**6))
    ),
    "JSON Lines, 10 MB of random bytes beyond ASCII": HostileFile(
        ".jsonl", written(lambda: repeated(b"\n" + random_bytes(99), 10 * 10**6))
    ),
    "text, 1 MB of escapes": HostileFile(".txt", written(lambda: repeated(b"\x1b$B", MEBIBYTE))),
}

PAGES: dict[str, HostileFile] = {
    "HTML, elements 200,000 deep": HostileFile(".html", written(partial(html, "<div>", 200_000))),
    "HTML, 200,000 paragraphs": HostileFile(".html", written(partial(html, "<p>a", 200_000))),
    "HTML, 100,000 links": HostileFile(
        ".html", written(partial(html, '<a href="b">a</a>', 60_000))
    ),
    "HTML, 200,000 unclosed formats": HostileFile(
        ".html", written(partial(html, "<b><i>", 150_000))
    ),
    "HTML, tables in tables": HostileFile(
        ".html", written(partial(html, "<table><tr><td>", 60_000))
    ),
    "HTML, an element of 100,000 attributes": HostileFile(
        ".html",
        written(lambda: html("<p " + " ".join(f'a{n}="b"' for n in range(100_000)) + ">a</p>", 1)),
    ),
    "HTML, 1 MB of `<`": HostileFile(".html", written(partial(html, "<", MEBIBYTE))),
    "HTML, 1 MB of `&amp;`": HostileFile(".html", written(partial(html, "&amp;", 200_000))),
    "HTML, 60,000 scripts of JSON-LD": HostileFile(
        ".html",
        written(partial(html, '<script type="application/ld+json">{"a":1}</script>', 20_000)),
    ),
    "HTML, JSON-LD 1 MB deep": HostileFile(
        ".html",
        written(
            lambda: html(
                '<script type="application/ld+json">' + '{"a":[' * 150_000 + "</script>", 1
            )
        ),
    ),
    "HTML, 60,000 meta elements": HostileFile(
        ".html", written(partial(html, '<meta name="author" content="a">', 40_000))
    ),
    "HTML, 40,000 times of publication": HostileFile(
        ".html", written(partial(html, '<time datetime="2024-01-01">1 Jan 2024</time>', 25_000))
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


#: Texts of a megabyte of which no two lines, or words, are the same, but for what is said again.
_VARIED: dict[str, Callable[[], bytes]] = {
    "numbered lines": partial(numbered, "Lot {}\n", MEBIBYTE),
    "numbered lines, each twice": partial(numbered, "Lot {}\nLot {}\n", MEBIBYTE),
    "numbered lines, all twice": lambda: numbered("Lot {}\n", MEBIBYTE // 2) * 2,
    "numbered words": partial(numbered, "lot{} ", MEBIBYTE),
    "numbered words, all twice": lambda: numbered("lot{} ", MEBIBYTE // 2) * 2,
    "numbered words and an entity, all twice": lambda: (
        (numbered("lot{} ", MEBIBYTE // 2) + b"&amp; ") * 2
    ),
    "numbered words, again with others between": partial(varied, MEBIBYTE),
}


def _text(piece: str, size_bytes: int, path: Path) -> None:
    path.write_bytes(repeated(piece.encode(), size_bytes))


TEXTS: dict[str, HostileFile] = {
    f"1 MB of {name}": HostileFile(".txt", partial(_text, piece, MEBIBYTE))
    for name, piece in _PIECES.items()
} | {f"1 MB of {name}": HostileFile(".txt", written(text)) for name, text in _VARIED.items()}
#: As short as lines may be that make a segment each, however many they are.
TEXTS["2 MB of numbers in lines of 21 bytes"] = HostileFile(
    ".txt", written(partial(numbered, "1234 5678 9012 {}\n", 2 * MEBIBYTE))
)
#: These are taken through every step; of the others reading is all that they cost.
THROUGH = {**PAGES, **TEXTS}
HOSTILE = {**READERS, **THROUGH}
