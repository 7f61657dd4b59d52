"""Reading over many runs at once: everything that is open, and the histories that figures are made of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.events import Event, decode
from runners.reports import Told
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import LAST, InboxRow, RunLine

if TYPE_CHECKING:
    from runners.permissions import Reader, Seen


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs are asked for; what is empty does not matter.

    Attributes:
        which: open, closed or all; ``overdue`` for open ones with a late task.
        status: ``open``, ``ended`` or ``cancelled``.
        lead: pseudonym of who leads it.
        role: it has an open task for this role.
        person: pseudonym of who has an open task in it.
        title: words in its title, in any case.
    """

    which: Literal["open", "closed", "all", "overdue"] = "open"
    status: str = ""
    sop: str = ""
    lead: str = ""
    role: str = ""
    person: str = ""
    title: str = ""


class Overview:
    """Reads of one database.

    Args:
        database: where to read.
        reader: who looks; None for the program itself, which sees everything.
    """

    def __init__(self, database: Database, reader: "Reader | None" = None) -> None:
        self._database = database
        self._reader = reader

    def _seen(self, unit: Unit) -> "Seen":
        return self._reader.within(unit) if self._reader is not None else lambda _run, _sop: True

    def tasks(self, *, sop: str | None = None, lead: str | None = None) -> Iterator[InboxRow]:
        """Every open task, what is due first standing first. Each page is a reading of its own."""
        after: tuple[str, str, int] | None = reads.NO_KEY
        while after is not None:
            rows, after = self._tasks(after, sop, lead)
            yield from rows

    def _tasks(
        self, after: tuple[str, str, int], sop: str | None, lead: str | None
    ) -> tuple[list[InboxRow], tuple[str, str, int] | None]:
        """A page, and the key of the next one."""
        with self._database.read() as unit:
            seen, rows = self._seen(unit), reads.tasks_overdue(unit, LAST, after=after)
            wanted = (row for row in rows if sop in {None, row.sop} and lead in {None, row.lead})
            return [row for row in wanted if seen(row.run, row.sop)], rows[-1].key if rows else None

    def runs(self, wanted: Wanted, now: str, *, after: tuple[str, str] | None = None, limit: int = 50) -> list[RunLine]:
        """Runs, newest first; overdue ones the latest first. *after* is the key of the last line of the page before."""
        found: list[RunLine] = []
        with self._database.read() as unit:
            seen = self._seen(unit)
            while len(found) < limit:
                lines = _page(unit, wanted, now, after, limit)
                found += [line for line in lines if _fits(unit, line, wanted) and seen(line.id, line.sop)]
                if len(lines) < limit:
                    break
                after = (lines[-1].due_at or "", lines[-1].id) if wanted.which == "overdue" else lines[-1].key
        return found[:limit]

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
        before: tuple[str, str] | None = (LAST, LAST)
        while before is not None:
            lines, before = self._page(which, sop, lead, before)
            yield from lines

    def _page(
        self, which: reads.Which, sop: str | None, lead: str | None, before: tuple[str, str]
    ) -> tuple[list[RunLine], tuple[str, str] | None]:
        """A page, and the key of the next one."""
        with self._database.read() as unit:
            seen, lines = self._seen(unit), reads.runs(unit, which, sop=sop, lead=lead, before=before, limit=500)
            return [line for line in lines if seen(line.id, line.sop)], lines[-1].key if lines else None


def _page(unit: Unit, wanted: Wanted, now: str, after: tuple[str, str] | None, limit: int) -> list[RunLine]:
    sop, lead = wanted.sop or None, wanted.lead or None
    if wanted.which == "overdue":
        return reads.runs_overdue(unit, now, sop=sop, lead=lead, after=after or ("", ""), limit=limit)
    return reads.runs(unit, wanted.which, sop=sop, lead=lead, before=after or (LAST, LAST), limit=limit)


def _fits(unit: Unit, line: RunLine, wanted: Wanted) -> bool:
    """Whether *line* has what the index does not know; its tasks are read only where they are asked about."""
    if wanted.status not in {"", line.status} or wanted.title.casefold() not in line.title.casefold():
        return False
    if not wanted.role and not wanted.person:
        return True
    tasks = [task for task in reads.tasks_of(unit, line.id) if not task.closed_at] if line.open_tasks else []
    return any(wanted.role in {"", task.role} and wanted.person in {"", task.owner} for task in tasks)


def _events(unit: Unit, run: str) -> Iterator[tuple[str, Event]]:
    after = -1
    while rows := reads.history(unit, run, after=after):
        for row in rows:
            record = json.loads(row.record)
            for event in record.get("events", ()):
                yield record["at"], decode(event)
        after = rows[-1].seq
