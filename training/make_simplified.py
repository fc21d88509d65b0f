"""Write `tasks/mentions/simplified.txt`: OpenCC's table of traditional and simplified characters.

`python -m training.make_simplified`. From the package opencc-python-reimplemented (Apache 2.0).
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tasks.mentions.lac_ner import SIMPLIFIED

_TABLE = "dictionary/TSCharacters.txt"
#: Other forms of traditional characters, as Hong Kong writes them (衞 for 衛).
_VARIANTS = "dictionary/HKVariants.txt"


def main() -> None:
    """Write the table."""
    spec = find_spec("opencc")
    if spec is None or spec.origin is None:
        raise SystemExit("opencc-python-reimplemented is not installed")
    folder = Path(spec.origin).parent
    table = dict(_pairs(folder / _TABLE))
    variants = {
        variant: table[traditional]
        for traditional, variant in _pairs(folder / _VARIANTS)
        if traditional in table and variant != table[traditional]
    }
    lines = sorted(a + b for a, b in (variants | table).items())
    SIMPLIFIED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the characters of a table that have another form, each with the likeliest."""
    for line in file.read_text(encoding="utf-8").splitlines():
        character, _, likely = line.partition("\t")
        first = likely.split(" ")[0]
        if len(character) == len(first) == 1 and character != first:
            yield character, first


if __name__ == "__main__":
    main()
