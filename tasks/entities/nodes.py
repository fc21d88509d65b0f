"""Make the nodes that are joined: full names of the corpus, and a person's single word by document.

Only distinct spellings and names are Python objects. Which document has which is a narrow frame,
with a row of whole numbers for each spelling in each document.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl

from tasks.entities.inflection import words_of
from tasks.entities.places import find_places
from tasks.writing.forms import comparable_form
from tasks.writing.romanize import name_script

PERSON, MISCELLANEOUS = "PER", "MISC"
PLACE = "LOC"
#: A person's name is a company's too (Louis Vuitton, Ford), unless so few mentions say so.
MAX_ERROR_SHARE = 1 / 3
#: Scripts in which a name may be written with and without a space or point.
_UNDIVIDED_SCRIPTS = frozenset({"Kana", "Hani", "Hang"})
_SPELLING = ("language", "label", "surface")


class Spelling(NamedTuple):
    """A name as it is written in the texts of a language.

    Attributes:
        language, label, surface: As FOUND_MENTIONS has them.
        mentions: How many mentions there are.
        form: The surface in comparable form.
        words: Its words in comparable form, divided as they are written here.
        place_id: The place of the gazetteer that it means, if it is a LOC.
    """

    language: str
    label: str
    surface: str
    mentions: int
    form: str
    words: tuple[str, ...]
    place_id: str | None


@dataclass(frozen=True)
class Name:
    """A name, with the languages it is used in and how often it is mentioned.

    Attributes:
        label: PER, ORG, LOC or MISC.
        words: Its words in comparable form.
        is_bare: Whether it is one word of a person's name, which says who is meant in a document.
        languages: In which texts it stands.
        mentions: How many mentions there are.
    """

    label: str
    words: tuple[str, ...]
    is_bare: bool
    languages: frozenset[str]
    mentions: int

    @cached_property
    def text(self) -> str:
        """Its words, joined."""
        return " ".join(self.words)

    @cached_property
    def script(self) -> str:
        """The script of its letters."""
        return name_script("".join(self.words))

    @property
    def order(self) -> tuple[bool, bool, int, str, bool, str, tuple[str, ...]]:
        """What comes first stands for the others: full names, Latin ones, short ones."""
        return (
            self.is_bare,
            self.script != "Latn",
            len(self.text),
            self.text,
            self.label == MISCELLANEOUS,
            self.label,
            self.words,
        )


@dataclass(frozen=True)
class Nodes:
    """All nodes in a fixed order: first the full names, then the bare ones of each document.

    Attributes:
        spellings: The distinct spellings, sorted.
        names: The distinct names, in their order; full names come first.
        full: How many names are full. A full name is the node of its own index.
        found: A row for each spelling of a document, in the order given: `document` (its number in
            the order of `doc_id`), `spelling`, `name`, `node`; all indices.
        bare: The nodes of bare names: `node`, `name`, `document`, and `languages` of the document
            that it stands in, sorted and joined by commas; sorted.
        doc_ids: The documents, sorted.
    """

    spellings: list[Spelling]
    names: list[Name]
    full: int
    found: pl.DataFrame
    bare: pl.DataFrame
    doc_ids: pl.Series

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return self.full + self.bare.height

    @cached_property
    def name_of(self) -> list[int]:
        """The name of each node."""
        return [*range(self.full), *self.bare["name"]]

    @cached_property
    def by_document(self) -> pl.DataFrame:
        """`document, node`, each once, sorted."""
        return self.found.select("document", "node").unique().sort("document", "node")


def make_nodes(found: pl.DataFrame) -> Nodes:
    """Return the nodes of all spellings.

    Args:
        found: `doc_id, language, label, surface, count`; the same spelling may come twice.
    """
    counted = found.group_by(_SPELLING).agg(pl.col("count").sum()).sort(_SPELLING)
    spellings = _spellings(counted)
    names, name_of_spelling = _names(spellings)
    full = sum(not name.is_bare for name in names)
    doc_ids = found["doc_id"].unique().sort()
    documents = pl.DataFrame({"doc_id": doc_ids}).with_row_index("document")
    numbered = counted.select(_SPELLING).with_row_index("spelling")
    numbered = numbered.with_columns(name=pl.Series(name_of_spelling, dtype=pl.UInt32))
    rows = (
        found.select("doc_id", *_SPELLING)
        .join(documents, on="doc_id", maintain_order="left")
        .join(numbered, on=_SPELLING, maintain_order="left")
        .select("document", "spelling", "name", "language")
    )
    bare = (
        rows.filter(pl.col("name") >= full)
        .group_by("name", "document")
        .agg(pl.col("language").unique().sort().str.join(",").alias("languages"))
        .sort("name", "document")
        .with_row_index("node", offset=full)
    )
    node = pl.coalesce("node", "name")
    rows = rows.join(
        bare.select("name", "document", "node"),
        on=["name", "document"],
        how="left",
        maintain_order="left",
    ).select("document", "spelling", "name", node)
    return Nodes(spellings, names, full, rows, bare, doc_ids)


def _spellings(counted: pl.DataFrame) -> list[Spelling]:
    """Return what each row means by itself."""
    rows = list(counted.iter_rows())
    forms = {surface: comparable_form(surface) for _, _, surface, _ in rows}
    places = sorted({(language, surface) for language, label, surface, _ in rows if label == PLACE})
    found = find_places([forms[surface] for _, surface in places], [lang for lang, _ in places])
    place_ids = dict(zip(places, found, strict=True))
    return [
        Spelling(
            language,
            label,
            surface,
            mentions,
            forms[surface],
            words_of(surface, label, language),
            place_ids.get((language, surface)) if label == PLACE else None,
        )
        for language, label, surface, mentions in rows
    ]


def _names(spellings: Sequence[Spelling]) -> tuple[list[Name], list[int]]:
    """Return the names in their order, and the name of each spelling."""
    keys = _keys(spellings)
    languages: dict[_Key, set[str]] = defaultdict(set)
    mentions: Counter[_Key] = Counter()
    for key, spelling in zip(keys, spellings, strict=True):
        languages[key].add(spelling.language)
        mentions[key] += spelling.mentions
    names = [Name(*key, frozenset(languages[key]), mentions[key]) for key in languages]
    names.sort(key=lambda name: name.order)
    index = {(name.label, name.words, name.is_bare): i for i, name in enumerate(names)}
    return names, [index[key] for key in keys]


_Key = tuple[str, tuple[str, ...], bool]


def _keys(spellings: Sequence[Spelling]) -> list[_Key]:
    """Return label, words, whether they are bare: what is no person here may be one elsewhere."""
    words = _undivided([spelling.words for spelling in spellings])
    persons: Counter[str] = Counter()
    others: Counter[tuple[str, ...]] = Counter()
    for spelling, parts in zip(spellings, words, strict=True):
        if spelling.label == PERSON:
            persons.update(dict.fromkeys(parts, spelling.mentions))
        elif spelling.label != MISCELLANEOUS:
            others[parts] += spelling.mentions
    keys = []
    for spelling, parts in zip(spellings, words, strict=True):
        maybe_person = 0 < persons[parts[0]] >= others[parts] / MAX_ERROR_SHARE
        bare = spelling.label == PERSON or (maybe_person and spelling.place_id is None)
        keys.append((spelling.label, parts, bare and len(parts) == 1))
    return keys


def _undivided(names: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Divide words without a space in kana, Han and Hangul as the same name is elsewhere."""
    listed = list(names)
    ways: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for words in listed:
        if len(words) > 1 and name_script(words[0]) in _UNDIVIDED_SCRIPTS:
            ways["".join(words)].add(words)
    divided = {text: words for text, (words, *more) in ways.items() if not more}
    return [divided.get(words[0], words) if len(words) == 1 else words for words in listed]
