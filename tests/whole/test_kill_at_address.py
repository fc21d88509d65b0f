"""After `kill -9` of a build or a pruning at an address readers have a whole release, and the next run completes.

A process of its own works against a server that speaks S3, and is killed before, in or after its n-th
request that changes something there, while others are on their way.
"""

import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

import fsspec
import pytest

from tasks.build import build
from tasks.releases.at_address import deleting
from tasks.releases.at_address.mirror import mirror_folder
from tasks.releases.at_address.objects import Objects
from tasks.settings import Settings
from tasks.stores import pruned_store
from tests.making.address_store import objects_at
from tests.making.hostile_expectation import story
from tests.making.object_store import served_bucket
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN

pytestmark = pytest.mark.long

When = Literal["before", "in", "after"]
Work = Callable[[str, str], str]

_IN_MID_REQUEST_SECONDS = 0.002
#: In which a pruning deletes, so that one can be killed between two requests.
_DELETED_AT_ONCE = 60
_CHANGING = ("upload", "copy", "write", "write_if", "delete")
#: The digest of a record, which has a time in it; and the name of what has a record's name in it.
_OF_A_RECORD = re.compile(r"-[0-9a-f]{8}(?=[./])|(?<=^state/)[0-9a-f]+")


def _count_requests(at_each: Callable[[int, When], None]) -> None:
    """Have a function called before, in and after each request of this process that changes something."""
    count, lock = 0, threading.Lock()

    def counted(request: Callable[..., Any]) -> Callable[..., Any]:
        def asked(objects: Objects, *arguments: Any) -> Any:
            nonlocal count
            with lock:
                count += 1
                number = count
            at_each(number, "before")
            threading.Timer(_IN_MID_REQUEST_SECONDS, at_each, (number, "in")).start()
            result = request(objects, *arguments)
            at_each(number, "after")
            return result

        return asked

    for name in _CHANGING:
        setattr(Objects, name, counted(getattr(Objects, name)))


def _build(source: str, address: str) -> str:
    return build(source, address, Settings.model_validate(PLAIN), PlainRunner()).status


def _prune(source: str, address: str) -> str:
    pruned_store(address, 1, dry_run=False, waiting=lambda: None, tell=lambda _: None)
    return "pruned"


def _run(
    work: Work,
    source: str,
    address: str,
    number: int,
    when: When,
    environment: dict[str, str],
    answer: Connection,
) -> None:
    def die(count: int, moment: When) -> None:
        if (count, moment) == (number, when):
            os.kill(os.getpid(), signal.SIGKILL)

    os.environ.update(environment)  # the server that forks is older than the one that speaks S3
    setattr(deleting, "DELETED_AT_ONCE", _DELETED_AT_ONCE)  # noqa: B010 - mypy forbids the plain way
    _count_requests(die)
    answer.send(work(source, address))


