"""Reading over many runs at once: everything that is open, and the histories that figures are made of."""

import json
from collections.abc import Iterator

from engine.events import Event, decode
from runners.reports import Told
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import LAST, InboxRow, RunLine


class Overview:
    """Reads of one database.

    Args:
        database: where to read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def tasks(self, *, sop: str | None = None, lead: str | None = None) -> Iterator[InboxRow]:
        """Every open task, what is due first standing first. Each page is a reading of its own."""
        after = reads.NO_KEY
        while rows := self._tasks(after):
            yield from (row for row in rows if sop in {None, row.sop} and lead in {None, row.lead})
            after = rows[-1].key

    def _tasks(self, after: tuple[str, str, int]) -> list[InboxRow]:
        with self._database.read() as unit:
            return reads.tasks_overdue(unit, LAST, after=after)

    def waiting(self, *, sop: str | None = None, lead: str | None = None) -> Iterator[RunLine]:
        """Open runs in which nobody has anything to do: they wait for a child run, a signal or a moment."""
        return (line for line in self._runs("open", sop, lead) if not line.open_tasks)

    def histories(self, *, sop: str | None = None, before: str = LAST) -> Iterator[Told]:
        """The history of every run that began before an instant, newest first."""
        for line in self._runs("all", sop, None):
            if line.started_at < before:
                with self._database.read() as unit:
                    told = Told(line.id, list(_events(unit, line.id)))
                yield told

    def _runs(self, which: reads.Which, sop: str | None, lead: str | None) -> Iterator[RunLine]:
        before = (LAST, LAST)
        while lines := self._page(which, sop, lead, before):
            yield from lines
            before = lines[-1].key

    def _page(self, which: reads.Which, sop: str | None, lead: str | None, before: tuple[str, str]) -> list[RunLine]:
        with self._database.read() as unit:
            return reads.runs(unit, which, sop=sop, lead=lead, before=before, limit=500)


def _events(unit: Unit, run: str) -> Iterator[tuple[str, Event]]:
    after = -1
    while rows := reads.history(unit, run, after=after):
        for row in rows:
            record = json.loads(row.record)
            for event in record.get("events", ()):
                yield record["at"], decode(event)
        after = rows[-1].seq
