"""PostgreSQL: many writers, a server.

The connection stays in pipeline mode: BEGIN travels with the first read, and all writes with COMMIT, so that an
ordinary step takes two round trips. That a compare-and-set was lost is then known only with the commit; that such a
transaction cannot be committed is held by the key and the trigger of ``sop_history``: whoever was first has taken the
number of the record (see ``writes.apply``).
"""

from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import psycopg
from psycopg import errors

from engine.text import said
from runners.store.database import SECONDS, Observer, Parameters, Statement, Value, checked_schema
from runners.store.errors import Busy, Conflict, Damaged, StoreError, Unavailable
from runners.store.records import Row
from runners.store.sql.postgresql import HEAD, STATEMENTS

_SETTINGS: Final = {
    "synchronous_commit": "on",
    "lock_timeout": f"{SECONDS:.0f}s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "120s",
}
_KINDS: Final[tuple[tuple[type[psycopg.Error], type[StoreError]], ...]] = (
    (errors.SerializationFailure, Busy),
    (errors.DeadlockDetected, Busy),
    (errors.LockNotAvailable, Busy),
    (errors.UniqueViolation, Conflict),
    (errors.QueryCanceled, Busy),
    (errors.ReadOnlySqlTransaction, Unavailable),
    (errors.InsufficientPrivilege, Unavailable),
    (errors.DataCorrupted, Damaged),
    (errors.IndexCorrupted, Damaged),
    (errors.UndefinedTable, Damaged),  # our statements are checked against our schema: somebody has changed it
    (errors.UndefinedColumn, Damaged),
    (psycopg.OperationalError, Unavailable),
)
_CREATE_LOCK: Final = 0x736F70  # "sop": whoever makes the tables holds it


def translated(error: psycopg.Error) -> StoreError:
    """The driver's error in our words."""
    for theirs, ours in _KINDS:
        if isinstance(error, theirs):
            return ours(str(error))
    return StoreError(str(error))


class PostgreSQL:
    """A database on a server; see ``database.Database``."""

    def __init__(self, url: str, *, create: str, observer: Observer | None) -> None:
        self.observer = observer
        self._url = url
        self._ended = False
        self._connection = self._connect()
        try:
            self.log = self._opened(create)
        except BaseException:
            self.close()
            raise

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            theirs = psycopg.conninfo.conninfo_to_dict(self._url).get("options") or ""
            ours = (f"-c {name}={value}" for name, value in _SETTINGS.items())
            connection = psycopg.connect(
                psycopg.conninfo.make_conninfo(self._url, options=" ".join([*ours, str(theirs)])),
                autocommit=True,
                prepare_threshold=0,
            )
        except psycopg.Error as error:
            raise Unavailable(said("cannot reach the database: {error}", error=error)) from error
        # Kept, because the mode ends with the object that began it.
        self._mode = connection.pipeline()
        self._pipeline = self._mode.__enter__()
        return connection

    def _opened(self, create: str) -> str:
        try:
            if create:
                self._create(create)
            with self.read() as unit:
                return checked_schema(unit.one("opening"), HEAD)
        except StoreError as error:
            if isinstance(error.__cause__, errors.UndefinedTable):
                return checked_schema(None, HEAD)
            raise

    def _create(self, log: str) -> None:
        """Makes the tables in one transaction, so that two who begin at once make them once."""
        with self.write() as unit:
            execute = self._connection.execute
            try:
                execute(f"SELECT pg_advisory_xact_lock({_CREATE_LOCK})")
                row = execute("SELECT to_regclass('sop_schema') IS NULL").fetchone()
                if row is not None and not row[0]:
                    return
                from runners.store.sql.postgresql_schema import SCHEMA

                for text in SCHEMA:
                    execute(text, prepare=False)
            except psycopg.Error as error:
                raise translated(error) from error
            unit.run("meta_insert", key="log", value=log)

    def _begun(self, begin: str) -> "PostgreSQLUnit":
        """A transaction, on a new connection where the server had gone."""
        if self._connection.closed and not self._ended:
            self._connection = self._connect()
        return PostgreSQLUnit(self._connection, self._pipeline, self.observer, begin)

    def write(self) -> "PostgreSQLUnit":
        """A transaction at READ COMMITTED."""
        return self._begun("BEGIN ISOLATION LEVEL READ COMMITTED")

    def read(self) -> "PostgreSQLUnit":
        """A transaction that sees one moment and can change nothing."""
        return self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def close(self) -> None:
        """Lets go of the server."""
        self._ended = True
        if not self._connection.closed:
            with suppress(psycopg.Error):  # the mode ends before its connection, or the driver warns about it on standard error
                self._mode.__exit__(None, None, None)
        self._connection.close()


