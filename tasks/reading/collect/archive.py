"""Append pages to a WARC file, a compressed record each, one file a day and list."""

import io
import os
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.reading.collect.fetch import Answer
from tasks.reading.collect.memory import Memory

#: What was undone, or is said again of the body as it is kept.
_LEFT_OUT = {"transfer-encoding", "content-length", "connection", "keep-alive", "trailer"}

#: In which a date may have fractions of a second: versions of a page are told apart by it.
_VERSION = "1.1"


class Archive:
    """The WARC file of a day, open for appending."""

    def __init__(self, folder: Path, name: str, day: datetime, memory: Memory) -> None:
        self.path = _usable_path(folder, f"{name}-{day:%Y-%m-%d}", memory)
        self._memory = memory
        self._file: io.BufferedWriter | None = None

    def append(self, answer: Answer) -> None:
        """Append a page, and note the file's size; to be called within `Memory.at_once`.

        Raises:
            OSError: It cannot be written.
        """
        file = self._opened()
        writer = WARCWriter(file, gzip=True, warc_version=_VERSION)
        headers = [pair for pair in answer.headers if pair[0].lower() not in _LEFT_OUT]
        headers.append(("Content-Length", str(len(answer.body))))
        record = writer.create_warc_record(
            answer.address,
            "response",
            payload=io.BytesIO(answer.body),
            length=len(answer.body),
            http_headers=StatusAndHeaders(f"{answer.status} OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{answer.asked_at:%Y-%m-%dT%H:%M:%S.%fZ}"},
        )
        writer.write_record(record)
        self._keep(file)

    def _opened(self) -> io.BufferedWriter:
        """Open the file, and cut off what a crash left half written, or not noted."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._memory.size_of(self.path.name)
            self._file = self.path.open("ab")
            self._file.truncate(whole)
            if not whole:
                writer = WARCWriter(self._file, gzip=True, warc_version=_VERSION)
                info = {"software": "Babelmill", "format": "WARC File Format 1.1"}
                writer.write_record(writer.create_warcinfo_record(self.path.name, info))
        return self._file

    def _keep(self, file: io.BufferedWriter) -> None:
        file.flush()
        os.fsync(file.fileno())
        self._memory.note_size(self.path.name, file.tell())

    def close(self) -> None:
        """Close the file, if a page was appended."""
        if self._file is not None:
            self._file.close()


def _usable_path(folder: Path, stem: str, memory: Memory) -> Path:
    """Return the day's file; one that is not what is remembered of it is left as it is."""
    paths = (folder / f"{stem}{more}.warc.gz" for more in chain([""], map("-{}".format, count(2))))
    return next(path for path in paths if _is_ours(path, memory.size_of(path.name)))


def _is_ours(path: Path, whole_bytes: int) -> bool:
    size_bytes = path.stat().st_size if path.exists() else 0
    return size_bytes >= whole_bytes > 0 or size_bytes == 0
