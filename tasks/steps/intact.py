"""Tell files of a store that are not what was recorded of them when they were written.

A disk, a copy or a hand may change a file that nobody writes any more. Hashing costs little
beside reading: some 2 GB/s on a processor with SHA instructions (`python -m benchmarks.kills`
prints what this machine does), and it lets other threads run.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tasks.steps.store import PartFile, Store, TableVersion, is_intact

_HASHING_THREADS = 4


def damaged_among(folder: Path, files: Sequence[PartFile]) -> list[str]:
    """Return the names of files of a folder that are lost or changed."""
    with ThreadPoolExecutor(_HASHING_THREADS) as pool:
        intact = list(pool.map(lambda file: is_intact(folder / file.name, file), files))
    return [file.name for file, is_sound in zip(files, intact, strict=True) if not is_sound]


def damage_of(store: Store, tables: Sequence[TableVersion]) -> list[str]:
    """Return what of table versions is lost or changed, as `table/version/file`.

    A version whose manifest does not say the same is damaged, too: `table/version.json`.
    """
    damaged = []
    for table in tables:
        if store.manifest(table.table, table.version) != table:
            damaged.append(f"{table.table}/{table.version}.json")
        names = damaged_among(store.folder(table), table.files)
        damaged += [f"{table.table}/{table.version}/{name}" for name in names]
    return damaged
