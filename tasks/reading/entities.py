"""Write out what HTML calls by name and XML does not know, in the bytes of an XML file.

Feeds have `&eacute;` and `Q&A` as pages have; an XML parser drops both.
"""

import html
import re
from collections.abc import Iterator
from html.entities import html5

_KNOWN_TO_XML = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_SIGN = re.compile(
    rb"(?P<open><!\[CDATA\[|<!--)|(?P<close>\]\]>|-->)"
    rb"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,31})|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});|(?P<bare>&)"
)
_CLOSES = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
#: The longest sign, which the end of a chunk may cut.
_LONGEST_BYTES = 40
_CUT_SIGN = re.compile(rb"[&<\]-][^;>]*\Z")


def with_characters(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of an XML file in UTF-8, named characters and bare ampersands written out.

    What stands in CDATA and in comments stays; so do names that the file may define itself.
    """
    awaited = b""

    def written(sign: re.Match[bytes]) -> bytes:
        nonlocal awaited
        if awaited:
            awaited = b"" if sign[0] == awaited else awaited
        elif sign["open"]:
            awaited = _CLOSES[sign["open"]]
        elif sign["bare"]:
            return b"&amp;"
        elif sign["name"] and sign["name"] not in _KNOWN_TO_XML:
            return _character(sign["name"]) or sign[0]
        return sign[0]

    pending = b""
    for chunk in chunks:
        data = pending + chunk
        cut = _CUT_SIGN.search(data, max(0, len(data) - _LONGEST_BYTES))
        end = cut.start() if cut else len(data)
        pending = data[end:]
        yield _SIGN.sub(written, data[:end])
    yield _SIGN.sub(written, pending)


def _character(name: bytes) -> bytes:
    return html.escape(html5.get(f"{name.decode()};", ""), quote=True).encode()
