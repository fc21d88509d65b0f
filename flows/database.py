"""Let the writes of Prefect's server wait for each other where its runs are kept in SQLite.

Prefect begins most transactions `DEFERRED`: they read first and ask for SQLite's one lock of
writers when they come to write. If another has it by then, or has written since, SQLite answers
"database is locked" at once: waiting, which Prefect allows for 60 s, could not help, as what was
read is old (https://www.sqlite.org/isolation.html, SQLITE_BUSY_SNAPSHOT). The server then answers
503; Prefect's own client asks again, its UI says "Oops. Something went wrong.". A transaction that
begins `IMMEDIATE` waits for the lock before it reads, and cannot fail so; where Prefect's authors
met the error they do the same (`prefect.server.models.deployments.mark_deployments_ready`).
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
from prefect.server.database.dependencies import set_database_config
from prefect.server.utilities.database import get_dialect
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


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


def write_in_turn() -> None:
    """Have the server that this process is going to make use it; nothing with PostgreSQL."""
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if get_dialect(url).name == "sqlite":
        set_database_config(WaitingSqlite(connection_url=url))
