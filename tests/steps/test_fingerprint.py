"""A row depends on code but not on its comments, on the packages that are declared, and on data."""

import ast
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

import pytest

from tasks.pipeline import PIPELINE
from tasks.reading import ingest
from tasks.settings import Settings
from tasks.steps import fingerprint
from tasks.steps.step import rule_of
from tests.making.pipeline import STAGES

_CODE = '''"""Say something."""

from tasks.room import words

WORDS = "words.tsv"


def loud(text: str) -> str:
    """Return a text in capitals."""
    return text.upper()  # as it is
'''


def _forget_versions() -> None:
    fingerprint.packages_digest.cache_clear()
    fingerprint._installed_version.cache_clear()


def _forget() -> None:
    for name in (
        "code_digest",
        "imported_modules",
        "_imports",
        "_code",
        "_siblings",
        "_data_files",
        "_module_digest",
    ):
        getattr(fingerprint, name).cache_clear()
    _forget_versions()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A room with a module that imports another and names a file beside it."""
    folder = tmp_path / "tasks" / "room"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "loud.py").write_text(_CODE, "utf-8")
    (folder / "words.py").write_text("COUNT = 1\n", "utf-8")
    (folder / "words.tsv").write_text("a\n", "utf-8")
    (folder / "others.tsv").write_text("a\n", "utf-8")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    _forget()
    yield folder
    _forget()


def _digest() -> str:
    _forget()
    return fingerprint.code_digest("tasks.room.loud")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("loud.py", '"""Return a text in capitals."""', '"""Return capitals."""'),
        ("loud.py", '"""Say something."""\n', '"""Say\n\nsomething else."""\n'),
        ("loud.py", "# as it is", "# for emphasis"),
        ("others.tsv", "a", "b"),
    ],
)
def test_docstrings_comments_and_files_that_are_not_named_change_no_rule(
    room: Path, name: str, old: str, new: str
) -> None:
    before, text = _digest(), (room / name).read_text("utf-8")
    (room / name).write_text(text.replace(old, new), "utf-8")
    assert (room / name).read_text("utf-8") != text
    assert _digest() == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("loud.py", "upper", "lower"),
        ("loud.py", "words.tsv", "others.tsv"),
        ("words.py", "1", "2"),
        ("words.tsv", "a", "b"),
    ],
)
def test_code_imports_and_files_that_are_named_change_the_rule(
    room: Path, name: str, old: str, new: str
) -> None:
    before, text = _digest(), (room / name).read_text("utf-8")
    (room / name).write_text(text.replace(old, new), "utf-8")
    assert _digest() != before


def test_the_rule_of_a_set_does_not_hang_on_its_order(room: Path) -> None:
    (room / "words.py").write_text('KNOWN = "x" in {"a", "b", "c"}\n', "utf-8")
    before = _digest()
    (room / "words.py").write_text('KNOWN = "x" in {"c", "b", "a"}\n', "utf-8")
    assert _digest() == before


def _rules(monkeypatch: pytest.MonkeyPatch, package: str) -> dict[str, str]:
    """Return the rule of each step when another version of a package is installed."""
    installed = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "0" if name == package else installed(name)
    )
    _forget_versions()
    rules = {step.name: rule_of(step, Settings()) for step in PIPELINE}
    monkeypatch.undo()
    _forget_versions()
    return rules


@pytest.mark.parametrize(
    ("package", "steps"),
    [
        ("rich", set()),
        ("prefect", set()),
        ("spacy", {"extract_entities"}),
        ("ftfy", {"clean", "compose"}),
        ("polars", {step.name for step in PIPELINE}),
    ],
)
def test_another_version_of_a_package_changes_the_rules_of_those_who_declare_it(
    monkeypatch: pytest.MonkeyPatch, package: str, steps: set[str]
) -> None:
    before = {step.name: rule_of(step, Settings()) for step in PIPELINE}
    after = _rules(monkeypatch, package)
    assert {name for name in before if before[name] != after[name]} == steps


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"checks": {"example_limit": 3}}, set()),
        ({"parts": {"part_documents": 7}}, set()),
        ({"languages": {"min_prior_share": 0.25}}, {"compose"}),
        ({"entities": {"document_consistency": False}}, {"extract_entities"}),
        ({"duplicates": {"num_permutations": 64}}, {"compose", "find_copies"}),
    ],
)
def test_a_setting_changes_the_rules_of_the_steps_whose_stages_are_given_it(
    changes: dict[str, dict[str, object]], steps: set[str]
) -> None:
    before = {step.name: rule_of(step, Settings()) for step in PIPELINE}
    other = Settings.model_validate(changes)
    after = {step.name: rule_of(step, other) for step in PIPELINE}
    assert {name for name in before if before[name] != after[name]} == steps


def _imported_packages(module: str) -> set[str]:
    """Return the names of what a module, and ours that it imports, take from elsewhere."""
    files = [
        fingerprint.ROOT / f"{name.replace('.', '/')}{tail}"
        for name in fingerprint.imported_modules(module)
        for tail in (".py", "/__init__.py")
    ]
    nodes = [
        node
        for file in files
        if file.is_file()
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    names = [
        alias.name
        for node in nodes
        for alias in (node.names if isinstance(node, ast.Import) else [ast.alias(str(node.module))])
    ]
    return (
        {name.split(".")[0] for name in names} - {"tasks", "expectations"} - sys.stdlib_module_names
    )


def _undeclared(module: str, declared: Sequence[str]) -> set[str]:
    """Return the distributions that a module imports and that nobody declares."""
    providers = metadata.packages_distributions()
    imported = _imported_packages(module) - {"pydantic"}  # it holds settings only
    names = {name for package in imported for name in providers[package]}
    known = {*declared, *fingerprint.BASE_PACKAGES, "polars-runtime-32"}
    return {name.lower().replace("_", "-") for name in names} - known


@pytest.mark.parametrize("name", sorted(STAGES))
def test_every_package_that_a_stage_imports_is_declared(name: str) -> None:
    stage = STAGES[name]
    assert _undeclared(stage.function.__module__, stage.packages) == set()


def test_every_package_that_readers_import_is_declared() -> None:
    assert _undeclared(ingest.ingest_files.__module__, ingest.PACKAGES) == set()


def test_every_data_file_of_a_room_is_named_by_a_module_beside_it() -> None:
    rooms = [path for path in (fingerprint.ROOT / "tasks").iterdir() if path.is_dir()]
    data = [
        path
        for room in rooms
        for path in room.rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc", ".md"}
        and not {"shipped", "templates"} & set(path.parts)
    ]
    unnamed = [
        str(path.relative_to(fingerprint.ROOT))
        for path in data
        if not any(f'"{path.name}"' in m.read_text("utf-8") for m in path.parent.glob("*.py"))
    ]
    assert data
    assert unnamed == []


def test_what_an_import_inside_a_function_brings_counts() -> None:
    module = "tasks.mentions.extract_entities"
    assert "tasks.mentions.spacy_pipelines" in fingerprint.imported_modules(module)
    assert {"spacy", "natasha"} <= _imported_packages(module)
