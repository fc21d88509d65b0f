"""Who is meant by one word of a person's name: first in its document, then beyond it.

Within a document the word means the one person whose full name has it; where two have it (father
and son), it means neither. Beyond the document: `tasks.entities.beyond_document`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.nodes import PERSON, Node, Nodes
from tasks.entities.spelling import similarity
from tasks.settings import ResolveSettings
from tasks.writing.letters import script_of

#: The full name stands in the document: nearly always meant, as the style books have it.
DOCUMENT_SCORE = 0.95
_FUSED = frozenset({"Hani", "Hang"})


@dataclass
class Bearers:
    """The persons whose full names have a word, in one document or in all."""

    nodes: Sequence[Node]
    groups: Groups

    def last_or_any(self, matching: list[tuple[int, bool]]) -> list[int]:
        """Return one member per person, of those whose last word matches, else of all."""
        chosen = [place for place, is_last in matching if is_last] or [p for p, _ in matching]
        persons = {self.groups.root(place): place for place in sorted(chosen, reverse=True)}
        return sorted(persons.values())


def is_form_of(word: str, other: str, languages: frozenset[str]) -> bool:
    """Whether two words of one script are one but for inflection in one of the languages."""
    return word == other or any(
        set(bases(word, language)) & set(bases(other, language)) for language in languages
    )


def full_persons(nodes: Sequence[Node], groups: Groups) -> frozenset[int]:
    """Return the full names of persons, those included that some model takes for another thing."""
    full = [place for place, node in enumerate(nodes) if len(node.key.words) > 1]
    roots = {groups.root(place) for place in full if nodes[place].key.label == PERSON}
    return frozenset(place for place in full if groups.root(place) in roots)


def document_joins(
    nodes: Nodes, groups: Groups, settings: ResolveSettings
) -> tuple[list[Join], set[int]]:
    """Return joins of bare names with full names of their document, and the ambiguous ones."""
    persons = full_persons(nodes.nodes, groups)
    spelt_alike = _alike_in_documents(nodes, persons, settings)
    joins, ambiguous = [], set()
    for places in nodes.by_document.values():
        full = [place for place in places if place in persons]
        bare = [place for place in places if nodes.nodes[place].is_bare]
        for place in bare:
            matching = [
                (other, is_last, score)
                for other in [*full, *(b for b in bare if b != place)]
                for is_last, score in _matches(nodes.nodes[place], nodes.nodes[other], spelt_alike)
            ]
            # What is written in the script of the full name is surer than what is spelt alike.
            surest = max((score for _, _, score in matching), default=0.0)
            if surest == DOCUMENT_SCORE:
                matching = [match for match in matching if match[2] == surest]
            bearers = Bearers(nodes.nodes, groups).last_or_any(
                [(o, last) for o, last, _ in matching]
            )
            if len(bearers) == 1:
                score = max(score for other, _, score in matching if other == bearers[0])
                joins.append(Join(score, "full_name_in_document", bearers[0], place))
            elif bearers:
                ambiguous.add(place)
    return joins, ambiguous


def _matches(
    bare: Node, full: Node, alike_words: dict[tuple[str, str], float]
) -> Iterator[tuple[bool, float]]:
    """Yield, for each word of a longer name that may be the bare one, if it is last; a score."""
    word = bare.key.words[0]
    if full.is_bare:
        if _is_written_within(bare, full):
            yield True, DOCUMENT_SCORE
        return
    for index, part in enumerate(full.key.words):
        is_last = index == len(full.key.words) - 1
        if full.script == bare.script:
            if is_form_of(word, part, bare.languages & full.languages or bare.languages):
                yield is_last, DOCUMENT_SCORE
        elif (word, part) in alike_words:
            yield is_last, round(DOCUMENT_SCORE * alike_words[word, part], 4)


def _is_written_within(bare: Node, full: Node) -> bool:
    """Whether a name begins or ends a longer one without spaces: 安倍 and 安倍晋三."""
    (word,), (longer,) = bare.key.words, full.key.words
    fused = bare.script == full.script and bare.script in _FUSED and len(longer) > len(word)
    return fused and (longer.startswith(word) or longer.endswith(word))


def _alike_in_documents(
    nodes: Nodes, persons: frozenset[int], settings: ResolveSettings
) -> dict[tuple[str, str], float]:
    """Return how alike the bare names and the parts of full names of two scripts are."""
    pairs = set()
    for places in nodes.by_document.values():
        full = [nodes.nodes[place] for place in places if place in persons]
        parts = {part for node in full for part in node.key.words}
        for node in (nodes.nodes[place] for place in places):
            if node.is_bare:
                word = node.key.words[0]
                pairs |= {(word, part) for part in parts if script_of(part) != node.script}
    listed = sorted(pairs)
    scores = zip(listed, map(float, similarity(listed)), strict=True)
    return {pair: score for pair, score in scores if score >= settings.min_part_likeness}
