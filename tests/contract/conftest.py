"""Runs to store, and a way round the store for those who attack it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runners.store.database import Database, Unit, transact
from runners.store.records import RunRow, StoredDefinition, TaskRow
from runners.store.writes import Change, add_definition, apply

AT = "2026-11-22T13:02:11.123456Z"
FINGERPRINT = "f" * 64


class Shelf:
    """A database with one definition, and short ways to make runs in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as unit:
            add_definition(unit, StoredDefinition(FINGERPRINT, "campaign", "1.0.0", b"sop: campaign\n", b"{}", AT))

    def row(self, name: str = "CAM-1", **fields: Any) -> RunRow:  # noqa: ANN401 - any field of the row
        """An open run at its first record."""
        first = RunRow(
            id=name, seq=0, head=b"\x00" * 32, sop="campaign", version="1.0.0", fingerprint=FINGERPRINT, title="Spring",
            status="open", end_name=None, lead="p_lead", started_at=AT, started_by="p_lead", due_at=None, closed_at=None,
            parent=None, drill=False, open_tasks=0, state=b'{"at":0}',
        )  # fmt: skip
        return first._replace(**fields)

    def task(self, no: int = 1, run: str = "CAM-1", **fields: Any) -> TaskRow:  # noqa: ANN401 - any field of the row
        """An open task without owner."""
        return TaskRow(run, no, "brief", "brief", "task", "manager", 1, None, (), None, AT)._replace(**fields)

    def start(self, name: str = "CAM-1", *, more: dict[str, Any] | None = None, **fields: Any) -> RunRow:  # noqa: ANN401 - any field of the row
        """Stores a new run."""
        row = self.row(name, **fields)
        with self.database.write() as unit:
            apply(unit, Change(row, None, AT, [(0, b'{"seq":0}', row.head)], **more or {}))
        return row

    def step(self, before: RunRow, *, unit: Unit | None = None, more: dict[str, Any] | None = None, **fields: Any) -> RunRow:  # noqa: ANN401 - any field of the row
        """Stores one more record of a run and what comes with it."""
        seq = before.seq + 1
        after = before._replace(seq=seq, head=bytes([seq % 256]) * 32, state=b'{"at":%d}' % seq, **fields)
        change = Change(after, before.seq, AT, [(seq, b'{"seq":%d}' % seq, after.head)], before=before, **more or {})
        if unit is not None:
            apply(unit, change)
        else:
            transact(self.database, lambda own: apply(own, change), tries=1)
        return after


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """A fresh database with one definition."""
    return Shelf(database)


@pytest.fixture
def behind(database_url: str) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Carries out any SQL behind the store's back, each statement in its own transaction."""
    if database_url.startswith("sqlite"):
        import sqlite3

        lite = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        yield lambda sql: lite.execute(sql).fetchall()
        lite.close()
        return
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as server:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            cursor = server.execute(sql)
            return cursor.fetchall() if cursor.description else []

        yield execute
