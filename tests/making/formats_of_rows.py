"""Write rows of fields as a file of each format that is read, plain, packed or in an archive."""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import tarfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pyarrow as pa
import zstandard
from pyarrow import feather, parquet

from tests.making.containers import http_response, response, tar_of, warc_record, zip_of
from tests.making.packages import docx_of, epub_of, odt_of, pdf_of

Fields = Mapping[str, object]
Writer = Callable[[Sequence[Fields]], bytes]


def _text(rows: Sequence[Fields]) -> bytes:
    return "\n".join(str(row["text"]) for row in rows).encode(errors="replace")


def _page(fields: Fields, charset: str = "utf-8") -> str:
    shown = {name: str(value).replace("'", "") for name, value in fields.items()}
    paragraphs = "".join(f"<p>{line}</p>" for line in shown["text"].split("\n"))
    return (
        f"<html lang='{shown.get('lang', '')}'><head><meta charset='{charset}'>"
        f"<title>{shown.get('title', '')}</title>"
        f"<link rel='canonical' href='{shown.get('url', '')}'>"
        f"<meta name='author' content='{shown.get('author', '')}'>"
        f"<meta property='article:published_time' content='{shown.get('date', '')}'></head>"
        f"<body><nav>Home | News</nav><article>{paragraphs}</article></body></html>"
    )


def _html(rows: Sequence[Fields]) -> bytes:
    return _page(rows[0]).encode(errors="replace")


def _html_in(charset: str, rows: Sequence[Fields]) -> bytes:
    return _page(rows[0], charset).encode(charset, errors="xmlcharrefreplace")


def _mhtml(rows: Sequence[Fields]) -> bytes:
    page, row = _html(rows), rows[0]
    encode = quopri.encodestring if len(page) % 2 else base64.encodebytes
    transfer = b"quoted-printable" if len(page) % 2 else b"base64"
    where = str(row.get("url", "https://a.example/")).encode(errors="replace")
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: " + where + b"\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="B"\r\n'
        b"\r\n--B\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
        + transfer
        + b"\r\n\r\n"
        + encode(page)
        + b"\r\n--B\r\nContent-Type: image/png\r\n\r\nPNG\r\n--B--\r\n"
    )


