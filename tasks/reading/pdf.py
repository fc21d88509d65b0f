"""Read PDF files that have a text layer, by PDFium, as paragraphs.

A page's lines are joined where the sentence goes on: by how far a line reaches, where it begins and
how far it stands from the next. A word parted at a line's end is joined again if its first half
ended in a hyphen and the second goes on in small letters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from tasks.reading.content import Content
from tasks.reading.encodings import UTF8, without_surrogates
from tasks.reading.fields import canonical_json
from tasks.reading.records import Flaw, ReadError, Record, size_detail
from tasks.reading.streams import seekable
from tasks.settings import IngestSettings

#: Where the standard lets the header stand (ISO 32000-1, appendix H.3.4.1).
_HEADER_BYTES = 1024
_HEADER = b"%PDF-"
_PASSWORD_ERROR = 4
#: PDFium's own signs for a hyphen at a line's end.
_BROKEN = "\x02"
_BROKEN_SIGNS = "\x02\ufffe"
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[\ufffe\x02]\s*([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: After these a hyphen is suspended: `Ein- und Ausgang`.
_AND_OR_WORDS = "a and bzw e eller en et i o oder of och og or ou u und y"
_AND_OR = frozenset(_AND_OR_WORDS.split())
#: A line that ends this far, in heights of a letter, before the others has a paragraph's end.
_SHORT_HEIGHTS = 4.0
_INDENT_HEIGHTS = 0.8
#: Times the usual distance of lines from which on a new paragraph begins.
_GAP_TIMES = 1.35
#: Heights of two lines that differ by more are a heading and a text.
_HEIGHT_TIMES = 1.15
_ENDS = re.compile(r"[.!?…:;。！？।؟۔»”’\"')\]]\s*$")
_BULLET = re.compile(r"(?:[•‣▪◦●–—*·-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_UNSPACED = range(0x0E00, 0x0F00), range(0x3000, 0x9FFF + 1)
_DETAIL_CHARS = 200


@dataclass(frozen=True)
class _Line:
    """A line of a page, and where it stands, in points from the left and the bottom."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


