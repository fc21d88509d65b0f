"""Read several places as one source: a line each, and how the names of their files begin.

Files are named from the root of their place: a folder, the first folder of a glob, the folder of
a file. Where places have different roots, names begin with that of the root, so that none is there
twice; where they have one, as files that a shell found have, they are what a glob would give.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tasks.reading.records import printable_uri


class AmbiguousPlaces(ValueError):
    """Files of several places cannot be told apart by their names, or are named twice."""


def places_of(source: str) -> list[str]:
    """Return the places of a source, one a line, in any order the same; a path is one place."""
    if "\n" not in source or Path(source).exists():
        return [source]
    return sorted({line.strip() for line in source.split("\n")} - {""}) or [source]


def shown(source: str) -> str:
    """Return a source as a sentence names it."""
    return ", ".join(places_of(source))


def prefixes_of(roots: Sequence[str]) -> dict[str, str]:
    """Return what names begin with by root: nothing if there is only one.

    Raises:
        AmbiguousPlaces: Two roots have one name.
    """
    different = dict.fromkeys(roots)
    if len(different) == 1:
        return {roots[0]: ""}
    by_name: dict[str, str] = {}
    for root in different:
        name = printable_uri(PurePosixPath(root).name or root)
        if name in by_name:
            raise AmbiguousPlaces(
                f"{by_name[name]} and {root} would give names that begin with {name}/ both: rename "
                "one, or name a folder above them"
            )
        by_name[name] = root
    return {root: f"{name}/" for name, root in by_name.items()}
