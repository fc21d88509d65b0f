"""Writers of Prefect's SQLite wait for each other; one that has read first is not refused."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from sqlalchemy.exc import OperationalError

from flows.database import WaitingSqlite
from flows.environment import prefect_server
from tests.making.served import make_runs_at_once

_COUNT = sa.text("SELECT count(*) FROM numbers")
_ADD = sa.text("INSERT INTO numbers VALUES (1)")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "runs.db"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE numbers (number INTEGER)")
    made.close()
    return path


def _write(path: Path) -> None:
    with sqlite3.connect(path, timeout=60) as other:
        other.execute("INSERT INTO numbers VALUES (2)")
    other.close()


def _read_then_write(
    kind: type[AioSqliteConfiguration], path: Path, meanwhile: Callable[[Path], object]
) -> int:
    """Read and write in one transaction, with something done between; how many rows it read."""

    async def run() -> int:
        configuration = kind(connection_url=f"sqlite+aiosqlite:///{path}")
        session = await configuration.session(await configuration.engine())
        async with session, configuration.begin_transaction(session):
            read = int((await session.execute(_COUNT)).scalar_one())
            await asyncio.to_thread(meanwhile, path)
            await session.execute(_ADD)
        return read

    return asyncio.run(run())


def test_a_transaction_of_prefect_that_has_read_is_refused_if_another_wrote(database: Path) -> None:
    """The reason for `WaitingSqlite`: if Prefect begins otherwise one day, it can go."""
    with pytest.raises(OperationalError, match="database is locked"):
        _read_then_write(AioSqliteConfiguration, database, _write)


def test_another_that_comes_while_a_transaction_reads_waits_for_it(database: Path) -> None:
    others: list[threading.Thread] = []

    def begin_another(path: Path) -> None:
        others.append(threading.Thread(target=_write, args=(path,)))
        others[0].start()
        others[0].join(0.3)
        assert others[0].is_alive()

    assert _read_then_write(WaitingSqlite, database, begin_another) == 0
    others[0].join()
    assert _read_then_write(WaitingSqlite, database, lambda _: None) == 2


def test_a_session_within_a_transaction_reads_without_waiting(database: Path) -> None:
    async def run() -> int:
        configuration = WaitingSqlite(connection_url=f"sqlite+aiosqlite:///{database}")
        outer, inner = [await configuration.session(await configuration.engine()) for _ in range(2)]
        async with outer, configuration.begin_transaction(outer):
            await outer.execute(_ADD)
            async with inner:
                return int((await inner.execute(_COUNT)).scalar_one())

    assert asyncio.run(asyncio.wait_for(run(), 10)) == 0


def test_no_run_is_refused_by_the_server_of_a_build_though_many_write(tmp_path: Path) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        temporary_settings({PREFECT_API_URL: None, PREFECT_HOME: tmp_path}),
    ):
        patched.setenv("PREFECT_HOME", str(tmp_path))
        patched.delenv("PREFECT_API_DATABASE_CONNECTION_URL", raising=False)
        with prefect_server(), httpx.Client(base_url=PREFECT_API_URL.value(), timeout=120) as api:
            assert make_runs_at_once(api) == {201}
