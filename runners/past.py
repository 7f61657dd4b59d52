"""How things stood at a moment of the past, built from histories.

A list of now is an index; a list of then is a fold over every run that had begun. That is right for an auditor's question
and too slow for a daily one, which is why the two are separate. Titles and people's teams are those of now: they are not
part of a history.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.events import RunCancelled, RunEnded, RunReopened, decode
from engine.evolve import evolve
from engine.state import EMPTY, State, Task
from engine.timers import instant
from runners.changes import offered, roles_on_offer
from runners.people import KEPT
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import InboxRow, RunLine

if TYPE_CHECKING:
    from runners.directory import Procedures
    from runners.permissions import Reader


def fold(unit: Unit, run: str, as_of: str | int) -> tuple[State, int, str | None]:
    """A run's state at an instant or after a record, the number of its last record by then, and when it had ended.

    The number is -1 where the run had not begun.
    """
    state, seq, closed = EMPTY, -1, None
    limit = None if isinstance(as_of, int) else instant(as_of)
    after = -1
    while rows := reads.history(unit, run, after=after, upto=as_of if isinstance(as_of, int) else None):
        for row in rows:
            record = json.loads(row.record)
            if limit is not None and instant(record["at"]) > limit:
                return state, seq, closed
            seq = row.seq
            for plain in record.get("events", ()):
                event = decode(plain)
                state = evolve(state, event, record["at"])
                closed = record["at"] if isinstance(event, RunEnded | RunCancelled) else closed
                closed = None if isinstance(event, RunReopened) else closed
        after = rows[-1].seq
    return state, seq, closed


class Past:
    """Lists as they were at an instant.

    Args:
        database: where histories are.
        procedures: finds the procedure of a fingerprint.
        when: the instant, RFC 3339 with an offset.
        reader: who looks, and sees of the past what they may see now; None for the program itself.
    """

    def __init__(self, database: Database, procedures: "Procedures", when: str, reader: "Reader | None" = None) -> None:
        self._database = database
        self._procedures = procedures
        self._when = when
        self._reader = reader

    def runs(self, *, sop: str | None = None, lead: str | None = None) -> list[RunLine]:
        """Every run that had begun, newest first, as it stood."""
        with self._database.read() as unit:
            return [line for line, _ in self._all(unit, sop, lead)]

    def overdue(self, *, sop: str | None = None, lead: str | None = None) -> list[RunLine]:
        """The runs that were open and had a late task."""
        found = [line for line in self.runs(sop=sop, lead=lead) if line.status == "open" and line.due_at]
        return [line for line in found if line.due_at and instant(line.due_at) < instant(self._when)]

    def inbox(self, person: str) -> list[InboxRow]:
        """What *person* (a pseudonym) had or could have taken, due first."""
        found = []
        with self._database.read() as unit:
            mine = {f"{KEPT}{person}", f"person:{person}", *(f"team:{team}" for team in reads.teams_of(unit, person))}
            directory = StoredDirectory(unit, self._when)
            for line, state in self._all(unit, None, None):
                for task in state.tasks.values():
                    if task.owner == person:
                        found.append(_row(line, task, ""))
                    elif roles_on_offer(task):
                        procedure = self._procedures(unit, state.fingerprint)
                        reached = mine.intersection(offered(procedure, state, task, directory))
                        holder = min(reached, default=KEPT)  # who is kept from it does not get it through a team
                        if not holder.startswith(KEPT):
                            found.append(_row(line, task, holder))
        return sorted(found, key=lambda row: row.key)

    def _all(self, unit: Unit, sop: str | None, lead: str | None) -> Iterator[tuple[RunLine, State]]:
        seen = self._reader.within(unit) if self._reader is not None else lambda _run, _sop: True
        lines = reads.runs(unit, "all", sop=sop, lead=lead, limit=200)
        while lines:
            for line in lines:
                if not seen(line.id, line.sop):
                    continue
                state, seq, closed = fold(unit, line.id, self._when)
                if seq >= 0:
                    yield _line(line, state, seq, closed), state
            lines = reads.runs(unit, "all", sop=sop, lead=lead, before=lines[-1].key, limit=200)


def _line(now: RunLine, state: State, seq: int, closed: str | None) -> RunLine:
    dues = [task.due for task in state.tasks.values() if task.due]
    return RunLine(
        now.id, seq, state.sop, state.version, state.fingerprint, now.title, state.status, state.end or None, state.lead,
        state.started, now.started_by, min(dues, default=None), closed, now.parent, state.drill, len(state.tasks),
    )  # fmt: skip


def _row(line: RunLine, task: Task, holder: str) -> InboxRow:
    return InboxRow(
        line.id, task.no, task.step, task.address, task.kind, task.role, task.round, task.owner or None, task.due or None,
        task.ready, line.sop, line.title, line.lead, line.drill, holder, task.due or "9999",
    )  # fmt: skip
