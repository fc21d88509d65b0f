"""Pruning at an address deletes what nobody needs, also beside builds; an unchanged build needs no server."""

from pathlib import Path

import fsspec
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.environment import TemporaryServer
from flows.errors import ServerFailed
from tasks.releases.at_address.mirror import PublishedMeanwhile, mirror_folder
from tasks.releases.at_address.objects import Objects
from tasks.releases.prune import Pruning
from tasks.releases.releases import (
    list_releases,
    read_release,
    release_tables,
    roll_back,
)
from tasks.stores import pointed_store, pruned_store, readable_store
from tests.making.address_store import built_at, forget_mirrors, objects_at, source_of, wait_not

pytestmark = pytest.mark.long

PREFIX = "news/store"


def _prune(address: str, keep: int, keep_daily: int = 0, *, dry_run: bool = False) -> Pruning:
    return pruned_store(
        address, keep, keep_daily, dry_run=dry_run, waiting=wait_not, tell=pytest.fail
    )


def test_pruning_deletes_what_no_kept_release_needs_and_a_dry_run_nothing(
    bucket: str, tmp_path: Path
) -> None:
    address, system = f"{bucket}/{PREFIX}", fsspec.filesystem("s3")
    names = [built_at(source_of(tmp_path, count), address).release_id for count in (4, 5, 6)]
    left = {"tables/documents/of-a-killed-build/part-00000.parquet", "state/of-a-killed-build"}
    for name in (*left, "notes of the owner.txt"):
        system.pipe_file(f"{address}/{name}", b"x" * 1000)
    system.pipe_file(f"{address}-of-another/tables/documents/x", b"x")
    before = objects_at(address)
    planned = _prune(address, 2, dry_run=True)
    assert objects_at(address) == before
    done = _prune(address, 2)
    assert (done.releases, done.kept) == (names[:1], names[1:])
    assert planned == done
    after = objects_at(address)
    assert left.isdisjoint(after)
    assert {str(path) for path in done.paths} == before.keys() - after.keys()
    assert done.size_bytes == sum(len(before[name]) for name in before.keys() - after.keys())
    assert "notes of the owner.txt" in after
    assert system.exists(f"{address}-of-another/tables/documents/x")
    assert not list(mirror_folder(address, "building").glob(f"releases/{names[0]}*"))
    forget_mirrors(tmp_path)
    said: list[str] = []
    assert built_at(source_of(tmp_path, 6), address, said).status == "unchanged"
    assert said == []
    store = readable_store(address, *names[1:], tell=pytest.fail)
    for release in list_releases(store):
        release_tables(store, release)
    with pointed_store(address, None, wait_not, pytest.fail) as changed:
        assert roll_back(changed).release_id == names[1]
    forget_mirrors(tmp_path)
    assert built_at(source_of(tmp_path, 5), address, said).status == "unchanged"
    assert said == []
    assert _prune(address, 1, keep_daily=3).releases == []


def test_who_began_to_build_before_a_pruning_is_refused_and_loses_nothing(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/{PREFIX}"
    built_at(source_of(tmp_path, 4), address)
    sizes = Objects.sizes

    def pruned_meanwhile(objects: Objects) -> dict[str, int]:
        """Let another machine delete what this one has sent, and relies on."""
        monkeypatch.setattr(Objects, "sizes", sizes)
        found = sizes(objects)
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "other"))
        assert _prune(address, 1).releases == []
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "cache"))
        return found

    monkeypatch.setattr(Objects, "sizes", pruned_meanwhile)
    with pytest.raises(PublishedMeanwhile, match="or deleted there"):
        built_at(source_of(tmp_path, 5), address)
    assert built_at(source_of(tmp_path, 5), address).status == "published"
    forget_mirrors(tmp_path)
    store = readable_store(address, None, tell=pytest.fail)
    assert release_tables(store, read_release(store))["documents"].collect().height == 5


def test_parts_of_a_large_object_that_were_never_joined_are_forgotten(
    bucket: str, tmp_path: Path
) -> None:
    address, system = f"{bucket}/{PREFIX}", fsspec.filesystem("s3")
    built_at(source_of(tmp_path, 4), address)
    name, others = bucket.removeprefix("s3://"), "elsewhere/x"
    for key in (f"{PREFIX}/tables/documents/x", others):
        system.call_s3("create_multipart_upload", Bucket=name, Key=key)
    _prune(address, 1)
    assert [upload["Key"] for upload in system.list_multipart_uploads(name)] == [others]


def test_an_unchanged_build_at_an_address_starts_no_server(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, address = source_of(tmp_path, 4), f"{bucket}/{PREFIX}"
    settings = tmp_path / "settings.toml"
    settings.write_text("entities.enabled = false\nstories.enabled = false\n", "utf-8")
    release_id = built_at(source, address).release_id

    def start(_: TemporaryServer) -> None:
        raise ServerFailed("no server is needed")

    def said() -> str:
        arguments = ["build", source, "--store", address, "--settings", str(settings)]
        result = CliRunner().invoke(app, arguments)
        return result.output if result.exception is None else str(result.exception)

    monkeypatch.setattr(TemporaryServer, "start", start)
    before = objects_at(address)
    assert f"Unchanged: the source gives release {release_id}" in said()
    forget_mirrors(tmp_path)
    assert f"Unchanged: the source gives release {release_id}" in said()
    assert objects_at(address) == before
    lost = next(name for name in before if name.startswith("tables/documents/"))
    fsspec.filesystem("s3").rm(f"{address}/{lost}")
    assert said() == "no server is needed"
    assert built_at(source, address).status == "unchanged"
    assert objects_at(address) == before
    source_of(tmp_path, 5)
    assert said() == "no server is needed"
