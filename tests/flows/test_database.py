"""Prefect's SQLite is there at once, and writers wait for each other: none is refused."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from sqlalchemy.exc import OperationalError

from flows.database import SCHEMA, WaitingSqlite, first_line, lay_out
from flows.environment import prefect_server
from tests.making.prefect_schema import dumped, migrated
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


@pytest.mark.long
def test_no_run_is_refused_by_the_server_of_a_build_though_many_write(tmp_path: Path) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        temporary_settings({PREFECT_API_URL: None, PREFECT_HOME: tmp_path}),
    ):
        patched.setenv("PREFECT_HOME", str(tmp_path))
        patched.delenv("PREFECT_API_DATABASE_CONNECTION_URL", raising=False)
        with prefect_server(), httpx.Client(base_url=PREFECT_API_URL.value(), timeout=120) as api:
            assert make_runs_at_once(api) == {201}


def _statements(database: Path) -> list[list[str]]:
    """Return what makes a database; migrations give indexes and constraints in any order."""
    return sorted(
        sorted(line.strip().rstrip(",") for line in statement.split("\n"))
        for statement in dumped(database)
    )


def test_the_tables_that_ship_are_those_of_the_locked_prefect() -> None:
    assert SCHEMA.read_text("utf-8").startswith(first_line())


@pytest.mark.slow
def test_tables_are_laid_out_as_the_migrations_of_the_locked_prefect_make_them(
    tmp_path: Path,
) -> None:
    laid_out, made = tmp_path / "laid out.db", tmp_path / "made.db"
    lay_out(laid_out)
    migrated(made)
    assert _statements(laid_out) == _statements(made)
    migrated(laid_out)  # finds nothing to do
    assert _statements(laid_out) == _statements(made)
    assert {path.name for path in tmp_path.iterdir()} == {"laid out.db", "made.db"}


def test_a_database_that_is_there_stays_as_it_is(database: Path) -> None:
    before = dumped(database)
    lay_out(database)
    assert dumped(database) == before


def test_tables_of_another_prefect_are_left_to_its_migrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "3.0.0")
    lay_out(tmp_path / "runs.db")
    assert list(tmp_path.iterdir()) == []
