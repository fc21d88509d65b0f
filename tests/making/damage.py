"""Damage the bytes of a file as transport, storage, careless programs and attackers do."""

import re
import struct
from collections.abc import Callable
from random import Random

Damage = Callable[[Random, bytes], bytes]

_NUMBER = re.compile(rb"(?<![\w.])-?[0-9]+(?:\.[0-9]+)?")
_HUGE = (
    b"-1", b"0", b"9" * 20, b"9" * 400, b"1e999", b"-1e400", b"NaN", b"4294967295", b"2147483648",
    b"18446744073709551615", b"9223372036854775807", b"0.1e-9999", b"007", b"0x7f",
)  # fmt: skip
#: Whole numbers of four and eight bytes that say of something that it is longer than it can be.
_LENGTHS = [
    struct.pack(form, value)
    for form, values in (
        ("<I", (0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000)),
        ("<Q", (0, 2**31, 2**40, 2**63 - 1, 2**64 - 1)),
        (">I", (0x7FFFFFFF, 0xFFFFFFFF)),
    )
    for value in values
]
_NESTS = (
    (b"[", b"]"), (b'{"text":', b"}"), (b"[{", b"}]"), (b"<div>", b"</div>"), (b"<b><i>", b""), (b"(", b")"),
    (b'"', b'"'), (b"<item>", b"</item>"), (b"--B\r\n", b""), (b"&amp;", b";"), (b"<![CDATA[", b"]]>"),
)  # fmt: skip
#: Halves of pairs as JSON writes them, as careless encoders write them, and what else is no UTF-8.
_NO_UTF8 = (
    b"\\ud800", b"\\udc00\\ud800", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80",
    b"\xff", b"\x80", b"\xe2\x82", b"\\u0000", b"&#xD800;", b"&#1114112;", b"=ED=A0=80",
)  # fmt: skip
_CONTROLS = (
    b"\0", b"\x01", b"\x08", b"\x0b", b"\x0c", b"\x1a", b"\x1b[31m", b"\x1b$B", b"\x7f", b"\xc2\x85", b"\xc2\x9b",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"\r", b"\n\n\n\n", b"\r\n\r\n",
)  # fmt: skip
_CODECS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1251", "cp1252", "koi8-r", "shift_jis", "euc_jp",
    "iso2022_jp", "gb18030", "big5", "euc_kr", "cp037",
)  # fmt: skip


def cut_short(chance: Random, content: bytes) -> bytes:
    """Return the first bytes, as after a broken transfer; sometimes the last."""
    place = chance.randint(0, len(content))
    return content[:place] if chance.randrange(4) else content[place:]


def flip_bits(chance: Random, content: bytes) -> bytes:
    """Flip some bits, of which most stand far apart."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 40]) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def lie_about_length(chance: Random, content: bytes) -> bytes:
    """Overwrite four or eight bytes, near the start or the end more often, with a size."""
    lie = chance.choice(_LENGTHS)
    reach = min(len(content), chance.choice([64, 400, len(content)]))
    place = chance.randint(0, reach)
    place = place if chance.randrange(2) else len(content) - place
    return content[:place] + lie + content[place + len(lie) :]


def blow_up_number(chance: Random, content: bytes) -> bytes:
    """Replace a number that is written in digits by one that nobody expects."""
    found = list(_NUMBER.finditer(content[:100_000]))
    if not found:
        return content + chance.choice(_HUGE)
    number = chance.choice(found)
    return content[: number.start()] + chance.choice(_HUGE) + content[number.end() :]


def nest(chance: Random, content: bytes) -> bytes:
    """Put a part of it into many brackets or elements, which need not be closed."""
    opening, closing = chance.choice(_NESTS)
    depth = chance.choice([2, 30, 300, 3000])
    first, last = sorted(chance.choices(range(len(content) + 1), k=2))
    inner = opening * depth + content[first:last] + closing * chance.choice([0, depth, depth])
    return content[:first] + inner + content[last:]


def _insert_some(chance: Random, content: bytes, intruders: tuple[bytes, ...]) -> bytes:
    for _ in range(chance.choice([1, 2, 10])):
        place = chance.randint(0, len(content))
        intruder = chance.choice(intruders) * chance.choice([1, 1, 3, 100])
        content = content[:place] + intruder + content[place:]
    return content


def break_utf8(chance: Random, content: bytes) -> bytes:
    """Insert what is half a character, or none."""
    return _insert_some(chance, content, _NO_UTF8)


def insert_controls(chance: Random, content: bytes) -> bytes:
    """Insert characters that are commands, marks or breaks."""
    return _insert_some(chance, content, _CONTROLS)


def recode(chance: Random, content: bytes) -> bytes:
    """Write text in another encoding than it says, or take it for another (mojibake)."""
    codec = chance.choice(_CODECS)
    if chance.randrange(3):
        return content.decode(errors="replace").encode(codec, "replace")
    return content.decode(codec, "replace").encode(errors="replace")


def shuffle_blocks(chance: Random, content: bytes) -> bytes:
    """Lose a block, write one twice, exchange two, or fill one with zeros, as disks do."""
    size = chance.choice([16, 100, 512])
    blocks = [content[start : start + size] for start in range(0, len(content), size)]
    if not blocks:
        return content
    one, other = (chance.randrange(len(blocks)) for _ in range(2))
    kind = chance.choice(["lost", "twice", "exchanged", "zeros"])
    if kind == "lost":
        del blocks[one]
    elif kind == "twice":
        blocks.insert(other, blocks[one])
    elif kind == "exchanged":
        blocks[one], blocks[other] = blocks[other], blocks[one]
    else:
        blocks[one] = bytes(len(blocks[one]))
    return b"".join(blocks)


DAMAGES: tuple[Damage, ...] = (
    cut_short, flip_bits, lie_about_length, blow_up_number, nest, break_utf8, insert_controls, recode,
    shuffle_blocks,
)  # fmt: skip


def splice(chance: Random, one: bytes, other: bytes) -> bytes:
    """Return the beginning of a file and the end of another, or one with the other in it."""
    place, end = chance.randint(0, len(one)), chance.randint(0, len(other))
    return one[:place] + other[end:] + (b"" if chance.randrange(3) else one[place:])


def mutated(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """Return bytes damaged once to three times, now and then after a splice with others.

    Args:
        chance: Decides.
        content: Bytes of a sound file.
        others: What it may be spliced with; at least one.
    """
    if not chance.randrange(8):
        content = splice(chance, content, chance.choice(others))
    for _ in range(chance.choice([1, 1, 2, 3])):
        content = chance.choice(DAMAGES)(chance, content)
    return content
