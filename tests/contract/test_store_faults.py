"""A database that fails: before or after, never between, and no try without an end."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runners.store import on_sqlite, reads
from runners.store.database import Database, Parameters, Statement, Unit, open_database, transact
from runners.store.errors import Busy, Conflict, Damaged, StoreError, Unavailable
from runners.store.records import Evidence, Outbox, Payload, Timer
from runners.store.writes import next_number

if TYPE_CHECKING:
    from tests.contract.conftest import Shelf

AT = "2026-11-22T13:02:11.123456Z"
Behind = Callable[[str], list[tuple[Any, ...]]]
TABLES = ("run", "task", "offer", "history", "payload", "timer", "outbox", "request", "evidence", "counter")


class FailingAt:
    """Fails at the n-th thing that happens to the database."""

    def __init__(self, n: int, error: Exception) -> None:
        self.left = n
        self.error = error
        self.seen: list[str] = []

    def __call__(self, name: str) -> None:
        self.seen.append(name)
        self.left -= 1
        if self.left == 0:
            raise self.error


def full_step(shelf: "Shelf", unit: Unit) -> None:
    """A step that touches every table that a step may touch."""
    row = reads.load_run(unit, "CAM-1")
    assert row is not None
    next_number(unit, "CAM")
    shelf.step(
        row,
        unit=unit,
        more={
            "tasks": [shelf.task(1, owner="p_ana", closed_at=AT, outcome="done"), shelf.task(2)],
            "offers": {1: [], 2: ["team:design", "person:p_ben"]},
            "payloads": [Payload("CAM-1", 1, "brief.copy", b"s" * 32, b"1")],
            "timers_set": [Timer("CAM-1", 2, "remind", 1, AT)],
            "timers_done": [(1, "remind", 1)],
            "outbox": [Outbox("o", "CAM-1", 1, "message", b"{}", AT)],
            "request": ("key", "digest", 1),
            "evidence": [Evidence("a" * 64, 1, "text/plain", AT)],
        },
    )


def everything(behind: Behind) -> list[list[tuple[Any, ...]]]:
    return [behind(f"SELECT * FROM sop_{table} ORDER BY 1, 2") for table in TABLES]  # noqa: S608 - our own names


def test_the_nth_failure_leaves_all_or_nothing(shelf: "Shelf", behind: Behind) -> None:
    """Whichever statement fails, the database is as before; the same command afterwards completes."""
    shelf.start(more={"timers_set": [Timer("CAM-1", 1, "remind", 1, AT)]})
    before = everything(behind)
    for n in range(1, 1000):
        shelf.database.observer = fault = FailingAt(n, Unavailable("disk full"))
        try:
            transact(shelf.database, lambda unit: full_step(shelf, unit))
        except Unavailable:
            assert everything(behind) == before
            continue
        finally:
            shelf.database.observer = None
        break
    assert fault.seen[0] == "begin"
    assert fault.seen[-1] == "commit"
    assert len(fault.seen) == n - 1 > 15
    assert everything(behind) != before


def test_a_failure_between_two_transactions_would_be_seen(shelf: "Shelf", behind: Behind) -> None:
    """The negative control: one command in two transactions, failing between, is found by the same comparison."""
    row = shelf.start()
    before = everything(behind)
    shelf.step(row)
    assert everything(behind) != before


def test_any_exception_of_any_kind_undoes(shelf: "Shelf", behind: Behind) -> None:
    """Also what is no database error: a key pressed, memory gone."""
    shelf.start()
    before = everything(behind)
    for error in (KeyboardInterrupt(), MemoryError()):
        for name in ("run_step", "history_insert", "commit"):

            def interrupt(seen: str, name: str = name, error: BaseException = error) -> None:
                if seen == name:
                    raise error

            shelf.database.observer = interrupt
            with pytest.raises(type(error)):
                transact(shelf.database, lambda unit: full_step(shelf, unit))
            shelf.database.observer = None
            assert everything(behind) == before


@pytest.mark.parametrize("kind", [Busy, Conflict])
def test_retries_are_bounded_and_wait_longer_each_time(database: Database, kind: type[StoreError]) -> None:
    """What others cause is tried five times with growing pauses; then the caller is told."""
    tries: list[Unit] = []
    pauses: list[float] = []

    def work(unit: Unit) -> None:
        tries.append(unit)
        raise kind("somebody")

    with pytest.raises(kind):
        transact(database, work, sleep=pauses.append, random=lambda: 1.0)

    assert len(tries) == 5
    assert pauses == [0.02, 0.04, 0.08, 0.16]


def test_a_retry_begins_from_the_first_read_and_can_succeed(shelf: "Shelf") -> None:
    """The work that lost is done again on what is there now."""
    row = shelf.start()
    seen = []

    def work(unit: Unit) -> str:
        found = reads.load_run(unit, "CAM-1")
        assert found is not None
        seen.append(found.seq)
        shelf.step(row if len(seen) == 1 else found, unit=unit)
        return "done"

    shelf.step(row)
    assert transact(shelf.database, work, sleep=lambda _: None) == "done"
    assert seen == [1, 1]


@pytest.mark.parametrize("kind", [Unavailable, Damaged, StoreError, ValueError])
def test_what_trying_again_cannot_help_is_not_tried_again(database: Database, kind: type[Exception]) -> None:
    """Everything else is said at once."""
    tries = []

    def work(unit: Unit) -> None:
        tries.append(unit)
        raise kind("no")

    with pytest.raises(kind):
        transact(database, work, sleep=lambda _: None)
    assert len(tries) == 1


def test_a_lock_held_too_long_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer; whoever waits in vain is told that it is busy, and can write afterwards."""
    monkeypatch.setattr(on_sqlite, "SECONDS", 0.01)
    url = f"sqlite:///{tmp_path / 'sop.db'}"
    first, second = open_database(url, create=True), open_database(url)
    with first.write() as unit:
        next_number(unit, "CAM")
        with pytest.raises(Busy), second.write():
            pass
    assert transact(second, lambda unit: next_number(unit, "CAM")) == 2