class PostgreSQLUnit:
    """One transaction; see ``database.Unit``."""

    __slots__ = ("_begin", "_connection", "_expected", "_observer", "_pipeline")

    def __init__(
        self, connection: psycopg.Connection[Row], pipeline: psycopg.Pipeline, observer: Observer | None, begin: str
    ) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._observer = observer
        self._begin = begin
        self._expected: list[tuple[str, psycopg.Cursor[Row], int]] = []

    def __enter__(self) -> Self:
        """Begins, together with the first statement."""
        try:
            self._observe("begin")
            self._plain(self._begin)
        except psycopg.Error as error:
            raise translated(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Commits, or undoes everything."""
        if kind is not None:
            self._undo()
            return
        try:
            self._observe("commit")
            done = self._plain("COMMIT")
            self._pipeline.sync()
        except psycopg.Error as failure:
            self._undo()
            raise translated(failure) from failure
        except BaseException:
            self._undo()
            raise
        if done.statusmessage != "COMMIT":
            # The server answers so, without an error, where the caller has passed over an earlier one.
            raise StoreError(said("nothing was committed: a statement had failed before"))
        for name, cursor, expected in self._expected:
            if cursor.rowcount != expected:
                raise StoreError(
                    said(
                        "{name} changed {changed} rows where {expected} were expected, and was committed",
                        name=name,
                        changed=cursor.rowcount,
                        expected=expected,
                    )
                )

    def _undo(self) -> None:
        """Leaves no transaction behind. What is wrong with a connection that is gone was already said."""
        for act in (self._pipeline.sync, lambda: self._plain("ROLLBACK"), self._pipeline.sync):
            try:
                act()
            except psycopg.Error:
                continue
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection.close()  # also where it is broken: the next transaction makes a new one

    def _plain(self, text: str) -> psycopg.Cursor[Row]:
        """Sends what frames a transaction.

        Never prepared: after a ROLLBACK the driver forgets all prepared statements with the next statement that it sends,
        and would forget that one on the server only.
        """
        return self._connection.execute(text, prepare=False)

    def _observe(self, name: str) -> None:
        if self._observer is not None:
            self._observer(name)

    def _send(self, name: str, parameters: Parameters) -> psycopg.Cursor[Row]:
        self._observe(name)
        cursor = self._connection.cursor(binary=True)
        return cursor.execute(STATEMENTS[name], parameters)

    def all(self, name: str, /, **parameters: Value) -> list[Row]:
        """Every row."""
        return self.fetch([(name, parameters)])[0]

    def one(self, name: str, /, **parameters: Value) -> Row | None:
        """The first row, or None."""
        rows = self.all(name, **parameters)
        return rows[0] if rows else None

    def run(self, name: str, /, **parameters: Value) -> int:
        """Carries out; returns how many rows changed."""
        try:
            cursor = self._send(name, parameters)
            self._pipeline.sync()
        except psycopg.Error as error:
            raise translated(error) from error
        return cursor.rowcount

    def many(self, name: str, rows: Sequence[Parameters], /) -> None:
        """Carries out once for each row, not later than the end of the transaction."""
        self.batch([Statement(name, rows)])

    def fetch(self, reads: Sequence[tuple[str, Parameters]], /) -> list[list[Row]]:
        """Several reads in one round trip."""
        try:
            cursors = [self._send(name, parameters) for name, parameters in reads]
            return [cursor.fetchall() for cursor in cursors]
        except psycopg.Error as error:
            raise translated(error) from error

    def batch(self, statements: Sequence[Statement], /) -> None:
        """Several writes, sent with the commit."""
        try:
            for name, rows, expected in statements:
                for row in rows:
                    cursor = self._send(name, row)
                    if expected is not None:
                        self._expected.append((name, cursor, expected))
        except psycopg.Error as error:
            raise translated(error) from error