def _json_lines(rows: Sequence[Fields]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _delimited(separator: str, rows: Sequence[Fields]) -> bytes:
    names = sorted({name for row in rows for name in row})
    cells = [[f'"{row.get(name, "")}"' for name in names] for row in rows]
    lines = (separator.join(line) for line in [names, *cells])
    return "\n".join(lines).encode(errors="replace")


def _columns(rows: Sequence[Fields]) -> "pa.Table":
    names = sorted({name for row in rows for name in row})
    columns = {
        name: [str(row.get(name)).encode(errors="replace").decode() for row in rows]
        for name in names
    }
    return pa.table({**columns, "list": [[n, None] for n in range(len(rows))]})


def _parquet(rows: Sequence[Fields], **options: object) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(_columns(rows), buffer, **options)
    return buffer.getvalue()


def _arrow(rows: Sequence[Fields], *, stream: bool, codec: str | None = None) -> bytes:
    buffer, table = io.BytesIO(), _columns(rows)
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(buffer, table.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table, max_chunksize=2)
    return buffer.getvalue()


def _feather(rows: Sequence[Fields]) -> bytes:
    buffer = io.BytesIO()
    feather.write_feather(_columns(rows), buffer, compression="lz4")
    return buffer.getvalue()


def _pages(rows: Sequence[Fields]) -> list[str]:
    return [_page(row).encode(errors="replace").decode() for row in rows]


def _warc(rows: Sequence[Fields]) -> bytes:
    """Return pages as they came and in the encodings of HTTP, and the text of one."""
    records = [warc_record("warcinfo", "", b"software: x")]
    for number, page in enumerate(_pages(rows)):
        uri = f"http://a.example/{number}"
        if number % 2:
            body = http_response(gzip.compress(page.encode()), headers="Content-Encoding: gzip\r\n")
            records.append(warc_record("response", uri, body))
        else:
            records.append(response(uri, page))
    return b"".join(records) + warc_record("conversion", "http://a.example/t", _text(rows[:1]))


def _warc_in_members(rows: Sequence[Fields]) -> bytes:
    """Return a member of gzip for each record, as the standard of WARC has it."""
    pages = enumerate(_pages(rows))
    return b"".join(gzip.compress(response(f"http://a.example/{n}", page)) for n, page in pages)


def _rss(rows: Sequence[Fields]) -> bytes:
    items = "".join(
        f"<item><title>{html.escape(str(row.get('title')))}</title><pubDate>{row.get('date')}</pubDate>"
        f"<description><![CDATA[{row['text']}]]></description></item>"
        for row in rows
    )
    return f"<rss><channel>{items}</channel></rss>".encode(errors="replace")


def _atom(rows: Sequence[Fields]) -> bytes:
    entries = "".join(
        f"<entry><id>{number}</id><title>{html.escape(str(row.get('title')))}</title>"
        f"<published>{row.get('date')}</published>"
        f"<content type='html'>{html.escape(_page(row))}</content></entry>"
        for number, row in enumerate(rows)
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>{entries}</feed>"
    return feed.encode(errors="replace")


def _members(rows: Sequence[Fields]) -> dict[str, bytes]:
    return {
        "a.txt": _text(rows),
        "b/b.html": _html(rows),
        "c.jsonl.gz": gzip.compress(_json_lines(rows)),
        "é d.zip": zip_of({"x.csv": _delimited(",", rows), "y.parquet": _parquet(rows)}),
    }


def _packed_tar(mode: str, rows: Sequence[Fields]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in _members(rows).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _marked_up(tag: str, rows: Sequence[Fields]) -> str:
    """Return the lines of rows as paragraphs of XML, each in the innermost of some tags."""
    begin = "".join(f"<{name}>" for name in tag.split())
    end = "".join(f"</{name}>" for name in reversed(tag.split()))
    lines = (line for row in rows for line in str(row["text"]).split("\n"))
    return "".join(
        f"{begin}{html.escape(line.encode(errors='replace').decode())}{end}" for line in lines
    )


def _pdf(rows: Sequence[Fields]) -> bytes:
    """Return a page for each row, of what its only encoding can hold."""
    shown = (str(row["text"]).encode("cp1252", "replace").decode("cp1252") for row in rows)
    escape = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
    return pdf_of([text.translate(escape).split("\n") for text in shown])


def _epub(rows: Sequence[Fields]) -> bytes:
    return epub_of([_marked_up("p", [row]) for row in rows])


def _mail(row: Fields) -> bytes:
    body = quopri.encodestring(_text([row]))
    subject = base64.b64encode(str(row.get("title")).encode(errors="replace")).decode()
    head = (
        f"From: Ann Lee <ann@a.example>\nSubject: =?utf-8?b?{subject}?=\n"
        "Date: Fri, 01 Mar 2024 10:20:00 +0200\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    )
    return head.encode() + body


def _mailbox(rows: Sequence[Fields]) -> bytes:
    return b"".join(b"From ann Fri Mar  1 10:20:00 2024\n" + _mail(row) + b"\n\n" for row in rows)


def _subtitles(head: str, point: str, rows: Sequence[Fields]) -> bytes:
    """Return a cue of two seconds for each line."""
    lines = [line for row in rows for line in str(row["text"]).split("\n") if line.strip()]
    cues = (
        f"{number + 1}\n00:{number // 30:02}:{number * 2 % 60:02}{point}000 --> "
        f"00:{number // 30:02}:{number * 2 % 60 + 1:02}{point}500\n{line}\n"
        for number, line in enumerate(lines)
    )
    return (head + "\n".join(cues)).encode(errors="replace")


#: By suffix. The least preset of xz: the usual one takes ten times as long as reading the file.
WRITERS: dict[str, Writer] = {
    ".txt": _text,
    ".md": _text,
    ".html": _html,
    ".htm": partial(_html_in, "windows-1251"),
    ".xhtml": partial(_html_in, "shift_jis"),
    ".mhtml": _mhtml,
    ".jsonl": _json_lines,
    ".ndjson": lambda rows: "\n".join(json.dumps(r, ensure_ascii=False) for r in rows).encode(errors="replace"),
    ".json": lambda rows: json.dumps(list(rows)).encode(),
    ".csv": partial(_delimited, ";"),
    ".tsv": partial(_delimited, "\t"),
    ".parquet": partial(_parquet, compression="zstd", row_group_size=2),
    ".arrow": partial(_arrow, stream=False),
    ".arrows": partial(_arrow, stream=True, codec="zstd"),
    ".feather": _feather,
    ".warc": _warc,
    ".warc.gz": _warc_in_members,
    ".wet": lambda rows: b"".join(warc_record("conversion", f"http://b/{n}", _text([r])) for n, r in enumerate(rows)),
    ".xml": _rss,
    ".rss": _rss,
    ".atom": _atom,
    ".zip": lambda rows: zip_of(_members(rows)),
    ".tar": lambda rows: tar_of(_members(rows)),
    ".tgz": partial(_packed_tar, "w:gz"),
    ".tbz2": partial(_packed_tar, "w:bz2"),
    ".txt.gz": lambda rows: gzip.compress(_text(rows)),
    ".jsonl.bz2": lambda rows: bz2.compress(_json_lines(rows)),
    ".html.xz": lambda rows: lzma.compress(_html(rows), preset=0),
    ".pdf": _pdf,
    ".docx": lambda rows: docx_of(_marked_up("w:p w:r w:t", rows)),
    ".odt": lambda rows: odt_of(_marked_up("text:p", rows)),
    ".epub": _epub,
    ".eml": lambda rows: _mail(rows[0]),
    ".mbox": _mailbox,
    ".srt": partial(_subtitles, "", ","),
    ".vtt": partial(_subtitles, "WEBVTT\n\n", "."),
    ".jsonl.zst": lambda rows: zstandard.compress(_json_lines(rows)),
}  # fmt: skip
