"""Say what must become of each file of a hostile folder, and how such files are made."""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

_THINGS = (  # noqa: SIM905
    "harbour museum bakery tunnel library orchard station market theatre quarry lighthouse mill "
    "bridge school factory garden palace stadium vineyard cinema chapel archive windmill pier"
).split()
_DEEDS = (  # noqa: SIM905
    "replaced bought painted moved closed praised inspected sold rebuilt surveyed flooded renamed"
).split()
_PLACES = (  # noqa: SIM905
    "Lisbon Aarhus Tbilisi Quito Nairobi Hobart Graz Pune Lagos Cork Sapporo Tartu Bergen Oran"
).split()


@dataclass
class HostileExpectation:
    """What must come of the folder.

    Attributes:
        documents: `source_uri`s that become raw documents.
        rejections: Reasons by the `source_uri`s that are rejected.
    """

    documents: set[str] = field(default_factory=set)
    rejections: dict[str, str] = field(default_factory=dict)


def story(number: int) -> str:
    """Return an English text of some sentences, different for each number."""
    choice = random.Random(number).choice
    sentences = [
        f"In {choice(_PLACES)} the {choice(_THINGS)} was {choice(_DEEDS)} by the owner of a "
        f"{choice(_THINGS)} and a {choice(_THINGS)} near {choice(_PLACES)}."
        for _ in range(6)
    ]
    return " ".join(sentences)


def good_file(folder: Path, expected: HostileExpectation, name: str, content: bytes) -> None:
    """Write a file that becomes one document."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    expected.documents.add(name)


def bad_file(
    folder: Path, expected: HostileExpectation, name: str, content: bytes, reason: str
) -> None:
    """Write a file that is rejected."""
    (folder / name).write_bytes(content)
    expected.rejections[name] = reason


def json_lines(*records: object) -> bytes:
    """Return JSON Lines, bytes as they are."""
    return b"".join(
        record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n"
        for record in records
    )


def numbered(expected: HostileExpectation, uri: str, *fates: str) -> None:
    """Expect of each numbered record what is said: `ok` or a reason; blank: no record."""
    for number, fate in enumerate(fates, 1):
        if fate == "ok":
            expected.documents.add(f"{uri}#{number}")
        elif fate:
            expected.rejections[f"{uri}#{number}"] = fate
