"""Give a name one label everywhere in a document.

A model that reads a name in one sentence may miss it in the next, or call it something else
there. Within a document a name nearly always means one thing (Gale, Church and Yarowsky 1992,
"one sense per discourse"), so what most of its occurrences say holds for all. News gives a
person's full name once and the last part of it from then on, which models miss most: a full
name says of its last part that it is a person, too. On the news of 13 languages both together
bring 2.3 points of F1 in the mean (`docs/model-card.md`).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

import regex

from expectations.labels import LABELS
from tasks.mentions.edge_words import EdgeWords, words_of
from tasks.mentions.entity_model import Span
from tasks.mentions.glued_names import unglued
from tasks.mentions.name_edges import MISC, without_overlaps
from tasks.mentions.name_occurrences import Occurrences
from tasks.mentions.neighbours import PARTS, PERSON, divided, folded

#: Shorter names stand by chance in other words, or mean different things.
MIN_NAME_CHARS = 3
#: What the confidences of a name's sightings must add up to for it to be looked for elsewhere. At
#: .4 F1 over documents is highest (0, .4 and .6 were tried on the news of `benchmarks.entities`).
MIN_SPREAD_WEIGHT = 0.4
#: Parts of surnames, also where the language has such a word (German `von der`).
_PARTICLES = frozenset({"von", "vom", "van", "der", "den", "zu", "zur", "ten", "ter", "af"})
#: Arabic for and, then, by, for, like, written onto a name.
_CLITIC = regex.compile(r"^[وفبلك](?=\p{Arabic}{3})")
#: What a number of a version stands behind; a bare one may be of a footnote.
_VERSIONED = regex.compile(
    r"(?<![\p{L}\p{N}])(\p{L}{3,30})(?:-\d{1,2}(?:\.\d{1,2})?|\d{1,2}\.\d{1,2})(?![\p{L}\p{N}])"
)
_SPACED = regex.compile(r"\S\s+\S")


def consistent(
    texts: Sequence[str], found: Sequence[Sequence[Span]], language: str
) -> list[list[Span]]:
    """Return the names of a document with those that the model saw elsewhere in it.

    Args:
        texts: The texts of a document in one language.
        found: The names in each, with offsets in their text, in order and without overlaps.
        language: The tag of the language.

    Returns:
        The names of each text, sorted, without overlaps. A name that the model found has the
        label that it has most often in the document; in a tie the one of which the model is surer.
        What the model did not say here has the evidence `consistency`, and the mean score of
        the names that say so.
    """
    found, words = divided(texts, unglued(texts, found, language)), words_of(language)
    meanings = _meanings(texts, found, words)
    spread = [
        name
        for name, meaning in meanings.items()
        if len(name) >= MIN_NAME_CHARS and meaning.weight >= MIN_SPREAD_WEIGHT
    ]
    occurrences = Occurrences(spread)
    return [
        _completed(text, spans, meanings, occurrences, words)
        for text, spans in zip(texts, found, strict=True)
    ]


class _Meaning(NamedTuple):
    """What a name means in a document, and of those who say so the mean score and the sum."""

    label: str
    score: float
    weight: float


def _meanings(
    texts: Sequence[str], found: Sequence[Sequence[Span]], words: EdgeWords
) -> dict[str, _Meaning]:
    """Return what each name means, last parts of persons' names included.

    A name in capitals means what it means in other letters, and one with an Arabic `and`, `for` or
    `by` written onto it what it means without.
    """
    votes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    names = dict[str, None]()
    for text, spans in zip(texts, found, strict=True):
        for start, end, label, score, _ in spans:
            name = text[start:end]
            parts = _last_parts(name, words) if label == PERSON else ()
            for own in (name, *parts):
                names[own] = None
                votes[folded(own)][label].append(score)
    for name in names:
        bare = _CLITIC.sub("", folded(name))
        if bare in votes and bare != folded(name):
            for label, scores in votes[folded(name)].items():
                votes[bare][label] += scores
            votes[folded(name)] = votes[bare]
    made = _versioned(texts, names)
    return {name: _meaning(votes[folded(name)], folded(name) in made) for name in names}


def _versioned(texts: Sequence[str], names: Iterable[str]) -> set[str]:
    """Return what has versions (Grok1.5), and is no part of a longer name."""
    found = {folded(match[1]) for text in texts for match in _VERSIONED.finditer(text)}
    parts = {part for name in names if PARTS.search(name) for part in PARTS.split(folded(name))}
    return found - parts


def _last_parts(name: str, words: EdgeWords) -> Iterator[str]:
    """Yield the last part of a person's name, if it is one, and it with the particles before it.

    A word that the language has, too (Spanish `de`), is none.
    """
    parts = PARTS.split(name)
    if len(parts) < 2 or len(parts[-1]) < MIN_NAME_CHARS or parts[-1][0].islower():
        return
    yield parts[-1]
    first = len(parts) - 1
    while first > 1 and _is_particle(parts[first - 1], words):
        first -= 1
    if first < len(parts) - 1:
        particles = name[name.rindex(parts[first], 0, len(name) - len(parts[-1])) :]
        yield particles
        yield particles[0].upper() + particles[1:]


def _is_particle(word: str, words: EdgeWords) -> bool:
    return word.islower() and (word in _PARTICLES or word not in words.function_words)


def _meaning(votes: dict[str, list[float]], is_made: bool) -> _Meaning:
    """Return the label with most votes; of several, the surest one, then the first of `LABELS`.

    What is made is no person.
    """
    sums = {label: round(sum(scores), 2) for label, scores in votes.items()}
    label = min(votes, key=lambda label: (-len(votes[label]), -sums[label], LABELS.index(label)))
    called = MISC if is_made and label == PERSON else label
    return _Meaning(called, fmean(votes[label]), sums[label])


def _completed(
    text: str,
    spans: Sequence[Span],
    meanings: dict[str, _Meaning],
    occurrences: Occurrences,
    words: EdgeWords,
) -> list[Span]:
    """Return a text's own names, relabelled, and the others' that overlap none of them.

    A name of several words takes the place of those that are a part of it here (`Combinator`
    of `Y Combinator`).
    """
    own = [_relabelled(text, span, meanings, words) for span in spans]
    others = [
        Span(start, end, *meanings[name][:2], "consistency")
        for start, end, name in occurrences.find(text)
    ]
    starts, ends = [span.start for span in own], [span.end for span in own]
    added, replaced = list[Span](), set[Span]()
    for other in others:
        met = own[bisect_right(ends, other.start) : bisect_left(starts, other.end)]
        is_whole = bool(_SPACED.search(text, other.start, other.end))
        if all(is_whole and _holds(other, span) for span in met):
            added.append(other)
            replaced.update(met)
    return without_overlaps([*added, *(span for span in own if span not in replaced)])


def _holds(span: Span, part: Span) -> bool:
    """Say whether a name has another one within, and more."""
    return span.start <= part.start and part.end <= span.end and span[:2] != part[:2]


def _relabelled(text: str, span: Span, meanings: dict[str, _Meaning], words: EdgeWords) -> Span:
    """Return a name as it is, if it means that, else as what its document says of it.

    A country that is called like a person of the document stays one (Jordan).
    """
    name = text[span.start : span.end]
    is_country = span.label == "LOC" and name.lower() in words.territories
    if is_country or span.label == meanings[name].label:
        return span
    return Span(span.start, span.end, *meanings[name][:2], "consistency")
