"""Make the tables of Prefect's server once, by its migrations, for servers to begin with.

python -m tests.making.prefect_schema      writes them anew; after every new Prefect
"""

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def migrated(database: Path) -> None:
    """Let Prefect's migrations make its tables in a file."""
    from prefect.server.database.configurations import AioSqliteConfiguration
    from prefect.server.database.dependencies import (
        provide_database_interface,
        temporary_database_config,
    )
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings

    url = f"sqlite+aiosqlite:///{database}"
    with (
        temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: url}),
        temporary_database_config(AioSqliteConfiguration(connection_url=url)),
    ):
        asyncio.run(provide_database_interface().create_db())


def dumped(database: Path) -> list[str]:
    """Return the statements that make a database, and what is in it.

    Indexes and the constraints of a table are in an order that changes with Python's hashes.
    """
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def main() -> None:
    """Write the schema."""
    from flows.database import SCHEMA, first_line

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "prefect.db")
        migrated(database)
        script = "\n".join(dumped(database))
    license_ = "(Apache License 2.0), as its migrations leave them.\n"
    made_by = "-- Written by `python -m tests.making.prefect_schema`.\n"
    SCHEMA.write_text(f"{first_line()}{license_}{made_by}{script}\n", "utf-8")


if __name__ == "__main__":
    main()
