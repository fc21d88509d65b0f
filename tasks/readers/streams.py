"""Bytes of a file in chunks of bounded size, decompressed.

Compression is told by the first bytes, not by the name: servers and copying programs
compress and decompress without renaming. It is undone once only.
"""

import errno
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO

import zstandard

from tasks.readers.records import ReadError

_CHUNK_BYTES = 64 * 1024
# A zstd block of 4 bytes can stand for 128 KiB, so 1 KiB of input gives 32 MiB at most.
_ZSTD_INPUT_BYTES = 1024
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Below this, an expansion is a nuisance; above it, a bomb.
_EXPANSION_FREE_BYTES = 2**30


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
    """Return what the system says, without the path, which depends on the place."""
    return error.strerror or type(error).__name__


def is_compressed(first_bytes: bytes) -> bool:
    """Tell whether bytes are the beginning of gzip or zstd data."""
    return first_bytes.startswith(_GZIP_MAGIC) or _is_zstd(first_bytes)


def _is_zstd(first_bytes: bytes) -> bool:
    # pzstd begins with a skippable frame: 0x184D2A50 to 0x184D2A5F (RFC 8878, 3.1.2)
    skippable = first_bytes[1:4] == b"\x2a\x4d\x18" and first_bytes[0] & 0xF0 == 0x50
    return first_bytes.startswith(_ZSTD_MAGIC) or skippable


def byte_chunks(path: str, max_expansion: int) -> Iterator[bytes]:
    """Yield the file's bytes, decompressed; all that can be had before a failure.

    Args:
        path: The file.
        max_expansion: How many times its size compressed data may grow.

    Raises:
        ReadError: unreadable, truncated, corrupt or (a bomb) too_large.
    """
    try:
        with open_regular(path) as file:
            yield from _expanded(file, max_expansion)
    except EOFError as error:
        raise ReadError("truncated", "the compressed data ends too early") from error
    except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
    except OSError as error:
        raise ReadError("unreadable", error_detail(error)) from error


def _expanded(file: BinaryIO, max_expansion: int) -> Iterator[bytes]:
    first_bytes = file.read(len(_ZSTD_MAGIC))
    file.seek(0)
    total_bytes = 0
    for chunk in _decompressed(file, first_bytes):
        total_bytes += len(chunk)
        if total_bytes > max(_EXPANSION_FREE_BYTES, max_expansion * file.tell()):
            raise ReadError("too_large", f"expands to more than {max_expansion} times its size")
        yield chunk


def _decompressed(file: BinaryIO, first_bytes: bytes) -> Iterator[bytes]:
    if first_bytes.startswith(_GZIP_MAGIC):
        gzip_file = gzip.GzipFile(fileobj=file)
        # read1, since read loses what was decompressed before a failure
        yield from iter(lambda: gzip_file.read1(_CHUNK_BYTES), b"")
    elif _is_zstd(first_bytes):
        yield from _zstd_frames(file)
    else:
        yield from iter(lambda: file.read(_CHUNK_BYTES), b"")


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
