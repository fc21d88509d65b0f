"""Part two persons whom a model marked as one, if the document has both on their own.

`Elon Musk and Sam Altman` and, where no word stands between them, `ألتمان ماسك`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import regex

from expectations.labels import LABELS
from tasks.mentions.entity_model import Span
from tasks.writing.forms import ARABIC_VARIANTS

PERSON = LABELS[0]
#: What stands between the parts of a person's name.
PARTS = regex.compile(r"[\s・･]+")
#: What stands between two persons: a short word, or space before an Arabic `و` that is written
#: onto the second.
_CONJUNCTION = regex.compile(r"(?<!\s)\s++(?:[\p{Ll}\p{Lo}]{1,3}\s+|(?=و))")
#: A name that is less sure to be one says nothing of a part that a surer one ends with
#: (`ألتمان فيميل`, *Altman tends*, beside سام ألتمان).
_LEAST_SURE, _SURE = 0.7, 0.85


class _Persons(NamedTuple):
    """The persons of a document, in comparable form.

    Attributes:
        names: All that were marked, and how sure the surest mention of each is.
        by_last: The names of several parts that end with a part.
        by_other: Those in which a part is another.
    """

    names: dict[str, float]
    by_last: dict[str, set[str]]
    by_other: dict[str, set[str]]


#: Gives the ends of first persons and the starts of second ones in a span.
_Cuts = Callable[[str, Span, _Persons], Iterator[tuple[int, int]]]


def folded(name: str) -> str:
    """Return a name in the form in which names of a document are compared."""
    return name.lower().translate(ARABIC_VARIANTS)


def divided(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the names of a document's texts, those of two persons as two."""
    joined_by_words = _parted(texts, found, _around_conjunctions)
    return _parted(texts, joined_by_words, _side_by_side)


def _parted(texts: Sequence[str], found: Sequence[Sequence[Span]], cuts: _Cuts) -> list[list[Span]]:
    persons = _persons(texts, found)
    return [
        [part for span in spans for part in _halves(text, span, persons, cuts)]
        for text, spans in zip(texts, found, strict=True)
    ]


def _persons(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> _Persons:
    names: dict[str, float] = {}
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            if span.label == PERSON:
                name = folded(text[span.start : span.end])
                names[name] = max(span.score, names.get(name, 0.0))
    by_last, by_other = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for name in names:
        *others, last = PARTS.split(name)
        for other in others:
            by_last[last].add(name)
            by_other[other].add(name)
    return _Persons(names, by_last, by_other)


def _halves(text: str, span: Span, persons: _Persons, cuts: _Cuts) -> list[Span]:
    """Return the two persons of a span, or the span as it is."""
    if span.label == PERSON:
        for end, start in cuts(text, span, persons):
            return [span._replace(end=end), span._replace(start=start)]
    return [span]


def _around_conjunctions(text: str, span: Span, persons: _Persons) -> Iterator[tuple[int, int]]:
    """Yield where a first person ends and a second one begins after a word.

    A short word between may be a particle (Luís da Silva), unless both are full names. An
    Arabic `و` stays with the second: corpora mark words as they stand between spaces.
    """
    for gap in _CONJUNCTION.finditer(text, span.start, span.end):
        first, second = _sides(text, span, gap)
        is_attached = gap.group().isspace()
        is_certain = is_attached or (PARTS.search(first) and PARTS.search(second))
        if is_certain and first in persons.names and second[is_attached:] in persons.names:
            yield gap.start(), gap.end()


def _side_by_side(text: str, span: Span, persons: _Persons) -> Iterator[tuple[int, int]]:
    """Yield where a first person ends and a second one begins without a word between.

    Each is a full name, or the last part of one and nobody's first.
    """
    own = folded(text[span.start : span.end])
    for gap in PARTS.finditer(text, span.start, span.end):
        if all(_is_whole(side, own, persons) for side in _sides(text, span, gap)):
            yield gap.start(), gap.end()


def _sides(text: str, span: Span, gap: regex.Match[str]) -> tuple[str, str]:
    return folded(text[span.start : gap.start()]), folded(text[gap.end() : span.end])


def _is_whole(side: str, own: str, persons: _Persons) -> bool:
    """Say whether one side of a gap is a person by itself in the rest of the document."""
    if PARTS.search(side):
        return side in persons.names
    named = persons.by_last.get(side, set()) - {own}
    others = persons.by_other.get(side, set()) - {own}
    if any(persons.names[name] >= _SURE for name in named):
        others = {name for name in others if persons.names[name] >= _LEAST_SURE}
    return bool(side and named) and not others
