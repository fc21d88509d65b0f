"""List and open files at addresses (`s3://…`), through fsspec.

Secrets come from the environment only. A file system that cannot be reached ends the build, to
be tried again: it says nothing about the records, so that none of them is rejected for it.
"""

import errno
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from tasks.reading.confinement import NotAllowed, refuse_address, socket_to_public

# What a worker holds of a file beyond what it reads.
_READ_AHEAD_BYTES = 4 * 2**20
#: What is told of a disk of this machine, on which a remote file is written.
_OF_THIS_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: A name and password in an endpoint, which errors of connections show.
_CREDENTIALS = re.compile(r"//[^/\s@]+@")
#: What object stores name a file's content by: S3 and its kin, Google, Azure.
_TAG_NAMES = ("ETag", "etag", "md5Hash", "crc32c", "content_md5")


class Unreachable(RuntimeError):
    """A file system of another machine does not answer, or not as it should."""


@dataclass(frozen=True)
class RemoteFile:
    """A file below an address: its name from there, its own address, and its size."""

    name: str
    address: str
    size_bytes: int


def list_address(address: str) -> list[RemoteFile]:
    """Return the files below a folder's address, or the file at an address.

    Raises:
        Unreachable: It holds a password, its file system is not installed or not there.
        NotAllowed: It may not be reached (`tasks.reading.confinement`).
    """
    if urlsplit(address).password:
        raise Unreachable("the address holds a password, which releases would show: remove it")
    protocol = address.split("://", 1)[0]
    with failures(address):
        system = file_system(address)
        root = str(system._strip_protocol(address)).rstrip("/")
        found = system.find(root, detail=True)
    return [
        RemoteFile(_name_below(root, path), f"{protocol}://{path}", int(info.get("size") or 0))
        for path, info in sorted(found.items())
    ]


def _name_below(root: str, path: str) -> str:
    return path.removeprefix(root).lstrip("/") or path.rsplit("/", 1)[-1]


def opened(address: str) -> BinaryIO:
    """Open a file for reading.

    Raises:
        Unreachable: It is not there any more, or not to be had.
    """
    with failures(address):
        file = file_system(address).open(address, "rb", block_size=_READ_AHEAD_BYTES)
    return io.BufferedReader(_Remote(file, address))


def content_tag(address: str) -> str | None:
    """Return what the object store names the content by, so that it need not be read for it.

    Raises:
        Unreachable: It is not there any more, or not to be had.
    """
    with failures(address):
        info = file_system(address).info(address)
    tags = (f"{name} {info[name]}" for name in _TAG_NAMES if info.get(name))
    return next(tags, None)


def file_system(address: str) -> Any:  # noqa: ANN401 - fsspec is untyped
    """Return the file system of an address.

    Raises:
        NotAllowed: It may not be reached (`tasks.reading.confinement`).
    """
    refuse_address(address)
    import fsspec  # noqa: PLC0415 - a source on this machine need not wait for it

    protocol = address.split("://", 1)[0].lower()
    options = {"get_client": _client_to_public} if protocol in {"http", "https"} else {}
    return fsspec.filesystem(protocol, **options)


async def _client_to_public(**_: object) -> Any:  # noqa: ANN401 - fsspec is untyped
    from fsspec.implementations.http import aiohttp  # noqa: PLC0415

    connector = aiohttp.TCPConnector(socket_factory=socket_to_public)
    return aiohttp.ClientSession(connector=connector)


@contextmanager
def failures(address: str) -> Iterator[None]:
    """Say what failed where: file systems raise errors of their own, of any class."""
    try:
        yield
    except ImportError as error:
        raise Unreachable(f"{address}: {error} (for s3://: pip install babelmill[s3])") from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _OF_THIS_DISK:
            raise
        if refused := _refusal(error):
            raise refused from error
        said = _CREDENTIALS.sub("//…@", str(error))
        raise Unreachable(f"{address}: {type(error).__name__}: {said}") from error


def _refusal(error: BaseException | None) -> NotAllowed | None:
    """Return what was refused on the way, which file systems take for a failed connection."""
    while error is not None and not isinstance(error, NotAllowed):
        error = error.__cause__ or error.__context__
    return error


class _Remote(io.RawIOBase):
    """A remote file whose failures are `Unreachable`, never taken for those of its content."""

    def __init__(self, file: BinaryIO, address: str) -> None:
        self._file = file
        self._address = address

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with failures(self._address):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()
