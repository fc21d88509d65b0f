"""Reader of tar archives: members are read one after the other, as they come."""

import io
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, BinaryIO, cast

from tasks.reading.archive_members import DETAIL_CHARS, MemberBytes, Members
from tasks.reading.content import ChunkFile, Content
from tasks.reading.records import ReadError
from tasks.reading.streams import byte_chunks
from tasks.settings import IngestSettings

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


def tar_members(content: Content, settings: IngestSettings) -> Iterator[Content]:
    """Yield the files of a tar archive, compressed or not, to be read before the next.

    Raises:
        ReadError: too_many_members, truncated, corrupt; as `byte_chunks`.
    """
    members, header = Members(content, settings), _header_class()
    stream = ChunkFile(byte_chunks(content))
    try:
        with _opened_tar(stream, header) as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # it would keep them all
                if not info.isdir():
                    yield members.member(info.name, _tar_opener(archive, info))
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        if stream.given_bytes == 0:
            return
        is_cut = str(error) == _TAR_CUT
        reason = "truncated" if is_cut else "corrupt"
        raise ReadError(reason, f"the tar archive: {error}"[:DETAIL_CHARS]) from error
    _require_end(header.last_failure)


def _opened_tar(stream: ChunkFile, header: "type[_Header]") -> tarfile.TarFile:
    file = cast("BinaryIO", stream)
    return tarfile.open(fileobj=file, mode="r|", tarinfo=header, errors="surrogateescape")


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        if not info.isreg() or info.issparse():
            raise ReadError("unsupported_format", "a member of a tar archive that is no plain file")
        member = cast("IO[bytes]", archive.extractfile(info))  # None: no plain file
        return io.BufferedReader(MemberBytes(partial(_member_bytes, member)))

    return opened


def _member_bytes(member: IO[bytes], size_bytes: int) -> bytes:
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