def test_a_full_disk_is_unavailable_and_nothing_was_written(tmp_path: Path) -> None:
    """A database that may not grow refuses the step, keeps what it had and can be read."""
    path = tmp_path / "sop.db"
    database = open_database(f"sqlite:///{path}", create=True)
    pages = database._connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
    database._connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    def too_much(unit: Unit) -> None:
        next_number(unit, "CAM")
        unit.run("calendar_insert", digest="d", body=b"x" * 1_000_000)

    with pytest.raises(Unavailable):
        transact(database, too_much)

    assert transact(database, lambda unit: next_number(unit, "CAM")) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Busy),
        (sqlite3.SQLITE_IOERR_FSYNC, Unavailable),
        (sqlite3.SQLITE_READONLY_DBMOVED, Unavailable),
        (sqlite3.SQLITE_CORRUPT_INDEX, Damaged),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, Conflict),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, StoreError),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, StoreError),
        (None, StoreError),
    ],
)
def test_errors_of_sqlite_have_our_names(code: int | None, kind: type[StoreError]) -> None:
    """Extended codes count as the plain ones they belong to."""
    error = sqlite3.OperationalError("text")
    if code is not None:
        error.sqlite_errorcode = code
    assert type(on_sqlite.translated(error)) is kind


def test_errors_of_postgresql_have_our_names() -> None:
    """What may be tried again is told from what may not."""
    import psycopg
    from psycopg import errors

    from runners.store.on_postgresql import translated

    expected: dict[type[psycopg.Error], type[StoreError]] = {
        errors.SerializationFailure: Busy,
        errors.DeadlockDetected: Busy,
        errors.LockNotAvailable: Busy,
        errors.UniqueViolation: Conflict,
        errors.DiskFull: Unavailable,
        errors.AdminShutdown: Unavailable,
        errors.ReadOnlySqlTransaction: Unavailable,
        errors.IndexCorrupted: Damaged,
        errors.CheckViolation: StoreError,
    }
    for theirs, ours in expected.items():
        assert type(translated(theirs("text"))) is ours


