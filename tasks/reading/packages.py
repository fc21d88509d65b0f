"""Open the zip packages that documents of office programs and books are: their parts, bounded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from tasks.reading.archives import ZIP_FAILURES, opened_zip
from tasks.reading.content import Budget, Content
from tasks.reading.records import ReadError, size_detail
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

#: What an OLE file begins with: of old office formats, and of packages under a password.
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 0x1
_DETAIL_CHARS = 200


class Package:
    """The parts of a package, each no larger than a record may be; `file` is all of it."""

    def __init__(self, file: BinaryIO, budget: Budget, settings: IngestSettings) -> None:
        self.file = file
        self.archive = opened_zip(file, settings)
        self._budget = budget
        self._max_bytes = settings.max_record_bytes

    def has(self, name: str) -> bool:
        """Tell whether there is a part of that name."""
        return name in self.archive.NameToInfo

    def size_bytes(self) -> int:
        """Return the size of all parts that are XML."""
        parts = self.archive.infolist()
        return sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))

    def read(self, name: str) -> bytes:
        """Return a part's bytes; none if there is no such part.

        Raises:
            ReadError: corrupt, encrypted, too_large.
        """
        info = self.archive.NameToInfo.get(name)
        if info is None:
            return b""
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise ReadError("encrypted", "a package with a password")
        if info.file_size > self._max_bytes:
            raise ReadError("too_large", size_detail(self._max_bytes))
        try:
            data = self.archive.read(info)
        except ZIP_FAILURES as error:
            raise ReadError("corrupt", f"its part {name}: {error}"[:_DETAIL_CHARS]) from error
        self._budget.charge(data)
        return data

    def tree(self, name: str) -> Any:  # noqa: ANN401 - lxml is untyped
        """Return a part's XML; None if there is no such part, or nothing in it.

        Raises:
            ReadError: as `read`; corrupt: it is no XML.
        """
        data = self.read(name)
        if not data.strip():
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise ReadError("corrupt", f"its part {name}: {error.msg}"[:_DETAIL_CHARS]) from error


@contextmanager
def opened_package(content: Content, settings: IngestSettings) -> Iterator[Package]:
    """Open a package.

    Raises:
        ReadError: empty, encrypted, unsupported_format: an old format; as `seekable` and
            `opened_zip`.
    """
    with seekable(content, settings) as file:
        head = file.read(len(_OLE_MAGIC))
        if not head:
            raise ReadError("empty", "no bytes")
        if head == _OLE_MAGIC:
            is_locked = _PASSWORD_MARK in file.read(settings.max_record_bytes)
            raise (
                ReadError("encrypted", "a document with a password")
                if is_locked
                else ReadError("unsupported_format", "an office document before 2007")
            )
        file.seek(0)
        yield Package(file, content.budget, settings)


def element_texts(tree: Any, *paths: str) -> list[str]:  # noqa: ANN401
    """Return the texts of elements, each as one line; those of the first path that has any."""
    for path in paths:
        found = [] if tree is None else tree.iterfind(path)
        texts = [" ".join("".join(element.itertext()).split()) for element in found]
        if any(texts):
            return [text for text in texts if text]
    return []
