"""Join groups of full names across scripts, by how they are spelt.

Groups are matched best first, and a group takes one partner per script and language: a name
that could be two others is joined with the likelier one. Then each takes the other spellings
that a language has of its name in Latin letters (アルトマン, オルトマン of Altman). Names of which
one word is little like the other's (John and जॉन) come last, and only if their documents share
others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import polars as pl

from tasks.entities.alike_names import alike, least_likeness, words_likeness
from tasks.entities.composed_names import composed_joins, same_language_joins, told_names
from tasks.entities.given_names import is_surname_first
from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import MISCELLANEOUS, PERSON, PLACE, Name, Nodes
from tasks.entities.person_words import SURNAME_FIRST, without_patronymic
from tasks.entities.same_script import OTHER_LABEL_SCORE
from tasks.entities.shared_context import SharedContext, in_documents, what_tells
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script, romanized

#: What a form without its ending counts: the ending may have been none.
BASE_WEIGHT = 0.97
#: How much surer one must be of a name that one model takes for MISC.
LABEL_WEIGHT = 0.95

#: How alike a word must be to the other's where documents share other names: John and जॉन .09, Jane
#: and Джон .07, but Robert and Джек .00.
_CONTEXT_PART_LIKENESS = 0.02
#: How alike a name in Latin letters and a second spelling of it must be, and each of their words:
#: ミューラー .97 and Mueller, but миллер .08.
_SPELLING_LIKENESS, _SPELLING_PART_LIKENESS = 0.9, 0.5
#: The same of a name of one word, which has so many letters at least.
_SPELLING_WORD_LIKENESS, _MIN_LETTERS = 0.99, 4
#: What share of their letters two spellings have in common, word by word: アルトマン and オルトマン
#: .88, غراهام and جراهام .67, 华莱士 (Wallace) and 哈里斯 (Harris) 0.
_COMMON_LETTERS = 0.6
#: Other scripts spell what Latin letters tell apart (Smith, Smyth) alike.
_EXACT_SCRIPT = "Latn"

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
) -> tuple[list[Join], list[Join]]:
    """Return joins of full names of two scripts, the surest first.

    Returns:
        Those that are sure enough; and those that are if their documents share other names.
    """
    spelt: dict[Words, list[tuple[int, float]]] = defaultdict(list)
    for index, name in enumerate(full):
        for words, weight in spellings(name).items():
            spelt[words].append((index, weight))
    sure: dict[tuple[int, int], Join] = {}
    in_context: dict[tuple[int, int], Join] = {}
    for one, other, likeness, least_part in alike("name", list(spelt), scores):
        if least_part < min(settings.min_part_likeness, _CONTEXT_PART_LIKENESS):
            continue
        is_sure = least_part >= settings.min_part_likeness
        least = least_likeness(len(one), len(other), settings)
        for index, weight in spelt[one]:
            for rival, rival_weight in spelt[other]:
                of_labels = _label_weight(full[index], full[rival])
                joins = sure if is_sure and of_labels >= LABEL_WEIGHT else in_context
                score = likeness * weight * rival_weight * of_labels
                if score >= least:
                    pair = (min(index, rival), max(index, rival))
                    join = Join(round(score, 4), "transliteration", *pair)
                    joins[pair] = max(join, joins.get(pair, join))
    return _surest_first(sure, groups), _surest_first(in_context, groups)


def _surest_first(joins: Mapping[tuple[int, int], Join], groups: Groups) -> list[Join]:
    apart = [join for join in joins.values() if groups.root(join.one) != groups.root(join.other)]
    return sorted(apart, key=lambda join: (-join.score, join.one, join.other))


def _label_weight(one: Name, other: Name) -> float:
    labels = {one.label, other.label}
    if len(labels) == 1:
        return 1.0
    if MISCELLANEOUS in labels and PERSON not in labels:
        return LABEL_WEIGHT
    return OTHER_LABEL_SCORE if min(len(one.words), len(other.words)) > 1 else 0.0


def join_across_scripts(
    nodes: Nodes, groups: Groups, scores: NameScores, settings: ResolveSettings
) -> None:
    """Join full names of two scripts: the surest first, then other spellings, then by context."""
    full = nodes.names[: nodes.full]
    told = told_names(full, settings)
    for join in same_language_joins(told):
        groups.add(join)
    sure, in_context = across_script_joins(full, groups, scores, settings)
    partners = _Partners(full, groups)
    refused = [join for join in sure if not partners.add(join)]
    for join in composed_joins(told, groups, scores, settings):
        partners.add(join)
    for join in _of_spellings(full, refused, scores):
        partners.add(join, is_spelling=True)
    maybe = [join for join in in_context if not _are_place_and_body(join, full, groups)]
    for join in _sharing(maybe, nodes, groups, settings.min_shared_entities):
        partners.add(join)


def _are_place_and_body(join: Join, full: Sequence[Name], groups: Groups) -> bool:
    """Whether one is known as a place, and the other is said to be none: a city and its club."""
    nodes = (join.one, join.other)
    known = {full[node].label for node in nodes if groups.root(node) in groups.known}
    return PLACE in known and {full[node].label for node in nodes} != {PLACE}


def _sharing(joins: Sequence[Join], nodes: Nodes, groups: Groups, least: int) -> list[Join]:
    """Return the joins of names whose documents share so many others."""
    if not joins:
        return []
    documents = in_documents(nodes.by_document, groups)
    schema = {"kind": pl.UInt32, "one": pl.UInt32, "other": pl.UInt32}
    roots = [(i, groups.root(j.one), groups.root(j.other)) for i, j in enumerate(joins)]
    pairs = pl.DataFrame(roots, schema=schema, orient="row")
    ones, others = (
        pairs.join(documents, left_on=side, right_on="entity").select("kind", side, "document")
        for side in ("one", "other")
    )
    context = SharedContext(what_tells(nodes, groups), least)
    ones = ones.with_columns(pl.col("kind").alias("node"))
    shared = context.sharing(
        ones.select("kind", "node", "document"), others.rename({"other": "person"})
    )
    return [joins[i] for i in sorted(set(shared["node"]))]


class _Partners:
    """The names of each group, by script and language."""

    def __init__(self, full: Sequence[Name], groups: Groups) -> None:
        self._full, self._groups = full, groups
        self._held: dict[int, dict[tuple[str, str], list[int]]] = defaultdict(dict)
        for index, name in enumerate(full):
            held = self._held[groups.root(index)]
            for language in name.languages:
                held.setdefault((name.script, language), []).append(index)

    def add(self, join: Join, *, is_spelling: bool = False) -> bool:
        """Add a join, unless a group would get two names that it must not have; say whether."""
        one, other = self._groups.root(join.one), self._groups.root(join.other)
        both = self._held[one].keys() & self._held[other].keys()
        if both and not (is_spelling and self._are_spellings(one, other, both)):
            return False
        if not self._groups.add(join):
            return False
        of_one, of_other = self._held.pop(one), self._held.pop(other)
        self._held[self._groups.root(one)] = {
            key: [*of_one.get(key, ()), *of_other.get(key, ())]
            for key in of_one.keys() | of_other.keys()
        }
        return True

    def _are_spellings(self, one: int, other: int, both: Iterable[tuple[str, str]]) -> bool:
        return all(
            script != _EXACT_SCRIPT and _may_be_spellings(self._full[i].words, self._full[j].words)
            for script, language in both
            for i in self._held[one][script, language]
            for j in self._held[other][script, language]
        )


def _of_spellings(full: Sequence[Name], joins: Iterable[Join], scores: NameScores) -> list[Join]:
    """Return the joins that are sure enough for a second spelling of a name in Latin letters."""
    maybe = [
        (join, tuple(zip(one.words, other.words, strict=True)))
        for join in joins
        for one, other in ((full[join.one], full[join.other]),)
        if join.score >= _SPELLING_LIKENESS
        and (one.script == _EXACT_SCRIPT) != (other.script == _EXACT_SCRIPT)
        and len(one.words) == len(other.words)
    ]
    likeness = words_likeness({pair for _, pairs in maybe for pair in pairs}, scores)
    return [join for join, pairs in maybe if _is_sure(pairs, likeness)]


def _is_sure(pairs: Sequence[tuple[str, str]], likeness: Mapping[tuple[str, str], float]) -> bool:
    if len(pairs) > 1:
        return min(likeness.get(pair, 0.0) for pair in pairs) >= _SPELLING_PART_LIKENESS
    is_long = min(map(len, pairs[0])) >= _MIN_LETTERS
    return is_long and likeness.get(pairs[0], 0.0) >= _SPELLING_WORD_LIKENESS


def _may_be_spellings(one: Words, other: Words) -> bool:
    """Whether two names of one script may be one: word by word much alike, none cut short."""
    return len(one) == len(other) and all(map(_is_spelling, one, other))


def _is_spelling(one: str, other: str) -> bool:
    if name_script(one) != "Hani":  # whose characters tell more than how they sound
        one, other = romanized(one), romanized(other)
    if one == other:
        return True
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    ratio = SequenceMatcher(None, short, long, autojunk=False).ratio()
    return ratio >= _COMMON_LETTERS and not long.startswith(short)
