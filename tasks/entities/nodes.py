"""Make the nodes that are joined: full names of the corpus, and a person's single word by document.

Only distinct spellings and names are Python objects. Which document has which is a narrow frame,
with a row of whole numbers for each spelling in each document.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl

from tasks.entities.inflection import words_of
from tasks.entities.person_words import is_surname
from tasks.entities.places import find_places
from tasks.writing.forms import comparable_form
from tasks.writing.romanize import name_script

PERSON, MISCELLANEOUS = "PER", "MISC"
PLACE, BODY = "LOC", "ORG"
#: A person's name is a company's too (Louis Vuitton, Ford), unless so few mentions say so.
MAX_ERROR_SHARE = 1 / 3
#: Scripts in which a name may be written with and without a space or point.
_UNDIVIDED_SCRIPTS = frozenset({"Kana", "Hani", "Hang"})
#: What a confidence is rounded to.
THOUSANDTHS = 1000
_SPELLING = ["language", "label", "surface", "script"]


@dataclass(frozen=True)
class Found:
    """Which document has which spelling how often, in whole numbers.

    Attributes:
        doc_ids: The documents, sorted.
        spellings: `language, label, surface, script`, each once, sorted.
        rows: `document, spelling` (their indices), `count` of mentions and `sure`, the sum of their
            confidence in thousandths; sorted.
    """

    doc_ids: pl.Series
    spellings: pl.DataFrame
    rows: pl.DataFrame

    @classmethod
    def of(cls, mentions: pl.LazyFrame) -> "Found":
        """Count mentions that have `doc_id, language, label, surface, script, confidence`."""
        # Whole numbers, so that their sum is the same in any order.
        sure = (pl.col("confidence") * THOUSANDTHS).round().cast(pl.Int64).alias("sure")
        named = mentions.select("doc_id", *_SPELLING, sure).collect()
        documents = named.select(pl.col("doc_id").unique().sort()).with_row_index("document")
        spellings = named.select(_SPELLING).unique().sort(_SPELLING).with_row_index("spelling")
        rows = (
            named.join(documents, on="doc_id")
            .join(spellings, on=_SPELLING)
            .group_by("document", "spelling")
            .agg(pl.len().cast(pl.Int64).alias("count"), pl.col("sure").sum())
            .sort("document", "spelling")
        )
        return cls(documents["doc_id"], spellings.drop("spelling"), rows)


class Spelling(NamedTuple):
    """A name as it is written in the texts of a language.

    Attributes:
        language, label, surface, script: As FOUND_MENTIONS has them.
        mentions: How many mentions there are.
        form: The surface in comparable form.
        words: Its words in comparable form, divided as they are written here.
        place_id: The place of the gazetteer that it means, if it is a LOC.
        confidence: The mean confidence of its mentions.
    """

    language: str
    label: str
    surface: str
    script: str
    mentions: int
    form: str
    words: tuple[str, ...]
    place_id: str | None
    confidence: float


class Name(NamedTuple):
    """A name, with the languages it is used in and how often it is mentioned.

    Attributes:
        label: PER, ORG, LOC or MISC.
        words: Its words in comparable form.
        is_bare: Whether it is one word of a person's name, with its particles, if any: it says
            who is meant in a document.
        languages: In which texts it stands.
        mentions: How many mentions there are.
        text: Its words, joined.
        script: The script of its letters.
    """

    label: str
    words: tuple[str, ...]
    is_bare: bool
    languages: frozenset[str]
    mentions: int
    text: str
    script: str

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
        found: `document, spelling, name, node` (indices) and `count`, a row for each spelling of a
            document; sorted by document and spelling.
        bare: The nodes of bare names: `node`, `name`, `document`, and `languages` of the document
            that it stands in, sorted and joined by commas; sorted.
        scoped: The nodes of full names that mean one thing in their document, and maybe another
            in another: `node`, `name`, `document`; they come last; sorted.
    """

    spellings: list[Spelling]
    names: list[Name]
    full: int
    found: pl.DataFrame
    bare: pl.DataFrame
    scoped: pl.DataFrame

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return self.full + self.bare.height + self.scoped.height

    @cached_property
    def name_of(self) -> list[int]:
        """The name of each node."""
        return [*range(self.full), *self.bare["name"], *self.scoped["name"]]

    @cached_property
    def document_of(self) -> pl.Series:
        """The document of each node that stands in one only, in their order from `full` on."""
        return pl.concat([self.bare["document"], self.scoped["document"]])

    def with_scoped(self, found: pl.DataFrame, scoped: pl.DataFrame) -> "Nodes":
        """Return the nodes with others for some full names in some documents."""
        return Nodes(self.spellings, self.names, self.full, found, self.bare, scoped)

    @cached_property
    def by_document(self) -> pl.DataFrame:
        """`document, node`, each once, sorted."""
        return self.found.select("document", "node").unique().sort("document", "node")

    def documents_of(self, members: Collection[int]) -> dict[int, frozenset[int]]:
        """Return the documents of some nodes."""
        asked = pl.DataFrame({"node": sorted(members)}, schema={"node": pl.UInt32})
        rows = self.by_document.join(asked, on="node", how="semi").group_by("node")
        found = rows.agg("document").iter_rows()
        return {
            **dict.fromkeys(members, frozenset()),
            **{node: frozenset(documents) for node, documents in found},
        }


