"""Write out what HTML calls by name and XML does not know, in the bytes of an XML file.

Feeds have `&eacute;` and `Q&A` as pages have, and emoji as two halves; an XML parser drops the
former, fails at the latter, and after any error drops `&lt;` and `&amp;`, too, so that all that has
a name gets its number.
"""

import re
from collections.abc import Iterator
from html.entities import html5

#: Numbers of the two halves of a character beyond U+FFFF, as UTF-16 has them.
_FIRST_HALF = (
    rb"(?:[xX]0*[dD][89aAbB][0-9a-fA-F]{2}"
    rb"|0*(?:5529[6-9]|55[3-9]\d\d|56[0-2]\d\d|563[01]\d))"
)
_SECOND_HALF = (
    rb"(?:[xX]0*[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|0*(?:563[2-9]\d|56[4-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3]))"
)
_SIGN = re.compile(
    rb"(?P<open><!\[CDATA\[|<!--)|(?P<close>\]\]>|-->)"
    rb"|&#(?P<first>" + _FIRST_HALF + rb");(?:&#(?P<second>" + _SECOND_HALF + rb");)?"
    rb"|&#(?P<lone>" + _SECOND_HALF + rb");"
    rb"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,31})|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});|(?P<bare>&)"
)
_CLOSES = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
#: The longest signs, which the end of a chunk may cut.
_LONGEST_BYTES = 40
_CUT_SIGN = re.compile(rb"(?:&#" + _FIRST_HALF + rb";)?(?:[&<\]-][^;>]*)?\Z")
_REPLACEMENT = "\ufffd"


def with_characters(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of an XML file in UTF-8, with a number for what has a name or is bare.

    What stands in CDATA and in comments stays, but for halves of characters: a parser that mends
    errors may see no comment there. So do names that the file may define itself.
    """
    awaited = b""

    def written(sign: re.Match[bytes]) -> bytes:
        nonlocal awaited
        if sign["first"] or sign["lone"]:
            return _references(_meant(sign))
        if awaited:
            awaited = b"" if sign[0] == awaited else awaited
        elif sign["open"]:
            awaited = _CLOSES[sign["open"]]
        else:
            return _references(_meant(sign)) or sign[0]
        return sign[0]

    pending = b""
    for chunk in chunks:
        data = pending + chunk
        cut = _CUT_SIGN.search(data, max(0, len(data) - _LONGEST_BYTES))
        end = cut.start() if cut else len(data)
        pending = data[end:]
        yield _SIGN.sub(written, data[:end])
    yield _SIGN.sub(written, pending)


def _meant(sign: re.Match[bytes]) -> str:
    """Return the characters that a sign stands for; none: it may stay as it is."""
    if sign["bare"]:
        return "&"
    if sign["name"]:
        return html5.get(f"{sign['name'].decode()};", "")
    if sign["first"] and sign["second"]:
        halves = chr(_number(sign["first"])) + chr(_number(sign["second"]))
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    return _REPLACEMENT if sign["first"] or sign["lone"] else ""


def _number(digits: bytes) -> int:
    return int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)


def _references(text: str) -> bytes:
    return "".join(f"&#{ord(character)};" for character in text).encode()
