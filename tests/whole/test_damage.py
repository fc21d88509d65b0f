"""A file of a store that is changed or lost is told and, where a build can, mended.

Damage is drawn at random, one file at a time. After it, readers of the latest release get the
bytes that were published, once the same source was built, and another source gives the bytes
that it gives in a sound store.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from expectations.tables import TABLES
from tasks.build import build, unchanged_release
from tasks.pipeline import PIPELINE
from tasks.releases.survey import survey_store
from tasks.settings import Settings
from tasks.steps.build import Advance
from tasks.steps.store import UNFINISHED, Store
from tests.conftest import SEEDS
from tests.making.pipeline import PlainRunner, Result

_SETTINGS = Settings.model_validate({"entities": {"model": "fast"}})
_NEW = "Вчера в Москве открылась новая выставка русской живописи."


def _build(source: Path, store: Path) -> str:
    return build(str(source), store, _SETTINGS, PlainRunner()).status


def _published(store: Path) -> dict[str, str]:
    return {
        f"{table}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for table in TABLES
        for file in (store / "latest" / table).glob("*")
    }


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source, the same with a document more, and a store of the first."""
    folder = tmp_path_factory.mktemp("sound")
    for name in ("source", "grown"):
        (folder / name).mkdir()
        for number in ("000", "003"):
            for path in SEEDS.glob(f"{number}_*"):
                shutil.copy(path, folder / name)
    (folder / "grown" / "new.txt").write_text(_NEW, "utf-8")
    assert _build(folder / "source", folder / "store") == "published"
    assert _build(folder / "grown", folder / "fresh") == "published"
    return folder


def _damage(store: Path, rng: Random) -> str:
    """Flip a bit of a file, or delete a file or link; say what was done."""
    paths = sorted(path for path in store.rglob("*") if path.is_file() and path.name != ".lock")
    path = rng.choice([path for path in paths if not path.resolve().is_dir()])
    content = path.read_bytes()
    if path.is_symlink() or not content or rng.random() < 0.3:
        path.unlink()
        return f"deleted {path.relative_to(store)}"
    position = rng.randrange(len(content))
    flipped = content[position] ^ (1 << rng.randrange(8))
    path.write_bytes(content[:position] + bytes([flipped]) + content[position + 1 :])
    return f"flipped bit of byte {position} of {path.relative_to(store)}"


def _stores(sound: Path, folder: Path, seed: int) -> Iterator[tuple[Path, str]]:
    for name in ("same", "other"):
        store = folder / f"{name}-{seed}"
        shutil.copytree(sound / "store", store, symlinks=True)
        yield store, _damage(store, Random(seed))


def _check(sound: Path, folder: Path, seed: int) -> None:
    (same, done), (other, _) = _stores(sound, folder, seed)
    told = survey_store(Store(same)).damage
    assert told or done.startswith("deleted"), done
    if unchanged_release(str(sound / "source"), same, _SETTINGS) is None:
        assert _build(sound / "source", same) != "published" or "releases/" in done, done
    assert _published(same) == _published(sound / "store"), done
    remaining = survey_store(Store(same)).damage
    assert all("nothing" in finding.remedy for finding in remaining), (done, remaining)
    _build(sound / "grown", other)
    assert _published(other) == _published(sound / "fresh"), done


class _KilledWriters(PlainRunner):
    """In each step a worker is killed that writes."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:
        """Run a step, and leave half a file in each folder of a table, unless it only checks."""
        result = super().step(name, documents, work)
        if name in {step.name for step in PIPELINE}:
            for file in list(self._store.glob("tables/*/*/*.parquet")):
                file.with_name(f"{UNFINISHED}x").write_text("half", "utf-8")
        return result


def test_what_killed_workers_left_is_not_in_the_release(sound: Path, tmp_path: Path) -> None:
    build(str(sound / "source"), tmp_path, _SETTINGS, _KilledWriters(tmp_path))
    assert _published(tmp_path) == _published(sound / "store")
    assert list(tmp_path.rglob(f"{UNFINISHED}*")) == []


def test_what_a_killed_build_left_beside_its_release_is_swept(sound: Path, tmp_path: Path) -> None:
    source, store = str(sound / "source"), tmp_path / "store"
    shutil.copytree(sound / "store", store, symlinks=True)
    assert unchanged_release(source, store, _SETTINGS) is not None
    debris = (store / "latest" / "documents").resolve() / f"{UNFINISHED}x"
    debris.write_text("half", "utf-8")
    assert unchanged_release(source, store, _SETTINGS) is None
    assert _build(sound / "source", store) == "unchanged"
    assert not debris.exists()


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_store_is_told_and_mended(sound: Path, tmp_path: Path, seed: int) -> None:
    _check(sound, tmp_path, seed)


@pytest.mark.slow
def test_a_hundred_damages_are_told_and_mended(sound: Path, tmp_path: Path) -> None:
    for seed in range(3, 103):
        _check(sound, tmp_path, seed)
        shutil.rmtree(tmp_path)
