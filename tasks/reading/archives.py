"""Open zip and tar archives: each member is read as if it were a file of the source.

A member's name is a label and no path: nothing is ever written under it. Members are read one
after the other; those of a zip archive without a copy if they can be, those of a tar archive as
they come.
"""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, BinaryIO, cast

from tasks.reading.content import Budget, ChunkFile, Content
from tasks.reading.member_names import real_names
from tasks.reading.records import ReadError, printable_uri
from tasks.reading.streams import byte_chunks, seekable
from tasks.settings import IngestSettings

#: How much of what a library says of a damaged archive is kept.
_DETAIL_CHARS = 200
#: What zipfile raises for a damaged archive or one that it cannot read.
ZIP_FAILURES = (
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
#: What tarfile says where a member is not whole; it has no class of its own for it.
_TAR_CUT = "unexpected end of data"
# Names and attributes beyond a tar header are read at once.
_TAR_HEADER_BYTES = 2**20
_TAR_HEADER_TYPES = {
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
}


@dataclass
class _Members:
    """Names the members of an archive, each name once, and counts them."""

    content: Content
    settings: IngestSettings
    seen: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def member(self, name: str, opened: Callable[[], BinaryIO]) -> Content:
        r"""Return a member to read; the second of a name is called `name\2`.

        Raises:
            ReadError: too_many_members.
        """
        self.count += 1
        if self.count > self.settings.max_archive_members:
            limit = self.settings.max_archive_members
            raise ReadError("too_many_members", f"more than {limit} members")
        label = printable_uri(name)
        times = self.seen[label] = self.seen.get(label, 0) + 1
        unique = label if times == 1 else f"{label}\\{times}"
        return Content(name, opened, self.content.budget, (*self.content.within, unique))


class _MemberBytes(io.RawIOBase):
    """The bytes of a member, by a function that gives the next ones and raises `ReadError`."""

    def __init__(self, next_bytes: Callable[[int], bytes]) -> None:
        self._next_bytes = next_bytes

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the next bytes go; 0: the end."""
        data = self._next_bytes(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def zip_members(content: Content, settings: IngestSettings) -> Iterator[Content]:
    """Yield the files of a zip archive, to be read before the next.

    Raises:
        ReadError: too_many_members, corrupt; as `seekable`.
    """
    members = _Members(content, settings)
    with seekable(content, settings) as file:
        if not file.read(1):
            return
        archive = opened_zip(file, settings)
        infos = archive.infolist()
        for info, name in zip(infos, real_names(infos), strict=True):
            content.budget.charge_member()
            if not name.endswith("/"):  # `is_dir` fails for a member without a name
                yield members.member(name, _zip_opener(archive, info, content.budget))


def opened_zip(file: BinaryIO, settings: IngestSettings) -> zipfile.ZipFile:
    """Open a zip archive that can seek; its directory is read.

    Raises:
        ReadError: too_many_members, corrupt.
    """
    try:
        limit_bytes = settings.max_archive_members * _ZIP_ENTRY_BYTES
        if _directory_bytes(file) > limit_bytes:
            raise ReadError("too_many_members", f"a directory of more than {limit_bytes} bytes")
        return zipfile.ZipFile(file)
    except ZIP_FAILURES as error:
        raise _corrupt_zip(error) from error


def _directory_bytes(file: BinaryIO) -> int:
    """Return what the end of a zip file says of its directory's size; zip64: the file's."""
    size_bytes = file.seek(0, io.SEEK_END)
    file.seek(max(0, size_bytes - _ZIP_END_BYTES))
    tail = file.read(_ZIP_END_BYTES)
    position = tail.rfind(_ZIP_END_MARK)
    if position < 0 or position + _ZIP_END.size > len(tail):
        return 0
    return min(int(_ZIP_END.unpack_from(tail, position)[1]), size_bytes)


def _zip_opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget
) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("encrypted", "a member of a zip archive with a password")
        try:
            member = archive.open(info)
        except ZIP_FAILURES as error:
            raise _corrupt_zip(error) from error
        return io.BufferedReader(_MemberBytes(partial(_zip_bytes, member, budget)))

    return opened


def _zip_bytes(member: IO[bytes], budget: Budget, size_bytes: int) -> bytes:
    """Return the next bytes of a member, counted; its failures are reasons."""
    try:
        data = member.read(size_bytes)
    except ZIP_FAILURES as error:
        raise _corrupt_zip(error) from error
    budget.charge(data)
    return data


def _corrupt_zip(error: Exception) -> ReadError:
    return ReadError("corrupt", f"the zip archive: {error}"[:_DETAIL_CHARS])


def tar_members(content: Content, settings: IngestSettings) -> Iterator[Content]:
    """Yield the files of a tar archive, compressed or not, to be read before the next.

    Raises:
        ReadError: too_many_members, truncated, corrupt; as `byte_chunks`.
    """
    members, header = _Members(content, settings), _header_class()
    stream = ChunkFile(byte_chunks(content))
    try:
        with _opened_tar(stream, header) as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # it would keep them all
                content.budget.charge_member()
                if not info.isdir():
                    yield members.member(info.name, _tar_opener(archive, info))
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        if stream.given_bytes == 0:
            return
        is_cut = str(error) == _TAR_CUT
        reason = "truncated" if is_cut else "corrupt"
        raise ReadError(reason, f"the tar archive: {error}"[:_DETAIL_CHARS]) from error
    _require_end(header.last_failure)


def _opened_tar(stream: ChunkFile, header: "type[_Header]") -> tarfile.TarFile:
    file = cast("BinaryIO", stream)
    return tarfile.open(fileobj=file, mode="r|", tarinfo=header, errors="surrogateescape")


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        if not info.isreg() or info.issparse():
            raise ReadError("unsupported_format", "a member of a tar archive that is no plain file")
        member = cast("IO[bytes]", archive.extractfile(info))  # None: no plain file
        return io.BufferedReader(_MemberBytes(partial(_tar_bytes, member)))

    return opened


def _tar_bytes(member: IO[bytes], size_bytes: int) -> bytes:
    """Return the next bytes of a member; its failures are reasons."""
    try:
        return member.read(size_bytes)
    except tarfile.TarError as error:
        raise ReadError("truncated", f"the tar archive: {error}") from error


class _Header(tarfile.TarInfo):
    """A tar header that remembers how the headers ended: tarfile keeps it to itself."""

    last_failure: tarfile.HeaderError | None = None

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        """Return the header that a block holds.

        Raises:
            HeaderError: It holds none, or one that is too large to be read at once.
        """
        try:
            header = super().frombuf(buf, encoding, errors)
            if header.type in _TAR_HEADER_TYPES and header.size > _TAR_HEADER_BYTES:
                raise tarfile.HeaderError("the attributes of a member are too large")
        except tarfile.HeaderError as failure:
            cls.last_failure = failure
            raise
        return header


def _header_class() -> type[_Header]:
    """Return a class of its own for an archive, since tarfile makes the headers."""
    return type("_HeaderOfArchive", (_Header,), {})


def _require_end(failure: tarfile.HeaderError | None) -> None:
    """Raise unless the headers ended with the zeros that end an archive.

    tarfile takes any block that is no header for the end.

    Raises:
        ReadError: truncated or corrupt.
    """
    name = type(failure).__name__
    if name == "EOFHeaderError":
        return
    is_cut = name in {"EmptyHeaderError", "TruncatedHeaderError"}
    raise ReadError("truncated" if is_cut else "corrupt", f"the tar archive: {failure}")
