"""Join names that a name and a kind are composed of: ミシガン大学, Michigan University.

`name_kinds.tsv` has what kinds of bodies (universities, police, hospitals …) and places (streets,
islands, airports …) are called in 20 languages; it was written for Babelmill by a language model
from common knowledge. What is left of a name is another's if both mean one known place, or if they
are spelt alike.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from tasks.entities.alike_names import alike, least_likeness
from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.institutions import country_of_body
from tasks.entities.kind_words import UNDIVIDED, Words, content_words, read_kinds
from tasks.entities.known_names import NOTHING, Sought, meanings
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import BODY, PLACE, Name
from tasks.entities.places import PLACE_ID_PREFIX, find_place
from tasks.settings import ResolveSettings

KINDS_FILE = Path(__file__).parent / "name_kinds.tsv"
#: Joins say this, and are so sure: what is translated may be called otherwise, too.
EVIDENCE, SCORE = "name_and_kind", 0.9
#: Kinds of places; all others are of bodies.
_PLACES = frozenset(
    """airport bay beach bridge county island lake mountain park province river stadium station
    street""".split()  # noqa: SIM905
)
#: What names are compared as (`NAME_SCORES`).
_SCORED_KIND = "composed"
#: What does not say which one it is: how such words begin, in comparable form.
_GENERIC = regex.compile(
    r"(?:inter-?)?na[tcz]ional|[cz]entral|f[eé]d[eé]ra|general$|royal$|real$|state$|staat|new$"
    r"|catholi|cat[oó]lic|public|europ|world$|suprem|high$|constitution|yüksek$|anayasa$"
    r"|(?:между)?национальн|центральн|федеральн|государствен|городск|областн|народн|нов(?:ый|ая|ое|ого)$"
    r"|верховн|конституцион|мировой|всемирн|національн|державн|міськ"
    r"|(?:ال)?وطني|(?:ال)?مركزي|ملي$|राष्ट्रीय|केंद्रीय|国立|國立|国家|國家|中央|最高|高等|憲法|宪法|世界|国際|国际|人民|国民|국립|중앙|국제"
)
_MIN_LETTERS = 2
#: Kinds of which a place or country has one: `Newport Police` is `Newport Police Department`, and
#: the Indonesian Red Cross that of Indonesia; but an American university is none of America.
_ONE_OF_A_PLACE = frozenset({"city-council", "police", "red-cross"})


class Composed(NamedTuple):
    """A kind and the rest of a name; `place_id`: the known place that the rest means."""

    kind: str
    rest: Words
    place_id: str | None


class Told(NamedTuple):
    """What the name of a node says in one of its languages."""

    node: int
    language: str
    said: Composed


def composed_of(words: Words, label: str, language: str) -> tuple[str, Words] | None:
    """Return the kind and the rest of a name, if it begins or ends with words for a kind.

    Args:
        words: Of a name, in comparable form.
        label: ORG, or LOC for kinds of places.
        language: The tag of its language; of most nothing is known.

    Returns:
        None if it names no kind, or if nothing is left that tells which it is.
    """
    parts = _undivided(words, language) if language in UNDIVIDED else _divided(words, language)
    for kind, rest in parts:
        is_told = len("".join(rest)) >= _MIN_LETTERS and not all(map(_GENERIC.match, rest))
        if is_told and label == (PLACE if kind in _PLACES else BODY):
            return kind, rest
    return None


def told_names(full: Sequence[Name], settings: ResolveSettings) -> list[Told]:
    """Return what full names say in each of their languages, if they name a kind."""
    found = [
        (node, language, *parts)
        for node, name in enumerate(full)
        for language in sorted(name.languages)
        for parts in (composed_of(name.words, name.label, language),)
        if parts
    ]
    places = _known_places([(language, kind, rest) for _, language, kind, rest in found], settings)
    return [
        Told(node, language, Composed(kind, rest, place_id))
        for (node, language, kind, rest), place_id in zip(found, places, strict=True)
    ]


def same_language_joins(told: Sequence[Told]) -> list[Join]:
    """Return joins of names of one language that mean the one thing of a kind in a place."""
    first: dict[tuple[str, str, str], int] = {}
    joins = []
    for node, language, said in told:
        if said.kind in _ONE_OF_A_PLACE:
            leader = first.setdefault((language, said.kind, _what_is_left(said)), node)
            if leader != node:
                joins.append(Join(SCORE, EVIDENCE, leader, node))
    return joins


def composed_joins(
    told: Sequence[Told], groups: Groups, scores: NameScores, settings: ResolveSettings
) -> list[Join]:
    """Return joins of names of one kind: of one known place or word, then of those spelt alike.

    Args:
        told: As `told_names` returns them.
        groups: The names that are one already. Where two others of a language are composed alike,
            neither is joined: the University of Washington is not Washington University.
        scores: How alike names are.
        settings: How alike they must be.
    """
    alone: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for node, language, said in told:
        alone[language, said.kind, _what_is_left(said)].add(groups.root(node))
    clear = [
        one for one in told if len(alone[one.language, one.said.kind, _what_is_left(one.said)]) == 1
    ]
    return [*_of_one_rest(clear), *_of_rests_alike(clear, scores, settings)]


def _of_one_rest(told: Sequence[Told]) -> list[Join]:
    """Return joins of names of which one place or the same words are left."""
    composed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for node, _, said in told:
        composed[said.kind, _what_is_left(said)].append(node)
    return [
        Join(SCORE, EVIDENCE, min(nodes), node)
        for nodes in composed.values()
        for node in sorted({*nodes} - {min(nodes)})
    ]


def _of_rests_alike(
    told: Sequence[Told], scores: NameScores, settings: ResolveSettings
) -> list[Join]:
    """Return joins of names in two scripts of which names that are spelt alike are left."""
    spelt: dict[Words, list[Told]] = defaultdict(list)
    for one in told:
        for rest in {one.said.rest, _shortest(one.said.rest, one.language)}:
            spelt[rest].append(one)
    joins: dict[tuple[int, int], Join] = {}
    for rest, other_rest, likeness, least_part in alike(_SCORED_KIND, list(spelt), scores):
        least = least_likeness(len(rest), len(other_rest), settings)
        if likeness < least or least_part < settings.min_part_likeness:
            continue
        for one in spelt[rest]:
            for other in spelt[other_rest]:
                if _may_be_one(one.said, other.said):
                    pair = (min(one.node, other.node), max(one.node, other.node))
                    join = Join(round(SCORE * likeness, 4), EVIDENCE, *pair)
                    joins[pair] = max(join, joins.get(pair, join))
    return sorted(joins.values(), key=lambda join: (-join.score, join.one, join.other))


def _what_is_left(said: Composed) -> str:
    return said.place_id or "\n".join(said.rest)


def _may_be_one(one: Composed, other: Composed) -> bool:
    return one.kind == other.kind and (
        one.place_id == other.place_id or not (one.place_id and other.place_id)
    )


def _shortest(words: Words, language: str) -> Words:
    """Return words without endings."""
    return tuple(min(bases(word, language), key=len) for word in words)


def _known_places(
    parts: Sequence[tuple[str, str, Words]], settings: ResolveSettings
) -> list[str | None]:
    """Return the known place or country that what is left of each name means, if any.

    Args:
        parts: Language, kind and what is left.
        settings: What is known.
    """
    forms = [(language, " ".join(rest)) for language, _, rest in parts]
    sought = [Sought(language, PLACE, form, form) for language, form in forms]
    meant = meanings(sought) if settings.known_names else [NOTHING] * len(sought)
    return [
        of_name.certain.entity_id if of_name.certain else _place(*part, settings)
        for of_name, part in zip(meant, parts, strict=True)
    ]


def _place(language: str, kind: str, rest: Words, settings: ResolveSettings) -> str | None:
    country = country_of_body(rest, language, is_adjective=kind in _ONE_OF_A_PLACE)
    if country:
        return f"{PLACE_ID_PREFIX}{country}"
    return find_place(" ".join(rest), language) if settings.gazetteer else None


def _undivided(words: Words, language: str) -> Iterator[tuple[str, Words]]:
    """Yield what names without spaces between their words may mean, the longest kind first."""
    kinds = read_kinds(KINDS_FILE)
    *first, last = words
    ends = [("".join(words[start:]), words[:start]) for start in range(1, len(words))]
    ends += [(last[start:], (*first, last[:start])) for start in range(1, len(last))]
    for text, rest in ends:
        if kind := kinds.of_text(text, language):
            yield kind, rest


def _divided(words: Words, language: str) -> Iterator[tuple[str, Words]]:
    kinds, content = read_kinds(KINDS_FILE), content_words(words)
    for size in range(len(content) - 1, 0, -1):
        sides = ((content[:size], content[size:]), (content[-size:], content[:-size]))
        for part, rest in sides:
            if kind := kinds.of_words(part, language):
                yield kind, rest
