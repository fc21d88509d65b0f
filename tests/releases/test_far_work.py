"""Parts that are computed where the disk of the build is not: files travel by the address."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import fsspec
import pytest

from tasks.build import Outcome, build
from tasks.releases.at_address.far_work import FarWork
from tasks.releases.at_address.mirror import mirror_folder
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN

pytestmark = pytest.mark.long


class _FarRunner(PlainRunner):
    """Computes what it can while the mirror is not where it was; counts the units."""

    def __init__(self, address: str) -> None:
        self.mirror = mirror_folder(address, "building")
        self.said: list[str] = []
        self.units: dict[str, int] = {}
        self.before_work: Callable[[], None] = lambda: None
        self._far = FarWork(address, Store(self.mirror), self.said.append)

    def map(
        self, function: Callable[[Any], Any], units: Sequence[Any], size_bytes: int
    ) -> Iterator[Any]:
        name = function.func.__name__  # type: ignore[attr-defined]

        def deal(far: Callable[[Any], Any], far_units: Sequence[Any]) -> list[Any]:
            self.units[name] = self.units.get(name, 0) + len(far_units)
            self.before_work()
            hidden = self.mirror.with_name("hidden")
            self.mirror.rename(hidden)
            try:
                return [far(unit) for unit in far_units]
            finally:
                assert not self.mirror.exists()
                hidden.rename(self.mirror)

        found = self._far.map(function, units, deal)
        return super().map(function, units, size_bytes) if found is None else found


def _settings() -> Settings:
    return Settings.model_validate({**PLAIN, "parts": {"part_documents": 2}})


def _source(address: str, documents: int) -> str:
    lines = "\n".join(json.dumps({"text": story(number)}) for number in range(documents))
    fsspec.filesystem("s3").pipe_file(f"{address}/feed.jsonl", lines.encode())
    return address


def _build(source: str, store: Path | str, runner: PlainRunner) -> Outcome:
    return build(source, store, _settings(), runner)


def _bytes(store: Path) -> dict[str, bytes]:
    latest = store / "latest"
    return {str(p.relative_to(latest)): p.read_bytes() for p in latest.glob("*/*.parquet")}


def test_parts_computed_where_the_mirror_is_not_have_the_bytes_of_a_local_build(
    bucket: str, tmp_path: Path
) -> None:
    store = f"{bucket}/store"
    for documents in (4, 5):
        source, runner = _source(f"{bucket}/source", documents), _FarRunner(store)
        outcome = _build(source, store, runner)
        local = _build(source, tmp_path / "local", PlainRunner())
        assert outcome.status == local.status == "published"
        assert outcome.release_id == local.release_id
        assert _bytes(runner.mirror) == _bytes(tmp_path / "local")
        assert set(runner.units) == {"read_chunk", "compute_parts", "check_one_part"}
        assert runner.units["check_one_part"] > 1
        assert runner.said == []
    assert outcome.publication is not None
    steps = {step.step: step for step in outcome.publication.release.steps}
    assert (steps["clean"].computed, steps["clean"].reused) == (1, 4)


def test_a_part_whose_files_are_damaged_at_the_address_is_computed_here(
    bucket: str, tmp_path: Path
) -> None:
    store = f"{bucket}/store"
    source, runner = _source(f"{bucket}/source", 4), _FarRunner(store)

    def spoil() -> None:
        system = fsspec.filesystem("s3")
        system.invalidate_cache()
        for path in system.glob(f"{store}/tables/cut_segments/*/part-00000.parquet"):
            system.pipe_file(path, b"x" * system.size(path))

    runner.before_work = spoil
    outcome = _build(source, store, runner)
    local = _build(source, tmp_path / "local", PlainRunner())
    assert outcome.release_id == local.release_id
    assert _bytes(runner.mirror) == _bytes(tmp_path / "local")
    assert any("computed here" in line for line in runner.said)
