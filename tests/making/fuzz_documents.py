"""Real documents in every format, damaged by chance: in their text, in their fields, in their bytes."""

from collections.abc import Sequence
from random import Random

from tests.making.damage import mutated
from tests.making.formats_of_rows import WRITERS, Fields
from tests.making.release_breakers import BLANK_LINES, DATES, ODD_WORDS, TAGS
from tests.making.varied_files import varied_files

#: Characters that are put into a text, one after another or far apart.
_INTRUDERS = (
    "\0", "\x1b[31m", "\ufeff", "\ufffd", "\u202e", "\u200d", "\u0301", "\n", "\r", "\x0c", "\x85", "\u2028",
    "\xa0", "&nbsp;", "&#x1b;", "<", ">", "</p>", "<!--", "]]>", '"', "\\", "\ud83d", "\U000e0041", "Ã©",
    "😀", "9" * 30, "(" * 40, "@", "http://", "\t", "=", ",", ";", "…", "«", "ｱ", "ﬀ", "\ue000", "\u0378",
)  # fmt: skip
#: This many of ten sound files are given the suffix of another.
_MISNAMED = 1


def mutated_file(chance: Random) -> tuple[str, bytes]:
    """Return a suffix and the bytes of a sound file of any format that was damaged."""
    files = varied_files()
    name = chance.choice(list(files))
    suffix = name[name.index(".") :]
    if chance.randrange(10) < _MISNAMED:
        suffix = chance.choice(sorted(WRITERS))
    return suffix, mutated(chance, files[name], list(files.values()))


def damaged_document(chance: Random, texts: Sequence[str]) -> tuple[str, bytes]:
    """Return a suffix and the bytes of a file of one to three damaged documents."""
    rows = [_fields(chance, _damaged_text(chance, chance.choice(texts))) for _ in range(3)]
    suffix = chance.choice(sorted(WRITERS))
    content = WRITERS[suffix](rows[: chance.randint(1, 3)])
    return suffix, content if chance.randrange(3) else mutated(chance, content, [content])


def _damaged_text(chance: Random, text: str) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(lines) + 1)
        lines[place:place] = chance.choices(BLANK_LINES, k=chance.randint(1, 3))
    for _ in range(chance.randint(0, 12)):
        place = chance.randrange(len(lines))
        within = chance.randint(0, len(lines[place]))
        new = chance.choice(_INTRUDERS) * chance.choice([1, 1, 1, 2, 50])
        lines[place] = lines[place][:within] + new + lines[place][within:]
    first, last = sorted((chance.randrange(len(lines)), chance.randrange(len(lines))))
    kept = lines if chance.randrange(3) else lines[first : last + 1]
    return "\n".join(kept * chance.choice([1, 1, 1, 1, 2, 3]))


def _fields(chance: Random, text: str) -> Fields:
    fields: dict[str, object] = {
        "text": text,
        "title": chance.choice([text[:60], *ODD_WORDS]),
        "url": chance.choice(["https://a.example/1", *ODD_WORDS]),
        "author": chance.choice(["Ann Lee", *ODD_WORDS]),
        "date": chance.choice(DATES),
        "lang": chance.choice(TAGS),
        "id": chance.choice([1, -1, "a", *ODD_WORDS]),
    }
    names = chance.sample(sorted(fields), chance.randint(0, len(fields)))
    return {name: fields[name] for name in ("text", *names)}
