"""Build a source in a process of its own, in another environment than this one.

python -m tests.making.elsewhere SOURCE STORE
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tasks.steps.store import TableVersion, read_record
from tests.conftest import ROOT
from tests.making.pipeline import make_tables

Hashes = dict[str, list[str]]

#: Makes Python itself follow the locale.
_FOLLOWED = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
#: By encoding and language; the source of the locale, its charset.
_SOURCES = {
    "latin-1": ("en_US", "ISO-8859-1"),
    "turkish": ("tr_TR", "UTF-8"),
    "turkish-latin-5": ("tr_TR", "ISO-8859-9"),
}


def stored_hashes(store: Path) -> Hashes:
    """Return the hashes of the files of all tables, working tables too, of a store's one build."""
    files = sorted((store / "tables").glob("*/*.json"))
    versions = [read_record(file, TableVersion) for file in files]
    assert None not in versions
    return {version.table: [f.sha256 for f in version.files] for version in versions if version}


def hashes_elsewhere(source: Path, store: Path, environment: Mapping[str, str]) -> Hashes:
    """Build all tables in a new process with these variables, and return `stored_hashes`.

    Raises:
        CalledProcessError: It failed; what it said is on standard error.
    """
    subprocess.run(
        [sys.executable, "-m", "tests.making.elsewhere", str(source), str(store)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=ROOT,
        check=True,
    )
    return stored_hashes(store)


def in_locale(name: str, folder: Path) -> dict[str, str]:
    """Return the variables for a locale, which is made in a folder if it is not C or POSIX.

    Raises:
        FileNotFoundError: There is no `localedef`.
        CalledProcessError: It has not got what the locale is made of.
    """
    if name in {"C", "POSIX"}:
        return {**_FOLLOWED, "LC_ALL": name}
    source, charset = _SOURCES[name]
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["localedef", "-i", source, "-f", charset, str(folder / name)], check=True)
    return {**_FOLLOWED, "LC_ALL": name, "LOCPATH": str(folder)}


def can_do(instructions: str) -> bool:
    """Return whether this processor has instructions, by NumPy's name for them."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    return bool(features[instructions])


def without_vector_instructions() -> dict[str, str]:
    """Return the variables that keep NumPy and the C library from what this processor can do."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    dispatched = np._core._multiarray_umath.__cpu_dispatch__  # type: ignore[attr-defined]
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(name for name in dispatched if features[name]),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL",
    }


if __name__ == "__main__":
    make_tables(sys.argv[1], Path(sys.argv[2]))
