"""Say who is meant by one word of a person's name that no full name of its document explains.

It is joined beyond the document only

* if the two documents share other entities, at least `min_shared_entities`, or
* if few people have the name (`is_common`) and at most one of them is in the corpus.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tasks.entities.alike_names import alike
from tasks.entities.graph import Groups, Join
from tasks.entities.inflection import bases
from tasks.entities.listed_parts import is_common
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import PERSON, Nodes
from tasks.entities.person_words import particles_before
from tasks.entities.persons import bearers, full_persons
from tasks.entities.shared_context import SharedContext, in_documents, what_tells
from tasks.settings import ResolveSettings
from tasks.writing.romanize import name_script

#: A name that few people have, and nothing else; documents that share entities make it surer.
RARE_SCORE, CONTEXT_SCORE = 0.7, 0.85


@dataclass(frozen=True)
class Beyond:
    """Joins of the bare names that their documents do not explain.

    Attributes:
        joins: The joins, the surest first.
        corpus_wide: Bare names that mean one person in all documents.
    """

    joins: list[Join]
    corpus_wide: set[int]


def join_beyond(
    nodes: Nodes,
    groups: Groups,
    ambiguous: set[int],
    scores: NameScores,
    settings: ResolveSettings,
) -> Beyond:
    """Join the bare names that are alone, and not ambiguous in their document."""
    alone = [node for node in nodes.bare["node"] if _is_alone(node, groups, ambiguous)]
    bare = nodes.bare.join(_column("node", alone), on="node", how="semi")
    surnames: dict[str, list[int]] = defaultdict(list)
    for node in full_persons(nodes, groups):
        for surname in _surnames(nodes.names[node].words):
            surnames[surname].append(node)
    word_of = {name: nodes.names[name].text for name in bare["name"].unique()}
    kind_of = _kinds(nodes, {*word_of.values(), *surnames}, scores, settings)
    persons: dict[int, list[int]] = defaultdict(list)
    for word, named in surnames.items():
        persons[kind_of[word]] += named
    bearers_of = {kind: bearers(found, groups) for kind, found in persons.items()}
    kinds = [(name, kind_of[word]) for name, word in word_of.items()]
    schema = {"name": pl.UInt32, "kind": pl.UInt32}
    bare = bare.join(pl.DataFrame(kinds, schema=schema, orient="row"), on="name")
    bare = bare.join(_rare(nodes, bare), on=["name", "languages"])
    borne = _column("kind", list(bearers_of))
    unexplained = bare.join(borne, on="kind", how="anti")
    context = _Context(nodes, groups, settings.min_shared_entities)
    joins = context.with_bearers(bare.join(borne, on="kind", how="semi"), bearers_of)
    joins += _rare_joins(unexplained) + context.among(unexplained)
    joins.sort(key=lambda join: (-join.score, join.one, join.other))
    return Beyond(joins, set(unexplained.filter("is_rare")["node"]))


def _surnames(words: tuple[str, ...]) -> list[str]:
    """Return what a person may be called by: the last word, alone and with particles before it."""
    *_, last = words
    particles = particles_before(words, len(words) - 1)
    return [" ".join((*particles[i:], last)) for i in range(len(particles) + 1)]


def _column(name: str, values: Sequence[int]) -> pl.DataFrame:
    return pl.DataFrame({name: values}, schema={name: pl.UInt32})


def _is_alone(node: int, groups: Groups, ambiguous: set[int]) -> bool:
    explained = node in ambiguous or groups.joins.get(node)
    return not explained and groups.root(node) not in groups.known


def _kinds(
    nodes: Nodes, spoken: set[str], scores: NameScores, settings: ResolveSettings
) -> dict[str, int]:
    """Return a number for each word: the same for words that may be one, in any script and form."""
    words = sorted(spoken)
    index = {word: i for i, word in enumerate(words)}
    kinds = Groups(len(words))
    languages: dict[str, set[str]] = {word: set() for word in words}
    for name in nodes.names:
        if name.label == PERSON or name.is_bare:
            for surname in _surnames(name.words):
                languages.get(surname, set()).update(name.languages)
    first: dict[tuple[str, str], int] = {}
    for word in words:
        for language in sorted(languages[word]):
            for base in bases(word, language):
                one = first.setdefault((language, base), index[word])
                kinds.add(Join(1.0, "inflected", one, index[word]))
    for i, word in enumerate(words):
        shortest = [min(bases(word, language), key=len) for language in sorted(languages[word])]
        for base in shortest:
            index.setdefault(base, i)
    _add_alike(kinds, words, index, scores, settings)
    return {word: kinds.root(index[word]) for word in words}


def _add_alike(
    kinds: Groups,
    words: Sequence[str],
    index: dict[str, int],
    scores: NameScores,
    settings: ResolveSettings,
) -> None:
    """Join kinds of two scripts, the likeliest first; a kind has one word per script.

    Args:
        kinds: Groups of `words`.
        words: All words.
        index: The word that each word, and each base of one, stands for.
        scores: How alike words of two scripts are.
        settings: How alike they must be.
    """
    scripts: dict[int, set[str]] = defaultdict(set)
    for i, word in enumerate(words):
        scripts[kinds.root(i)].add(name_script(word))
    pairs = alike("word", [(word,) for word in index], scores)
    pairs = [pair for pair in pairs if pair.likeness >= settings.min_word_likeness]
    pairs.sort(key=lambda pair: (-pair.likeness, pair.one, pair.other))
    for (one,), (other,), score, _ in pairs:
        root, rival = kinds.root(index[one]), kinds.root(index[other])
        if not scripts[root] & scripts[rival]:
            kinds.add(Join(score, "transliteration", index[one], index[other]))
            scripts[kinds.root(root)] = scripts[root] | scripts[rival]


def _rare(nodes: Nodes, bare: pl.DataFrame) -> pl.DataFrame:
    """Return `name, languages, is_rare` of bare names: whether few people have it in any form."""
    rows = []
    for name, languages in bare.select("name", "languages").unique().iter_rows():
        word = nodes.names[name].words[-1]
        forms = {base for language in languages.split(",") for base in bases(word, language)}
        rows.append((name, languages, not any(map(is_common, forms | {word}))))
    schema = {"name": pl.UInt32, "languages": pl.String, "is_rare": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _rare_joins(bare: pl.DataFrame) -> list[Join]:
    """Join the rare names of a kind with the first of them."""
    first = pl.col("node").min().over("kind").alias("first")
    rare = bare.filter("is_rare").select(first, "node").filter(pl.col("first") != pl.col("node"))
    return [Join(RARE_SCORE, "rare_name", first, node) for first, node in rare.iter_rows()]


class _Context:
    """Which documents share other entities."""

    def __init__(self, nodes: Nodes, groups: Groups, least: int) -> None:
        """Take down the documents of each entity, as far as its names are joined.

        Args:
            nodes: The nodes.
            groups: Which of them are one.
            least: How many entities two documents must share.
        """
        self._documents = in_documents(nodes.by_document, groups)
        self._around = what_tells(nodes, groups)
        self._entity = pl.Series("entity", groups.roots(), pl.UInt32)
        self._least = least

    def with_bearers(self, bare: pl.DataFrame, bearers_of: dict[int, list[int]]) -> list[Join]:
        """Join bare names with the one person that each must mean, if there is one."""
        rows = [(kind, person) for kind, persons in bearers_of.items() for person in persons]
        persons = pl.DataFrame(rows, schema={"kind": pl.UInt32, "person": pl.UInt32}, orient="row")
        persons = persons.join(bare, on="kind", how="semi")
        documents = persons.with_columns(self._entity.gather(persons["person"])).join(
            self._documents, on="entity"
        )
        shared = SharedContext(self._around, self._least).sharing(
            bare.select("kind", "node", "document"), documents.select("kind", "person", "document")
        )
        near = shared.group_by("node").agg(pl.len().alias("near"), pl.col("person").min())
        near = near.filter(pl.col("near") == 1)
        only = persons.filter(pl.len().over("kind") == 1)
        rare = bare.filter("is_rare").join(near, on="node", how="anti").join(only, on="kind")
        return [
            *(Join(CONTEXT_SCORE, "shared_entities", person, node)
              for node, person in near.select("node", "person").iter_rows()),
            *(Join(RARE_SCORE, "rare_name", person, node)
              for node, person in rare.select("node", "person").iter_rows()),
        ]  # fmt: skip

    def among(self, bare: pl.DataFrame) -> list[Join]:
        """Join bare names that no full name of the corpus explains, if they share enough."""
        near = bare.select("kind", "node", "document").join(self._around, on="document")
        first = pl.col("node").min().over("kind", "entity").alias("first")
        pairs = near.select(first, "node").filter(pl.col("first") != pl.col("node"))
        shared = pairs.group_by("first", "node").len().filter(pl.col("len") >= self._least)
        rows = shared.select("first", "node").iter_rows()
        return [Join(CONTEXT_SCORE, "shared_entities", first, node) for first, node in rows]
