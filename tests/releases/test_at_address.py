"""A store at an address: the same bytes, one step that publishes, and no reader of half a release."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tasks.reading.confinement import ROOTS, NotAllowed
from tasks.reading.remote import Unreachable
from tasks.releases.at_address.mirror import PublishedMeanwhile, mirror_folder
from tasks.releases.at_address.objects import Objects, UnusableAddress
from tasks.releases.releases import (
    latest_id,
    list_releases,
    read_release,
    release_tables,
    roll_back,
)
from tasks.steps.store import UNFINISHED, Store
from tasks.stores import (
    UnusableStore,
    pointed_store,
    readable_store,
)
from tests.making.address_store import built_at, forget_mirrors, objects_at, source_of, wait_not
from tests.making.object_store import SECRET

PREFIX = "news/store"


def _latest(address: str) -> dict[str, Any]:
    return dict(json.loads(objects_at(address)["latest.json"]))


def test_a_release_at_an_address_has_the_bytes_of_a_local_one_and_is_sent_once(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    monkeypatch.setenv(ROOTS, f"{tmp_path}:{bucket}/news")
    outcome = built_at(source, address)
    assert outcome.status == "published"
    objects = objects_at(address)
    assert not [name for name in objects if UNFINISHED in name]
    assert not [name for name, content in objects.items() if SECRET.encode() in content]
    assert built_at(source, address).status == "unchanged"
    forget_mirrors(tmp_path)
    said: list[str] = []
    assert built_at(source, address, said).status == "unchanged"
    assert said == []
    assert objects_at(address) == objects
    _is_as_built_here(objects, tmp_path, outcome.release_id)


def _is_as_built_here(objects: dict[str, bytes], folder: Path, release_id: str) -> None:
    assert built_at(str(folder / "source"), folder / "store").release_id == release_id
    release, local = json.loads(objects["latest.json"])["folder"], folder / "store" / "latest"
    parts = list(local.glob("*/*.parquet"))
    assert parts
    for path in parts:
        assert objects[f"{release}/{path.relative_to(local)}"] == path.read_bytes()
    sums = objects[f"{release}/SHA256SUMS"].decode().splitlines()
    assert len(sums) > len(parts)
    for line in sums:
        sha256, name = line.split(maxsplit=1)
        content = objects[f"{release}/{name.removeprefix('*')}"]
        assert hashlib.sha256(content).hexdigest() == sha256


@pytest.mark.slow
def test_commands_and_other_tools_read_a_store_at_an_address(bucket: str, tmp_path: Path) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    first = built_at(source, address).release_id
    second = built_at(source_of(tmp_path, 5), address).release_id
    said = {
        name: CliRunner().invoke(app, [name, *arguments, "--store", address])
        for name, arguments in {
            "releases": [],
            "diff": [first],
            "explain": ["feed.jsonl#1"],
            "report": [],
            "export": ["--to", str(tmp_path / "out")],
            "rollback": [],
        }.items()
    }
    assert {name: result.exit_code for name, result in said.items()} == dict.fromkeys(said, 0)
    assert second in said["releases"].output
    assert Path(said["report"].output.strip()).is_file()
    latest = _latest(address)["folder"]
    assert latest.startswith(f"releases/{first}-")
    options = {
        "aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"],
        "aws_allow_http": "true",
        "aws_region": "us-east-1",
    }
    parts = f"{address}/{latest}/documents/*.parquet"
    assert pl.read_parquet(parts, storage_options=options).height == 4


@pytest.mark.slow
def test_another_machine_reads_reuses_and_rolls_back(bucket: str, tmp_path: Path) -> None:
    address = f"{bucket}/{PREFIX}"
    first = built_at(source_of(tmp_path, 4), address)
    forget_mirrors(tmp_path)
    second = built_at(source_of(tmp_path, 5), address)
    assert second.publication is not None
    steps = {step.step: step for step in second.publication.release.steps}
    assert steps["clean"].computed == 1
    assert steps["clean"].reused == 4
    forget_mirrors(tmp_path)
    store = readable_store(address, None, first.release_id, tell=pytest.fail)
    assert latest_id(store) == second.release_id
    rows = [release_tables(store, release)["documents"] for release in list_releases(store)]
    assert [frame.select(pl.len()).collect().item() for frame in rows] == [4, 5]
    with pointed_store(address, None, wait_not, pytest.fail) as changed:
        assert roll_back(changed).release_id == first.release_id
    assert _latest(address)["folder"].startswith(f"releases/{first.release_id}-")
    assert _latest(address)["withdrawn"] == [second.release_id]
    assert latest_id(readable_store(address, tell=pytest.fail)) == first.release_id
    assert built_at(source_of(tmp_path, 5), address).status == "withdrawn"


@pytest.mark.slow
def test_who_publishes_second_is_told_and_loses_nothing(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/{PREFIX}"
    built_at(source_of(tmp_path, 4), address)
    sizes = Objects.sizes

    def overtaken(objects: Objects) -> dict[str, int]:
        """Let another machine publish while this one sends."""
        monkeypatch.setattr(Objects, "sizes", sizes)
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "other"))
        (tmp_path / "elsewhere").mkdir()
        built_at(source_of(tmp_path / "elsewhere", 6), address)
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "cache"))
        return sizes(objects)

    monkeypatch.setattr(Objects, "sizes", overtaken)
    with pytest.raises(PublishedMeanwhile, match="Run the same command again"):
        built_at(source_of(tmp_path, 5), address)
    theirs = read_release(readable_store(address, None, tell=pytest.fail))
    assert theirs.tables["documents"].rows == 6
    again = built_at(source_of(tmp_path, 5), address)
    assert again.status == "published"
    assert again.publication is not None
    assert again.publication.release.previous == theirs.release_id
    steps = {step.step: step for step in again.publication.release.steps}
    assert steps["clean"].computed == 0


@pytest.mark.parametrize(
    "writes", [-1, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 5, 50))]
)
@pytest.mark.long
def test_a_build_killed_while_it_sends_leaves_the_last_release_and_goes_on(
    bucket: str, tmp_path: Path, writes: int
) -> None:
    address = f"{bucket}/{PREFIX}"
    first = built_at(source_of(tmp_path, 4), address)
    with pytest.MonkeyPatch.context() as patch:
        _die_after(writes, patch)
        with pytest.raises(KeyboardInterrupt):
            built_at(source_of(tmp_path, 5), address)
    store = readable_store(address, None, tell=pytest.fail)
    assert [release.release_id for release in list_releases(store)] == [first.release_id]
    release_tables(store, read_release(store))
    second = built_at(source_of(tmp_path, 5), address)
    assert second.status == "published"
    forget_mirrors(tmp_path)
    store = readable_store(address, None, tell=pytest.fail)
    assert latest_id(store) == second.release_id
    release_tables(store, read_release(store))


def _die_after(writes: int, patch: pytest.MonkeyPatch) -> None:
    """Have a process end after so many objects; -1: before the last, `latest.json`."""
    done: list[str] = []

    def dying(put: Any, *, is_last: bool) -> Any:
        def write(objects: Objects, *arguments: Any) -> Any:
            done.append(str(arguments))
            if is_last or 0 <= writes < len(done):
                raise KeyboardInterrupt
            return put(objects, *arguments)

        return write

    for name in ("upload", "copy", "write", "write_if"):
        patch.setattr(Objects, name, dying(getattr(Objects, name), is_last=name == "write_if"))


@pytest.mark.slow
def test_what_is_lost_at_the_address_is_told_and_sent_again(bucket: str, tmp_path: Path) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    built_at(source, address)
    before = objects_at(address)
    lost = [name for name in before if name.startswith("tables/documents/") and "part" in name]
    spoilt = [name for name in before if name.startswith("tables/mentions/") and "part" in name]
    system = fsspec.filesystem("s3")
    system.rm([f"{address}/{name}" for name in lost])
    system.pipe_file(f"{address}/{spoilt[0]}", b"x" * len(before[spoilt[0]]))
    forget_mirrors(tmp_path)
    said: list[str] = []
    assert built_at(source, address, said).status == "mended"
    assert any("lost or damaged" in line and lost[0] in line for line in said)
    after = objects_at(address)
    assert {name: after[name] for name in (*lost, *spoilt)} == {
        name: before[name] for name in (*lost, *spoilt)
    }


def test_a_store_that_overlooks_conditions_is_refused(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = Objects(f"{bucket}/{PREFIX}")
    put = objects._system.pipe_file

    def careless(path: str, content: bytes, **_: str) -> None:
        put(path, content)

    monkeypatch.setattr(objects._system, "pipe_file", careless)
    with pytest.raises(UnusableAddress, match="overlooks the condition"):
        built_at(source_of(tmp_path, 4), f"{bucket}/{PREFIX}")
    assert "latest.json" not in objects_at(f"{bucket}/{PREFIX}")


def test_addresses_that_cannot_be_a_store_are_refused_with_a_sentence(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("gs://bucket/x", "https://host/x", "s3://", "s3://bucket/x?y"):
        with pytest.raises((UnusableAddress, NotAllowed), match=r"s3://|BABELMILL_PROTOCOLS"):
            readable_store(address, tell=pytest.fail)
    with pytest.raises(UnusableAddress, match="AWS_SECRET_ACCESS_KEY") as told:
        readable_store(f"s3://key:{SECRET}@bucket/x", tell=pytest.fail)
    assert SECRET not in str(told.value)
    with pytest.raises(UnusableStore, match="lies inside the source"):
        built_at(f"{bucket}/news", f"{bucket}/{PREFIX}")
    with pytest.raises(Unreachable, match="s3://nosuch-bucket"):
        built_at(source_of(tmp_path, 4), "s3://nosuch-bucket/x")
    monkeypatch.setenv(ROOTS, f"{tmp_path}:{bucket}/other")
    with pytest.raises(NotAllowed, match=ROOTS):
        built_at(source_of(tmp_path, 4), f"{bucket}/{PREFIX}")


def test_an_error_says_no_credentials_of_an_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://name:{SECRET}@127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(Unreachable) as told:
        readable_store(f"{bucket}/{PREFIX}", tell=pytest.fail)
    assert SECRET not in str(told.value)
    assert mirror_folder(bucket, "reading").is_relative_to(tmp_path)
    assert latest_id(Store(mirror_folder(bucket, "reading"))) is None
