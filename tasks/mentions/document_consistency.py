"""Give a name one label everywhere in a document.

A model that reads a name in one sentence may miss it in the next, or call it something else
there. Within a document a name nearly always means one thing (Gale, Church and Yarowsky 1992,
"one sense per discourse"), so what most of its occurrences say holds for all. News gives a
person's full name once and the last part of it from then on, which models miss most: a full
name says of its last part that it is a person, too. On the news of 13 languages both together
bring 2.3 points of F1 in the mean (`docs/model-card.md`).
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from statistics import fmean
from typing import NamedTuple

import ahocorasick
import regex

from expectations.labels import LABELS
from tasks.mentions.entity_model import Span
from tasks.mentions.name_edges import without_overlaps
from tasks.writing.vocabulary import UNSPACED_LETTERS

PERSON = "PER"
#: Shorter names stand by chance in other words, or mean different things.
MIN_NAME_CHARS = 3
#: What stands between the parts of a person's name.
_PARTS = regex.compile(r"[\s・･]+")
#: What stands between two persons: a short word, or space before an Arabic `و` that is written
#: onto the second.
_CONJUNCTION = regex.compile(r"(?<!\s)\s++(?:[\p{Ll}\p{Lo}]{1,3}\s+|(?=و))")
#: A name may stand anywhere among them.
_UNSPACED = regex.compile(f"[{UNSPACED_LETTERS}]")
_WORD = regex.compile(r"\w")


def consistent(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the names of a document with those that the model saw elsewhere in it.

    Args:
        texts: The texts of a document in one language.
        found: The names in each, with offsets in their text.

    Returns:
        The names of each text, sorted, without overlaps. A name that the model found has the
        label that it has most often in the document; in a tie the first of PER, ORG, LOC, MISC.
        What the model did not say here has the evidence `consistency`, and the mean score of
        the names that say so.
    """
    found = _divided(texts, found)
    meanings = _meanings(texts, found)
    occurrences = _Occurrences([name for name in meanings if len(name) >= MIN_NAME_CHARS])
    return [
        _completed(text, spans, meanings, occurrences)
        for text, spans in zip(texts, found, strict=True)
    ]


def _divided(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> Sequence[Sequence[Span]]:
    """Return the names; "A and B" is two if the document has both persons on their own."""
    persons = {
        text[span.start : span.end]
        for text, spans in zip(texts, found, strict=True)
        for span in spans
        if span.label == PERSON
    }
    if len(persons) < 2:
        return found
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


class _Meaning(NamedTuple):
    """What a name means in a document, and the mean score of those who say so."""

    label: str
    score: float


def _meanings(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> dict[str, _Meaning]:
    """Return what each name means most often, last parts of persons' names included."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for text, spans in zip(texts, found, strict=True):
        for start, end, label, score, _ in spans:
            scores[text[start:end], label].append(score)
    votes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (name, label), given in scores.items():
        votes[name][label] += given
        if label == PERSON and (last := _last_part(name)):
            votes[last][PERSON] += given
    return {name: _meaning(given) for name, given in votes.items()}


def _last_part(name: str) -> str:
    """Return the last of the parts of a person's name; empty: it has one, or it is no name."""
    parts = _PARTS.split(name)
    is_name = len(parts) > 1 and len(parts[-1]) >= MIN_NAME_CHARS and not parts[-1][0].islower()
    return parts[-1] if is_name else ""


def _meaning(votes: dict[str, list[float]]) -> _Meaning:
    """Return the label with the most votes; of several, the one that is oftenest right."""
    label = min(votes, key=lambda label: (-len(votes[label]), LABELS.index(label)))
    return _Meaning(label, fmean(votes[label]))


class _Occurrences:
    """Where some names stand in texts: all are searched at once (Aho and Corasick 1975)."""

    def __init__(self, names: Sequence[str]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        for name in names:
            # As whole words where words are spaced.
            edges = (not _is_unspaced(name[0]), not _is_unspaced(name[-1]))
            self._automaton.add_word(name, (name, *edges))
        if names:
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield `start, end, name` from left to right, of those that overlap the longest first."""
        if not len(self._automaton):
            return
        found = [
            (last + 1 - len(name), -last - 1, name)
            for last, (name, *edges) in self._automaton.iter(text)
            if _stands_alone(text, last + 1 - len(name), last + 1, *edges)
        ]
        reached = 0
        for start, end, name in sorted(found):
            if start >= reached:
                reached = -end
                yield start, reached, name


def _stands_alone(text: str, start: int, end: int, before: bool, after: bool) -> bool:
    """Say whether no letter or digit stands right before or after, where none may."""
    return not (
        (before and start > 0 and _is_word(text[start - 1]))
        or (after and end < len(text) and _is_word(text[end]))
    )


@lru_cache(maxsize=1 << 14)
def _is_word(char: str) -> bool:
    return _WORD.match(char) is not None


@lru_cache(maxsize=1 << 14)
def _is_unspaced(char: str) -> bool:
    return _UNSPACED.match(char) is not None


def _completed(
    text: str, spans: Sequence[Span], meanings: dict[str, _Meaning], occurrences: _Occurrences
) -> list[Span]:
    """Return a text's own names, relabelled, and the others' that overlap none of them."""
    own = [_relabelled(span, meanings[text[span.start : span.end]]) for span in spans]
    taken = bytearray(len(text))
    for start, end, *_ in own:
        taken[start:end] = b"\1" * (end - start)
    others = [
        Span(start, end, *meanings[name], "consistency")
        for start, end, name in occurrences.find(text)
        if not any(taken[start:end])
    ]
    return without_overlaps([*own, *others])


def _relabelled(span: Span, meaning: _Meaning) -> Span:
    """Return a name as it is, if it means that, else as what its document says of it."""
    if span.label == meaning.label:
        return span
    return Span(span.start, span.end, *meaning, "consistency")
