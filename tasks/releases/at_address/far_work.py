"""Compute parts of a build on machines that share no disk with it: files travel by the address.

A unit of work is sent with the names and hashes of the files that it reads. Whoever computes it
brings these from the address to a folder of its own, sends what it wrote to the address, and says
what that was; then the build brings it to the mirror. Objects have the names that publishing gives
them, so that what was sent once is not sent again, and a killed worker leaves nothing that is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tasks.reading.confinement import is_address
from tasks.releases.at_address.layout import StoredFile, all_files, stored_file
from tasks.releases.at_address.mirror import Tell, fetch
from tasks.releases.at_address.objects import Objects, at_once
from tasks.steps.check import check_one_part, files_to_check
from tasks.steps.ingest import read_chunk
from tasks.steps.part import compute_parts, files_for
from tasks.steps.store import Store

#: Applies a function to units on the machines that compute, and gives results in their order.
Deal = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class FarUnit:
    """A unit of work, and the files of the store that it reads."""

    unit: Any
    files: list[StoredFile]


@dataclass(frozen=True)
class FarResult:
    """What came of a unit, and the files that it wrote."""

    result: Any
    files: list[StoredFile]


class FarWork:
    """A build into a store at an address, of which other machines compute parts."""

    def __init__(self, address: str, store: Store, tell: Tell) -> None:
        """Take an address and its mirror; raises as `Objects` does.

        Args:
            address: The store's.
            store: The mirror that the build works in.
            tell: Told what is lost or damaged at the address.
        """
        self._objects = Objects(address)
        self._store = store
        self._tell = tell
        self._there: set[str] | None = None

    def map(
        self, function: Callable[[Any], Any], units: Sequence[Any], deal: Deal
    ) -> Iterator[Any] | None:
        """Apply a function of a plan to units on other machines; results in the order of the units.

        Args:
            function: `read_chunk`, `compute_parts` or `check_one_part` of a plan.
            units: Chunks or parts.
            deal: Brings work to the machines.

        Returns:
            None if it can be computed only here: it gathers files of this machine, or reads a
            source of this machine.
        """
        needed = [_needed(function, unit) for unit in units]
        found = [
            [stored_file(self._store, file) for file in files]
            for files in needed
            if files is not None
        ]
        return self._dealt(function, units, found, deal) if len(found) == len(units) else None

    def _dealt(
        self,
        function: Callable[[Any], Any],
        units: Sequence[Any],
        needed: Sequence[list[StoredFile]],
        deal: Deal,
    ) -> Iterator[Any]:
        self._send([file for files in needed for file in files])
        far = [FarUnit(unit, files) for unit, files in zip(units, needed, strict=True)]
        compute = partial(compute_far, self._objects.address, function)
        for unit, found in zip(units, deal(compute, far), strict=True):
            if found is not None and self._bring(found.files):
                yield found.result
            else:
                self._tell(f"lost or damaged in {self._objects.address}: a part is computed here")
                yield function(unit)

    def _send(self, files: Sequence[StoredFile]) -> None:
        if self._there is None:
            sizes = self._objects.sizes()
            self._there = {f"{key} {size}" for key, size in sizes.items()}
        missing = {_named(file): file for file in files if _named(file) not in self._there}
        send = list(missing.values())
        at_once(lambda file: self._objects.upload(self._store.root / file.path, file.key), send)
        self._there |= set(missing)

    def _bring(self, files: Sequence[StoredFile]) -> bool:
        if self._there is not None:
            self._there |= {_named(file) for file in files}
        return all(at_once(partial(fetch, self._objects, self._store), files))


def _named(file: StoredFile) -> str:
    return f"{file.key} {file.size_bytes}"


def _needed(function: Any, unit: Any) -> list[Path] | None:  # noqa: ANN401 - a function of a plan
    """Return the files of the store that a unit reads; None: it can be computed only here."""
    plan = function.args[0]
    if function.func is compute_parts:
        return files_for(plan, unit)
    if function.func is check_one_part:
        return files_to_check(plan, unit)
    is_far = function.func is read_chunk and all(is_address(file.path) for file in unit.files)
    return [] if is_far else None


def compute_far(address: str, function: Any, unit: FarUnit) -> FarResult | None:  # noqa: ANN401
    """Compute a unit in a folder of this machine's own, and send what it wrote to the address.

    Returns:
        None if a file that it reads is lost or damaged there.

    Raises:
        Unreachable: The store does not answer, or does not take it.
    """
    objects = Objects(address)
    with TemporaryDirectory(prefix="babelmill-") as folder:
        store = Store(folder)
        if not all(at_once(partial(fetch, objects, store), unit.files)):
            return None
        plan = replace(function.args[0], store=folder)
        result = function.func(plan, unit.unit)
        known = set(unit.files)
        written = [file for file in all_files(store) if file not in known]
        at_once(lambda file: objects.upload(store.root / file.path, file.key), written)
    return FarResult(result, written)
