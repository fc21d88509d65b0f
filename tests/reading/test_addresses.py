"""Files at addresses are read as those on this machine."""

from pathlib import Path

import fsspec
import pytest

from tasks.reading import remote
from tasks.reading.confinement import PROTOCOLS
from tasks.reading.source import SourceNotFound, absolute_source, list_source
from tasks.settings import Settings
from tasks.steps.ingest import IngestPlan, plan_ingest, read_chunk
from tasks.steps.store import Store
from tests.making.containers import zip_of
from tests.making.reading import fates


def _plan(source: str, store: Path = Path()) -> IngestPlan:
    return plan_ingest(Store(store), list_source(source), Settings())


@pytest.fixture(autouse=True)
def _open_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROTOCOLS, "memory,nosuch,s3,sftp")


@pytest.fixture
def address() -> str:
    system = fsspec.filesystem("memory")
    files = {
        "a.txt": b"one",
        "sub/b.txt": b"two",
        "c.zip": zip_of({"d.txt": b"three"}),
        "e.pdf": b"x",
    }
    for name, content in files.items():
        system.pipe(f"/bucket/{name}", content)
    return "memory://bucket"


def test_a_folder_at_an_address_is_read_as_on_this_machine(address: str, tmp_path: Path) -> None:
    expected = {
        "a.txt": "one",
        "sub/b.txt": "two",
        "c.zip#d.txt": "three",
        "e.pdf": "!corrupt",
    }
    assert fates(address) == expected
    assert fates(f"{address}/**/*.txt") == {"a.txt": "one", "sub/b.txt": "two"}
    assert fates(f"{address}/*.txt") == {"a.txt": "one"}
    assert fates(f"{address}/sub/b.txt") == {"b.txt": "two"}
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.txt").write_bytes(b"two")
    local, far = (_plan(source) for source in (f"{tmp_path}/sub", f"{address}/sub"))
    assert local.version == far.version
    assert _plan((tmp_path / "sub").as_uri()).version == local.version


def test_an_address_stays_and_a_path_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_source("s3://bucket/*.txt") == "s3://bucket/*.txt"
    assert absolute_source("a") == str(tmp_path / "a")
    assert absolute_source((tmp_path / "b c").as_uri()) == str(tmp_path / "b c")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("memory://nothing", "no files"),
        ("nosuch://a", "nosuch"),
        ("sftp://me:secret@host/a", "password"),
    ],
)
def test_an_address_that_cannot_be_read_is_said(source: str, message: str) -> None:
    with pytest.raises(SourceNotFound, match=message):
        list_source(source)


def test_a_failing_network_ends_the_build_and_rejects_nothing(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(address, tmp_path / "store")

    def refuse(address: str) -> object:
        raise remote.Unreachable("no route")

    monkeypatch.setattr(remote, "opened", refuse)
    with pytest.raises(remote.Unreachable):
        read_chunk(plan, plan.chunks[0])


def test_an_object_is_known_by_its_tag_without_being_read(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _plan(address).version
    monkeypatch.setattr(remote, "content_tag", lambda address: f"ETag {address}")
    monkeypatch.setattr(remote, "opened", lambda address: pytest.fail("it was read"))
    assert _plan(address).version != before