def read_pdf(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the document as a record.

    Raises:
        ReadError: encrypted, corrupt, no_text: scanned pages; too_large: its text; as `seekable`.
    """
    import pypdfium2  # noqa: PLC0415 - other formats need not wait for it

    with seekable(content, settings) as file:
        head = file.read(_HEADER_BYTES)
        file.seek(0)
        if not head:
            return
        if _HEADER not in head:
            raise ReadError("corrupt", "no PDF header at its beginning")
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            raise _unreadable(error) from error
        try:
            yield _record(document, settings)
        except pypdfium2.PdfiumError as error:
            raise ReadError("corrupt", f"a page: {error}"[:_DETAIL_CHARS]) from error
        finally:
            document.close()


def _unreadable(error: Any) -> ReadError:  # noqa: ANN401 - pypdfium2 is untyped
    if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
        return ReadError("encrypted", "a document with a password")
    return ReadError("corrupt", f"the document: {error}"[:_DETAIL_CHARS])


def _record(document: Any, settings: IngestSettings) -> Record:  # noqa: ANN401
    pages, chars = list[list[str]](), 0
    for number in range(len(document)):
        paragraphs = _paragraphs(_lines(document[number]))
        chars += sum(map(len, paragraphs))
        if chars > settings.max_record_bytes:
            raise ReadError("too_large", size_detail(settings.max_record_bytes))
        pages.append(paragraphs)
    text, replaced_chars = without_surrogates(_mended("\n".join(_joined_pages(pages))))
    if not text.strip():
        raise ReadError("no_text", f"no text on {len(pages)} pages: scanned, or pictures")
    data = text.encode()
    if len(data) > settings.max_record_bytes:
        raise ReadError("too_large", size_detail(settings.max_record_bytes))
    said = {name: _said(value) for name, value in document.get_metadata_dict().items()}
    rest = {"created": said.get("CreationDate"), "pages": len(pages)}
    return Record(
        number=None,
        content=data,
        text=text,
        is_markup=False,
        encoding=UTF8,
        replaced_chars=replaced_chars,
        title=said.get("Title") or None,
        author=said.get("Author") or None,
        record_fields=canonical_json({name: value for name, value in rest.items() if value}),
    )


def _said(value: str) -> str:
    return " ".join(without_surrogates(value.replace("\0", ""))[0].split())


def _lines(page: Any) -> list[_Line]:  # noqa: ANN401
    """Return the lines of a page in the order in which they are written."""
    layer = page.get_textpage()
    text, lines, begin = layer.get_text_range(errors="replace"), list[_Line](), 0
    for end in [*(found.start() for found in re.finditer(r"\r?\n", text)), len(text)]:
        line = text[begin:end]
        if line.strip():
            first = begin + len(line) - len(line.lstrip())
            lines.append(_placed(layer, line, first, begin + len(line.rstrip()) - 1))
        begin = end + (2 if text[end : end + 2] == "\r\n" else 1)
    layer.close()
    page.close()
    return lines


def _placed(layer: Any, line: str, first: int, last: int) -> _Line:  # noqa: ANN401
    count = layer.count_chars()
    left, bottom, _, top = layer.get_charbox(min(first, count - 1), loose=True)
    right = layer.get_charbox(min(last, count - 1), loose=True)[2]
    return _Line(" ".join(line.split()), left, right, bottom, max(1.0, top - bottom))


def _paragraphs(lines: Sequence[_Line]) -> list[str]:
    """Return the paragraphs of a page's lines."""
    if not lines:
        return []
    gaps = [above.bottom - below.bottom for above, below in pairwise(lines)]
    usual = median([gap for gap in gaps if gap > 0] or [0.0])
    edge = max(line.right for line in lines)
    paragraphs, previous = [lines[0].text], lines[0]
    for line in lines[1:]:
        if _goes_on(previous, line, usual, edge):
            paragraphs[-1] = _joined(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
        previous = line
    return paragraphs


def _goes_on(above: _Line, below: _Line, usual_gap: float, edge: float) -> bool:
    """Tell whether a line goes on with what the line above it says."""
    gap = above.bottom - below.bottom
    if _BULLET.match(below.text) or not 0 < gap <= max(_GAP_TIMES * usual_gap, above.height):
        return False
    heights = above.height, below.height
    if max(heights) > _HEIGHT_TIMES * min(heights):
        return False
    is_short = edge - above.right > _SHORT_HEIGHTS * above.height
    is_indented = below.left - above.left > _INDENT_HEIGHTS * below.height
    return not (_ENDS.search(above.text) and (is_short or is_indented)) and not (
        is_short and below.text[:1].isupper()
    )


def _joined(begin: str, end: str) -> str:
    """Return two lines as one, a sign for the hyphen between them that may be no hyphen."""
    if _HYPHEN.search(begin):
        is_suspended = end.split(maxsplit=1)[0].lower() in _AND_OR
        if end[:1].islower() and not is_suspended:
            return f"{begin[:-1]}{_BROKEN}{end}"
        return f"{begin} {end}" if is_suspended else begin + end
    last = begin[-1]
    is_whole = last in _BROKEN_SIGNS or any(ord(last) in script for script in _UNSPACED)
    return begin + end if is_whole else f"{begin} {end}"


def _mended(text: str) -> str:
    """Return the text with its broken words whole; with their hyphen, if they have it elsewhere."""
    known = set(_WORD.findall(text.lower())) if _BROKEN in text or "\ufffe" in text else set()

    def whole(broken: re.Match[str]) -> str:
        hyphened = f"{broken[1]}-{broken[2]}"
        is_known = f"{broken[1]}{broken[2]}".lower() in known
        return hyphened if hyphened.lower() in known and not is_known else broken[1] + broken[2]

    return _BROKEN_WORD.sub(whole, text).replace(_BROKEN, "").replace("\ufffe", "")


def _joined_pages(pages: Sequence[list[str]]) -> list[str]:
    """Return the paragraphs of all pages, one that goes on over the page's end joined."""
    paragraphs: list[str] = []
    for page in pages:
        rest = list(page)
        if paragraphs and rest and not _ENDS.search(paragraphs[-1]) and rest[0][:1].islower():
            paragraphs[-1] = _joined(paragraphs[-1], rest.pop(0))
        paragraphs += rest
    return paragraphs
