"""Make ready the SQLite of Prefect's server: tables are there at once, and writers wait.

Prefect makes its tables by some 140 migrations, one after the other: 7 s of a slow processor, which
the first build and the first `make serve` on a machine would wait for. `prefect_schema.sql` is what
they come to, for the release of Prefect that is locked; a test compares the two.

Prefect begins most transactions `DEFERRED`: they read first and ask for SQLite's one lock of
writers when they come to write. If another has it by then, or has written since, SQLite answers
"database is locked" at once: waiting, which Prefect allows for 60 s, could not help, as what was
read is old (https://www.sqlite.org/isolation.html, SQLITE_BUSY_SNAPSHOT). The server then answers
503; Prefect's own client asks again, its UI says "Oops. Something went wrong.". A transaction that
begins `IMMEDIATE` waits for the lock before it reads, and cannot fail so; where Prefect's authors
met the error they do the same (`prefect.server.models.deployments.mark_deployments_ready`).
"""

import os
import sqlite3
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing, suppress
from importlib import metadata
from pathlib import Path

from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
from prefect.server.database.dependencies import set_database_config
from prefect.server.utilities.database import get_dialect
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

#: Written by `python -m tests.making.prefect_schema`.
SCHEMA = Path(__file__).with_name("prefect_schema.sql")


class WaitingSqlite(AioSqliteConfiguration):
    """Prefect's SQLite, whose transactions all wait for their turn before they begin."""

    @asynccontextmanager
    async def begin_transaction(
        self,
        session: AsyncSession,
        with_for_update: bool = False,  # noqa: ARG002 - every one is
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """Begin a transaction that nobody else's can overtake, and end it.

        A session that is opened inside of it, to read, must not wait for the same lock: so the
        mode holds for this session's `BEGIN` only, which is sent now and not, as usually, with the
        first statement.
        """
        async with session.begin() as transaction:
            token = SQLITE_BEGIN_MODE.set("IMMEDIATE")
            try:
                await session.connection()
            finally:
                SQLITE_BEGIN_MODE.reset(token)
            yield transaction


def make_ready() -> None:
    """Prepare the database of the server that this process is going to make.

    Nothing with PostgreSQL.
    """
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if get_dialect(url).name != "sqlite":
        return
    set_database_config(WaitingSqlite(connection_url=url))
    name = make_url(url).database
    if name and not name.startswith((":memory:", "file:")):
        lay_out(Path(name))


def lay_out(database: Path) -> None:
    """Make Prefect's tables in a file, as its migrations leave them, if there is no such file.

    Of another Prefect than the one that is locked it makes none. Where it cannot, Prefect's own
    migrations make them, or say why nobody can.
    """
    script = SCHEMA.read_text("utf-8")
    if database.exists() or not script.startswith(first_line()):
        return
    with (
        suppress(OSError, sqlite3.Error),
        tempfile.TemporaryDirectory(dir=database.parent, prefix=".prefect-") as folder,
    ):
        made = Path(folder, database.name)
        with closing(sqlite3.connect(made)) as connection:
            connection.executescript(script)
        os.link(made, database)  # unless another server was quicker


def first_line() -> str:
    """Return how a schema of the Prefect that is installed begins."""
    return f"-- The tables of Prefect {metadata.version('prefect')} "
