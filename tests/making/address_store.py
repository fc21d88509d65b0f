"""Build small releases into a store at an address, and look at what is there."""

import json
import shutil
from pathlib import Path

import fsspec
import pytest

from tasks.build import Outcome, build
from tasks.settings import Settings
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN


def source_of(folder: Path, documents: int) -> str:
    """Write a source of some documents, and return its folder."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    lines = [json.dumps({"text": story(number)}) for number in range(documents)]
    (source / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    return str(source)


def built_at(source: str, store: Path | str, said: list[str] | None = None) -> Outcome:
    """Build into a store without names and stories."""
    tell = (said if said is not None else []).append
    return build(source, store, Settings.model_validate(PLAIN), PlainRunner(), tell)


def objects_at(address: str) -> dict[str, bytes]:
    """Return the objects below an address, by name from there."""
    system = fsspec.filesystem("s3")
    system.invalidate_cache()
    root = address.removeprefix("s3://")
    return {path.removeprefix(f"{root}/"): system.cat_file(path) for path in system.find(root)}


def wait_not() -> None:
    """Fail: nobody else is there."""
    pytest.fail("nobody else is there")


def forget_mirrors(folder: Path) -> None:
    """Be another machine."""
    shutil.rmtree(folder / "cache")