def test_a_server_that_went_away_is_unavailable_and_then_reached_again(postgresql_url: str) -> None:
    """A broken connection costs one answer, not the process."""
    import psycopg

    database = open_database(postgresql_url, create=True)

    def interrupted(unit: Unit) -> None:
        next_number(unit, "CAM")
        with psycopg.connect(postgresql_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        next_number(unit, "CAM")

    with pytest.raises(Unavailable):
        transact(database, interrupted)

    assert transact(database, lambda unit: next_number(unit, "CAM")) == 1
    database.close()


def test_a_lost_compare_and_set_that_was_committed_is_not_silent(postgresql_url: str) -> None:
    """Should history not have stopped it, as it must, the caller hears of it."""
    database = open_database(postgresql_url, create=True)
    lost: Parameters = {"id": "CAM-1", "expected": 0, "seq": 1, "head": b"", "open_tasks": 0, "state": b""}
    with pytest.raises(StoreError, match="committed"), database.write() as unit:
        unit.batch([Statement("run_step", [lost], 1)])
    database.close()


class Gone:
    """A connection whose every act fails."""

    in_transaction = True

    def execute(self, _sql: str) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise error


def test_a_rollback_that_fails_is_said_in_our_words() -> None:
    """Nothing of the driver comes through, not even then."""
    with pytest.raises(Unavailable):
        on_sqlite.SQLiteUnit(Gone(), None, writes=True)._finish()  # type: ignore[arg-type] # as much of one as is asked


@pytest.mark.parametrize("name", ["begin", "run_by_id", "run_step", "counter_next", "commit"])
def test_whatever_the_driver_raises_has_our_name(shelf: "Shelf", behind: Behind, database_url: str, name: str) -> None:
    """At the beginning, at a read, at a write, at the end: one of our errors, and everything as before."""
    import psycopg

    shelf.start()
    before = everything(behind)

    def fail(seen: str) -> None:
        if seen == name and database_url.startswith("sqlite"):
            error = sqlite3.OperationalError("disk full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        if seen == name:
            raise psycopg.errors.DiskFull("disk full")

    shelf.database.observer = fail
    with pytest.raises(Unavailable, match="disk full"):
        transact(shelf.database, lambda unit: full_step(shelf, unit))
    shelf.database.observer = None

    assert everything(behind) == before
    transact(shelf.database, lambda unit: full_step(shelf, unit))


@pytest.mark.parametrize("rows", [0, 1])
def test_an_error_that_was_passed_over_is_not_a_success(shelf: "Shelf", behind: Behind, rows: int) -> None:
    """On a server a failed statement fails the whole transaction: whoever goes on regardless is told at the end."""
    shelf.start()
    before = everything(behind)

    def work(unit: Unit) -> None:
        with contextlib.suppress(StoreError):
            unit.run("history_insert", run="CAM-1", seq=9, record=b"", hash=b"h" * 32)
        unit.many("evidence_insert", [{"sha256": "e" * 64, "size": 1, "media": "", "added_at": AT}] * rows)

    try:
        transact(shelf.database, work)
    except StoreError:
        assert everything(behind) == before
    else:
        assert behind("SELECT count(*) FROM sop_evidence") == [(rows,)]


def test_a_transaction_within_another_is_a_fault_and_harms_neither(tmp_path: Path) -> None:
    """On SQLite one connection has one transaction: reading inside a writing one is refused, and the writing one goes on."""
    database = open_database(f"sqlite:///{tmp_path / 'sop.db'}", create=True)
    with database.write() as unit:
        with pytest.raises(StoreError), database.read():
            pass
        assert next_number(unit, "CAM") == 1
    assert transact(database, lambda unit: next_number(unit, "CAM")) == 2


def test_a_closed_database_stays_closed(database: Database) -> None:
    """Using it afterwards is an error, not a new connection."""
    database.close()
    with pytest.raises(StoreError):
        transact(database, lambda unit: next_number(unit, "CAM"))
