"""Tell what the members of a zip archive are really called.

Names that are not marked as UTF-8 are in whatever code page their machine had, and are read as
code page 437. All names of an archive are judged together: in the right code page they are words of
letters of one script, each capital at a word's beginning.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

_UTF8_FLAG = 0x800
#: Info-ZIP's field with the name in UTF-8, after a version and the checksum of the other name.
_UNICODE_PATH = 0x7075
_FIELD = struct.Struct("<HH")
_PATH_HEAD = struct.Struct("<BL")
_READ_AS = "cp437"
#: Code pages of DOS and Windows, then of others; the first wins where several fit.
_PAGE_NAMES = (
    "utf-8 cp437 cp850 cp866 cp852 cp932 cp949 gbk big5 cp862 cp737 cp857 cp720 cp1251 cp1252"
    " cp1250 cp1254 cp1253 cp1255 cp1256 cp1257 koi8_r cp775 cp864 cp1258 cp874"
)
_CODE_PAGES = _PAGE_NAMES.split()
_ASIAN = {"cp932", "gbk", "cp949", "big5"}
_JUDGED_BYTES = 64 * 1024
#: What may be wrong per letter beyond ASCII: a name in capitals and small letters, a dash.
_MAX_WRONG_SHARE = 0.15
#: Less than a wrong letter: words in capitals only, where Hebrew would do.
_CAPITALS = 0.05
_WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = frozenset("–—‘’“”„«»…·№°、。・「」『』（）【】《》〈〉〜～！？：，；々ー€£§")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", "HANGUL")


def real_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the name of each member, in order."""
    unmarked = [_bytes(member) for member in members]
    joined = b"\n".join(name for name in unmarked if name and not name.isascii())
    code_page = _likely_code_page(joined[:_JUDGED_BYTES]) if joined else _READ_AS
    return [
        _path_field(member) or _decoded(name, code_page) or member.filename
        for member, name in zip(members, unmarked, strict=True)
    ]


def _bytes(member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a name in an unknown code page; none if it is known."""
    if member.flag_bits & _UTF8_FLAG:
        return b""
    return member.filename.encode(_READ_AS, "ignore")


def _decoded(name: bytes, code_page: str) -> str:
    try:
        return name.decode(code_page)
    except UnicodeDecodeError:
        return ""


def _path_field(member: zipfile.ZipInfo) -> str:
    """Return the name in UTF-8 that a member has besides, if it belongs to the other name."""
    for kind, data in _fields(member.extra):
        if kind == _UNICODE_PATH and len(data) > _PATH_HEAD.size:
            checksum = _PATH_HEAD.unpack_from(data)[1]
            if checksum == zlib.crc32(member.orig_filename.encode(_READ_AS, "ignore")):
                return _decoded(data[_PATH_HEAD.size :], "utf-8")
    return ""


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + _FIELD.size <= len(extra):
        kind, length = _FIELD.unpack_from(extra, position)
        position += _FIELD.size
        yield kind, extra[position : position + length]
        position += length


def _likely_code_page(names: bytes) -> str:
    if _decoded(names, "utf-8"):
        return "utf-8"
    wrong = {page: _wrong_share(names, page) for page in _CODE_PAGES}
    best = min(wrong, key=lambda page: wrong[page])
    return best if wrong[best] <= _MAX_WRONG_SHARE else _READ_AS


def _wrong_share(names: bytes, code_page: str) -> float:
    """Return how much is wrong in names read so, per character beyond ASCII."""
    text = _decoded(names, code_page)
    beyond = [character for character in text if not character.isascii()]
    if not beyond:
        return 1.0
    signs = sum(not (c.isalnum() or unicodedata.category(c)[0] == "M") for c in beyond)
    signs -= sum(character in _PUNCTUATION for character in beyond)
    words = _WORD.findall(text)
    wrong = signs + sum(map(_wrong_letters, words)) + _rare(beyond, code_page)
    in_capitals = all(word.isupper() for word in words if not word.isascii())
    has_small = any(word.islower() for word in words if word.isascii())
    return wrong / len(beyond) + _CAPITALS * (in_capitals and has_small)


def _wrong_letters(word: str) -> int:
    """Return how many letters of a word are of another script or, after a small one, capitals."""
    if word.isascii():
        return 0
    scripts = {_script(letter) for letter in word}
    capitals = sum(a.islower() and b.isupper() for a, b in pairwise(word))
    return capitals + (len(word) if len(scripts) > 1 else 0)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")


def _rare(letters: Sequence[str], code_page: str) -> int:
    """Return how many characters are rare in the language of an Asian code page."""
    if code_page not in _ASIAN:
        return 0
    if code_page == "cp949":
        common = [letter for letter in letters if "가" <= letter <= "힣"]
        return len(letters) - sum(len(letter.encode("euc_kr", "ignore")) == 2 for letter in common)
    if code_page == "gbk":
        return sum(not letter.encode("gb2312", "ignore") for letter in letters)
    leads = [letter.encode(code_page, "ignore")[:1] for letter in letters]
    if code_page == "big5":
        return sum(not b"\xa1" <= lead <= b"\xc6" for lead in leads)
    return sum(not b"\x81" <= lead <= b"\x97" for lead in leads)
