"""Make WARC records, archives, feeds and saved pages."""

import io
import tarfile
import zipfile
from collections.abc import Mapping

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


def warc_record(kind: str, uri: str, block: bytes, headers: str = "") -> bytes:
    """Return a WARC record."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uri}>\r\nWARC-Date: 2024-03-12T10:22:00Z\r\n{headers}"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http_response(
    body: bytes,
    content_type: str = "text/html; charset=utf-8",
    headers: str = "",
    status: int = 200,
) -> bytes:
    """Return an HTTP response."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{headers}\r\n"
    return head.encode() + body


def response(uri: str, text: str, **kwargs: str) -> bytes:
    """Return a WARC record with an HTTP response."""
    return warc_record("response", uri, http_response(text.encode(), **kwargs))  # type: ignore[arg-type]


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tar_of(members: Mapping[str, bytes]) -> bytes:
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
