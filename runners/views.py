"""Everything that can be read, as plain values. Nothing here changes anything, and nothing decides."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from engine.values import Value
from runners.people import STUCK, NotFound, holder, pseudonym
from runners.people_stored import StoredDirectory
from runners.questions import Questions
from runners.store import reads
from runners.store.database import Unit
from runners.store.records import LAST, InboxRow, Person, RunLine, TaskRow, Team

if TYPE_CHECKING:
    from engine.events import Event
    from engine.procedure import Procedure
    from engine.state import State
    from runners.ahead import Ahead


class HistoryLine(NamedTuple):
    """One record of a run.

    Attributes:
        actor: pseudonym, or ``system``.
        roles: held by the actor at that moment.
        kind: ``created``, ``transition``, ``refused``, …
        command: what was asked for, as recorded.
        events: what happened.
        reasons: code and facts, if it was refused.
        note: the person's words; None if there are none or they were erased.
        values: path to value of what was filled in and not erased.
        record: the whole record.
        hash: of the record, 32 bytes.
    """

    run: str
    seq: int
    at: str
    actor: str
    roles: tuple[str, ...]
    kind: str
    command: Mapping[str, Value]
    events: "tuple[Event, ...]"
    reasons: tuple[tuple[str, Mapping[str, Value]], ...]
    note: str | None
    values: Mapping[str, Value]
    record: Mapping[str, Value]
    hash: bytes


class RunView(NamedTuple):
    """A run at one moment.

    Attributes:
        line: as lists show it, as it is now.
        state: where it stood at the asked moment.
        procedure: what it is decided by.
        values: path to value of everything that counted then and was not erased.
        tasks: every task it ever had, as they are now.
        seq: number of the last record that is taken into account.
        as_of: whether this is a moment of the past.
    """

    line: RunLine
    state: "State"
    procedure: "Procedure"
    values: Mapping[str, Value]
    tasks: Sequence[TaskRow]
    seq: int
    as_of: bool


class Views(Questions):
    """Reads of one database."""

    # people

    def person(self, handle: str) -> Person:
        """Who has *handle* (or pseudonym). Raises NotFound."""
        with self._database.read() as unit:
            found = reads.person_by_handle(unit, handle) or reads.person_by_id(unit, handle)
            if found is None:
                raise NotFound("person", handle, [person.handle for person in reads.people(unit)])
            return found

    def people(self) -> list[Person]:
        """Everybody."""
        with self._database.read() as unit:
            return reads.people(unit)

    def teams(self) -> list[tuple[Team, list[str]]]:
        """Every team with the pseudonyms of its members."""
        with self._database.read() as unit:
            members = reads.members(unit)
            return [(team, members.get(team.id, [])) for team in reads.teams(unit)]

    def pseudonym(self, handle: str, me: str = "") -> str:
        """The pseudonym of *handle*; ``@me`` is *me*. Raises NotFound."""
        with self._database.read() as unit:
            return pseudonym(unit, handle, me)

    def holder(self, text: str, me: str = "") -> str:
        """``person:…`` or ``team:…`` for a handle or ``team:ID``. Raises NotFound."""
        with self._database.read() as unit:
            return holder(unit, text, me)

    def handles(self) -> dict[str, str]:
        """Pseudonym to handle, of everybody."""
        return {person.id: person.handle for person in self.people()}

    # lists

    def inbox(
        self, person: str, *, after: tuple[str, str, int] = reads.NO_KEY, limit: int = 50,
        wanted: Callable[[InboxRow], bool] = lambda _: True,
    ) -> list[InboxRow]:  # fmt: skip
        """What *person* (a pseudonym) has or may take, in their own right or in somebody's place, due first.

        With it stand the tasks of runs they lead that nobody can do.
        """
        from runners.inbox import Inbox

        with self._database.read() as unit:
            return Inbox(unit, StoredDirectory(unit, self._clock.now()), self._library).page(person, after, limit, wanted)

    def ahead(self, person: str, *, limit: int = 50) -> "list[Ahead]":
        """Steps that *person* will be able to do in open runs, and that no token has reached yet; newest runs first."""
        from runners.ahead import ahead

        with self._database.read() as unit:
            return ahead(unit, self._library(), StoredDirectory(unit, self._clock.now()), person, limit)

    def stuck(
        self, *, lead: str = "", sop: str = "", after: tuple[str, str, int] = reads.NO_KEY, limit: int = 50
    ) -> list[InboxRow]:
        """Open tasks that nobody can do, or that somebody said are blocked; of all runs, or of one SOP, or those *lead* leads."""
        with self._database.read() as unit:
            seen, found = self._seen(unit), list[InboxRow]()
            while len(found) < limit and (rows := reads.inbox(unit, "", [f"{STUCK}{lead}"], after=after, limit=limit)):
                found += [row for row in rows if sop in {"", row.sop} and seen(row.run, row.sop)]
                after = rows[-1].key
            return found[:limit]

    def runs(
        self, which: Literal["open", "closed", "all", "overdue"] = "open", *, sop: str | None = None, lead: str | None = None,
        after: tuple[str, str] | None = None, limit: int = 50,
    ) -> list[RunLine]:  # fmt: skip
        """Runs, newest first; with ``overdue``, the open ones that have a late task, latest first."""
        found: list[RunLine] = []
        with self._database.read() as unit:
            seen = self._seen(unit)
            while len(found) < limit:
                if which == "overdue":
                    lines = reads.runs_overdue(unit, self._clock.now(), sop=sop, lead=lead, after=after or ("", ""), limit=limit)
                else:
                    lines = reads.runs(unit, which, sop=sop, lead=lead, before=after or (LAST, LAST), limit=limit)
                found += [line for line in lines if seen(line.id, line.sop)]
                if len(lines) < limit:
                    break
                after = (lines[-1].due_at or "", lines[-1].id) if which == "overdue" else lines[-1].key
        return found[:limit]

    def open_ones(self, sop: str) -> list[tuple[str, str | None]]:
        """Of every open run of *sop* its fingerprint and what is due first, for counting them; at most a thousand."""
        with self._database.read() as unit:
            return [(line.fingerprint, line.due_at) for line in reads.runs(unit, "open", sop=sop, limit=1_000)]

    def knows_sop(self, sop: str) -> bool:
        """Whether there ever was a definition or a run of *sop*."""
        with self._database.read() as unit:
            return bool(reads.definitions(unit, sop) or reads.runs(unit, "all", sop=sop, limit=1))

    # one run

    def run(self, run: str, *, as_of: str | int | None = None) -> RunView:
        """A run, now or at a moment of the past: an instant or the number of a record. Raises NotFound."""
        from engine.state import from_plain

        with self._database.read() as unit:
            row = self._row(unit, run)
            line = RunLine(*(getattr(row, name) for name in RunLine._fields))
            procedure = self._library().procedure(unit, row.fingerprint)
            tasks = reads.tasks_of(unit, run)
            if as_of is None:
                state = from_plain(json.loads(row.state))
                values = {path: json.loads(body) for path, body in reads.current_payloads(unit, run).items()}
                return RunView(line, state, procedure, values, tasks, row.seq, as_of=False)
            if isinstance(as_of, int) and as_of > row.seq:
                raise NotFound("record", f"{run} {as_of}")
            state, seq = self._state_at(unit, run, as_of)
            procedure = self._library().procedure(unit, state.fingerprint)  # perhaps an earlier version
            return RunView(line, state, procedure, _values_at(unit, run, state, seq), tasks, seq, as_of=True)

    def _state_at(self, unit: Unit, run: str, as_of: str | int) -> "tuple[State, int]":
        from engine.evolve import evolve
        from engine.state import EMPTY
        from engine.timers import instant

        state, seq = EMPTY, -1
        for line in self._lines(unit, run):
            if (line.seq > as_of) if isinstance(as_of, int) else (instant(line.at) > instant(as_of)):
                break
            seq = line.seq
            for event in line.events:
                state = evolve(state, event, line.at)
        if seq < 0:
            raise NotFound("record", f"{run} as of {as_of}")
        return state, seq

    def history(self, run: str, *, after: int = -1, upto: int | None = None) -> list[HistoryLine]:
        """The records of a run, in order. Raises NotFound."""
        with self._database.read() as unit:
            self._row(unit, run)
            return list(self._lines(unit, run, after=after, upto=upto))

    def _lines(self, unit: Unit, run: str, *, after: int = -1, upto: int | None = None) -> Iterator[HistoryLine]:
        from engine.events import decode
        from engine.refusals import Code

        kept: dict[int, dict[str, Value]] = {}
        for payload in reads.payloads(unit, run, upto):
            kept.setdefault(payload.seq, {})[payload.path] = json.loads(payload.body)
        while rows := reads.history(unit, run, after=after, upto=upto):
            for row in rows:
                record = json.loads(row.record)
                values = kept.get(row.seq, {})
                reasons = record.get("reasons", ())
                given = {"step": record["command"].get("step", "")}  # a record names it once
                named = {Code.TASK_CLOSED, Code.NOT_PASSED}
                said = values.pop("refused.values", None) or {}
                values |= {f"refused.values.{name}": value for name, value in said.items()}
                yield HistoryLine(
                    run, row.seq, record["at"], record["actor"]["sub"], tuple(record["actor"].get("roles", ())), record["kind"],
                    record["command"], tuple(decode(event) for event in record.get("events", ())),
                    tuple((code, {**given, **facts} if code in named else facts) for code, facts in reasons),
                    values.get("note", values.get("refused.note")), values, record, row.hash,
                )  # fmt: skip
            after = rows[-1].seq


def _values_at(unit: Unit, run: str, state: "State", seq: int) -> dict[str, Value]:
    from engine.history import commitment

    found: dict[str, Value] = {}
    for payload in reads.payloads(unit, run, seq):
        if payload.path in state.values:
            value = json.loads(payload.body)
            if commitment(payload.salt, value) == state.values[payload.path]:  # not one voice of several about an approval
                found[payload.path] = value
    return found
