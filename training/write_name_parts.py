"""Write parts of persons' names: `python -m training.write_name_parts --data DIR`.

`common_parts.txt.xz`: those that many people have. `name_parts.parquet`: how the parts of six
scripts are spelt in Latin letters, and by how many people. Both from Wikidata's people by way of
NETransliteration (CC0). `given_names.txt.xz`: given names that are no surnames, from Faker and
Mimesis (MIT).
"""

import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from benchmarks.name_lists import FILES
from tasks.entities.given_names import GIVEN_NAMES_FILE, MIN_LETTERS
from tasks.entities.listed_parts import COMMON_PARTS_FILE, PARTS_FILE, latin_form
from tasks.writing.forms import comparable_form
from tasks.writing.romanize import name_script

#: People in Wikidata with a label in one of the languages who have the part: Obama 9, Trump 19,
#: Müller 198, Smith 1,535. A part of this many is common.
MIN_PEOPLE = 25
#: Lists of parts of names that say whether they are given names.
_LISTS_OF_PARTS = ("per_parts_faker", "per_parts_mimesis")
#: A given name stands in as many lists of a country: one list may err.
_MIN_LISTS = 2
#: Of one person only, the two may be given name and surname (`nóra`, `ホフマン`).
_MIN_SPELT = 2


def parts(folder: Path, kind: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield script, Latin part, part in the script, and how many people have both.

    Args:
        folder: The lists.
        kind: `train`, or `dev`: one in five parts, kept for tests of what is joined.
    """
    for script, name in FILES.items():
        content = lzma.decompress((folder / f"person_parts_{name}.{kind}.tsv.xz").read_bytes())
        for line in content.decode().splitlines():
            latin, other, people = line.split("\t")
            yield script, latin, other, int(people)


def write_common_parts(folder: Path) -> int:
    """Write the parts that many people have; return how many there are."""
    common = set()
    for _, latin, other, people in parts(folder, "train"):
        if people >= MIN_PEOPLE:
            common |= {comparable_form(latin), comparable_form(other)}
    COMMON_PARTS_FILE.write_bytes(lzma.compress("\n".join(sorted(common)).encode(), preset=9))
    return len(common)


def write_given_names(folder: Path) -> int:
    """Write the given names that are nobody's surname; return how many there are."""
    given: Counter[str] = Counter()
    surnames: set[str] = set()
    for stem in _LISTS_OF_PARTS:
        with lzma.open(folder / f"{stem}.tsv.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                name, _, _, _, kind, *_ = line.split("\t")
                form = comparable_form(name)
                if kind.startswith("surname:"):
                    surnames.add(form)
                elif kind.startswith("given:") and len(form) >= MIN_LETTERS and form.isalpha():
                    given[form] += 1
    told = sorted(form for form in given.keys() - surnames if given[form] >= _MIN_LISTS)
    GIVEN_NAMES_FILE.write_bytes(lzma.compress("\n".join(told).encode(), preset=9))
    return len(told)


def write_spelt_parts(folder: Path) -> int:
    """Write how parts are spelt in Latin letters; return how many spellings there are.

    Those of the list that is kept for tests only tell what is the usual spelling: `joins` is false.
    """
    people: Counter[tuple[str, str]] = Counter()
    joins: set[tuple[str, str]] = set()
    for kind in ("train", "dev"):
        for script, latin, other, bearers in parts(folder, kind):
            if name_script(latin) == "Latn" and name_script(other) == script:
                pair = comparable_form(other), latin_form(latin)
                people[pair] += bearers
                if kind == "train" and people[pair] >= _MIN_SPELT:
                    joins.add(pair)
    told = sorted((pair, count) for pair, count in people.items() if count >= _MIN_SPELT)
    rows = [(*pair, count, pair in joins) for pair, count in told]
    schema = {"part": pl.String, "latin": pl.String, "people": pl.UInt32, "joins": pl.Boolean}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(
        PARTS_FILE, compression="zstd", compression_level=19
    )
    return len(rows)


def main(data: Annotated[Path, typer.Option()] = Path("../shared/data")) -> None:
    """Write the three files."""
    folder = data / "names"
    print(f"{write_common_parts(folder):,} common parts, {write_spelt_parts(folder):,} spellings")
    print(f"{write_given_names(folder):,} given names")


if __name__ == "__main__":
    typer.run(main)
