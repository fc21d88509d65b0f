"""Build small releases into a store at an address, and look at what is there."""

import json
import shutil
from pathlib import Path

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

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
    """Return the objects below an address, by name from there, as the server of this process has them.

    To ask for each would take three seconds, several times in a test.
    """
    bucket, _, prefix = f"{address.removeprefix('s3://')}/".partition("/")
    keys = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys
    return {
        name.removeprefix(prefix): keys[name].value
        for name in sorted(keys)
        if name.startswith(prefix)
    }


def wait_not() -> None:
    """Fail: nobody else is there."""
    pytest.fail("nobody else is there")


def forget_mirrors(folder: Path) -> None:
    """Be another machine."""
    shutil.rmtree(folder / "cache")
