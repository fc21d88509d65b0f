"""Provide one Prefect server and one release of the seeds for the whole session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
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


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """A Prefect server of its own for the session; its API's address."""
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield str(PREFECT_API_URL.value())


@pytest.fixture(scope="session")
def seed_store(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a published release of the seeds. Not to be changed: copy it."""
    from flows.build import build

    folder = tmp_path_factory.mktemp("seeds") / "store"
    outcome = build(str(SEEDS), str(folder), 1)
    assert outcome.status == "published"
    return folder
