"""Joins of full names of one script: another label, an inflected form, a middle name."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import product

from tasks.entities.graph import Join
from tasks.entities.inflection import bases
from tasks.entities.nodes import MAX_ERROR_SHARE, MISCELLANEOUS, PERSON, PLACE, Node

#: MISC is what a model says that has no label for what it sees.
MISC_SCORE = 0.9
#: Two other labels: one of the models errs, or two things have one name.
OTHER_LABEL_SCORE = 0.7
#: An ending may belong to another name (Валентина: a woman, or a man's genitive).
INFLECTION_SCORE = 0.95
#: George Bush and George W. Bush are two, but only if both are written so.
MIDDLE_NAME_SCORE = 0.9
#: More words are a title or a sentence, and have too many combinations of endings.
_MAX_WORDS = 4
_GENERATIONS = frozenset(
    ("jr", "sr", "junior", "senior", "ii", "iii", "iv", "мл", "ст", "младший", "старший")
)


def same_script_joins(nodes: Sequence[Node], known: Container[int]) -> Iterator[Join]:
    """Yield the joins among the full names of each script; `known` are those that have an id."""
    full = [place for place, node in enumerate(nodes) if not node.is_bare]
    yield from _label_joins(nodes, full, known)
    yield from _inflection_joins(nodes, full)
    yield from _middle_name_joins(nodes, full)


def _label_joins(nodes: Sequence[Node], full: list[int], known: Container[int]) -> Iterator[Join]:
    """Yield joins of one name's labels with the known or commonest one, MISC last."""
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in full:
        by_words[nodes[place].key.words].append(place)
    for places in by_words.values():
        labelled = [p for p in places if nodes[p].key.label != MISCELLANEOUS]
        ranked = sorted(
            labelled, key=lambda p: (p not in known, -nodes[p].count, nodes[p].key.label)
        )
        apart = [p for p in ranked[1:] if not _is_mistaken(nodes, ranked[0], p, known)]
        for place in ranked[1:]:
            if place not in apart:
                yield Join(OTHER_LABEL_SCORE, "same_name_other_label", ranked[0], place)
        if ranked and not apart and len(places) > len(labelled):
            (unlabelled,) = set(places) - set(labelled)
            yield Join(MISC_SCORE, "same_name_other_label", ranked[0], unlabelled)


def _is_mistaken(nodes: Sequence[Node], leader: int, other: int, known: Container[int]) -> bool:
    """Whether a label must be a mistake: a known thing is itself, a city is not its club."""
    if other in known or (leader in known and nodes[leader].key.label == PLACE):
        return False
    if PERSON in {nodes[leader].key.label, nodes[other].key.label}:
        return nodes[other].count <= MAX_ERROR_SHARE * nodes[leader].count
    return True


def _inflection_joins(nodes: Sequence[Node], full: list[int]) -> Iterator[Join]:
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for place in full:
        node = nodes[place]
        for language in sorted(node.languages):
            for base in word_bases(node.key.words, language):
                key = (node.key.label, language, base)
                if first.setdefault(key, place) != place:
                    yield Join(INFLECTION_SCORE, "inflected", first[key], place)


def word_bases(words: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """Return all combinations of the bases of a name's words; long names have themselves only."""
    if len(words) > _MAX_WORDS:
        return [words]
    return list(product(*(bases(word, language) for word in words)))


def _middle_name_joins(nodes: Sequence[Node], full: list[int]) -> Iterator[Join]:
    by_ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in full:
        words = nodes[place].key.words
        if nodes[place].key.label == PERSON and len(words) > 1 and words[-1] not in _GENERATIONS:
            by_ends[words[0], words[-1]].append(place)
    for places in by_ends.values():
        middles = {tuple(w[0] for w in nodes[p].key.words[1:-1]) for p in places} - {()}
        if len(middles) == 1:
            for place in places[1:]:
                yield Join(MIDDLE_NAME_SCORE, "middle_name", places[0], place)
