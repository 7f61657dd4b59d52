"""Runs that are started by themselves: what is due by the schedules of the definitions in use.

The rows of schedules follow the definitions: a schedule that is new, that was written anew or that is gone is noticed when
somebody looks. Each start is a command of its own, in one transaction with the next instant of its schedule: two who look at
once start one run, and whoever is killed between leaves either both or nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from engine import limits
from engine.canonical import canonical
from engine.frozen import frozen
from engine.history import told
from engine.procedure import Document
from engine.refusals import Code, Reason, Refused
from engine.schedules import Standing, due, named, standing
from engine.timers import instant, written
from runners.asker import Asker
from runners.clock import Clock, Ids
from runners.library import Library
from runners.people import NotFound
from runners.permissions import may_do
from runners.register import Register, schedule_fact
from runners.runner import ByRule, Done, Runner
from runners.schedule_starts import asked_for, leader
from runners.store import scheduling_reads as stored
from runners.store.database import Database, Unit, transact
from runners.store.errors import StoreError
from runners.store.scheduling_reads import ScheduleRow

_LIKE: Final = {"person": (Code.NO_PERSON, "person"), "unit": (Code.NO_UNIT, "unit"), "team": (Code.NO_TEAM, "team")}


@frozen
class Started:
    """What a schedule did.

    Attributes:
        sop: of which SOP.
        id: which schedule.
        at: the instant that was due.
        done: the run; None where none was started.
        refused: why not; None where the instant was only skipped.
    """

    sop: str
    id: str
    at: str
    done: Done | None = None
    refused: Refused | None = None


class _Foreseen(Exception):  # noqa: N818 - an answer
    """Carries what was found out of a transaction that must leave nothing."""

    def __init__(self, rows: list[ScheduleRow]) -> None:
        super().__init__("nothing is written")
        self.rows = rows


class Scheduler:
    """Starts what is due.

    Args:
        database: where schedules are kept.
        library: says which definitions are in use.
        clock: tells the time.
        runner: starts runs.
        languages: in which titles are written, best first.
        ids: makes salts.
        auth: how the door knows who asks.
    """

    def __init__(
        self, database: Database, library: Library, clock: Clock, runner: Runner, *, languages: Sequence[str] = (),
        ids: Ids | None = None, auth: str = "os",
    ) -> None:  # fmt: skip
        self._database = database
        self._library = library
        self._clock = clock
        self._runner = runner
        self._languages = tuple(languages)
        self._ids = ids or Ids()
        self._auth = auth

    def look(self) -> None:
        """Take in what the definitions in use say now. A schedule that is seen for the first time starts nothing of before."""
        self._library.sync()
        with self._database.read() as unit:
            if self._mark(unit) == stored.looked(unit):
                return
        transact(self._database, self._compare)

    def _mark(self, unit: Unit) -> str:
        used = {sop: line.fingerprint for sop, line in self._library.in_use(unit).items()}
        return hashlib.sha256(canonical(used)).hexdigest()

    def _compare(self, unit: Unit) -> None:
        now, before = self._clock.now(), stored.since(unit)
        rows = {(row.sop, row.id): row for row in stored.schedules(unit)}
        saved: list[ScheduleRow] = []
        for sop, line in self._library.in_use(unit).items():
            # One that was in use before, and is again, has been so only since somebody looked: since now.
            since = line.added_at if before and line.added_at > before else now
            for name, schedule in named(self._library.procedure(unit, line.fingerprint).document).items():
                new = ScheduleRow(sop, name, line.fingerprint, schedule["cron"], schedule["zone"])
                saved.append(_standing(rows.pop((sop, name), None), new, schedule, since, now))
        saved += [row._replace(next_at=None, trouble=None) for row in rows.values() if row.next_at]
        stored.save_schedules(unit, *saved)
        stored.remember(unit, self._mark(unit), now)

    def rows(self) -> list[ScheduleRow]:
        """Every schedule, in the order of SOPs and ids."""
        with self._database.read() as unit:
            return stored.schedules(unit)

    def due(self, limit: int = limits.PAGE_ROWS) -> list[ScheduleRow]:
        """Schedules that are due now, the longest first."""
        self.look()
        with self._database.read() as unit:
            return stored.schedules_due(unit, self._clock.now(), limit=limit)

    def foreseen(self, limit: int = limits.PAGE_ROWS) -> list[ScheduleRow]:
        """As :meth:`due`, and nothing is kept of what the definitions say now."""
        self._library.sync()

        def work(unit: Unit) -> NoReturn:
            if self._mark(unit) != stored.looked(unit):
                self._compare(unit)
            raise _Foreseen(stored.schedules_due(unit, self._clock.now(), limit=limit))

        try:
            transact(self._database, work)
        except _Foreseen as found:
            return found.rows

    def start_due(self, limit: int = limits.PAGE_ROWS) -> list[Started]:
        """Start every run that is due; a refusal or a fault of one holds up no other, and is tried again next time.

        Args:
            limit: how many at most.

        Raises:
            StoreError: some could not be started now; all others were.
        """
        found: list[Started] = []
        faults: list[StoreError] = []
        for row in self.due(limit):
            try:
                while len(found) < limit and (one := self._start(row.sop, row.id)):
                    found.append(one)
                    if one.refused:
                        break
            except StoreError as fault:
                faults.append(fault)
        if faults:
            raise faults[0]
        return found

    def _start(self, sop: str, name: str) -> Started | None:
        """Start what is due of one schedule, if anything still is."""
        looked: list[tuple[ScheduleRow, str, bool]] = []
        led: list[Reason] = []

        def prepare(unit: Unit) -> ByRule | None:
            looked.clear()
            led.clear()
            now = self._clock.now()
            row = stored.schedule_to_start(unit, sop, name, now)
            procedure = self._library.latest(unit, sop) if row else None
            schedule = named(procedure.document).get(name) if procedure else None
            if row is None or procedure is None or schedule is None or (schedule["cron"], schedule["zone"]) != (row.cron, row.zone):
                return None  # somebody has it in hand, or the definition was changed just now
            decided = due(schedule, instant(row.next_at or now), instant(now))
            assert decided is not None  # noqa: S101 - it was found to be due
            at = written(decided.start) if decided.start else row.next_at or now
            looked.append((row, at, decided.start is not None))
            after = row._replace(fingerprint=procedure.fingerprint, next_at=written(decided.next), trouble=None)
            if decided.start is None:
                stored.save_schedules(unit, after)
                return None
            lead = leader(unit, schedule.get("lead", procedure.owner), now, schedule.get("unit", ""))
            if not lead:
                led.append(Reason(Code.UNLED, {"role": schedule.get("lead", procedure.owner)}))
                return None
            key = f"schedule-{sop}-{name}-{at}"
            asked = asked_for(procedure, schedule, at, self._languages)
            return ByRule(
                procedure, asked, lead, key, (f"{sop}.{name}", at),
                lambda run: stored.save_schedules(unit, after._replace(last_at=at, last_run=run)),
            )  # fmt: skip

        try:
            answer = self._runner.start_by_rule(prepare)
        except NotFound as lost:
            code, fact = _LIKE[lost.kind]
            answer = Refused((Reason(code, {fact: lost.name}),))
        if not looked:
            return None
        ((row, at, wanted),) = looked
        if led:
            answer = Refused(tuple(led))
        if isinstance(answer, Refused):
            trouble = canonical([told(reason) for reason in answer.reasons]).decode()
            with self._database.write() as unit:
                stored.keep_trouble(unit, row, trouble)
            return Started(sop, name, at, refused=answer)
        return Started(sop, name, at, answer if wanted else None)

    def rest(self, schedule: str, *, by: str, note: str = "", on: bool = False, dry_run: bool = False) -> ScheduleRow | Refused:
        """Let a schedule start nothing, or with *on* let it start runs again, from its next instant on.

        Args:
            schedule: ``SOP.ID``, or the SOP alone where it has one.
            by: pseudonym of who asks.
            note: their words.
            on: let it go on.
            dry_run: say what would happen and write nothing.

        Raises:
            NotFound: there is no such schedule.
            StoreError: the database cannot do it now.
        """
        self.look()

        def work(unit: Unit) -> ScheduleRow | Refused:
            now = self._clock.now()
            row = _found(stored.schedules(unit), schedule)
            do = "resume_schedule" if on else "pause_schedule"
            about = {"sop": row.sop, "schedule": row.id}
            register = Register(unit, self._database.log, now, Asker(by, self._auth), self._ids)
            if reasons := may_do(unit, "schedule", by):
                return Refused(reasons) if dry_run else register.refuse(do, reasons, note, about)
            if bool(row.paused_at) != on:
                return row  # it is so already
            changed = row._replace(paused_at=None if on else now, set_by=by, next_at=None, trouble=None)
            procedure = self._library.latest(unit, row.sop) if on else None
            again = named(procedure.document).get(row.id) if procedure else None
            if procedure and again:
                changed = _standing(changed, changed._replace(fingerprint=procedure.fingerprint), again, now, now)
            if not dry_run:
                stored.save_schedules(unit, changed)
                register.record(do, [schedule_fact(changed)], note, about=about)
            return changed

        return transact(self._database, work)


def _standing(row: ScheduleRow | None, new: ScheduleRow, schedule: Document, since: str, now: str) -> ScheduleRow:
    """What is kept of a schedule from now on; *new* is what would be kept of it if it were new."""
    kept, fingerprint = row or new, new.fingerprint
    if kept.paused_at:
        return kept._replace(fingerprint=fingerprint, cron=schedule["cron"], zone=schedule["zone"], next_at=None)
    last = instant(kept.last_at) if kept.last_at else None
    before = Standing(kept.cron, kept.zone, instant(kept.next_at) if kept.next_at else None, last) if row else None
    found = standing(schedule, before, instant(since), instant(now))
    after = written(found.next) if found.next else None
    trouble = kept.trouble if after == kept.next_at else None
    return kept._replace(fingerprint=fingerprint, cron=found.cron, zone=found.zone, next_at=after, trouble=trouble)


def _found(rows: Sequence[ScheduleRow], name: str) -> ScheduleRow:
    """The schedule called ``SOP.ID``, or the only one of an SOP. Raises NotFound."""
    sop, _, one = name.partition(".")
    meant = [row for row in rows if row.sop == sop and one in {"", row.id}]
    if len(meant) != 1:
        raise NotFound("schedule", name, [f"{row.sop}.{row.id}" for row in rows])
    return meant[0]


def troubles(row: ScheduleRow) -> tuple[Reason, ...]:
    """Why the start that is due was refused."""
    found: list[Any] = json.loads(row.trouble or "[]")
    return tuple(
        Reason(Code(code), {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in facts.items()})
        for code, facts in found
    )
