"""Read the bytes of a file in chunks of bounded size, decompressed.

Compression is recognised by the first bytes, not by the name: servers and copying programs
compress and decompress without renaming. It is undone once only; an archive's members
may be compressed on their own.
"""

import bz2
import errno
import gzip
import lzma
import os
import re
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO, Protocol

import zstandard

from tasks.reading.content import Content
from tasks.reading.records import ReadError, size_detail
from tasks.settings import IngestSettings

_CHUNK_BYTES = 64 * 1024
# A zstd block of 4 bytes can stand for 128 KiB, so 1 KiB of input gives 32 MiB at most.
_ZSTD_INPUT_BYTES = 1024
_GZIP_MAGIC = b"\x1f\x8b"
_XZ_MAGIC = b"\xfd7zXZ\x00"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# With the mark of a first block, or of the end of an empty file: "BZh9" may begin a text.
_BZIP2_MAGIC = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_MAGIC_BYTES = 10
# `xz -9` needs 65 MiB; a file may ask for 4 GiB.
_XZ_MEMORY_BYTES = 128 * 2**20
# Up to here a member that is read from its end stays in memory.
_SPOOL_MEMORY_BYTES = 16 * 2**20


class _Decompressor(Protocol):
    """What bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def open_regular(path: str) -> BufferedReader:
    """Open a regular file for reading; never waits, not even for a FIFO.

    Raises:
        OSError: It cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return os.fdopen(descriptor, "rb")


def error_detail(error: OSError) -> str:
    """Return what the system says, without the path, which differs from machine to machine."""
    return error.strerror or type(error).__name__


def is_compressed(first_bytes: bytes) -> bool:
    """Tell whether bytes are the beginning of gzip, bzip2, xz or zstd data."""
    return _decompression(first_bytes) is not None


def _decompression(first_bytes: bytes) -> Callable[[BinaryIO], Iterator[bytes]] | None:
    if first_bytes.startswith(_GZIP_MAGIC):
        return _gzip_members
    if first_bytes.startswith(_XZ_MAGIC):
        return _xz_streams
    if _BZIP2_MAGIC.match(first_bytes):
        return _bzip2_streams
    # pzstd begins with a skippable frame: 0x184D2A50 to 0x184D2A5F (RFC 8878, 3.1.2)
    skippable = first_bytes[1:4] == b"\x2a\x4d\x18" and first_bytes[0] & 0xF0 == 0x50
    return _zstd_frames if skippable or first_bytes.startswith(_ZSTD_MAGIC) else None


def byte_chunks(content: Content) -> Iterator[bytes]:
    """Yield the bytes, decompressed; all that can be had before a failure.

    Raises:
        ReadError: unreadable, truncated, corrupt or (a bomb) too_large.
    """
    try:
        with content.opened() as file:
            decompress = _decompression(_first_bytes(file))
            if decompress is None:
                yield from iter(lambda: file.read(_CHUNK_BYTES), b"")
                return
            for chunk in decompress(file):
                content.budget.charge(chunk)
                yield chunk
    except EOFError as error:
        raise ReadError("truncated", "the compressed data ends too early") from error
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
    except OSError as error:
        raise ReadError("unreadable", error_detail(error)) from error


@contextmanager
def seekable(content: Content, settings: IngestSettings) -> Iterator[BinaryIO]:
    """Open what must be read from its end: a file of the source as it is, all else as a copy.

    The copy is an unnamed temporary file, gone with its use.

    Raises:
        ReadError: As `byte_chunks`; too_large: more than `max_spooled_bytes` to copy.
    """
    try:
        file = content.opened()
    except OSError as error:
        raise ReadError("unreadable", error_detail(error)) from error
    with file:
        if not content.within and not is_compressed(_first_bytes(file)):
            yield file
            return
    with tempfile.SpooledTemporaryFile(_SPOOL_MEMORY_BYTES) as copy:
        for chunk in byte_chunks(content):
            copy.write(chunk)
            if copy.tell() > settings.max_spooled_bytes:
                raise ReadError("too_large", size_detail(settings.max_spooled_bytes))
        copy.seek(0)
        yield copy  # type: ignore[misc]


def _first_bytes(file: BinaryIO) -> bytes:
    """Return the first bytes of a file just opened, without taking them."""
    if file.seekable():
        first_bytes = file.read(_MAGIC_BYTES)
        file.seek(0)
        return first_bytes
    return bytes(file.peek(_MAGIC_BYTES)[:_MAGIC_BYTES])  # type: ignore[attr-defined]


def _gzip_members(file: BinaryIO) -> Iterator[bytes]:
    gzip_file = gzip.GzipFile(fileobj=file)
    # read1, since read loses what was decompressed before a failure
    yield from iter(lambda: gzip_file.read1(_CHUNK_BYTES), b"")


def _bzip2_streams(file: BinaryIO) -> Iterator[bytes]:
    return _streams(file, bz2.BZ2Decompressor)


def _xz_streams(file: BinaryIO) -> Iterator[bytes]:
    return _streams(file, lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES))


def _streams(file: BinaryIO, new: Callable[[], _Decompressor]) -> Iterator[bytes]:
    """Yield the content of all streams; not BZ2File and LZMAFile, which set no limits.

    Raises:
        EOFError: The last stream is not whole.
        ReadError: corrupt.
    """
    data = file.read(_CHUNK_BYTES)
    while data:
        decompressor = new()
        while not decompressor.eof:
            if decompressor.needs_input and not (data := data or file.read(_CHUNK_BYTES)):
                raise EOFError
            if chunk := _decompressed(decompressor, data):
                yield chunk
            data = b""
        data = _without_padding(decompressor.unused_data, file)


def _decompressed(decompressor: _Decompressor, data: bytes) -> bytes:
    try:
        return decompressor.decompress(data, _CHUNK_BYTES)
    except OSError as error:  # what bz2 raises for damage
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error


def _without_padding(data: bytes, file: BinaryIO) -> bytes:
    """Return what follows a stream, after the zeros that may stand between streams of xz."""
    data = data.lstrip(b"\0")
    while not data and (data := file.read(_CHUNK_BYTES)):
        data = data.lstrip(b"\0")
    return data


def _zstd_frames(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of all frames.

    Not `stream_reader`: it takes a truncated file for a whole one.

    Raises:
        EOFError: The last frame is not whole.
    """
    frame = None
    data = b""
    while data := data or file.read(_ZSTD_INPUT_BYTES):
        frame = frame or zstandard.ZstdDecompressor().decompressobj()
        if content := frame.decompress(data):
            yield content
        data = frame.unused_data
        if frame.eof:
            frame = None
    if frame is not None:
        raise EOFError
