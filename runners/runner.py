"""The one way to change anything: load, decide, evolve, and write in one transaction.

Doors (command line, later HTTP and the web) call :class:`Runner`; authority is checked below it, in ``engine``. A command
that lost a race is decided again from the beginning, a bounded number of times.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine import commands as c
from engine import limits
from engine.calendar import Calendar
from engine.canonical import CanonicalError, canonical
from engine.decide import Accepted
from engine.events import Event, decode
from engine.people import SYSTEM
from engine.procedure import Procedure
from engine.refusals import Code, Reason, Refused
from engine.state import State, from_plain
from engine.values import Value
from runners.clock import Clock, Ids
from runners.ledger import Asker, Ledger, Surroundings
from runners.library import Library
from runners.people import NotFound, StoredDirectory, holder, translated
from runners.people import pseudonym as pseudonym_of
from runners.store import reads
from runners.store.database import Database, Unit, transact
from runners.store.errors import Conflict
from runners.store.loading import load
from runners.store.writes import add_calendar, next_number

AUTO = "auto-"
"""Prefix of keys that a door made by itself from the arguments: such a key answers only while the run has not moved on."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did.

    Attributes:
        run: name of the run.
        seq: number of its record; for a dry run, the number it would have got.
        events: what happened in that run.
        state: where it stands now.
        procedure: what it is decided by.
        repeated: the same command was carried out before; nothing happened now.
        others: further runs that were touched: children started, parents gone on.
    """

    run: str
    seq: int
    events: tuple[Event, ...]
    state: State
    procedure: Procedure
    repeated: bool = False
    others: "tuple[Done, ...]" = ()


class _DryRun(Exception):  # noqa: N818 - carries an answer out of a transaction that must not be committed
    def __init__(self, answer: "Done | Refused") -> None:
        super().__init__("dry run")
        self.answer = answer


class Runner:
    """Carries out commands.

    Args:
        database: where runs are.
        library: what they are decided by.
        clock: tells the time.
        ids: makes salts.
        calendar: working days.
        auth: how the door knows who gives commands.
    """

    def __init__(
        self, database: Database, library: Library, clock: Clock, ids: Ids, calendar: Calendar, *, auth: str = "os"
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._ids = ids
        self._calendar = calendar
        self._auth = auth
        body = canonical(calendar.plain())
        self._digest = hashlib.sha256(body).hexdigest()
        self._calendar_body: bytes | None = body

    def handle(self, run: str, command: c.Command, *, actor: str, key: str = "", dry_run: bool = False) -> Done | Refused:
        """Carry out *command* in *run*.

        Args:
            run: name of the run.
            command: what is asked for; people in it are pseudonyms, but fields of people may hold handles.
            actor: pseudonym of who asks.
            key: the same key gives the same answer and happens once.
            dry_run: say what would happen and write nothing.

        Raises:
            NotFound: the run, or a person named in a field.
            StoreError: the database cannot do it now.
        """
        if unwritable := _unwritable(command):
            return unwritable

        def work(unit: Unit) -> Done | Refused:
            loaded = load(unit, run, key=key, person=actor)
            if loaded.run is None:
                raise NotFound("run", run)
            digest = _digest_of(run, actor, command)
            if loaded.answered and not (key.startswith(AUTO) and loaded.answered.seq < loaded.run.seq):
                return self._answered(unit, loaded.answered.run, loaded.answered.seq, loaded.answered.digest == digest)
            request = (run, key, digest) if key and not loaded.answered else None
            known = {actor: loaded.teams if loaded.person and loaded.person.active else None}
            ledger = self._ledger(unit, StoredDirectory(unit, known))
            opened = ledger.open(run, loaded)
            assert opened is not None  # noqa: S101 - the row is there
            asker = Asker(actor, "rule" if actor == SYSTEM else self._auth)
            translated_command = self._with_pseudonyms(unit, opened.procedure, command, actor)
            decided = ledger.carry_out(opened, translated_command, asker, key)
            if isinstance(decided, Refused) and opened.events:  # accepted here, refused by a run it would have touched
                ledger.refuse_after_all(run, loaded, translated_command, asker, decided, key)
            return self._finish(ledger, run, decided, request, dry_run=dry_run)

        return self._transact(work)

    def start(
        self, sop: str, *, title: str, actor: str, roles: Mapping[str, Sequence[str]] | None = None,
        inputs: Mapping[str, Value] | None = None, parameters: Mapping[str, Value] | None = None, lead: str = "",
        drill: bool = False, key: str = "", dry_run: bool = False,
    ) -> Done | Refused:  # fmt: skip
        """Start a run of *sop* (or ``sop@version``).

        Args:
            sop: which procedure.
            title: what people call the run.
            actor: who starts it: handle or pseudonym.
            roles: role to handles and ``team:ID``; roles that are not named are held by whom the directory names for them.
            inputs: the definition's inputs.
            parameters: values that replace its defaults.
            lead: who leads it, by handle; the actor if empty.
            drill: an exercise.
            key: the same key gives the same run.
            dry_run: say what would happen and write nothing.

        Raises:
            NotFound: the SOP, a person or a team.
            StoreError: the database cannot do it now.
        """
        self._library.sync()
        stored = self._library.find(sop)
        procedure = stored.procedure
        asked = c.Start("", title, lead, roles or {}, inputs or {}, parameters or {}, drill=drill)
        if unwritable := _unwritable(asked):
            return unwritable

        def work(unit: Unit) -> Done | Refused:
            me = pseudonym_of(unit, actor) if not _is_pseudonym(unit, actor) else actor
            digest = _digest_of(sop, me, asked)
            answered = reads.request(unit, key) if key else None
            if answered:
                return self._answered(unit, answered.run, answered.seq, answered.digest == digest)
            bound = {role: [holder(unit, text, me) for text in holders] for role, holders in asked.roles.items()}
            defaults = _defaults(unit)
            roles_of = {role: bound.get(role) or defaults.get(role, []) for role in (*procedure.document["roles"], *bound)}
            run = f"{procedure.prefix}-{next_number(unit, procedure.prefix)}"
            fields = procedure.document.get("inputs", {})
            command = c.Start(
                run, title, pseudonym_of(unit, lead, me) if lead else me, {r: h for r, h in roles_of.items() if h},
                translated(unit, fields, _plain(asked.inputs), me), _plain(asked.parameters), drill=drill,
            )  # fmt: skip
            ledger = self._ledger(unit, StoredDirectory(unit))
            decided = ledger.carry_out(ledger.begin(run, procedure, title, me), command, Asker(me, self._auth), key)
            return self._finish(ledger, run, decided, (run, key, digest) if key else None, dry_run=dry_run)

        return self._transact(work)

    def elapse(self, limit: int = limits.PAGE_ROWS) -> list[Done]:
        """Let every timer that is due elapse; each is a command of its own, so that a fault of one holds up no other."""
        with self._database.read() as unit:
            due = reads.timers_due(unit, self._clock.now(), limit=limit)
        done = []
        for timer in due:
            command = c.Elapse(timer.task, timer.kind, timer.n)
            answer = self.handle(timer.run, command, actor=SYSTEM, key=f"timer-{timer.run}-{timer.task}-{timer.kind}-{timer.n}")
            if isinstance(answer, Done) and not answer.repeated:
                done.append(answer)
        return done

    def _transact(self, work: Callable[[Unit], Done | Refused]) -> Done | Refused:
        try:
            return transact(self._database, work)
        except _DryRun as dry:
            return dry.answer

    def _ledger(self, unit: Unit, directory: StoredDirectory) -> Ledger:
        return Ledger(
            unit,
            Surroundings(
                self._database.log, self._clock.now(), self._calendar, self._digest,
                lambda fingerprint: self._library.procedure(unit, fingerprint),
                lambda sop: self._library.latest(unit, sop), lambda: _defaults(unit), self._ids,
            ),
            directory,
        )  # fmt: skip

    def _with_pseudonyms(self, unit: Unit, procedure: Procedure, command: c.Command, actor: str) -> c.Command:
        if not isinstance(command, c.Complete):
            return command
        step = procedure.steps.get(command.step.partition(":")[0])
        values = _plain(command.values)
        return c.Complete(
            command.step, command.outcome, translated(unit, step.form, values, actor) if step else values, command.note
        )

    def _finish(
        self, ledger: Ledger, run: str, decided: Accepted | Refused, request: tuple[str, str, str] | None, *, dry_run: bool
    ) -> Done | Refused:
        answer: Done | Refused
        if isinstance(decided, Refused):
            answer = decided
            ledger.keep_only_refusals()
        else:
            touched = [_done(ledger, name) for name, work in ledger.works.items() if name != run and work.records]
            answer = _done(ledger, run, tuple(touched))
        if dry_run:
            raise _DryRun(answer)
        if self._calendar_body is not None and ledger.works:
            self._keep_calendar(ledger)
        ledger.write(request)
        return answer

    def _keep_calendar(self, ledger: Ledger) -> None:
        if self._calendar_body is not None and ledger.uses_calendar():
            add_calendar(ledger.unit, self._digest, self._calendar_body)
            self._calendar_body = None

    def _answered(self, unit: Unit, run: str, seq: int, same: bool) -> Done | Refused:  # noqa: FBT001 - internal
        """The answer that was given to the same command before."""
        if not same:
            return Refused((Reason(Code.KEY_REUSED, {"run": run}),))
        row = load(unit, run).run
        record = json.loads(reads.history(unit, run, after=seq - 1, upto=seq)[0].record)
        if "reasons" in record:
            return Refused(tuple(Reason(Code(code), facts) for code, facts in record["reasons"]))
        assert row is not None  # noqa: S101 - a record has its run
        events = tuple(decode(event) for event in record.get("events", ()))
        procedure = self._library.procedure(unit, row.fingerprint)
        return Done(run, seq, events, from_plain(json.loads(row.state)), procedure, repeated=True)


def _done(ledger: Ledger, run: str, others: tuple[Done, ...] = ()) -> Done:
    work = ledger.works[run]
    return Done(run, work.seq, tuple(event for _, event in work.events), work.state, work.procedure, others=others)


def _is_pseudonym(unit: Unit, text: str) -> bool:
    return text.startswith("p_") and reads.person_by_id(unit, text) is not None


def _defaults(unit: Unit) -> dict[str, list[str]]:
    """Role to holders, after what the directory says of people."""
    found: dict[str, list[str]] = {}
    for person in reads.people(unit):
        for role in person.roles if person.active else ():
            found.setdefault(role, []).append(f"person:{person.id}")
    return found


def _plain(values: Mapping[str, Value]) -> dict[str, Value]:
    """*values* without floating point numbers, which have no canonical form: they travel as their shortest text."""

    def plain(value: Value) -> Value:
        if isinstance(value, float):
            return repr(value)
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value

    return {name: plain(value) for name, value in values.items()}


def _parts(command: c.Command) -> dict[str, Value]:
    made = {name: getattr(command, name) for name in command.__slots__}
    return {name: _plain({"": value})[""] if not isinstance(value, Mapping) else _plain(value) for name, value in made.items()}


def _unwritable(command: c.Command) -> Refused | None:
    """The refusal of a command that holds what no record could hold: half a character, a number without end."""
    for name, part in _parts(command).items():
        try:
            canonical(part)
        except CanonicalError as error:
            return Refused((Reason(Code.FIELD_INVALID, {"field": name, "expected": f"plain text and numbers ({error})"}),))
    return None


def _digest_of(target: str, actor: str, command: c.Command) -> str:
    return hashlib.sha256(canonical([target, actor, c.NAMES[type(command)], _parts(command)])).hexdigest()


__all__ = ["AUTO", "Conflict", "Done", "NotFound", "Runner"]
