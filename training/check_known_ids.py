"""Check each Wikidata id that this project wrote: `python -m training.check_known_ids --data DIR`.

The ids of `known_names.jsonl` and `aliases.csv` were written from memory, so each must stand in a
list of others beside a name that it has here, or in a public source file that was read. Writes
what confirms which to `seeds/reference/confirmed_ids.tsv`; rows of source files are kept.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tasks.writing.forms import comparable_form
from training.known_sources import KNOWN_NAMES, listed_rows, written

REFERENCE = KNOWN_NAMES.parent
CONFIRMED = REFERENCE / "confirmed_ids.tsv"
#: Lists that have Wikidata's ids, the best kept ones first.
LISTS = (
    "loc_natural_earth", "org_ror", "org_nsi", "org_parties", "org_everypolitician",
    "per_everypolitician", "mix_small_lists",
)  # fmt: skip
#: How the source of a row begins that was found by looking the id up in public source files.
SOURCE_FILE = "source file "


class Confirmed(NamedTuple):
    """An id that a source has, too: Wikidata's id, the name that it has there, the source."""

    wikidata_id: str
    name: str
    source: str


def own_names() -> dict[str, set[str]]:
    """Return the names, in comparable form, of each Wikidata id that this project wrote."""
    found: dict[str, set[str]] = defaultdict(set)
    entities, names = written()
    ids = {entity.entity_id: entity.wikidata_id for entity in entities}
    called = [(entity.entity_id, entity.canonical_name) for entity in entities]
    for entity_id, name in (*called, *((name.entity_id, name.name) for name in names)):
        wikidata_id = ids[entity_id]
        if wikidata_id:
            found[wikidata_id].add(comparable_form(name))
    with (REFERENCE / "aliases.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["wikidata_id"]].add(comparable_form(row["name"]))
    found.pop("", None)
    return dict(found)


def confirmed_by_lists(own: Mapping[str, set[str]], folder: Path) -> Iterator[Confirmed]:
    """Yield the ids that a list has under one of the names that they have here.

    Args:
        own: Names in comparable form by Wikidata id.
        folder: The lists, as `LISTS.md` describes them.
    """
    sought = dict(own)
    for stem in LISTS:
        names = {
            (row.wikidata_id, row.name)
            for row in listed_rows(folder / f"{stem}.tsv.xz")
            if comparable_form(row.name) in sought.get(row.wikidata_id, ())
        }
        for wikidata_id, name in sorted(names, key=lambda row: (len(row[1]), row)):
            if sought.pop(wikidata_id, None):
                yield Confirmed(wikidata_id, name, stem)


def confirmed() -> list[Confirmed]:
    """Return the rows of `confirmed_ids.tsv`."""
    with CONFIRMED.open(encoding="utf-8", newline="") as lines:
        return [Confirmed(**row) for row in csv.DictReader(lines, delimiter="\t")]


def unconfirmed(own: Mapping[str, set[str]], rows: Sequence[Confirmed]) -> list[str]:
    """Return the ids that no source has."""
    return sorted(own.keys() - {row.wikidata_id for row in rows})


def main(data: Annotated[Path, typer.Option()]) -> None:
    """Write what confirms each id; ids that nothing confirms are named and make it fail."""
    own = own_names()
    found = {row.wikidata_id: row for row in confirmed() if row.source.startswith(SOURCE_FILE)}
    found |= {row.wikidata_id: row for row in confirmed_by_lists(own, data / "names")}
    rows = sorted(row for wikidata_id, row in found.items() if wikidata_id in own)
    with CONFIRMED.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter="\t", lineterminator="\n")
        writer.writerows([Confirmed._fields, *rows])
    by_file = sum(row.source.startswith(SOURCE_FILE) for row in rows)
    print(f"{len(rows) - by_file} ids confirmed by lists, {by_file} by source files")
    for wikidata_id in unconfirmed(own, rows):
        print(f"{wikidata_id} is confirmed by nothing: {sorted(own[wikidata_id])[:5]}")
    if len(rows) < len(own):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