def _in_a_process(
    work: Work, source: str, address: str, number: int = 0, when: When = "before"
) -> str | None:
    """Return the status of work in a process of its own; None: it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.making.kill_preload"])
    receiver, sender = context.Pipe(duplex=False)
    given = (work, source, address, number, when, dict(os.environ), sender)
    process = context.Process(target=_run, args=given)
    process.start()
    sender.close()
    try:
        status: str | None = receiver.recv()
    except EOFError:
        status = None
    process.join()
    assert process.exitcode == (0 if status else -signal.SIGKILL)
    return status


def _names(objects: dict[str, bytes]) -> list[str]:
    """Return the names of objects without what is of the time of a build."""
    return sorted(_OF_A_RECORD.sub("", name) for name in objects)


def _tables(objects: dict[str, bytes]) -> dict[str, str]:
    """Return hashes of the tables that readers see, of a release that is as all its sums say."""
    folder = json.loads(objects["latest.json"])["folder"]
    lines = objects[f"{folder}/SHA256SUMS"].decode().splitlines()
    sums = {name.removeprefix("*"): sha256 for sha256, name in map(str.split, lines)}
    for name, sha256 in sums.items():
        assert hashlib.sha256(objects[f"{folder}/{name}"]).hexdigest() == sha256, name
    return {name: sha256 for name, sha256 in sums.items() if name.endswith(".parquet")}


@dataclass
class Place:
    """A store with a release, to be copied; what an undisturbed build and pruning make of it."""

    base: str
    source: str
    #: What is there with one release, and with two.
    old: dict[str, bytes]
    new: dict[str, bytes]
    pruned: list[str]

    @property
    def requests(self) -> int:
        """How many requests of the build change something; `latest.json` was there before."""
        return len(self.new) - len(self.old) + 1

    def copy(self, name: str, objects: dict[str, bytes], *, with_mirror: bool) -> str:
        """Return the address of a copy, with or without what this machine knows of the base."""
        address = f"{self.base}-{name}"
        system = fsspec.filesystem("s3")
        for path, content in objects.items():
            system.pipe_file(f"{address}/{path}", content)
        if with_mirror:
            mirror, copied = (mirror_folder(one, "building") for one in (self.base, address))
            shutil.copytree(mirror, copied, symlinks=True)
        return address


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("address")
    feed = folder / "source" / "feed.jsonl"
    feed.parent.mkdir()
    lines = [json.dumps({"text": story(number)}) for number in range(5)]
    with pytest.MonkeyPatch.context() as patch, served_bucket(folder, patch) as bucket:
        base, source = f"{bucket}/base", str(feed.parent)
        feed.write_text("\n".join(lines[:4]), "utf-8")
        assert _build(source, base) == "published"
        feed.write_text("\n".join(lines), "utf-8")
        place = Place(base, source, objects_at(base), {}, [])
        whole = place.copy("whole", place.old, with_mirror=True)
        assert _build(source, whole) == "published"
        place.new = objects_at(whole)
        assert _tables(place.old) != _tables(place.new)
        with pytest.MonkeyPatch.context() as small:
            small.setattr(deleting, "DELETED_AT_ONCE", _DELETED_AT_ONCE)
            _prune(source, whole)
        place.pruned = _names(objects_at(whole))
        assert len(place.pruned) < len(place.new) - _DELETED_AT_ONCE
        yield place


def _kill_a_build(place: Place, number: int, when: When, *, with_mirror: bool) -> None:
    address = place.copy(f"{number}-{when}", place.old, with_mirror=True)
    assert _in_a_process(_build, place.source, address, number, when) is None
    seen = _tables(objects_at(address))
    is_last = number == place.requests
    if not is_last or when == "before":
        assert seen == _tables(place.old)
    elif when == "after":
        assert seen == _tables(place.new)
    else:
        assert seen in (_tables(place.old), _tables(place.new))
    if not with_mirror:
        shutil.rmtree(mirror_folder(address, "building"))
    assert _build(place.source, address) in {"published", "unchanged"}
    assert _tables(objects_at(address)) == _tables(place.new)
    _prune(place.source, address)
    assert _tables(objects_at(address)) == _tables(place.new)
    assert _names(objects_at(address)) == place.pruned


@pytest.mark.parametrize(("share", "when"), [(0.5, "in"), (1, "after")])
def test_a_build_killed_at_a_request_is_completed_with_the_same_bytes(
    place: Place, share: float, when: When
) -> None:
    _kill_a_build(place, int(share * place.requests), when, with_mirror=when == "in")


@pytest.mark.slow
def test_a_build_killed_at_each_request_is_completed_with_the_same_bytes(place: Place) -> None:
    whens: list[When] = ["before", "in", "after"]
    for number in range(1, place.requests + 1):
        _kill_a_build(place, number, whens[number % 3], with_mirror=bool(number % 2))


def _kill_a_pruning(place: Place, number: int, when: When) -> None:
    address = place.copy(f"pruned-{number}-{when}", place.new, with_mirror=False)
    assert _in_a_process(_prune, place.source, address, number, when) is None
    assert _tables(objects_at(address)) == _tables(place.new)
    assert _build(place.source, address) == "unchanged"
    if not json.loads(objects_at(address)["latest.json"])["prunings"]:
        assert number == 1
        _prune(place.source, address)
    assert _names(objects_at(address)) == place.pruned
    assert _tables(objects_at(address)) == _tables(place.new)


@pytest.mark.parametrize(("number", "when"), [(1, "after"), (2, "after")])
def test_a_killed_pruning_is_finished_by_the_next_build(
    place: Place, number: int, when: When
) -> None:
    _kill_a_pruning(place, number, when)


@pytest.mark.slow
def test_a_pruning_killed_at_each_request_is_finished_by_the_next_build(place: Place) -> None:
    whens: list[When] = ["before", "in", "after"]
    for number in range(1, 5):
        for when in whens:
            _kill_a_pruning(place, number, when)
