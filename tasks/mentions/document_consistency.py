"""One name, one label, everywhere in a document.

A model that reads a name in one sentence may miss it in the next, or call it something else
there. Within a document a name nearly always means one thing (Gale, Church and Yarowsky 1992,
"one sense per discourse"), so what most of its occurrences say holds for all. News gives a
person's full name once and the last part of it from then on, which models miss most: a full
name says of its last part that it is a person, too. On the news of 13 languages both together
bring 2.3 points of F1 in the mean (`docs/model-card.md`).
"""

from collections import Counter, defaultdict
from collections.abc import Container, Sequence

import regex

from tasks.mentions.entity_model import Span
from tasks.mentions.labels import LABELS
from tasks.mentions.mention_edges import without_overlaps
from tasks.writing.vocabulary import UNSPACED_LETTERS

PERSON = "PER"
#: Shorter names stand by chance in other words, or mean different things.
MIN_NAME_CHARS = 3
#: What stands between the parts of a person's name.
_PARTS = regex.compile(r"[\s・･]+")
#: What stands between two persons: a short word, or space before an Arabic `و` that is written
#: onto the second.
_CONJUNCTION = regex.compile(r"\s+(?:[\p{Ll}\p{Lo}]{1,3}\s+|(?=و))")
#: A name may stand anywhere among them.
_UNSPACED = regex.compile(f"[{UNSPACED_LETTERS}]")


def consistent(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the names of a document with those that the model saw elsewhere in it.

    Args:
        texts: The texts of a document in one language.
        found: The names in each, with offsets in their text.

    Returns:
        The names of each text, sorted, without overlaps. A name that the model found has the
        label that it has most often in the document; in a tie the first of PER, ORG, LOC, MISC.
    """
    found = _divided(texts, found)
    votes = _votes(texts, found)
    pattern = _pattern([name for name in votes if len(name) >= MIN_NAME_CHARS])
    return [
        _completed(text, spans, votes, pattern) for text, spans in zip(texts, found, strict=True)
    ]


def _divided(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the names; "A and B" is two if the document has both persons on their own."""
    persons = {
        text[span.start : span.end]
        for text, spans in zip(texts, found, strict=True)
        for span in spans
        if span.label == PERSON
    }
    return [
        [part for span in spans for part in _halves(text, span, persons)]
        for text, spans in zip(texts, found, strict=True)
    ]


def _halves(text: str, span: Span, persons: Container[str]) -> list[Span]:
    """Return the two persons of a span, or the span as it is.

    A short word between may be a particle (Luís da Silva), unless both are full names. An
    Arabic `و` stays with the second: corpora mark words as they stand between spaces.
    """
    if span.label == PERSON:
        for gap in _CONJUNCTION.finditer(text, span.start, span.end):
            first, second = text[span.start : gap.start()], text[gap.end() : span.end]
            is_attached = gap.group().isspace()
            is_certain = is_attached or (_PARTS.search(first) and _PARTS.search(second))
            if is_certain and first in persons and second[is_attached:] in persons:
                return [span._replace(end=gap.start()), span._replace(start=gap.end())]
    return [span]


def _votes(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> dict[str, Counter[str]]:
    """Return how often each name has each label, last parts of persons' names included."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            name = text[span.start : span.end]
            votes[name][span.label] += 1
            if span.label == PERSON and (last := _last_part(name)):
                votes[last][PERSON] += 1
    return votes


def _last_part(name: str) -> str:
    """Return the last of the parts of a person's name; empty: it has one, or it is no name."""
    parts = _PARTS.split(name)
    is_name = len(parts) > 1 and len(parts[-1]) >= MIN_NAME_CHARS and not parts[-1][0].islower()
    return parts[-1] if is_name else ""


def _label(counts: Counter[str]) -> str:
    """Return the label with the most votes; of several, the one that is oftenest right."""
    return min(counts, key=lambda label: (-counts[label], LABELS.index(label)))


def _pattern(names: list[str]) -> "regex.Pattern[str] | None":
    """Return what finds the names, the longest first; as whole words where words are spaced."""
    if not names:
        return None
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return regex.compile("|".join(map(_whole, ordered)))


def _whole(name: str) -> str:
    before = "" if _UNSPACED.match(name[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    return before + regex.escape(name) + after


def _completed(
    text: str,
    spans: Sequence[Span],
    votes: dict[str, Counter[str]],
    pattern: "regex.Pattern[str] | None",
) -> list[Span]:
    """Return a text's own names, relabelled, and the others' that overlap none of them."""
    own = [span._replace(label=_label(votes[text[span.start : span.end]])) for span in spans]
    if pattern is None:
        return without_overlaps(own)
    taken = set[int]().union(*(range(span.start, span.end) for span in own))
    others = [
        Span(match.start(), match.end(), _label(votes[match.group()]))
        for match in pattern.finditer(text)
        if taken.isdisjoint(range(match.start(), match.end()))
    ]
    return without_overlaps([*own, *others])
