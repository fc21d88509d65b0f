"""Provide an object store on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making.object_store import served_bucket


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a bucket by moto; its address."""
    with served_bucket(tmp_path, monkeypatch) as address:
        yield address
