"""The one way to a database, whichever it is.

A ``Database`` belongs to one thread; a ``Unit`` is one transaction of it. Statements are named (see ``queries``).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Protocol, Self, TypeVar

from engine import limits
from engine.text import said
from runners.clock import Ids, chance, pause
from runners.store.errors import Busy, Conflict, Damaged, StoreError, Unavailable
from runners.store.records import Row

Value = str | int | bytes | None
Parameters = Mapping[str, Value]
Observer = Callable[[str], None]
"""Told the name of each statement, ``begin`` and ``commit`` before it happens. What it raises happens to the statement."""

Result = TypeVar("Result")

SECONDS: Final = 10.0
"""How long a statement waits for others' locks."""
FIRST_PAUSE: Final = 0.02
"""Seconds; doubled with every try, and shortened by chance so that those who collided do not meet again."""


class Statement(NamedTuple):
    """A named statement to be carried out for each of these rows.

    Attributes:
        name: in ``queries``.
        rows: parameters, one mapping for each execution.
        expected: how many rows each execution must change; ``Conflict`` otherwise. None = any number.
    """

    name: str
    rows: Sequence[Parameters]
    expected: int | None = None


class Unit(Protocol):
    """One transaction: whole at the normal end of its ``with`` block, not there at all after an exception."""

    def all(self, name: str, /, **parameters: Value) -> list[Row]:
        """Every row."""
        ...

    def one(self, name: str, /, **parameters: Value) -> Row | None:
        """The first row, or None."""
        ...

    def run(self, name: str, /, **parameters: Value) -> int:
        """Carries out; returns how many rows changed."""
        ...

    def many(self, name: str, rows: Sequence[Parameters], /) -> None:
        """Carries out once for each row."""
        ...

    def fetch(self, reads: Sequence[tuple[str, Parameters]], /) -> list[list[Row]]:
        """Several reads in one round trip."""
        ...

    def batch(self, statements: Sequence[Statement], /) -> None:
        """Several writes, in order, in one round trip, which on a server may be that of the commit.

        Raises:
            Conflict: an expected number of rows was not met; at the latest at the end of the transaction.
        """
        ...

    def __enter__(self) -> Self:
        """Begins."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        """Commits, or undoes everything when there was an error."""
        ...


class Database(Protocol):
    """One connection. For one thread.

    Attributes:
        log: the id that the records of this database carry.
    """

    log: str
    observer: Observer | None

    def write(self) -> Unit:
        """A transaction that may change: on SQLite it holds the only write lock from its beginning."""
        ...

    def read(self) -> Unit:
        """A transaction that sees one moment of the whole database and can change nothing."""
        ...

    def close(self) -> None:
        """Lets go of it. A second time does nothing."""
        ...


def open_database(url: str, *, create: bool = False, observer: Observer | None = None, ids: Ids | None = None) -> Database:
    """Opens a database.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite:///:memory:`` or ``postgresql://…``.
        create: make the tables where there are none yet.
        observer: told of every statement before it happens; for tests.
        ids: makes the log id of a new database.

    Raises:
        Missing: there is no database, and ``create`` is not asked for.
        Damaged: it is not one of ours, is corrupt, or has another schema than this program.
        Unavailable: it cannot be reached.
        StoreError: the URL is of no kind that is known.
    """
    log = (ids or Ids()).log() if create else ""
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from runners.store.on_postgresql import PostgreSQL  # 140 ms that SQLite need not pay
        except ImportError as error:
            raise Unavailable(said("PostgreSQL needs its driver: pip install 'sopwith[postgres]'")) from error
        return PostgreSQL(url, create=log, observer=observer)
    if url.startswith("sqlite:///"):
        from runners.store.on_sqlite import SQLite  # nor need PostgreSQL load the other

        return SQLite(Path(url.removeprefix("sqlite:///")), create=log, observer=observer)
    raise StoreError(said("a database is named sqlite:///path or postgresql://…, not {scheme}:…", scheme=url.split(":", 1)[0]))


def transact(
    database: Database,
    work: Callable[[Unit], Result],
    *,
    tries: int = limits.RETRIES,
    sleep: Callable[[float], None] = pause,
    random: Callable[[], float] = chance,
) -> Result:
    """Does the work in one transaction; begins anew, from the first read, where others were in the way.

    Args:
        database: where.
        work: may be called several times, so it must have no effect but through its unit.
        tries: how often at most.
        sleep: waits so many seconds.
        random: from 0 to below 1.

    Raises:
        Busy, Conflict: still in the way after the last try.
    """
    attempt = 1
    while True:
        try:
            with database.write() as unit:
                return work(unit)
        except (Busy, Conflict):
            if attempt >= tries:
                raise
        sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + random() / 2))
        attempt += 1


def checked_schema(found: Row | None, head: str) -> str:
    """The log id out of the ``opening`` row, when the schema is the one this program was made for.

    Raises:
        Damaged: it is not.
    """
    if found is None or found[1] is None:
        raise Damaged(said("this database was not made by sop, or its making was cut off"))
    version, log = found
    if version != head:
        if str(version) > head:
            raise Damaged(
                said("the database has schema {version}, which is newer than this program's {head}", version=version, head=head)
            )
        raise Damaged(
            said("the database has schema {version}, which is older than this program's {head}", version=version, head=head)
        )
    return str(log)
