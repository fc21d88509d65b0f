"""Digest what makes a table: code, settings, packages, input rows.

A version is a digest of what made it, as in Our World in Data's `etl` (checksum_input).
No clock, host, path or thread count enters a digest.
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import CodeType

import polars as pl

ROOT = Path(__file__).parents[2]
#: Hex digits of a version: 64 bits, so that among a million versions two meet once in 10**7.
VERSION_DIGITS = 16
#: Ours that a stage imports without depending on what stands in them: what runs stages has a
#: digest of its own, settings and columns enter a rule by their values.
_APART = (
    "tasks.steps",
    "tasks.settings",
    "expectations.schema",
    "expectations.tables",
    "expectations.working_tables",
)
_OURS = ("tasks", "expectations")
#: Rows digested at once: as JSON a segment has 400 bytes, and is held three times.
_ROWS_AT_ONCE = 8192
#: What computes, holds and writes the rows of every table.
BASE_PACKAGES = ("numpy", "polars", "pyarrow")


def digest(value: object) -> str:
    """Return the version digest of any JSON value, independent of key order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]


@lru_cache(maxsize=64)
def code_digest(module: str) -> str:
    """Return a digest of a module, of ours that it imports at any depth, and of their data.

    Docstrings, comments and the numbers of lines do not count. A module's data are the files
    beside it that it names; files that it reads elsewhere enter through `surroundings`.
    """
    return digest([[name, _module_digest(name)] for name in sorted(imported_modules(module))])


@lru_cache(maxsize=64)
def imported_modules(module: str) -> frozenset[str]:
    """Return a module and ours that it imports at any depth, but for those that stand apart."""
    found, waiting = {module}, [module]
    while waiting:
        for name in _imports(waiting.pop()):
            if name not in found and not _is_apart(name):
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _is_apart(module: str) -> bool:
    return any(module == apart or module.startswith(f"{apart}.") for apart in _APART)


@lru_cache(maxsize=512)
def _imports(module: str) -> frozenset[str]:
    """Return the dotted names of our modules that a module imports, anywhere in it.

    In compiled code they are the names with dots; what is imported from one of them may be a
    module, too.
    """
    names = {name for code in _codes(_code(module)) for name in code.co_names}
    dotted = {name for name in names if name.split(".")[0] in _OURS and "." in name}
    members = {f"{parent}.{name}" for parent in dotted for name in _siblings(parent) & names}
    return frozenset(dotted | members)


@lru_cache(maxsize=512)
def _siblings(package: str) -> frozenset[str]:
    """Return the names of the modules in a package; none if it is a module."""
    return frozenset(path.stem for path in (ROOT / package.replace(".", "/")).glob("*.py"))


@lru_cache(maxsize=512)
def _code(module: str) -> CodeType:
    """Return a module's code, compiled without docstrings and asserts."""
    source = _source_file(module).read_bytes()
    return compile(source, "", "exec", optimize=2, dont_inherit=True)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and those of the functions and classes in it."""
    yield code
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _codes(value)


@lru_cache(maxsize=512)
def _module_digest(module: str) -> str:
    """Digest what a module's code does, and the files beside it that it names."""
    code, folder = _code(module), _source_file(module).parent
    words = {word for each in _codes(code) for word in each.co_consts if isinstance(word, str)}
    data = sorted(folder / name for name in _data_files(folder) & words)
    return digest([_instructions(code), [[path.name, _file_sha256(path)] for path in data]])


@lru_cache(maxsize=64)
def _data_files(folder: Path) -> frozenset[str]:
    """Return the names of the files of a room that hold no code."""
    return frozenset(path.name for path in folder.iterdir() if path.suffix not in {".py", ""})


def _instructions(code: CodeType) -> list[object]:
    """Return all of a code object that decides what it does, without its line numbers."""
    constants = [
        _instructions(value) if isinstance(value, CodeType) else _constant(value)
        for value in code.co_consts
    ]
    names = [code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars]
    counts = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags]
    table = code.co_exceptiontable.hex()
    return [code.co_name, code.co_code.hex(), table, constants, names, counts]


def _constant(value: object) -> str:
    """Return a constant as text; sets in an order of their own, which hashing does not give."""
    if isinstance(value, frozenset):
        return f"frozenset({sorted(map(_constant, value))})"
    return f"{type(value).__name__} {value!r}"


def _source_file(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _file_sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@lru_cache(maxsize=64)
def packages_digest(names: tuple[str, ...]) -> str:
    """Return a digest of the installed versions of packages, of Python and of Unicode."""
    versions = {name: _installed_version(name) for name in (*BASE_PACKAGES, *names)}
    python = [sys.version_info.major, sys.version_info.minor, unicodedata.unidata_version]
    return digest([python, versions])


@lru_cache(maxsize=1)
def installed_digest() -> str:
    """Return a digest of the installed versions of every package that the lock file names."""
    names = re.findall(
        r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    return packages_digest(tuple(names))


@lru_cache(maxsize=512)
def _installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # of an extra that is not installed
        return None


def row_digests(frames: Sequence[pl.DataFrame], contexts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Digest all that a step will see of each document.

    Args:
        frames: Frames with a `doc_id`, each in the order of its key.
        contexts: `doc_id, context` strings, e.g. the models that will be used.

    Returns:
        `doc_id, input_digest`, one row per document of any frame, sorted by `doc_id`.
    """
    sources = [*frames, *contexts]
    digests = document_ids(frames)
    for position, frame in enumerate(sources):
        per_document = _document_digests(frame).rename({"row_digest": f"digest_{position}"})
        digests = digests.join(per_document, on="doc_id", how="left", maintain_order="left")
    columns = [pl.col(f"digest_{position}").fill_null("") for position in range(len(sources))]
    joined = digests.select("doc_id", pl.concat_str(columns, separator=",").alias("joined"))
    return joined.select("doc_id", _sha256(joined["joined"]).alias("input_digest"))


def document_ids(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return `doc_id` of every document that has a row in any of the frames, sorted."""
    return pl.concat([frame.select("doc_id") for frame in frames]).unique().sort("doc_id")


def _document_digests(frame: pl.DataFrame) -> pl.DataFrame:
    """Digest each document's rows in the order of the frame, which tables keep sorted."""
    if frame.columns == ["doc_id"]:
        return frame.unique().select("doc_id", row_digest=pl.lit("is there"))
    row = pl.struct(pl.exclude("doc_id")).struct.json_encode().alias("row")
    found = defaultdict[str, "hashlib._Hash"](hashlib.sha256)
    for rows in frame.iter_slices(_ROWS_AT_ONCE):
        together = rows.select("doc_id", row).group_by("doc_id", maintain_order=True)
        for doc_id, text in together.agg(pl.col("row").str.join("\n")).iter_rows():
            begun = b"\n" if doc_id in found else b""
            found[doc_id].update(begun + text.encode())
    digests = {"doc_id": list(found), "row_digest": [one.hexdigest() for one in found.values()]}
    return pl.DataFrame(digests, schema={"doc_id": pl.String(), "row_digest": pl.String()})


def _sha256(values: Iterable[str]) -> pl.Series:
    return pl.Series([hashlib.sha256(v.encode()).hexdigest() for v in values], dtype=pl.String())
