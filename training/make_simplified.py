"""Write `tasks/mentions/simplified.txt`: OpenCC's table of traditional and simplified characters.

`python -m training.make_simplified`. From the package opencc-python-reimplemented (Apache 2.0).
"""

from importlib.util import find_spec
from pathlib import Path

from tasks.mentions.lac_ner import SIMPLIFIED

_TABLE = "dictionary/TSCharacters.txt"


def main() -> None:
    """Write the table."""
    spec = find_spec("opencc")
    if spec is None or spec.origin is None:
        raise SystemExit("opencc-python-reimplemented is not installed")
    pairs = []
    table = (Path(spec.origin).parent / _TABLE).read_text(encoding="utf-8")
    for line in table.splitlines():
        traditional, _, likely = line.partition("\t")
        first = likely.split(" ")[0]
        if len(traditional) == len(first) == 1 and traditional != first:
            pairs.append(traditional + first)
    SIMPLIFIED.write_text("\n".join(sorted(pairs)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
