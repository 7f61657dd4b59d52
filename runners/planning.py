"""The calendar: what is due, what starts by itself, and what is planned for a day, of all runs in one list."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from engine.frozen import frozen
from engine.procedure import Document, Procedure
from engine.schedules import coming, named
from engine.text import pick
from engine.timers import instant, written
from runners.library import Library
from runners.schedule_starts import asked_for, leader
from runners.store import reads
from runners.store import scheduling_reads as scheduling
from runners.store.database import Database, Unit
from runners.store.records import LAST, RunLine

if TYPE_CHECKING:
    from runners.permissions import Reader, Seen

DUE, START, SLOT = "due", "start", "slot"
"""Kinds of entries: an open task is due, a run will start by itself, something is planned for a day or a moment."""

_MARK: Final = b'"calendar":true'
"""Stands in the document of every definition with a field that belongs into the calendar."""
_NAMING: Final = ("text", "choice")
"""Kinds of columns that say what a row of a table is about."""
_MOST: Final = 1_000
"""Starts of one schedule that are shown."""


@frozen
class Wanted:
    """What is asked for; what is empty does not matter.

    Attributes:
        start: the first instant.
        end: the last instant.
        sop: only of this SOP.
        role: tasks of this role, runs it will lead, and what its steps planned.
        person: what this person (pseudonym) has or may take, will lead, or is named for.
    """

    start: str
    end: str
    sop: str = ""
    role: str = ""
    person: str = ""


class Entry(NamedTuple):
    """A line of the calendar.

    Attributes:
        at: when: an instant, or a day (``2026-11-22``).
        kind: ``due``, ``start`` or ``slot``.
        title: what people call it.
        id: the task, the run or the schedule: what commands take.
        key: what stays the same when it is moved.
        run: name of the run; empty for one that has not begun.
        about: what it belongs to: the step, or the title of the run.
        people: pseudonyms.
        status: of the run.
    """

    at: str
    kind: str
    title: str
    id: str
    key: str
    sop: str
    run: str = ""
    about: str = ""
    role: str = ""
    people: tuple[str, ...] = ()
    drill: bool = False
    status: str = ""


class Planner:
    """Reads the calendar of one database.

    Args:
        database: where to read.
        library: says what the definitions say.
        reader: who looks: what may not be read is shown nowhere.
        zone: where days begin.
        languages: in which titles and labels are shown, best first.
    """

    def __init__(self, database: Database, library: Library, reader: "Reader", zone: tzinfo, languages: Sequence[str] = ()) -> None:
        self._database = database
        self._library = library
        self._reader = reader
        self._zone = zone
        self._languages = tuple(languages)

    def entries(self, wanted: Wanted, now: str) -> list[Entry]:
        """What is asked for, in the order of time; whole days stand before the times of that day."""
        with self._database.read() as unit:
            seen = self._reader.within(unit)
            found = [*self._dues(unit, seen, wanted), *self._starts(unit, wanted, now), *self._slots(unit, seen, wanted)]
        return sorted(found, key=lambda entry: (self.begins(entry), len(entry.at), entry.kind, entry.key))

    def begins(self, entry: Entry) -> str:
        """The instant of *entry*; that of a day is its beginning."""
        if len(entry.at) > len("2026-11-22"):
            return written(instant(entry.at))
        return written(datetime.combine(date.fromisoformat(entry.at), time(), self._zone))

    def _dues(self, unit: Unit, seen: "Seen", wanted: Wanted) -> Iterator[Entry]:
        mine = _own(unit, wanted.person) if wanted.person else None
        after: tuple[str, str, int] = (wanted.start, "", -1)
        while rows := reads.tasks_overdue(unit, wanted.end, after=after):
            for row in rows:
                fits = wanted.sop in {"", row.sop} and wanted.role in {"", row.role} and (mine is None or (row.run, row.no) in mine)
                if fits and row.due_at and seen(row.run, row.sop):
                    people = (row.owner,) if row.owner else ()
                    key = f"due-{row.run}-{row.no}"
                    yield Entry(
                        row.due_at, DUE, row.title, f"{row.run}/{row.label}", key, row.sop, row.run, row.label, row.role, people,
                        row.drill, "open",
                    )  # fmt: skip
            after = rows[-1].key

    def _starts(self, unit: Unit, wanted: Wanted, now: str) -> Iterator[Entry]:
        for row in scheduling.schedules(unit):
            procedure = self._library.latest(unit, row.sop) if row.next_at and wanted.sop in {"", row.sop} else None
            schedule = named(procedure.document).get(row.id) if procedure else None
            if procedure is None or schedule is None or row.next_at is None:
                continue
            role = schedule.get("lead", procedure.owner)
            lead = leader(unit, role, now, schedule.get("unit", ""))
            if wanted.role not in {"", role} or wanted.person not in {"", lead}:
                continue
            for number, at in enumerate(coming(schedule, row.next_at, wanted.end)):
                if number == _MOST:
                    break
                if at >= wanted.start:
                    title = asked_for(procedure, schedule, at, self._languages).title
                    name = f"{row.sop}.{row.id}"
                    key = f"start-{name}-{at[:16].replace(':', '')}"
                    yield Entry(at, START, title, name, key, row.sop, role=role, people=(lead,) if lead else ())

    def _slots(self, unit: Unit, seen: "Seen", wanted: Wanted) -> Iterator[Entry]:
        procedures = {
            line.fingerprint: found
            for line in reads.definitions(unit, wanted.sop or None)
            if (found := _marked(unit, line.fingerprint)) is not None
        }
        for sop in sorted({procedure.sop for procedure in procedures.values()}):
            before = (LAST, LAST)
            while lines := reads.runs(unit, "all", sop=sop, before=before):
                for line in lines:
                    procedure = procedures.get(line.fingerprint)
                    if procedure is not None and line.status != "cancelled" and seen(line.id, line.sop):
                        yield from self._planned(unit, line, procedure, wanted)
                before = lines[-1].key

    def _planned(self, unit: Unit, line: RunLine, procedure: Procedure, wanted: Wanted) -> Iterator[Entry]:
        """What the values of one run say about days and moments."""
        fields = dict(_fields(procedure))
        for path, body in reads.current_payloads(unit, line.id).items():
            name = path.rpartition("/")[2]
            if name not in fields:
                continue
            role, field = fields[name]
            alike: Counter[str] = Counter()
            for at, title, people in self._said(procedure, field, json.loads(body), line.title):
                alike[title] += 1  # a row has no name; it is known by its words, and by how many were so before
                mark = hashlib.sha256(f"{title}\0{alike[title]}".encode()).hexdigest()[:12]
                key = f"slot-{line.id}-{path.replace('/', '.')}-{mark if 'columns' in field else 0}"
                entry = Entry(at, SLOT, title, line.id, key, line.sop, line.id, line.title, role, people, line.drill, line.status)
                fits = wanted.start <= self.begins(entry) <= wanted.end and wanted.role in {"", role}
                if fits and wanted.person in {"", *(people or (line.lead,))}:
                    yield entry

    def _said(
        self, procedure: Procedure, field: Document, value: Any, title: str,  # noqa: ANN401 - any value of a form
    ) -> Iterator[tuple[str, str, tuple[str, ...]]]:  # fmt: skip
        """Moment, title and people of every day or moment that *value* gives."""
        if "columns" not in field:
            if isinstance(value, str) and value:
                label = pick(field.get("label"), self._languages, procedure.lang)
                yield value, f"{title}: {label}" if label else title, ()
            return
        columns: Mapping[str, Document] = field["columns"]
        for row in value:
            words = [self._cell(procedure, column, row.get(name)) for name, column in columns.items()]
            people = tuple(row[name] for name, column in columns.items() if column["type"] == "user" and row.get(name))
            for name, column in columns.items():
                if column.get("calendar") and row.get(name):
                    yield row[name], " · ".join(word for word in words if word) or title, people

    def _cell(self, procedure: Procedure, column: Document, value: Any) -> str:  # noqa: ANN401 - any value of a form
        """What a cell adds to the title of its row; nothing personal."""
        if column["type"] not in _NAMING or column.get("pii") or not isinstance(value, str):
            return ""
        return pick(column.get("options", {}).get(value), self._languages, procedure.lang) or value


def _own(unit: Unit, person: str) -> set[tuple[str, int]]:
    """Run and number of every task that *person* has or may take."""
    found: set[tuple[str, int]] = set()
    holders = [f"person:{person}", *(f"team:{team}" for team in reads.teams_of(unit, person))]
    after = reads.NO_KEY
    while rows := reads.inbox(unit, person, holders, after=after):
        found |= {(row.run, row.no) for row in rows}
        after = rows[-1].key
    return found


def _marked(unit: Unit, fingerprint: str) -> Procedure | None:
    """The procedure, if a field of it belongs into the calendar."""
    stored = reads.definition(unit, fingerprint)
    return Procedure.stored(stored.document, fingerprint) if stored is not None and _MARK in stored.document else None


def _fields(procedure: Procedure) -> Iterator[tuple[str, tuple[str, Document]]]:
    """Path, without the item, of every field that belongs into the calendar, with the role that fills it in."""
    forms: list[tuple[str, str, Mapping[str, Document]]] = [("inputs", "", procedure.document.get("inputs", {}))]
    forms += [(step.id, step.role, step.form) for step in procedure.steps.values()]
    for root, role, fields in forms:
        for name, field in fields.items():
            marked = field.get("calendar") or any(column.get("calendar") for column in field.get("columns", {}).values())
            if marked and not field.get("pii"):
                yield f"{root}.{name}", (role, field)
