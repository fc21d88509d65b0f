"""Join groups of full names across scripts, by how they are spelt.

Groups are matched best first, and a group takes one partner per script and language: a name
that could be two others is joined with the likelier one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from tasks.entities.given_names import is_surname_first
from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.listed_parts import LISTED_LIKENESS
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import MISCELLANEOUS, PERSON, Name
from tasks.entities.person_words import SURNAME_FIRST, without_patronymic
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: What a form without its ending counts: the ending may have been none.
BASE_WEIGHT = 0.97
#: How much surer one must be of a name that one model takes for MISC.
LABEL_WEIGHT = 0.95

#: How alike names in Han and other letters, of which a list spells one word alike, and their other
#: words must be: Elizabeth Warren and 伊丽莎白·沃伦 .55, Warren and 沃伦 .02.
_HAN_LIKENESS, _HAN_PART_LIKENESS = 0.5, 0.01

Words = tuple[str, ...]


def spellings(name: Name) -> dict[Words, float]:
    """Return the ways in which a name is compared: as written, and with shortest bases.

    A person's patronymic or middle initial may be missing, and a surname that stands first may
    stand last.
    """
    found = {name.words: 1.0}
    if name.label == PERSON:
        found.setdefault(without_patronymic(name.words), BASE_WEIGHT)
        found.setdefault(_without_initial(name.words), BASE_WEIGHT)
        is_marked = not SURNAME_FIRST.isdisjoint(name.languages) or is_surname_first(name.words)
        if len(name.words) > 1 and is_marked:
            found.setdefault(name.words[1:] + name.words[:1], BASE_WEIGHT)
    for words, weight in list(found.items()):
        for language in sorted(name.languages):
            shortest = tuple(min(bases(word, language), key=len) for word in words)
            found.setdefault(shortest, weight * BASE_WEIGHT)
    return found


def _without_initial(words: Words) -> Words:
    """Return a person's words without the initials in their midst: ジョージ W ブッシュ."""
    return (*words[:1], *(word for word in words[1:-1] if len(word) > 1), *words[1:][-1:])


def across_script_joins(
    full: Sequence[Name], groups: Groups, scores: NameScores, settings: ResolveSettings
) -> list[Join]:
    """Return joins of full names of two scripts that are sure enough, the surest first."""
    spelt: dict[Words, list[tuple[int, float]]] = defaultdict(list)
    for index, name in enumerate(full):
        for words, weight in spellings(name).items():
            spelt[words].append((index, weight))
    joins: dict[tuple[int, int], Join] = {}
    for one, other, likeness in alike("name", list(spelt), scores, settings):
        least = _least(len(one), len(other), settings)
        for index, weight in spelt[one]:
            for rival, rival_weight in spelt[other]:
                score = likeness * weight * rival_weight * _label_weight(full[index], full[rival])
                if score >= least:
                    pair = (min(index, rival), max(index, rival))
                    join = Join(round(score, 4), "transliteration", *pair)
                    joins[pair] = max(join, joins.get(pair, join))
    apart = [join for join in joins.values() if groups.root(join.one) != groups.root(join.other)]
    return sorted(apart, key=lambda join: (-join.score, join.one, join.other))


def alike(
    kind: str, names: Sequence[Words], scores: NameScores, settings: ResolveSettings
) -> list[tuple[Words, Words, float]]:
    """Return pairs of names of two scripts and how alike they are, if it may be enough.

    Of two names of as many words, each word must be like the other's. In Han, whose characters
    spell some sounds of names by custom only (沃伦, wolun, is Warren), one that is surely the
    other's is enough if the names are alike.
    """
    near = scores.alike(kind, names)
    words = {
        pair
        for a, b, _ in near
        if len(a) == len(b) > 1
        for pair in zip(a, b, strict=True)
        if name_script(pair[0]) != name_script(pair[1])
    }
    schema = {"word": pl.String, "part": pl.String}
    scored = scores.parts(pl.DataFrame(sorted(words), schema=schema, orient="row"))
    known = {(word, part): score for word, part, score in scored.iter_rows()}
    found = []
    for a, b, score in near:
        parts = [known.get(p, float(p[0] == p[1])) for p in zip(a, b, strict=False)]
        is_han = "Hani" in {name_script(a[-1]), name_script(b[-1])}
        is_sure = is_han and score >= _HAN_LIKENESS and max(parts) >= LISTED_LIKENESS
        least = _HAN_PART_LIKENESS if is_sure else settings.min_part_likeness
        if len(a) != len(b) or len(a) == 1 or min(parts) >= least:
            found.append((a, b, score))
    return found


def _least(one_words: int, other_words: int, settings: ResolveSettings) -> float:
    single = one_words == other_words == 1
    return settings.min_word_likeness if single else settings.min_name_likeness


def _label_weight(one: Name, other: Name) -> float:
    labels = {one.label, other.label}
    if len(labels) == 1:
        return 1.0
    return LABEL_WEIGHT if MISCELLANEOUS in labels and PERSON not in labels else 0.0


def add_across_scripts(full: Sequence[Name], groups: Groups, joins: Iterable[Join]) -> None:
    """Add joins, best first, unless a group would get two names of a script in one language."""
    held: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for index, name in enumerate(full):
        held[groups.root(index)].update((name.script, language) for language in name.languages)
    for join in joins:
        one, other = groups.root(join.one), groups.root(join.other)
        if not held[one] & held[other] and groups.add(join):
            held[groups.root(one)] = held[one] | held[other]
