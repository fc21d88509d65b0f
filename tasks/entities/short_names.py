"""Join a short name with the longer one of its document that explains it.

An organisation's acronym (`IMF`) is what the words of one long name of the document begin with.
A person's last words (`García Márquez`, `Elizabeth II`) end one longer name of it; the first two
begin it, where what is left out is a patronymic's surname or a second surname (`Владимир
Владимирович`; `Pedro Sánchez`). Both names are full ones, which mean one thing in the corpus: where
two documents explain a short name in two ways, it is joined with neither.
"""

from collections import defaultdict
from collections.abc import Iterator

import polars as pl
import regex

from tasks.entities.graph import Groups, Join
from tasks.entities.nodes import PERSON, Nodes
from tasks.entities.person_words import TWO_SURNAMES, is_patronymic

#: As sure as a surname whose full name stands in the document.
SHORT_NAME_SCORE = 0.95
_ACRONYM = regex.compile(r"\p{Lu}[\p{Lu}.\-]{1,8}")
#: Acronyms of two letters are explained by chance too often (`AI`, `US`).
_MIN_LETTERS = 3
#: Words that acronyms leave out, in comparable form.
_SMALL = frozenset(
    """a al and at by da das de del della den der des di do dos du e el en et for für i in la las le
    les los of on or para per por pour the to und van voor y z w ja och og в для и на о по с та у
    і й""".split()  # noqa: SIM905
)
#: An article or preposition that is written onto a word: l'Atlantique, dell'Interno.
_ELIDED = regex.compile(r"^\p{L}{1,4}'(?=\p{L}{3})")


def short_name_joins(nodes: Nodes, groups: Groups) -> list[Join]:
    """Return the joins of acronyms and of shorter names of persons, each with the first longer."""
    pairs = [*_acronyms(nodes), *_persons(nodes)]
    documents = nodes.documents_of({index for _, *pair in pairs for index in pair})
    longer: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for evidence, short, long in sorted(pairs):
        if not documents[short].isdisjoint(documents[long]):
            longer[short].append((long, evidence))
    return [
        Join(SHORT_NAME_SCORE, evidence, found[0][0], short)
        for short, found in sorted(longer.items())
        for evidence in (found[0][1],)
        if len({groups.root(long) for long, _ in found}) == 1
    ]


def _acronyms(nodes: Nodes) -> Iterator[tuple[str, int, int]]:
    """Yield `acronym_in_document`, an acronym, and a name whose words begin with its letters."""
    by_letters: dict[str, list[int]] = defaultdict(list)
    for index in sorted(_in_capitals(nodes)):
        by_letters[nodes.names[index].text.replace("-", "")].append(index)
    for long, name in enumerate(nodes.names[: nodes.full]):
        if len(name.words) > 1 and name.label != PERSON:
            for letters in _initials(name.words):
                for short in by_letters.get(letters, ()):
                    yield "acronym_in_document", short, long


def _initials(words: tuple[str, ...]) -> set[str]:
    """Return what the words begin with, with and without the small ones."""
    bare = tuple(_ELIDED.sub("", word) for word in words)
    ways = (words, tuple(word for word in bare if word not in _SMALL))
    return {"".join(word[0] for word in way) for way in ways if len(way) >= _MIN_LETTERS}


def _in_capitals(nodes: Nodes) -> set[int]:
    """Return the full names of things that are written as acronyms."""
    spelt = [
        index
        for index, spelling in enumerate(nodes.spellings)
        if spelling.label != PERSON and _ACRONYM.fullmatch(spelling.surface)
    ]
    asked = pl.DataFrame({"spelling": spelt}, schema={"spelling": pl.UInt32})
    found = nodes.found.join(asked, on="spelling", how="semi")["node"].unique()
    return {node for node in found if node < nodes.full and len(nodes.names[node].words) == 1}


def _persons(nodes: Nodes) -> Iterator[tuple[str, int, int]]:
    """Yield `longer_name_in_document`, a person's name, and a longer one that it may stand for."""
    full = nodes.names[: nodes.full]
    persons = {
        name.words: index
        for index, name in enumerate(full)
        if name.label == PERSON and len(name.words) > 1
    }
    for words, long in persons.items():
        for start in range(1, len(words) - 1):
            short = words[start:]
            if short in persons:
                yield "longer_name_in_document", persons[short], long
        beginning = words[:2]
        leaves_surname = not TWO_SURNAMES.isdisjoint(full[long].languages)
        if (
            len(words) in {3, 4}
            and beginning in persons
            and (is_patronymic(beginning[1]) or leaves_surname)
        ):
            yield "longer_name_in_document", persons[beginning], long
