"""Brings a database to the schema of this program. Loads SQLAlchemy and Alembic, so nothing on the way of a command does.

A fresh database is not migrated but made at once from the generated schema, which a test holds equal to all migrations
together (``open_database(url, create=True)``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event, exc
from sqlalchemy.pool import NullPool

from engine.text import said
from runners.clock import Ids
from runners.store.database import open_database
from runners.store.errors import Missing, StoreError, Unavailable
from runners.store.generate import head


def create(url: str) -> None:
    """Makes a database, or leaves the one that is there as it is.

    Raises:
        StoreError: as ``open_database``.
    """
    open_database(url, create=True).close()


def current(url: str) -> str | None:
    """The schema of a database; None where there are no tables of ours.

    Raises:
        Missing, Unavailable: there is no such database, or it cannot be reached.
    """
    with _connected(url) as connection:
        return MigrationContext.configure(connection, opts={"version_table": "sop_schema"}).get_current_revision()


def upgrade(url: str, to: str = "head") -> tuple[str | None, str]:
    """Carries out the migrations that are missing, all in one transaction; returns the schema before and after.

    On an empty database it carries out all of them, which gives the same as ``create``.

    Raises:
        Missing, Unavailable: there is no such database, or it cannot be reached.
        StoreError: the schema is of a newer program, or a migration failed; nothing was changed then.
    """
    before = current(url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with _connected(url) as connection:
        config.attributes |= {"connection": connection, "log": Ids().log()}
        try:
            command.upgrade(config, to)
        except Exception as error:
            raise StoreError(said("the database stays at schema {version}: {error}", version=before, error=error)) from error
    return before, head() if to == "head" else to


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """A connection by SQLAlchemy."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        if not path.exists():
            raise Missing(said("there is no database at {path}", path=path))
        database = create_engine(url, poolclass=NullPool)
        event.listen(database, "connect", _plain)
        event.listen(database, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    else:
        database = create_engine("postgresql+psycopg://" + url.split("://", 1)[1], poolclass=NullPool)
    try:
        with database.connect() as connection:
            yield connection
    except exc.OperationalError as error:
        raise Unavailable(said("cannot reach the database: {error}", error=error.orig)) from error


def _plain(connection: object, _record: object) -> None:
    """Python's driver begins transactions by itself, but not before CREATE: we begin them."""
    connection.isolation_level = None  # type: ignore[attr-defined] # a sqlite3 connection, whatever SQLAlchemy calls it
    connection.execute("PRAGMA busy_timeout=10000")  # type: ignore[attr-defined]
