"""A store at an address: the same bytes, one step that publishes, and no reader of half a release."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.environment import TemporaryServer
from flows.errors import ServerFailed
from tasks.build import Outcome, build
from tasks.reading.confinement import ROOTS, NotAllowed
from tasks.reading.remote import Unreachable
from tasks.releases.at_address.mirror import PublishedMeanwhile, mirror_folder
from tasks.releases.at_address.objects import Objects, UnusableAddress
from tasks.releases.prune import Pruning
from tasks.releases.releases import (
    latest_id,
    list_releases,
    read_release,
    release_tables,
    roll_back,
)
from tasks.settings import Settings
from tasks.steps.store import UNFINISHED, Store
from tasks.stores import (
    UnusableStore,
    open_store,
    pointed_store,
    pruned_store,
    readable_store,
)
from tests.making.hostile_expectation import story
from tests.making.object_store import SECRET, served_bucket
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN

PREFIX = "news/store"


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with served_bucket(tmp_path, monkeypatch) as address:
        yield address


def _source(folder: Path, documents: int) -> str:
    source = folder / "source"
    source.mkdir(exist_ok=True)
    lines = [json.dumps({"text": story(number)}) for number in range(documents)]
    (source / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    return str(source)


def _build(source: str, store: Path | str, said: list[str] | None = None) -> Outcome:
    tell = (said if said is not None else []).append
    return build(source, store, Settings.model_validate(PLAIN), PlainRunner(), tell)


def _objects(address: str) -> dict[str, bytes]:
    """Return the objects below an address, by name from there."""
    system = fsspec.filesystem("s3")
    system.invalidate_cache()
    root = address.removeprefix("s3://")
    return {path.removeprefix(f"{root}/"): system.cat_file(path) for path in system.find(root)}


def _latest(address: str) -> dict[str, Any]:
    return dict(json.loads(_objects(address)["latest.json"]))


def _wait_not() -> None:
    pytest.fail("nobody else is there")


def _forget_mirrors(folder: Path) -> None:
    """Be another machine."""
    shutil.rmtree(folder / "cache")


def test_a_release_at_an_address_has_the_bytes_of_a_local_one_and_is_sent_once(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, address = _source(tmp_path, 4), f"{bucket}/{PREFIX}"
    monkeypatch.setenv(ROOTS, f"{tmp_path}:{bucket}/news")
    outcome = _build(source, address)
    assert outcome.status == "published"
    objects = _objects(address)
    assert not [name for name in objects if UNFINISHED in name]
    assert not [name for name, content in objects.items() if SECRET.encode() in content]
    assert _build(source, address).status == "unchanged"
    _forget_mirrors(tmp_path)
    said: list[str] = []
    assert _build(source, address, said).status == "unchanged"
    assert said == []
    assert _objects(address) == objects
    _is_as_built_here(objects, tmp_path, outcome.release_id)


def _is_as_built_here(objects: dict[str, bytes], folder: Path, release_id: str) -> None:
    assert _build(str(folder / "source"), folder / "store").release_id == release_id
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
    source, address = _source(tmp_path, 4), f"{bucket}/{PREFIX}"
    first = _build(source, address).release_id
    second = _build(_source(tmp_path, 5), address).release_id
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
    verified = CliRunner().invoke(app, ["verify", "--store", address])
    assert isinstance(verified.exception, UnusableStore)


@pytest.mark.slow
def test_another_machine_reads_reuses_and_rolls_back(bucket: str, tmp_path: Path) -> None:
    address = f"{bucket}/{PREFIX}"
    first = _build(_source(tmp_path, 4), address)
    _forget_mirrors(tmp_path)
    second = _build(_source(tmp_path, 5), address)
    assert second.publication is not None
    steps = {step.step: step for step in second.publication.release.steps}
    assert steps["clean"].computed == 1
    assert steps["clean"].reused == 4
    _forget_mirrors(tmp_path)
    store = readable_store(address, None, first.release_id, tell=pytest.fail)
    assert latest_id(store) == second.release_id
    rows = [release_tables(store, release)["documents"] for release in list_releases(store)]
    assert [frame.select(pl.len()).collect().item() for frame in rows] == [4, 5]
    with pointed_store(address, None, _wait_not, pytest.fail) as changed:
        assert roll_back(changed).release_id == first.release_id
    assert _latest(address)["folder"].startswith(f"releases/{first.release_id}-")
    assert _latest(address)["withdrawn"] == [second.release_id]
    assert latest_id(readable_store(address, tell=pytest.fail)) == first.release_id
    assert _build(_source(tmp_path, 5), address).status == "withdrawn"


@pytest.mark.slow
def test_who_publishes_second_is_told_and_loses_nothing(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/{PREFIX}"
    _build(_source(tmp_path, 4), address)
    sizes = Objects.sizes

    def overtaken(objects: Objects) -> dict[str, int]:
        """Let another machine publish while this one sends."""
        monkeypatch.setattr(Objects, "sizes", sizes)
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "other"))
        (tmp_path / "elsewhere").mkdir()
        _build(_source(tmp_path / "elsewhere", 6), address)
        monkeypatch.setenv("BABELMILL_CACHE", str(tmp_path / "cache"))
        return sizes(objects)

    monkeypatch.setattr(Objects, "sizes", overtaken)
    with pytest.raises(PublishedMeanwhile, match="Run the same command again"):
        _build(_source(tmp_path, 5), address)
    theirs = read_release(readable_store(address, None, tell=pytest.fail))
    assert theirs.tables["documents"].rows == 6
    again = _build(_source(tmp_path, 5), address)
    assert again.status == "published"
    assert again.publication is not None
    assert again.publication.release.previous == theirs.release_id
    steps = {step.step: step for step in again.publication.release.steps}
    assert steps["clean"].computed == 0


def _prune(address: str, keep: int, keep_daily: int = 0, *, dry_run: bool = False) -> Pruning:
    return pruned_store(
        address, keep, keep_daily, dry_run=dry_run, waiting=_wait_not, tell=pytest.fail
    )


def test_pruning_deletes_what_no_kept_release_needs_and_a_dry_run_nothing(
    bucket: str, tmp_path: Path
) -> None:
    address, system = f"{bucket}/{PREFIX}", fsspec.filesystem("s3")
    names = [_build(_source(tmp_path, count), address).release_id for count in (4, 5, 6)]
    left = {"tables/documents/of-a-killed-build/part-00000.parquet", "state/of-a-killed-build"}
    for name in (*left, "notes of the owner.txt"):
        system.pipe_file(f"{address}/{name}", b"x" * 1000)
    system.pipe_file(f"{address}-of-another/tables/documents/x", b"x")
    before = _objects(address)
    planned = _prune(address, 2, dry_run=True)
    assert _objects(address) == before
    done = _prune(address, 2)
    assert (done.releases, done.kept) == (names[:1], names[1:])
    assert planned == done
    after = _objects(address)
    assert left.isdisjoint(after)
    assert {str(path) for path in done.paths} == before.keys() - after.keys()
    assert done.size_bytes == sum(len(before[name]) for name in before.keys() - after.keys())
    assert "notes of the owner.txt" in after
    assert system.exists(f"{address}-of-another/tables/documents/x")
    assert not list(mirror_folder(address, "building").glob(f"releases/{names[0]}*"))
    _forget_mirrors(tmp_path)
    assert _build(_source(tmp_path, 6), address, said := []).status == "unchanged"
    assert said == []
    store = readable_store(address, *names[1:], tell=pytest.fail)
    for release in list_releases(store):
        release_tables(store, release)
    with pointed_store(address, None, _wait_not, pytest.fail) as changed:
        assert roll_back(changed).release_id == names[1]
    _forget_mirrors(tmp_path)
    assert _build(_source(tmp_path, 5), address, said).status == "unchanged"
    assert said == []
    assert _prune(address, 1, keep_daily=3).releases == []


def test_who_began_to_build_before_a_pruning_is_refused_and_loses_nothing(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/{PREFIX}"
    _build(_source(tmp_path, 4), address)
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
        _build(_source(tmp_path, 5), address)
    assert _build(_source(tmp_path, 5), address).status == "published"
    _forget_mirrors(tmp_path)
    store = readable_store(address, None, tell=pytest.fail)
    assert release_tables(store, read_release(store))["documents"].collect().height == 5


def test_parts_of_a_large_object_that_were_never_joined_are_forgotten(
    bucket: str, tmp_path: Path
) -> None:
    address, system = f"{bucket}/{PREFIX}", fsspec.filesystem("s3")
    _build(_source(tmp_path, 4), address)
    name, others = bucket.removeprefix("s3://"), "elsewhere/x"
    for key in (f"{PREFIX}/tables/documents/x", others):
        system.call_s3("create_multipart_upload", Bucket=name, Key=key)
    _prune(address, 1)
    assert [upload["Key"] for upload in system.list_multipart_uploads(name)] == [others]


def test_an_unchanged_build_at_an_address_starts_no_server(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, address = _source(tmp_path, 4), f"{bucket}/{PREFIX}"
    settings = tmp_path / "settings.toml"
    settings.write_text("entities.enabled = false\nstories.enabled = false\n", "utf-8")
    release_id = _build(source, address).release_id

    def start(_: TemporaryServer) -> None:
        raise ServerFailed("no server is needed")

    def said() -> str:
        arguments = ["build", source, "--store", address, "--settings", str(settings)]
        result = CliRunner().invoke(app, arguments)
        return result.output if result.exception is None else str(result.exception)

    monkeypatch.setattr(TemporaryServer, "start", start)
    before = _objects(address)
    assert f"Unchanged: the source gives release {release_id}" in said()
    _forget_mirrors(tmp_path)
    assert f"Unchanged: the source gives release {release_id}" in said()
    assert _objects(address) == before
    lost = next(name for name in before if name.startswith("tables/documents/"))
    fsspec.filesystem("s3").rm(f"{address}/{lost}")
    assert said() == "no server is needed"
    assert _build(source, address).status == "unchanged"
    assert _objects(address) == before
    _source(tmp_path, 5)
    assert said() == "no server is needed"


@pytest.mark.parametrize(
    "writes", [-1, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 5, 50))]
)
def test_a_build_killed_while_it_sends_leaves_the_last_release_and_goes_on(
    bucket: str, tmp_path: Path, writes: int
) -> None:
    address = f"{bucket}/{PREFIX}"
    first = _build(_source(tmp_path, 4), address)
    with pytest.MonkeyPatch.context() as patch:
        _die_after(writes, patch)
        with pytest.raises(KeyboardInterrupt):
            _build(_source(tmp_path, 5), address)
    store = readable_store(address, None, tell=pytest.fail)
    assert [release.release_id for release in list_releases(store)] == [first.release_id]
    release_tables(store, read_release(store))
    second = _build(_source(tmp_path, 5), address)
    assert second.status == "published"
    _forget_mirrors(tmp_path)
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
    source, address = _source(tmp_path, 4), f"{bucket}/{PREFIX}"
    _build(source, address)
    before = _objects(address)
    lost = [name for name in before if name.startswith("tables/documents/") and "part" in name]
    spoilt = [name for name in before if name.startswith("tables/mentions/") and "part" in name]
    system = fsspec.filesystem("s3")
    system.rm([f"{address}/{name}" for name in lost])
    system.pipe_file(f"{address}/{spoilt[0]}", b"x" * len(before[spoilt[0]]))
    _forget_mirrors(tmp_path)
    said: list[str] = []
    assert _build(source, address, said).status == "mended"
    assert any("lost or damaged" in line and lost[0] in line for line in said)
    after = _objects(address)
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
        _build(_source(tmp_path, 4), f"{bucket}/{PREFIX}")
    assert "latest.json" not in _objects(f"{bucket}/{PREFIX}")


def test_addresses_that_cannot_be_a_store_are_refused_with_a_sentence(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("gs://bucket/x", "https://host/x", "s3://", "s3://bucket/x?y"):
        with pytest.raises((UnusableAddress, NotAllowed), match=r"s3://|BABELMILL_PROTOCOLS"):
            readable_store(address, tell=pytest.fail)
    with pytest.raises(UnusableAddress, match="AWS_SECRET_ACCESS_KEY") as told:
        readable_store(f"s3://key:{SECRET}@bucket/x", tell=pytest.fail)
    assert SECRET not in str(told.value)
    with pytest.raises(UnusableStore, match="needs a folder"):
        open_store(bucket)
    with pytest.raises(UnusableStore, match="lies inside the source"):
        _build(f"{bucket}/news", f"{bucket}/{PREFIX}")
    with pytest.raises(Unreachable, match="s3://nosuch-bucket"):
        _build(_source(tmp_path, 4), "s3://nosuch-bucket/x")
    monkeypatch.setenv(ROOTS, f"{tmp_path}:{bucket}/other")
    with pytest.raises(NotAllowed, match=ROOTS):
        _build(_source(tmp_path, 4), f"{bucket}/{PREFIX}")


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
