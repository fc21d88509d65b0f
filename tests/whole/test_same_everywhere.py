"""The same source gives the same bytes wherever and however it is built.

All tables are compared by their files' hashes, those that only steps read included. What no
test on one machine can hold is said in docs/design.md.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from tests.conftest import SEEDS
from tests.making.elsewhere import (
    Hashes,
    can_do,
    hashes_elsewhere,
    in_locale,
    stored_hashes,
    without_vector_instructions,
)
from tests.making.site_texts import body_lines
from tests.making.texts_in_many_scripts import SCRIPTS
from tests.making.varied_files import varied_files

pytestmark = pytest.mark.long

_MANY_THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "5"
)
#: Kernels of OpenBLAS, and the instructions that they need.
_KERNELS = {
    "Prescott": "SSE3",
    "Nehalem": "SSE42",
    "Sandybridge": "AVX",
    "Haswell": "AVX2",
    "Zen": "AVX2",
    "SkylakeX": "AVX512F",
}
#: Variables by what they change.
_ENVIRONMENTS: dict[str, Mapping[str, str]] = {
    "time zone of Apia": {"TZ": "Pacific/Apia"},
    "time zone of St. John's": {"TZ": "America/St_Johns"},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 4242": {"PYTHONHASHSEED": "4242"},
    "one thread": dict.fromkeys(_MANY_THREADS, "1"),
    "many threads": _MANY_THREADS,
    **{
        f"BLAS for {name}": {"OPENBLAS_CORETYPE": name}
        for name, instructions in _KERNELS.items()
        if can_do(instructions)
    },
    "no vector instructions": without_vector_instructions(),
}
#: All at once that a machine always has.
_STRANGE = {
    **_ENVIRONMENTS["time zone of Apia"],
    **_ENVIRONMENTS["hash seed 1"],
    **_ENVIRONMENTS["many threads"],
    **_ENVIRONMENTS["BLAS for Prescott"],
    **_ENVIRONMENTS["no vector instructions"],
}


def _put(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write files into a new folder, in the order given, each older than the one before."""
    folder.mkdir(parents=True)
    for age, (name, content) in enumerate(files.items()):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (1e9 - age, 1e9 - age))
    return folder


def _files() -> dict[str, bytes]:
    """Return varied documents of every format, and some of each script that no other repeats."""
    rows = [
        {"text": "\n".join(body_lines(number, script, lines=4)), "title": f"{script} {number}"}
        for script in SCRIPTS
        for number in range(6)
    ]
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    seeds = {path.name: path.read_bytes() for path in sorted(SEEDS.iterdir())}
    return {**varied_files(), **seeds, "scripts.jsonl": lines}


def test_nothing_of_an_environment_changes_a_byte_of_the_seeds(
    seed_store: Path, tmp_path: Path
) -> None:
    seeds = {path.name: path.read_bytes() for path in sorted(SEEDS.iterdir(), reverse=True)}
    source = _put(seeds, tmp_path / "Ein Ordner, é あ")
    strange = {**_STRANGE, **in_locale("C", tmp_path)}
    assert hashes_elsewhere(source, tmp_path / "store", strange) == stored_hashes(seed_store)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _put(_files(), tmp_path_factory.mktemp("here") / "source")


@pytest.fixture(scope="module")
def expected(source: Path) -> Hashes:
    return hashes_elsewhere(source, source.parent / "store", {})


@pytest.mark.slow
@pytest.mark.parametrize("environment", _ENVIRONMENTS.values(), ids=_ENVIRONMENTS)
def test_no_setting_of_a_machine_changes_a_byte(
    environment: Mapping[str, str], source: Path, expected: Hashes, tmp_path: Path
) -> None:
    assert hashes_elsewhere(source, tmp_path / "store", environment) == expected


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("localedef") is None, reason="there is no localedef")
@pytest.mark.parametrize("name", ["C", "POSIX", "latin-1", "turkish", "turkish-latin-5"])
def test_no_locale_changes_a_byte(
    name: str, source: Path, expected: Hashes, tmp_path: Path
) -> None:
    environment = in_locale(name, tmp_path / "locales")
    assert hashes_elsewhere(source, tmp_path / "store", environment) == expected


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["other", "with spaces/and é ü あ", "a" * 200])
def test_no_place_order_or_age_of_files_changes_a_byte(
    folder: str, expected: Hashes, tmp_path: Path
) -> None:
    files = _files()
    order = Random(folder).sample(sorted(files), len(files))
    moved = _put({name: files[name] for name in order}, tmp_path / folder)
    assert hashes_elsewhere(moved, tmp_path / "store é", {}) == expected


@pytest.mark.slow
def test_nothing_of_an_environment_changes_a_byte(
    source: Path, expected: Hashes, tmp_path: Path
) -> None:
    strange = {**_STRANGE, **in_locale("POSIX", tmp_path)}
    assert hashes_elsewhere(source, tmp_path / "store", strange) == expected
