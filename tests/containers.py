"""WARC records, archives and other containers, made for tests."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tasks.ingest import ingest_files
from tasks.readers.source import list_source
from tasks.settings import IngestSettings

Fates = dict[str, str]


def fates(source: Path | str, settings: IngestSettings | None = None) -> Fates:
    """Return by `source_uri` the text of each record of a source, or `!` and why there is none."""
    found: Fates = {}
    listing = list_source(str(source))
    for item in listing.rejections:
        found[item.source_uri] = f"!{item.reason}"
    for documents, rejects in ingest_files(listing.files, settings or IngestSettings()):
        pairs = [*documents.select("source_uri", "text").iter_rows()]
        pairs += [(uri, f"!{reason}") for uri, _, reason, *_ in rejects.iter_rows()]
        for uri, fate in pairs:
            assert uri not in found
            found[uri] = fate
    return found


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
