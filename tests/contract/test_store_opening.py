"""Opening and making a database."""

import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from runners.clock import Ids
from runners.store import on_sqlite
from runners.store.database import Database, open_database, transact
from runners.store.errors import Busy, Damaged, Missing, StoreError, Unavailable
from runners.store.sql.sqlite import HEAD
from runners.store.writes import next_number

Behind = Callable[[str], list[tuple[Any, ...]]]


def test_a_new_database_has_a_log_id_that_stays(database_url: str) -> None:
    """Making it a second time changes nothing; each database has an id of its own."""
    first = open_database(database_url, create=True, ids=Ids(lambda count: b"\x01" * count))
    assert first.log == "01" * 8
    first.close()
    first.close()
    for create in (True, False):
        again = open_database(database_url, create=create)
        assert again.log == "01" * 8
        again.close()


def test_two_who_make_it_at_once_make_it_once(database_url: str) -> None:
    """Each of many beginners gets the same database."""
    logs: list[str] = []

    def make() -> None:
        database = open_database(database_url, create=True)
        logs.append(database.log)
        database.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(logs) == 6
    assert len(set(logs)) == 1


def test_another_schema_is_refused_with_both_numbers(database: Database, database_url: str, behind: Behind) -> None:
    """Neither a newer nor an older database is touched."""
    for version, word in (("9999", "newer"), ("0000", "older")):
        behind(f"UPDATE sop_schema SET version_num = '{version}'")  # noqa: S608 - ours
        with pytest.raises(Damaged, match=f"{version}.*{word}.*{HEAD}"):
            open_database(database_url)


def test_a_database_without_our_tables_is_refused(database_url: str, tmp_path: Path) -> None:
    """An empty one is not taken for ours unless it shall be made."""
    (tmp_path / "sop.db").touch()
    with pytest.raises(Damaged):
        open_database(database_url)
    open_database(database_url, create=True).close()


def test_a_database_without_a_log_id_is_refused(database: Database, database_url: str, behind: Behind) -> None:
    """One whose making was cut off by hand is not used."""
    behind("DELETE FROM sop_meta")
    with pytest.raises(Damaged):
        open_database(database_url)


def test_a_missing_file_is_missing_and_is_not_made(tmp_path: Path) -> None:
    """Looking at a database that is not there leaves no file behind."""
    with pytest.raises(Missing):
        open_database(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made_with_the_database(tmp_path: Path) -> None:
    """The first database needs no folder."""
    path = tmp_path / "a" / "b?mode=ro#x" / "sop.db"
    open_database(f"sqlite:///{path}", create=True).close()
    assert path.is_file()


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    """Another file is refused and stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"not a database, and long enough to be sure of it" * 50)
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(Damaged):
            open_database(f"sqlite:///{path}", create=create)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    """A folder in the place of the file, a file in the place of a folder, a server that is not there."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for url in (
        f"sqlite:///{tmp_path / 'folder'}",
        f"sqlite:///{tmp_path / 'file' / 'sop.db'}",
        f"postgresql://nobody@/none?host={tmp_path}",
    ):
        with pytest.raises(Unavailable):
            open_database(url, create=True)


def test_an_unknown_kind_of_database_is_refused_without_its_password() -> None:
    """The message names the kind and nothing else."""
    with pytest.raises(StoreError, match="mysql") as caught:
        open_database("mysql://ana:secret@host/db")
    assert "secret" not in str(caught.value)


def test_a_database_in_memory_is_for_trying_out() -> None:
    """It needs no file and is gone afterwards."""
    database = open_database("sqlite:///:memory:", create=True)
    assert transact(database, lambda unit: next_number(unit, "CAM")) == 1
    assert transact(database, lambda unit: next_number(unit, "CAM")) == 2
    database.close()


def test_sqlite_is_set_up_to_keep_its_promises(tmp_path: Path) -> None:
    """Every connection synchronises fully, writes ahead and lets triggers fire."""
    database = open_database(f"sqlite:///{tmp_path / 'sop.db'}", create=True)
    connection = database._connection  # type: ignore[attr-defined]
    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema", "busy_timeout")
    }
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "busy_timeout": 10000,
    }


def test_postgresql_is_set_up_to_keep_its_promises(postgresql_url: str) -> None:
    """Commits are synchronous and no statement waits for ever."""
    database = open_database(postgresql_url, create=True)
    execute = database._connection.execute  # type: ignore[attr-defined]
    found = [execute(f"SHOW {name}").fetchone()[0] for name in ("synchronous_commit", "lock_timeout", "statement_timeout")]
    database.close()
    assert found == ["on", "10s", "1min"]


def test_a_database_that_somebody_holds_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever cannot even open it in time may try again."""
    monkeypatch.setattr(on_sqlite, "SECONDS", 0.01)
    holder = sqlite3.connect(tmp_path / "sop.db", isolation_level=None)
    holder.execute("CREATE TABLE other (x)")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Busy):
        open_database(f"sqlite:///{tmp_path / 'sop.db'}", create=True)
    holder.close()


def test_tables_that_cannot_be_made_are_said_in_our_words(postgresql_server: str) -> None:
    """A server that gives no place for tables."""
    mark = "&" if "?" in postgresql_server else "?"
    with pytest.raises(StoreError, match="schema"):
        open_database(f"{postgresql_server}{mark}options={quote('-c search_path=nowhere')}", create=True)


def test_without_the_driver_the_answer_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is an extra: an installation without it names the extra."""
    monkeypatch.setitem(sys.modules, "runners.store.on_postgresql", None)
    with pytest.raises(Unavailable, match=r"sopwith\[postgres\]"):
        open_database("postgresql://ana@host/db")
