"""SQLite: one file, no server, one writer at a time."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from engine.text import said
from runners.store.database import SECONDS, Observer, Parameters, Statement, Value, checked_schema
from runners.store.errors import Busy, Conflict, Damaged, Missing, StoreError, Unavailable
from runners.store.records import Row
from runners.store.sql.sqlite import HEAD, STATEMENTS

_PRAGMAS: Final = (
    "journal_mode=wal",
    "synchronous=full",  # NORMAL is faster and loses what was acknowledged when the power goes
    "foreign_keys=on",
    "recursive_triggers=on",  # else REPLACE deletes without the delete triggers
    "trusted_schema=off",
    "cell_size_check=on",
)

_KINDS: Final[dict[int, type[StoreError]]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_FULL: Unavailable,
    sqlite3.SQLITE_IOERR: Unavailable,
    sqlite3.SQLITE_READONLY: Unavailable,
    sqlite3.SQLITE_CANTOPEN: Unavailable,
    sqlite3.SQLITE_PERM: Unavailable,
    sqlite3.SQLITE_AUTH: Unavailable,
    sqlite3.SQLITE_NOMEM: Unavailable,
    sqlite3.SQLITE_PROTOCOL: Unavailable,
    sqlite3.SQLITE_CORRUPT: Damaged,
    sqlite3.SQLITE_NOTADB: Damaged,
}
_TAKEN: Final = {sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID}

_NOT_THERE: Final = ("no such table", "no such column")
"""How SQLite, which has one code for every wrong statement, says that a part of the schema is gone."""


def translated(error: sqlite3.Error) -> StoreError:
    """The driver's error in our words."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return StoreError(str(error))
    if code in _TAKEN:
        return Conflict(str(error))
    if code == sqlite3.SQLITE_ERROR and str(error).startswith(_NOT_THERE):
        return Damaged(str(error))  # our statements are checked against our schema: somebody has changed the file
    return _KINDS.get(code & 0xFF, StoreError)(str(error))


class SQLite:
    """A database in one file; see ``database.Database``."""

    def __init__(self, path: Path, *, create: str, observer: Observer | None) -> None:
        self.observer = observer
        memory = str(path) == ":memory:"
        if not create and not memory and not path.exists():
            raise Missing(said("there is no database at {path}", path=path))
        try:
            if create and not memory:
                path.parent.mkdir(parents=True, exist_ok=True)
            # Not by URI: a path may hold any character. The file is made by the first write, which create asks for.
            self._connection = sqlite3.connect(path, timeout=SECONDS, isolation_level=None, cached_statements=256)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(said("cannot open {path}: {error}", path=path, error=error)) from error
        try:
            self.log = self._opened(create)
        except BaseException:
            self._connection.close()
            raise

    def _opened(self, create: str) -> str:
        try:
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            if create:
                self._create(create)
            return checked_schema(self._connection.execute(STATEMENTS["opening"]).fetchone(), HEAD)
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return checked_schema(None, HEAD)
            raise translated(error) from error
        except sqlite3.Error as error:
            raise translated(error) from error

    def _create(self, log: str) -> None:
        """Makes the tables in one transaction, so that two who begin at once make them once."""
        with self.write() as unit:
            if self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sop_schema'").fetchone():
                return
            from runners.store.sql.sqlite_schema import SCHEMA

            for text in SCHEMA:
                self._connection.execute(text)
            unit.run("meta_insert", key="log", value=log)

    def write(self) -> "SQLiteUnit":
        """A transaction that holds the write lock from its beginning."""
        return SQLiteUnit(self._connection, self.observer, writes=True)

    def read(self) -> "SQLiteUnit":
        """A transaction that sees one moment and can change nothing."""
        return SQLiteUnit(self._connection, self.observer, writes=False)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


class SQLiteUnit:
    """One transaction; see ``database.Unit``."""

    __slots__ = ("_connection", "_observer", "_writes")

    def __init__(self, connection: sqlite3.Connection, observer: Observer | None, *, writes: bool) -> None:
        self._connection = connection
        self._observer = observer
        self._writes = writes

    def __enter__(self) -> Self:
        """Begins."""
        try:
            if self._observer is not None:
                self._observer("begin")
            if self._writes:
                self._connection.execute("BEGIN IMMEDIATE")
            else:
                self._connection.execute("BEGIN")
                self._connection.execute("PRAGMA query_only=on")
        except sqlite3.Error as error:
            raise translated(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Commits, or undoes everything."""
        try:
            if kind is None:
                if self._observer is not None:
                    self._observer("commit")
                self._connection.execute("COMMIT")
        except sqlite3.Error as failure:
            raise translated(failure) from failure
        finally:
            self._finish()

    def _finish(self) -> None:
        """Leaves no transaction behind, whatever happened: an open one would hold everybody else up."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if not self._writes:
                self._connection.execute("PRAGMA query_only=off")
        except sqlite3.Error as error:
            raise translated(error) from error

    def all(self, name: str, /, **parameters: Value) -> list[Row]:
        """Every row."""
        return self._read(name, parameters)

    def one(self, name: str, /, **parameters: Value) -> Row | None:
        """The first row, or None."""
        rows = self._read(name, parameters)
        return rows[0] if rows else None

    def run(self, name: str, /, **parameters: Value) -> int:
        """Carries out; returns how many rows changed."""
        return self._change(name, parameters)

    def many(self, name: str, rows: Sequence[Parameters], /) -> None:
        """Carries out once for each row."""
        for row in rows:
            self._change(name, row)

    def fetch(self, reads: Sequence[tuple[str, Parameters]], /) -> list[list[Row]]:
        """Several reads."""
        return [self._read(name, parameters) for name, parameters in reads]

    def batch(self, statements: Sequence[Statement], /) -> None:
        """Several writes."""
        for name, rows, expected in statements:
            for row in rows:
                changed = self._change(name, row)
                if expected is not None and changed != expected:
                    raise Conflict(
                        said(
                            "{name} changed {changed} rows where {expected} were expected",
                            name=name,
                            changed=changed,
                            expected=expected,
                        )
                    )

    def _read(self, name: str, parameters: Parameters) -> list[Row]:
        try:
            if self._observer is not None:
                self._observer(name)
            return self._connection.execute(STATEMENTS[name], parameters).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error

    def _change(self, name: str, parameters: Parameters) -> int:
        try:
            if self._observer is not None:
                self._observer(name)
            return self._connection.execute(STATEMENTS[name], parameters).rowcount
        except sqlite3.Error as error:
            raise translated(error) from error
