"""What is joined: full names of the corpus, and a person's single word in each document."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tasks.entities.places import find_place
from tasks.entities.words import words_of
from tasks.writing.letters import script_of

PERSON, MISCELLANEOUS = "PER", "MISC"
PLACE = "LOC"
#: A person's name is a company's too (Louis Vuitton, Ford), unless so few mentions say so.
MAX_ERROR_SHARE = 1 / 3
#: Scripts in which a name may be written with and without a space or point.
_UNDIVIDED_SCRIPTS = frozenset({"Kana", "Hani", "Hang"})


class Found(NamedTuple):
    """Mentions of one spelling in one document."""

    doc_id: str
    language: str
    label: str
    surface: str
    script: str
    mentions: int


class Key(NamedTuple):
    """What makes two mentions one node; `doc_id` is empty for a full name."""

    label: str
    words: tuple[str, ...]
    doc_id: str


@dataclass(frozen=True)
class Node:
    """A name, with the languages it is used in and how often it is mentioned."""

    key: Key
    languages: frozenset[str]
    count: int

    @property
    def is_bare(self) -> bool:
        """Whether it is one word of a person's name, which says who is meant in a document."""
        return bool(self.key.doc_id)

    @cached_property
    def text(self) -> str:
        """Its words, joined."""
        return " ".join(self.key.words)

    @cached_property
    def script(self) -> str:
        """The script of its letters."""
        return script_of("".join(self.key.words))

    @property
    def order(self) -> tuple[bool, bool, int, str, bool, str, str]:
        """What comes first stands for the others: full names, Latin ones, short ones."""
        return (
            self.is_bare,
            self.script != "Latn",
            len(self.text),
            self.text,
            self.key.label == MISCELLANEOUS,
            self.key.label,
            self.key.doc_id,
        )


@dataclass
class Nodes:
    """All nodes in a fixed order, and the node of each spelling in each document."""

    found: list[Found]
    nodes: list[Node] = field(init=False)
    of_found: list[int] = field(init=False)

    def __post_init__(self) -> None:
        keys = _keys(self.found)
        languages: dict[Key, set[str]] = defaultdict(set)
        counts: dict[Key, int] = defaultdict(int)
        for key, mention in zip(keys, self.found, strict=True):
            languages[key].add(mention.language)
            counts[key] += mention.mentions
        nodes = [Node(key, frozenset(languages[key]), counts[key]) for key in counts]
        self.nodes = sorted(nodes, key=lambda node: node.order)
        places = {node.key: place for place, node in enumerate(self.nodes)}
        self.of_found = [places[key] for key in keys]

    @cached_property
    def by_document(self) -> dict[str, list[int]]:
        """The nodes of each document, each once, in their order."""
        documents: dict[str, set[int]] = defaultdict(set)
        for place, mention in zip(self.of_found, self.found, strict=True):
            documents[mention.doc_id].add(place)
        return {doc_id: sorted(places) for doc_id, places in sorted(documents.items())}


def _keys(found: Sequence[Found]) -> list[Key]:
    """Return the key of each; a word that is no person here may be one elsewhere."""
    words = _undivided([words_of(f.surface, f.label, f.language) for f in found])
    persons: Counter[str] = Counter()
    others: Counter[tuple[str, ...]] = Counter()
    for mention, parts in zip(found, words, strict=True):
        if mention.label == PERSON:
            persons.update(dict.fromkeys(parts, mention.mentions))
        elif mention.label != MISCELLANEOUS:
            others[parts] += mention.mentions
    keys = []
    for mention, parts in zip(found, words, strict=True):
        maybe_person = 0 < persons[parts[0]] >= others[parts] / MAX_ERROR_SHARE
        bare = mention.label == PERSON or (maybe_person and not _is_place(mention))
        doc_id = mention.doc_id if bare and len(parts) == 1 else ""
        keys.append(Key(mention.label, parts, doc_id))
    return keys


def _is_place(found: Found) -> bool:
    return found.label == PLACE and find_place(found.surface, found.language) is not None


def _undivided(names: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Divide words without a space in kana, Han and Hangul as the same name is elsewhere."""
    ways: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for words in names:
        if len(words) > 1 and script_of(words[0]) in _UNDIVIDED_SCRIPTS:
            ways["".join(words)].add(words)
    divided = {text: words for text, (words, *more) in ways.items() if not more}
    return [divided.get(words[0], words) if len(words) == 1 else words for words in names]
