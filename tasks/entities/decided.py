"""Obey what the user decided: names that are dropped, parted, joined or called otherwise."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from tasks.entities.decisions import DROP, JOIN, PART, RENAME, Decision
from tasks.entities.graph import Groups, Join
from tasks.entities.known import Known
from tasks.entities.nodes import Nodes, Spelling
from tasks.writing.forms import comparable_form

DECISION = "decision"


def dropped(mentions: pl.LazyFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    """Return `surface, language` of the mentions that are to be dropped, each once."""
    asked = _only(DROP, decisions)
    names = ["surface", "language"]
    if not asked:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    found = mentions.select(names).unique().collect()
    is_dropped = [
        any(decision.is_of(surface, language) for decision in asked)
        for surface, language in found.iter_rows()
    ]
    return found.filter(pl.Series(is_dropped, dtype=pl.Boolean))


def without_parted(
    certain: Mapping[int, Known], spellings: Sequence[Spelling], decisions: Sequence[Decision]
) -> dict[int, Known]:
    """Return what is known of spellings, but for those that are parted from what they are."""
    kept = dict(certain)
    for decision in _only(PART, decisions):
        other = comparable_form(decision.other)
        ids = {
            known.entity_id
            for index, known in certain.items()
            if other in {spellings[index].form, known.entity_id, _form(known.canonical_name)}
        }
        for index, known in certain.items():
            spelling = spellings[index]
            if known.entity_id in ids and decision.is_of(spelling.surface, spelling.language):
                kept.pop(index, None)
    return kept


def decide(nodes: Nodes, groups: Groups, decisions: Sequence[Decision]) -> None:
    """Keep the groups of parted names apart, and join those that are one."""
    if not decisions:
        return
    by_form = _nodes_by_form(nodes)
    for decision in _only(PART, decisions):
        groups.keep_apart(_named(decision, by_form), by_form.get(_form(decision.other), {}))
    for decision in _only(JOIN, decisions):
        others = by_form.get(_form(decision.other), {})
        for node in sorted(_named(decision, by_form)):
            if others:
                groups.add(Join(1.0, DECISION, min(others), node))


def renamed(nodes: Nodes, decisions: Sequence[Decision]) -> dict[int, str]:
    """Return what the entities of some nodes are to be called."""
    names = _only(RENAME, decisions)
    by_form = _nodes_by_form(nodes) if names else {}
    return {node: name.other for name in names for node in sorted(_named(name, by_form))}


_Languages = dict[int, set[str]]


def _only(kind: str, decisions: Sequence[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.decision == kind]


def _form(name: str | None) -> str:
    return comparable_form(name) if name else ""


def _nodes_by_form(nodes: Nodes) -> dict[str, _Languages]:
    """Return the nodes that a name in comparable form stands for, with their languages."""
    found: dict[str, _Languages] = defaultdict(dict)
    pairs = nodes.found.select("node", "spelling").unique().sort("node", "spelling")
    for node, spelling in pairs.iter_rows():
        spelt = nodes.spellings[spelling]
        for form in {spelt.form, " ".join(spelt.words)}:
            found[form].setdefault(node, set()).add(spelt.language)
    return found


def _named(decision: Decision, by_form: Mapping[str, _Languages]) -> Collection[int]:
    languages = by_form.get(_form(decision.name), {})
    return {node for node, spoken in languages.items() if decision.language in {"", *spoken}}
