"""Write name parts that many people have: `python -m training.write_common_parts --data DIR`."""

import argparse
import lzma
from pathlib import Path

from benchmarks.name_lists import FILES
from tasks.entities.beyond_document import COMMON_PARTS_FILE
from tasks.writing.forms import comparable_form

#: People in Wikidata with a label in one of the languages who have the part: Obama 9, Trump 19,
#: Müller 198, Smith 1,535. A part of this many is common.
MIN_PEOPLE = 25


def main() -> None:
    """Read the training lists of all scripts, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    folder = parser.parse_args().data / "names"
    parts = set()
    for name in FILES.values():
        content = lzma.decompress((folder / f"person_parts_{name}.train.tsv.xz").read_bytes())
        for line in content.decode().splitlines():
            latin, other, people = line.split("\t")
            if int(people) >= MIN_PEOPLE:
                parts |= {comparable_form(latin), comparable_form(other)}
    COMMON_PARTS_FILE.write_bytes(lzma.compress("\n".join(sorted(parts)).encode(), preset=9))
    print(f"{len(parts):,} common parts")


if __name__ == "__main__":
    main()
