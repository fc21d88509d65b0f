"""Reader of zip archives: members are read one after the other, without a copy if they can be."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, BinaryIO

from tasks.reading.archive_members import DETAIL_CHARS, MemberBytes, Members
from tasks.reading.content import Budget, Content
from tasks.reading.records import ReadError
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

#: What zipfile raises for a damaged archive or one that it cannot read.
_ZIP_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    OverflowError,
    RuntimeError,  # a password is wanted
)
_ENCRYPTED = 0x1
# An entry of a zip's directory has 46 bytes and its name; zipfile reads all of it at once.
_ZIP_ENTRY_BYTES = 256
_ZIP_END = struct.Struct("<4s8xL")  # the mark, and how many bytes the directory has
_ZIP_END_MARK = b"PK\x05\x06"
_ZIP_END_BYTES = 65_557  # with the longest comment


def zip_members(content: Content, settings: IngestSettings) -> Iterator[Content]:
    """Yield the files of a zip archive, to be read before the next.

    Raises:
        ReadError: too_many_members, corrupt; as `seekable`.
    """
    members = Members(content, settings)
    with seekable(content, settings) as file:
        if not file.read(1):
            return
        archive = _opened_zip(file, settings)
        for info in archive.infolist():
            if not info.filename.endswith("/"):  # `is_dir` fails for a member without a name
                yield members.member(info.filename, _zip_opener(archive, info, content.budget))


def _opened_zip(file: BinaryIO, settings: IngestSettings) -> zipfile.ZipFile:
    try:
        limit_bytes = settings.max_archive_members * _ZIP_ENTRY_BYTES
        if _directory_bytes(file) > limit_bytes:
            raise ReadError("too_many_members", f"a directory of more than {limit_bytes} bytes")
        return zipfile.ZipFile(file)
    except _ZIP_FAILURES as error:
        raise _corrupt_zip(error) from error


def _directory_bytes(file: BinaryIO) -> int:
    """Return what the end of a zip file says of its directory's size; zip64: the file's."""
    size_bytes = file.seek(0, io.SEEK_END)
    file.seek(max(0, size_bytes - _ZIP_END_BYTES))
    tail = file.read(_ZIP_END_BYTES)
    place = tail.rfind(_ZIP_END_MARK)
    if place < 0 or place + _ZIP_END.size > len(tail):
        return 0
    return min(int(_ZIP_END.unpack_from(tail, place)[1]), size_bytes)


def _zip_opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget
) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("encrypted", "a member of a zip archive with a password")
        try:
            member = archive.open(info)
        except _ZIP_FAILURES as error:
            raise _corrupt_zip(error) from error
        return io.BufferedReader(MemberBytes(partial(_member_bytes, member, budget)))

    return opened


def _member_bytes(member: IO[bytes], budget: Budget, size_bytes: int) -> bytes:
    """Return the next bytes of a member, counted; its failures are reasons."""
    try:
        data = member.read(size_bytes)
    except _ZIP_FAILURES as error:
        raise _corrupt_zip(error) from error
    budget.charge(len(data))
    return data


def _corrupt_zip(error: Exception) -> ReadError:
    return ReadError("corrupt", f"the zip archive: {error}"[:DETAIL_CHARS])
