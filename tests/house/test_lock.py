"""The lock files hold what `pyproject.toml` asks for, with hashes and without an index address."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _locked(name: str) -> dict[str, list[str]]:
    """Return the pinned versions by package; one that differs by Python has several."""
    pins: dict[str, list[str]] = {}
    pattern = r"^([\w.-]+)==([^ ;\\\n]+)"
    for package, version in re.findall(pattern, (ROOT / name).read_text("utf-8"), re.MULTILINE):
        pins.setdefault(canonicalize_name(package), []).append(version)
    return pins


def _requirements(texts: list[str]) -> list[Requirement]:
    found = [Requirement(text) for text in texts]
    return [requirement for requirement in found if requirement.name != _PROJECT["name"]]


@pytest.mark.parametrize(
    ("lock", "texts"),
    [
        ("requirements.lock", _PROJECT["dependencies"]),
        ("requirements-dev.lock", _PROJECT["dependencies"]),
        ("requirements-dev.lock", _PROJECT["optional-dependencies"]["dev"]),
        ("requirements-dev.lock", _PROJECT["optional-dependencies"]["dask"]),
        ("requirements-ducklake.lock", _PROJECT["optional-dependencies"]["ducklake"]),
    ],
)
def test_every_requirement_is_locked_at_a_version_that_it_allows(
    lock: str, texts: list[str]
) -> None:
    pins = _locked(lock)
    for requirement in _requirements(texts):
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert versions, requirement.name
        assert all(requirement.specifier.contains(version) for version in versions)


def test_the_two_locks_agree() -> None:
    core, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")
    assert {name: dev[name] for name in core} == core


def test_what_comes_aside_for_ducklake_is_locked_and_nothing_else() -> None:
    wanted = _requirements(_PROJECT["optional-dependencies"]["ducklake"])
    assert _locked("requirements-ducklake.lock").keys() == {one.name for one in wanted}


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-ducklake.lock"]
)
def test_every_pin_has_hashes_and_no_address_is_named(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert text.count("--hash=sha256:") >= len(_locked(name))
