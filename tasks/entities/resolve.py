"""Join names in a fixed order: what is known, one script, short ones, two scripts, single words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tasks.entities.across_scripts import join_across_scripts
from tasks.entities.beyond_document import join_beyond
from tasks.entities.decided import decide, without_parted
from tasks.entities.decisions import Decision
from tasks.entities.graph import Groups, Join
from tasks.entities.known import Known, known_nodes, known_spellings
from tasks.entities.known_in_context import place_in_context
from tasks.entities.name_scores import NameScores
from tasks.entities.nodes import Found, Nodes, make_nodes
from tasks.entities.persons import document_joins
from tasks.entities.same_script import same_script_joins
from tasks.entities.short_names import short_name_joins
from tasks.settings import ResolveSettings


@dataclass(frozen=True)
class Resolved:
    """Names in groups, with what is known of them.

    Attributes:
        nodes: The names.
        groups: Which of them are one.
        known: What is known beforehand of some.
        corpus_wide: Single words of persons' names that mean one person in all documents.
        scores: NAME_SCORES of these names.
        candidates: The Wikidata ids that ambiguous spellings may mean, by the spelling's index.
    """

    nodes: Nodes
    groups: Groups
    known: dict[int, Known]
    corpus_wide: set[int]
    scores: pl.DataFrame
    candidates: Mapping[int, Sequence[str]]


def resolve_names(
    found: Found,
    remembered: pl.DataFrame,
    settings: ResolveSettings,
    decisions: Sequence[Decision] = (),
) -> Resolved:
    """Join names into groups.

    Args:
        found: Which document has which spelling.
        remembered: NAME_SCORES of the last build, or none; it changes no result.
        settings: Thresholds, and the files of what is known beforehand.
        decisions: What the user decided; it goes before all else.
    """
    scores = NameScores(remembered, min(settings.min_word_likeness, settings.min_name_likeness))
    nodes = make_nodes(found)
    spellings = known_spellings(nodes.spellings, settings)
    nodes, scoped = place_in_context(nodes, spellings)
    groups = Groups(nodes.size)
    decide(nodes, groups, decisions)
    known = known_nodes(nodes, without_parted(spellings.certain, nodes.spellings, decisions))
    full = {node: what for node, what in known.items() if node < nodes.full} | scoped
    _join_full_names(nodes, groups, full, scores, settings)
    joins, ambiguous = document_joins(nodes, groups, scores, settings)
    for join in joins:
        groups.add(join)
    rest = {
        node: what
        for node, what in known.items()
        if node not in full and node not in ambiguous and not groups.joins.get(node)
    }
    _add_known(groups, rest, full)
    beyond = join_beyond(nodes, groups, ambiguous, scores, settings)
    for join in beyond.joins:
        groups.add(join)
    return Resolved(
        nodes, groups, {**full, **rest}, beyond.corpus_wide, scores.table(), spellings.candidates
    )


def _join_full_names(
    nodes: Nodes,
    groups: Groups,
    known: dict[int, Known],
    scores: NameScores,
    settings: ResolveSettings,
) -> None:
    """Join full names: those that are known, those of one script, short ones, those of two."""
    _add_known(groups, known, {})
    for join in same_script_joins(nodes, known):
        groups.add(join)
    for join in short_name_joins(nodes, groups):
        groups.add(join)
    join_across_scripts(nodes, groups, scores, settings)


def _add_known(groups: Groups, known: dict[int, Known], before: dict[int, Known]) -> None:
    """Give groups the ids of their names, and join those of one id."""
    first: dict[str, int] = {}
    for node, what in sorted({**before, **known}.items()):
        leader = first.setdefault(what.entity_id, node)
        root = groups.root(node)
        if node in known and groups.known.setdefault(root, what.entity_id) == what.entity_id:
            groups.add(Join(1.0, what.evidence, leader, node))
