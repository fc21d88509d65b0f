"""Who is meant by one word of a person's name that no full name of its document explains.

It is joined beyond the document only

* if the two documents share other entities, at least `min_shared_entities`, or
* if few people have the name (`tasks.entities.common_parts`) and at most one of them is in the
  corpus.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tasks.entities.across_scripts import alike
from tasks.entities.common_parts import is_common
from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.nodes import PERSON, Nodes
from tasks.entities.persons import Bearers, full_persons
from tasks.settings import ResolveSettings
from tasks.writing.letters import script_of

#: A name that few people have, and nothing else; documents that share entities make it surer.
RARE_SCORE, CONTEXT_SCORE = 0.7, 0.85


@dataclass
class Beyond:
    """Joins of the bare names that their documents do not explain."""

    nodes: Nodes
    groups: Groups
    settings: ResolveSettings
    ambiguous: set[int]
    around: dict[str, set[int]] = field(init=False)
    corpus_wide: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.around = {
            doc_id: {self.groups.root(p) for p in places if self._tells(p)}
            for doc_id, places in self.nodes.by_document.items()
        }

    def _tells(self, place: int) -> bool:
        """Whether a name says what a document is about: full names of persons and bodies."""
        node = self.nodes.nodes[place]
        return not node.is_bare and node.key.label in {PERSON, "ORG"}

    def open_places(self) -> list[int]:
        """Return the bare names that are alone."""
        nodes = self.nodes.nodes
        joined = {p for p in range(len(nodes)) if nodes[p].is_bare and self.groups.joins.get(p)}
        known = self.groups.known
        bare = [p for p, node in enumerate(nodes) if node.is_bare and p not in joined]
        return [p for p in bare if p not in self.ambiguous and self.groups.root(p) not in known]

    def joins(self) -> list[Join]:
        """Return the joins, surest first."""
        found: list[Join] = []
        places = self.open_places()
        documents = self._documents()
        for words, bare in self._kinds(places).items():
            full = self._bearers(words)
            explained: set[int] = set()
            for place in bare:
                join = self._with_full(place, full, documents)
                if join:
                    found.append(join)
                    explained.add(place)
            if not full:
                found += self._among([place for place in bare if place not in explained])
        return sorted(found, key=lambda join: (-join.score, join.one, join.other))

    def _documents(self) -> dict[int, set[str]]:
        documents: dict[int, set[str]] = defaultdict(set)
        for doc_id, places in self.nodes.by_document.items():
            for place in places:
                documents[self.groups.root(place)].add(doc_id)
        return documents

    def _kinds(self, places: list[int]) -> dict[frozenset[str], list[int]]:
        """Group bare names that may be one word, in whatever script and form."""
        nodes = self.nodes.nodes
        words = sorted({nodes[place].key.words[0] for place in places} | set(self.surnames))
        place_of = {word: index for index, word in enumerate(words)}
        kinds = Groups(len(words))
        languages: dict[str, set[str]] = defaultdict(set)
        for node in nodes:
            if node.key.label == PERSON or node.is_bare:
                languages[node.key.words[-1]] |= node.languages
        first: dict[tuple[str, str], int] = {}
        for word in words:
            for language in sorted(languages[word]):
                for base in bases(word, language):
                    one = first.setdefault((language, base), place_of[word])
                    kinds.add(Join(1.0, "inflected", one, place_of[word]))
        self._add_alike(kinds, words, languages)
        members = {root: frozenset(words[m] for m in ms) for root, ms in kinds.members().items()}
        grouped: dict[frozenset[str], list[int]] = defaultdict(list)
        for place in places:
            grouped[members[kinds.root(place_of[nodes[place].key.words[0]])]].append(place)
        return grouped

    def _add_alike(self, kinds: Groups, words: list[str], languages: dict[str, set[str]]) -> None:
        """Join kinds of two scripts, the likeliest first; a kind has one word per script."""
        place_of: dict[tuple[str, ...], int] = {(word,): place for place, word in enumerate(words)}
        for place, word in enumerate(words):
            shortest = [min(bases(word, language), key=len) for language in sorted(languages[word])]
            for base in shortest:
                place_of.setdefault((base,), place)
        scripts: dict[int, set[str]] = defaultdict(set)
        for index, word in enumerate(words):
            scripts[kinds.root(index)].add(script_of(word))
        pairs = [
            pair
            for pair in alike(list(place_of), self.settings)
            if pair[2] >= self.settings.min_word_likeness
        ]
        for one, other, score in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
            roots = kinds.root(place_of[one]), kinds.root(place_of[other])
            if not scripts[roots[0]] & scripts[roots[1]]:
                kinds.add(Join(score, "transliteration", place_of[one], place_of[other]))
                scripts[min(roots)] = scripts[roots[0]] | scripts[roots[1]]

    @cached_property
    def surnames(self) -> dict[str, list[int]]:
        """Return the full names of persons by their last word."""
        found: dict[str, list[int]] = defaultdict(list)
        for place in sorted(full_persons(self.nodes.nodes, self.groups)):
            found[self.nodes.nodes[place].key.words[-1]].append(place)
        return found

    def _bearers(self, words: frozenset[str]) -> list[int]:
        places = [(place, True) for word in sorted(words) for place in self.surnames.get(word, ())]
        return Bearers(self.nodes.nodes, self.groups).last_or_any(places)

    def _with_full(
        self, place: int, full: list[int], documents: dict[int, set[str]]
    ) -> Join | None:
        """Return the join with the one person that the name must mean, if there is one."""
        near = [(self._shared(place, documents[self.groups.root(p)]), p) for p in full]
        sharing = [(n, p) for n, p in near if n >= self.settings.min_shared_entities]
        if len(sharing) == 1:
            return Join(CONTEXT_SCORE, "shared_entities", sharing[0][1], place)
        if len(full) == 1 and self._is_rare(place):
            return Join(RARE_SCORE, "rare_name", full[0], place)
        return None

    def _shared(self, place: int, documents: set[str]) -> int:
        own = self.around[self.nodes.nodes[place].key.doc_id]
        return max((len(own & self.around[doc_id]) for doc_id in documents), default=0)

    def _is_rare(self, place: int) -> bool:
        node = self.nodes.nodes[place]
        word = node.key.words[0]
        forms = {base for language in node.languages for base in bases(word, language)}
        return not any(map(is_common, forms | {word}))

    def _among(self, bare: list[int]) -> Iterator[Join]:
        """Yield joins of bare names that no full name of the corpus explains."""
        rare = [place for place in bare if self._is_rare(place)]
        self.corpus_wide.update(rare)
        for place in rare[1:]:
            yield Join(RARE_SCORE, "rare_name", rare[0], place)
        first: dict[int, list[int]] = defaultdict(list)
        for place in bare:
            for entity in sorted(self.around[self.nodes.nodes[place].key.doc_id]):
                first[entity].append(place)
        counts: dict[tuple[int, int], int] = defaultdict(int)
        for places in first.values():
            for place in places[1:]:
                counts[places[0], place] += 1
        for (one, other), shared in counts.items():
            if shared >= self.settings.min_shared_entities:
                yield Join(CONTEXT_SCORE, "shared_entities", one, other)