def make_nodes(found: Found) -> Nodes:
    """Return the nodes of all spellings."""
    spellings = _spellings(found)
    names, name_of_spelling = _names(spellings)
    full = sum(not name.is_bare for name in names)
    name_of = pl.Series("name", name_of_spelling, pl.UInt32)
    rows = found.rows.with_columns(name_of.gather(found.rows["spelling"]))
    bare_rows = rows.filter(pl.col("name") >= full)
    bare = (
        bare_rows.with_columns(found.spellings["language"].gather(bare_rows["spelling"]))
        .group_by("name", "document")
        .agg(pl.col("language").unique().sort().str.join(",").alias("languages"))
        .sort("name", "document")
        .with_row_index("node", offset=full)
    )
    rows = rows.join(
        bare.select("name", "document", "node"),
        on=["name", "document"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.coalesce("node", "name").alias("node"))
    return Nodes(spellings, names, full, rows, bare, bare.clear().drop("languages"))


def _spellings(found: Found) -> list[Spelling]:
    """Return what each spelling means by itself."""
    sums = found.rows.group_by("spelling").agg(pl.col("count", "sure").sum()).sort("spelling")
    rows = list(found.spellings.iter_rows())
    forms = {surface: comparable_form(surface) for _, _, surface, _ in rows}
    places = sorted({(language, surface) for language, label, surface, _ in rows if label == PLACE})
    ids = find_places([forms[surface] for _, surface in places], [lang for lang, _ in places])
    place_ids = dict(zip(places, ids, strict=True))
    return [
        Spelling(
            language,
            label,
            surface,
            script,
            mentions,
            forms[surface],
            words_of(surface, label, language),
            place_ids.get((language, surface)) if label == PLACE else None,
            sure / THOUSANDTHS / mentions,
        )
        for (language, label, surface, script), mentions, sure in zip(
            rows, sums["count"], sums["sure"], strict=True
        )
    ]


def _names(spellings: Sequence[Spelling]) -> tuple[list[Name], list[int]]:
    """Return the names in their order, and the name of each spelling."""
    keys = _keys(spellings)
    languages: dict[_Key, set[str]] = defaultdict(set)
    mentions: Counter[_Key] = Counter()
    for key, spelling in zip(keys, spellings, strict=True):
        languages[key].add(spelling.language)
        mentions[key] += spelling.mentions
    names = [
        Name(*key, frozenset(spoken), mentions[key], " ".join(key[1]), name_script("".join(key[1])))
        for key, spoken in languages.items()
    ]
    names.sort(key=lambda name: name.order)
    index = {name[:3]: i for i, name in enumerate(names)}
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
        keys.append((spelling.label, parts, _is_bare(spelling, parts, persons, others)))
    return keys


def _is_bare(
    spelling: Spelling,
    parts: tuple[str, ...],
    persons: Counter[str],
    others: Counter[tuple[str, ...]],
) -> bool:
    """Whether a spelling is one word of a person's name.

    Args:
        spelling: The spelling.
        parts: Its words.
        persons: How many mentions of persons have a word.
        others: How many mentions of other things consist of some words.
    """
    if spelling.label == PERSON:
        return is_surname(parts)
    maybe_person = 0 < persons[parts[0]] >= others[parts] / MAX_ERROR_SHARE
    return len(parts) == 1 and maybe_person and spelling.place_id is None


def _undivided(names: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Divide words without a space in kana, Han and Hangul as the same name is elsewhere."""
    listed = list(names)
    ways: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for words in listed:
        if len(words) > 1 and name_script(words[0]) in _UNDIVIDED_SCRIPTS:
            ways["".join(words)].add(words)
    divided = {text: words for text, (words, *more) in ways.items() if not more}
    return [divided.get(words[0], words) if len(words) == 1 else words for words in listed]
