"""Stop builds at random moments, in every way that a build can be stopped, and build again.

    python -m benchmarks.kills --count 200
    python -m benchmarks.kills --count 200 --without-names --in-a-row 4 --server ADDRESS

Each time a build of a store that holds a release already, or none, is stopped when it has written
so many files: the leading process is killed, a worker, both, or Prefect's server; or they get
Ctrl-C, SIGTERM, or SIGHUP as from a terminal that is closed. Meanwhile somebody reads the latest
release. Afterwards no process may be left, the same command must publish the same bytes as a
build that nobody stopped, and nothing half written may remain.

The moments are spread over what is left to be written, by the golden ratio. With `--in-a-row` the
next build is stopped, too, so many times, before one is let run to its end: half the work for each
stop, and what a stopped build left is taken up by one that is stopped as well.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Literal, NamedTuple, get_args

import psutil
import typer

from expectations.tables import TABLES
from tasks.releases.releases import list_releases
from tasks.releases.survey import survey_store
from tasks.steps.intact import damaged_among
from tasks.steps.store import PartFile, Store

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds" / "documents"
Kind = Literal["parent", "worker", "both", "server", "ctrl-c", "sigterm", "closed terminal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: What the command is to say; none: it was killed, and says nothing.
EXIT_CODES: dict[Kind, int] = {
    "parent": -signal.SIGKILL,
    "worker": 0,
    "both": -signal.SIGKILL,
    "server": 0,
    "ctrl-c": 130,
    "sigterm": 143,
    "closed terminal": 129,
}
#: Stopped by a person, who waits.
_STOPS = ("ctrl-c", "sigterm", "closed terminal")
STOP_SECONDS = 2.0
#: Processes of a killed one notice it; a server that is asked to stop has five seconds.
_LEFT_SECONDS = 8.0
_PATIENCE_SECONDS = 600
_POLL_SECONDS = 0.03
#: Its multiples modulo 1 leave no gap: any number of them is spread evenly.
_GOLDEN = 0.6180339887498949
#: Every part is given to a worker, however small, and there are several.
_SETTINGS = "[parts]\npart_documents = 2\n"
_CODE = (
    "from flows import environment; environment.set_defaults(); "
    "from flows import pool; pool.POOL_FROM_BYTES = 0; "
    "from flows.command import main; main()"
)
_WORKER_MARK, _SERVER_MARK = "forkserver", "uvicorn"
#: By release, the hash of each file of its tables.
Known = dict[str, dict[str, str]]


class Way(NamedTuple):
    """How the builds are run.

    Attributes:
        server: The address of a running server of Prefect; None: each build starts its own.
        options: Of `babelmill build`, beside source, store, settings and workers.
        slowness: How many times as long as on a machine with nothing else to do a stop may take.
    """

    server: str | None = None
    options: tuple[str, ...] = ()
    slowness: float = 1.0


class Killed(NamedTuple):
    """What came of a stopped build.

    Attributes:
        kind: How it was stopped.
        code: The exit code of the stopped build.
        seconds: From the signal to its end.
        problems: What was not as promised; nothing: all was.
    """

    kind: Kind
    code: int
    seconds: float
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """A source, settings, a store of an earlier release, and what the source must give.

    Attributes:
        folder: Holds all of it.
        way: How its builds are run.
        files: How many files a store has after a build; by whether it had the earlier release.
        known: What may be read meanwhile.
        latest: The release that the source gives.
    """

    folder: Path
    way: Way
    files: dict[bool, int]
    known: Known
    latest: str

    @property
    def source(self) -> Path:
        """The folder that every build reads."""
        return self.folder / "source"

    def start(self, store: Path, *, has_own_server: bool = False) -> "subprocess.Popen[str]":
        """Start a build in a session of its own."""
        settings = self.folder / "settings.toml"
        options = ["--store", str(store), "--settings", str(settings), "--workers", "2"]
        options += self.way.options
        variables = dict(os.environ)
        if self.way.server is not None and not has_own_server:
            variables["PREFECT_API_URL"] = self.way.server
        return subprocess.Popen(
            [sys.executable, "-c", _CODE, "build", str(self.source), *options],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )


def prepare(folder: Path, way: Way) -> Scene:
    """Build the source undisturbed, and a store of the source without one of its documents."""
    source, fresh, earlier = (folder / name for name in ("source", "fresh", "earlier"))
    source.mkdir()
    for path in sorted(SEEDS.iterdir()):
        shutil.copy(path, source)
    (folder / "settings.toml").write_text(_SETTINGS, encoding="utf-8")
    scene = Scene(folder, way, {}, {}, "")
    _undisturbed(scene, fresh)
    last = max(source.iterdir())
    last.rename(folder / last.name)
    _undisturbed(scene, earlier)
    (folder / last.name).rename(last)
    known = {**published(fresh), **published(earlier)}
    after = folder / "after"
    shutil.copytree(earlier, after, symlinks=True)
    _undisturbed(scene, after)
    files = {False: _files(fresh), True: _files(after)}
    return Scene(folder, way, files, known, (fresh / "latest").readlink().name)


def _undisturbed(scene: Scene, store: Path) -> None:
    build = scene.start(store)
    output, _ = build.communicate(timeout=_PATIENCE_SECONDS)
    if build.returncode:
        raise RuntimeError(output)


def published(store: Path) -> Known:
    """Return the hashes of the files of the release that people read."""
    folder = (store / "latest").resolve()
    files = [file for table in TABLES for file in sorted((folder / table).glob("*"))]
    hashes = {
        f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }
    return {folder.name: hashes}


def _files(store: Path) -> int:
    """Return how many files there are; a folder may vanish meanwhile."""
    return sum(len(files) for _, _, files in os.walk(store))


@contextmanager
def _reader(store: Path, known: Known) -> Iterator[list[str]]:
    """Read the latest release again and again; gives what was half, or not published."""
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.wait(0.2):
            if (store / "latest").is_symlink():
                ((name, hashes),) = published(store).items()
                if known.get(name) != hashes:
                    wrong.append(f"readers met {name} with {len(hashes)} files")

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield wrong
    finally:
        done.set()
        thread.join()


def kill_in_a_row(scene: Scene, numbers: Sequence[int], seed: int) -> Iterator[Killed]:
    """Stop one build after the other of one store, then let one run to its end.

    Args:
        scene: What is built.
        numbers: Of the stops: each decides how and when.
        seed: Decides with the first number whether the store has the earlier release.

    Yields:
        What came of each; with the last what readers met and what the next build did. After a
        build that was not stopped, or published though it was, there is no further one.
    """
    rng = Random(f"{seed}-{numbers[0]}")
    has_earlier = rng.random() < 0.5
    with tempfile.TemporaryDirectory(dir=scene.folder) as folder:
        store = Path(folder) / "store"
        if has_earlier:
            shutil.copytree(scene.folder / "earlier", store, symlinks=True)
        with _reader(store, scene.known) as wrong:
            found = []
            for number in numbers:
                stopped = _stop(scene, number, rng, store, scene.files[has_earlier])
                if stopped is None:
                    break
                found.append(stopped)
                if stopped.code == 0:  # it published: the next one would have nothing to do
                    break
            if not found:
                return
            yield from found[:-1]
            after = _build_again(scene, store)
        yield found[-1]._replace(problems=(*found[-1].problems, *wrong, *after))


def _stop(scene: Scene, number: int, rng: Random, store: Path, files: int) -> Killed | None:
    kind = KINDS[number % len(KINDS)]
    build = scene.start(store, has_own_server=kind == "server")
    leader = psutil.Process(build.pid)
    threading.Thread(target=build.wait, daemon=True).start()
    have = _files(store)
    wanted = have + int((number * _GOLDEN) % 1 * max(0, files - have))
    while build.poll() is None and not (_files(store) >= wanted and _victims(leader, kind)):
        time.sleep(_POLL_SECONDS)
    time.sleep(rng.uniform(0, 0.2 * scene.way.slowness))
    victims = _victims(leader, kind)
    with suppress(psutil.Error, ProcessLookupError):
        family = [leader, *leader.children(recursive=True)]
        started = time.monotonic()
        _signal(build, kind, victims, rng)
        output, _ = build.communicate(timeout=_PATIENCE_SECONDS)
        seconds = time.monotonic() - started
        ended = Killed(kind, build.returncode, seconds, ())
        is_late = build.returncode == 0 and EXIT_CODES[kind] != 0
        problems = _problems(ended, output, family, scene.way.slowness)
        return None if is_late else ended._replace(problems=problems)
    build.communicate()
    return None


def _victims(leader: psutil.Process, kind: Kind) -> list[psutil.Process]:
    """Return the processes to kill; none: there is none yet."""
    if kind in {"worker", "both", "server"}:
        mark = _SERVER_MARK if kind == "server" else _WORKER_MARK
        try:
            children = leader.children(recursive=True)
            found = [child for child in children if mark in " ".join(child.cmdline())]
        except psutil.Error:
            return []
        return [leader, *found] if kind == "both" and found else found
    return [leader]


def _signal(
    build: "subprocess.Popen[str]", kind: Kind, victims: list[psutil.Process], rng: Random
) -> None:
    if kind in {"ctrl-c", "closed terminal"}:
        os.killpg(build.pid, signal.SIGINT if kind == "ctrl-c" else signal.SIGHUP)
    elif kind == "sigterm":
        build.terminate()
    else:
        if not victims:  # they ended in this moment
            raise ProcessLookupError
        for victim in [rng.choice(victims)] if kind == "worker" else victims:
            victim.kill()


def _problems(
    ended: Killed, output: str, family: list[psutil.Process], slowness: float
) -> tuple[str, ...]:
    found = []
    code = EXIT_CODES[ended.kind]
    if ended.code not in {code, 128 - code, 0}:  # as a shell says it, or its parent: before Python
        found.append(f"exit code {ended.code}: {output[-500:]}")
    if "Traceback" in output:
        found.append(f"a traceback: {output[-500:]}")
    if ended.kind in _STOPS and ended.code and ended.seconds > STOP_SECONDS * slowness:
        found.append(f"ended after {ended.seconds:.1f} s")
    _, alive = psutil.wait_procs(family, timeout=_LEFT_SECONDS * slowness)
    left = [" ".join(process.cmdline())[:80] for process in alive if process.is_running()]
    return (*found, *(f"left running: {name}" for name in left))


def _build_again(scene: Scene, store: Path) -> list[str]:
    build = scene.start(store)
    output, _ = build.communicate(timeout=_PATIENCE_SECONDS)
    if build.returncode:
        return [f"the next build ended with {build.returncode}: {output[-500:]}"]
    found = [] if published(store) == {scene.latest: scene.known[scene.latest]} else ["other bytes"]
    found += [f"{f.problem}: {f.path}" for f in survey_store(Store(store)).findings]
    strays = [
        release for release in list_releases(Store(store)) if release.release_id not in scene.known
    ]
    return found + [f"published by nobody: {release.release_id}" for release in strays]


def show_hashing_speed(folder: Path) -> None:
    """Print how fast files are compared with their recorded hashes here."""
    path, size_bytes = folder / "hashed", 256 * 2**20
    path.write_bytes(os.urandom(size_bytes))
    file = PartFile(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size_bytes=size_bytes,
        rows=0,
    )
    started = time.process_time()
    damaged_among(folder, [file])
    print(
        f"hashing: {size_bytes / 2**20 / (time.process_time() - started):,.0f} MiB per CPU second"
    )
    path.unlink()


def main(  # noqa: PLR0913, PLR0917 - the options of a command
    count: Annotated[int, typer.Option(min=1, help="How many builds to stop.")] = 200,
    seed: Annotated[int, typer.Option(help="Chooses stores, kinds and moments.")] = 1,
    minutes: Annotated[float, typer.Option(help="Start no further one after this.")] = 1e9,
    server: Annotated[
        str | None,
        typer.Option(help="Address of a running server of Prefect; none: a build starts its own."),
    ] = None,
    in_a_row: Annotated[
        int, typer.Option(min=1, help="Stops of one store before a build is let run to its end.")
    ] = 1,
    without_names: Annotated[
        bool, typer.Option("--without-names", help="Leave out names and stories.")
    ] = False,
    slowness: Annotated[
        float, typer.Option(min=1, help="How many times as long as 2 s a stop may take here.")
    ] = 1.0,
) -> None:
    """Stop builds in all ways, build again, and print what was not as promised."""
    ends = time.monotonic() + 60 * minutes
    options = ("--without", "entities,stories") if without_names else ()
    done: list[Killed] = []
    with tempfile.TemporaryDirectory() as folder:
        show_hashing_speed(Path(folder))
        scene = prepare(Path(folder), Way(server, options, slowness))
        number = 1000 * seed
        while len(done) < count and time.monotonic() < ends:
            for killed in kill_in_a_row(scene, range(number, number + in_a_row), seed):
                done.append(killed)
                print(
                    f"{len(done):4} {killed.kind:16} exit {killed.code:4} "
                    f"in {killed.seconds:5.1f} s",
                    *killed.problems,
                    flush=True,
                )
            number += in_a_row
    _summarise(done, number - 1000 * seed)
    raise typer.Exit(int(any(killed.problems for killed in done)))


def _summarise(done: list[Killed], begun: int) -> None:
    kinds = Counter(killed.kind for killed in done)
    stops = [killed.seconds for killed in done if killed.kind in _STOPS]
    servers = [killed.seconds for killed in done if killed.kind == "server"]
    print(f"{len(done)} builds stopped (not {begun - len(done)} that had published): {dict(kinds)}")
    print(f"slowest end after a signal: {max(stops, default=0):.2f} s")
    print(f"slowest end after the server was killed: {max(servers, default=0):.1f} s")
    print(f"not as promised: {sum(bool(killed.problems) for killed in done)}")


if __name__ == "__main__":
    typer.run(main)
