"""Joins of groups of full names across scripts, by how they are spelt.

Groups are matched best first, and a group takes one partner per script and language: a name
that could be two others is joined with the likelier one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.nodes import MISCELLANEOUS, PERSON, Node
from tasks.entities.spelling import similarity
from tasks.entities.spelling_candidates import candidate_pairs
from tasks.settings import ResolveSettings
from tasks.writing.letters import script_of

#: What a form without its ending counts: the ending may have been none.
BASE_WEIGHT = 0.97
#: How much surer one must be of a name that one model takes for MISC.
LABEL_WEIGHT = 0.95
#: Pairs that are scored at once. All together took 6 GB for a list of 26,000 names in two scripts
#: (`benchmarks.names`).
_PAIRS_AT_ONCE = 2**18


def spellings(node: Node) -> dict[tuple[str, ...], float]:
    """Return the ways in which a name is compared: as written, and with shortest bases."""
    found = {node.key.words: 1.0}
    for language in sorted(node.languages):
        shortest = tuple(min(bases(word, language), key=len) for word in node.key.words)
        found.setdefault(shortest, BASE_WEIGHT)
    return found


def across_script_joins(
    nodes: Sequence[Node], groups: Groups, settings: ResolveSettings
) -> list[Join]:
    """Return joins of full names of two scripts that are sure enough, the surest first."""
    spelt: dict[tuple[str, ...], list[tuple[int, float]]] = defaultdict(list)
    for place, node in enumerate(nodes):
        if not node.is_bare:
            for words, weight in spellings(node).items():
                spelt[words].append((place, weight))
    joins: dict[tuple[int, int], Join] = {}
    for one, other, likeness in alike(sorted(spelt), settings):
        for place, weight in spelt[one]:
            for rival, rival_weight in spelt[other]:
                score = likeness * weight * rival_weight * _label_weight(nodes[place], nodes[rival])
                pair = (min(place, rival), max(place, rival))
                join = Join(round(score, 4), "transliteration", *pair)
                if score >= _least(len(one), len(other), settings):
                    joins[pair] = max(join, joins.get(pair, join))
    roots = groups.root
    ordered = sorted(joins.values(), key=lambda join: (-join.score, join.one, join.other))
    return [join for join in ordered if roots(join.one) != roots(join.other)]


def alike(
    names: Sequence[tuple[str, ...]], settings: ResolveSettings
) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
    """Return pairs of names of two scripts and how alike they are, if it may be enough."""
    texts = ["".join(words) for words in names]
    least = min(settings.min_word_likeness, settings.min_name_likeness)
    near = []
    for part in candidate_pairs(texts, names=names).iter_slices(_PAIRS_AT_ONCE):
        found = list(part.iter_rows())
        likeness = similarity([(texts[a], texts[b]) for a, b in found])
        near += [
            (names[a], names[b], float(score))
            for (a, b), score in zip(found, likeness, strict=True)
            if score >= least
        ]
    return _with_words_alike(near, settings)


def _with_words_alike(
    near: list[tuple[tuple[str, ...], tuple[str, ...], float]], settings: ResolveSettings
) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
    """Keep pairs whose words are alike one by one, if they have as many."""
    words = {
        (one, other)
        for a, b, _ in near
        if len(a) == len(b) > 1
        for one, other in zip(a, b, strict=True)
        if script_of(one) != script_of(other)
    }
    listed = sorted(words)
    known = dict(zip(listed, map(float, similarity(listed)), strict=True))
    return [
        (a, b, score)
        for a, b, score in near
        if len(a) != len(b)
        or len(a) == 1
        or all(
            known.get(pair, float(pair[0] == pair[1])) >= settings.min_part_likeness
            for pair in zip(a, b, strict=True)
        )
    ]


def _least(one_words: int, other_words: int, settings: ResolveSettings) -> float:
    single = one_words == other_words == 1
    return settings.min_word_likeness if single else settings.min_name_likeness


def _label_weight(one: Node, other: Node) -> float:
    labels = {one.key.label, other.key.label}
    if len(labels) == 1:
        return 1.0
    return LABEL_WEIGHT if MISCELLANEOUS in labels and PERSON not in labels else 0.0


def add_across_scripts(nodes: Sequence[Node], groups: Groups, joins: Iterable[Join]) -> None:
    """Add joins, best first, unless a group would get two names of a script in one language."""
    held: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for place, node in enumerate(nodes):
        held[groups.root(place)].update((node.script, language) for language in node.languages)
    for join in joins:
        one, other = groups.root(join.one), groups.root(join.other)
        if not held[one] & held[other] and groups.add(join):
            held[groups.root(one)] = held[one] | held[other]
