"""The order in which names are joined: what is known, one script, two scripts, single words."""

from dataclasses import dataclass

from tasks.entities.across_scripts import across_script_joins, add_across_scripts
from tasks.entities.beyond_document import Beyond
from tasks.entities.graph import Groups, Join
from tasks.entities.known import Known, KnownNames
from tasks.entities.nodes import Found, Nodes
from tasks.entities.persons import document_joins
from tasks.entities.same_script import same_script_joins
from tasks.settings import ResolveSettings


@dataclass(frozen=True)
class Resolved:
    """Names in groups, with what is known of them.

    Attributes:
        nodes: The names.
        groups: Which of them are one.
        known: What is known beforehand of some.
        corpus_wide: Single words of persons' names that mean one person in all documents.
    """

    nodes: Nodes
    groups: Groups
    known: dict[int, Known]
    corpus_wide: set[int]


def resolve_names(found: list[Found], settings: ResolveSettings) -> Resolved:
    """Join names into groups; the result does not depend on the order of `found`.

    Args:
        found: Spellings per document.
        settings: Thresholds, and the files of what is known beforehand.
    """
    nodes = Nodes(found)
    groups = Groups(len(nodes.nodes))
    known = _known(nodes, settings)
    full = {place: what for place, what in known.items() if not nodes.nodes[place].is_bare}
    _add_known(groups, full, {})
    for join in same_script_joins(nodes.nodes, full):
        groups.add(join)
    add_across_scripts(nodes.nodes, groups, across_script_joins(nodes.nodes, groups, settings))
    joins, ambiguous = document_joins(nodes, groups, settings)
    for join in joins:
        groups.add(join)
    rest = {
        place: what
        for place, what in known.items()
        if nodes.nodes[place].is_bare and place not in ambiguous and not groups.joins.get(place)
    }
    _add_known(groups, rest, full)
    beyond = Beyond(nodes, groups, settings, ambiguous)
    for join in beyond.joins():
        groups.add(join)
    return Resolved(nodes, groups, {**full, **rest}, beyond.corpus_wide)


def _known(nodes: Nodes, settings: ResolveSettings) -> dict[int, Known]:
    names = KnownNames(settings)
    looked_up: dict[tuple[str, str, str], Known | None] = {}
    known: dict[int, Known] = {}
    for place, mention in sorted(zip(nodes.of_found, nodes.found, strict=True)):
        name = (mention.language, mention.label, mention.surface)
        if name not in looked_up:
            looked_up[name] = names.find(mention)
        what = looked_up[name]
        if what:
            known.setdefault(place, what)
    return known


def _add_known(groups: Groups, known: dict[int, Known], before: dict[int, Known]) -> None:
    """Give groups the ids of their names, and join those of one id."""
    first: dict[str, int] = {}
    for place, what in sorted({**before, **known}.items()):
        leader = first.setdefault(what.entity_id, place)
        root = groups.root(place)
        if place in known and groups.known.setdefault(root, what.entity_id) == what.entity_id:
            groups.add(Join(1.0, what.evidence, leader, place))
