"""Provide one Prefect server and one release of the seeds for the whole session."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from flows import environment

environment.set_defaults()
# How long an example takes is the machine's affair, not the code's. `make test` tries the same
# examples each time, so that it says the same of the same code; `make test-slow` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("same")

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds" / "documents"
#: Rooms of tests that take long, begun first: no worker of pytest is left with one at the end
#: while the others have nothing to do.
_LONG_ROOMS = ("whole", "flows", "steps", "releases")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the rooms that take long; within a room tests keep their order."""
    rooms = {room: place for place, room in enumerate(_LONG_ROOMS)}
    items.sort(key=lambda item: rooms.get(item.path.parent.name, len(rooms)))


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server of its own for the session; its API's address.

    It is started as commands start theirs, since the one of `prefect.testing` says "database is
    locked" where several of a test's processes write at once (`flows.database`).
    """
    from prefect.settings import (
        PREFECT_API_DATABASE_CONNECTION_URL,
        PREFECT_API_URL,
        temporary_settings,
    )

    database = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('prefect') / 'prefect.db'}"
    server = environment.TemporaryServer()
    with temporary_settings({PREFECT_API_URL: None}), pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL", raising=False)
        patch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", database)
        server.start()
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: database}), server.used():
        yield str(PREFECT_API_URL.value())


@pytest.fixture(scope="session")
def seed_store(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a published release of the seeds. Not to be changed: copy it.

    Built once for all workers of pytest; each gets a copy.
    """
    from flows.build import build

    own = tmp_path_factory.mktemp("seeds")
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent if is_one_of_several else own
    built = shared / "built-seeds"
    with FileLock(shared / "built-seeds.lock"):
        if not built.exists():
            unfinished = own / "unfinished"
            outcome = build(str(SEEDS), str(unfinished), 1)
            assert outcome.status == "published"
            unfinished.rename(built)
    shutil.copytree(built, own / "store", symlinks=True)
    return own / "store"
