"""What somebody may do in a run or at all, and why not. Nothing here changes anything, and nothing decides."""

import json
from typing import TYPE_CHECKING

from runners.people import NotFound
from runners.people_stored import StoredDirectory
from runners.store import reads
from runners.store.database import Database, Unit
from runners.store.records import RunRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.options import Option
    from engine.refusals import Reason
    from runners.clock import Clock
    from runners.held_up import HeldUp
    from runners.library import Library
    from runners.permissions import Reader, Seen


class Questions:
    """Questions about who may do what, asked by somebody.

    Args:
        database: where to read.
        library: gives what finds procedures, when a procedure is needed.
        clock: tells what is late.
        reader: who looks; None for the program itself, which sees everything.
    """

    def __init__(
        self, database: Database, library: "Callable[[], Library]", clock: "Clock", reader: "Reader | None" = None
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._reader = reader

    def _row(self, unit: Unit, run: str) -> RunRow:
        """The run, for whoever may read it. Raises NotFound and NotPermitted."""
        row = reads.load_run(unit, run)
        if row is None:
            raise NotFound("run", run, [line.id for line in reads.runs(unit, "all", limit=200)])
        if self._reader is not None:
            self._reader.admit(unit, row)
        return row

    def _seen(self, unit: Unit) -> "Seen":
        return self._reader.within(unit) if self._reader is not None else lambda _run, _sop: True

    def held_up(self, runs: "Iterable[str]") -> "HeldUp":
        """What is suspended or blocked now in *runs*, which whoever looks may see."""
        from runners.held_up import held_up

        with self._database.read() as unit:
            return held_up(unit, runs)

    def can(self, run: str, person: str) -> "list[Option]":
        """Everything that could be done in a run, permitted to *person* (a pseudonym) or with every reason why not."""
        from engine.calendar import Calendar
        from engine.context import Context
        from engine.options import options
        from engine.state import from_plain
        from runners.sections import elsewhere
        from runners.store.loading import current_values
        from runners.values_stored import Values

        with self._database.read() as unit:
            row = self._row(unit, run)
            state = from_plain(json.loads(row.state))
            procedure = self._library().procedure(unit, row.fingerprint)
            at = self._clock.now()
            directory = StoredDirectory(unit, at)
            context = Context(  # nothing is sealed and nothing falls due by a question
                run, at, person, directory, Calendar(), lambda _path, _value: "",
                Values(lambda scope: current_values(unit, run, scope)), elsewhere(unit, procedure, run),
            )  # fmt: skip
            return list(options(procedure, state, person, directory, context))

    def may(self, act: str, person: str, run: str = "") -> "tuple[Reason, ...]":
        """Why *person* (a pseudonym) may not do *act* in a run, or, without one, in the organisation.

        It is the table of permissions that answers; what else an act needs is not asked. Raises NotFound.
        """
        from runners.permissions import may_do, may_in_run

        with self._database.read() as unit:
            if not run:
                return may_do(unit, act, person)
            row = self._row(unit, run)
            return may_in_run(unit, act, row, self._library().procedure(unit, row.fingerprint), person=person, at=self._clock.now())

    def may_start(self, sop: str, person: str) -> "tuple[Reason, ...]":
        """Why *person* (a pseudonym) may not start a run of ``sop`` or ``sop@version``. Raises NotFound."""
        from engine.authority import may
        from engine.state import State
        from runners.binding import bindings

        stored = self._library().find(sop)
        with self._database.read() as unit:
            at = self._clock.now()
            bound = bindings(unit, at, "")
            roles = {role: tuple(bound.get(role, ())) for role in stored.procedure.document["roles"]}
            state, directory = State(lead=person, roles=roles), StoredDirectory(unit, at)
            return (*stored.barred, *may("start", stored.procedure, state, person, directory))

    def take_out(self, run: str) -> None:
        """Whether evidence of a run may be taken out by who looks. Raises NotFound and NotPermitted."""
        with self._database.read() as unit:
            row = self._row(unit, run)
            if self._reader is not None:
                self._reader.admit(unit, row, "export")

    def blocked(self, run: str, address: str = "") -> "tuple[bool, tuple[Reason, ...]]":
        """Whether somebody said that the open task at *address* cannot go on, and why nobody can do it, if nobody can."""
        from engine.blocked import unfilled
        from engine.state import from_plain

        with self._database.read() as unit:
            row = self._row(unit, run)
            state = from_plain(json.loads(row.state))
            task = next((t for t in state.tasks.values() if t.address == address), None)
            if task is None:
                return False, ()
            procedure = self._library().procedure(unit, row.fingerprint)
            return "blocked" in task.held, unfilled(procedure, state, task, StoredDirectory(unit, self._clock.now()))

    def kept_from(self, run: str, person: str, address: str) -> "tuple[Reason, ...]":
        """Why *person* (a pseudonym) could do nothing about a step that is not open, as far as that can be known before it is.

        The first reason says how the step stands; what depends on who does it until then (``same_as``, votes) stays open.
        Nothing if a task at *address* is open. Raises NotFound.
        """
        from engine.people import holds, principals, separation
        from engine.refusals import Code, Reason
        from engine.rules.tasks import find_task
        from engine.state import from_plain

        with self._database.read() as unit:
            row = self._row(unit, run)
            state = from_plain(json.loads(row.state))
            procedure = self._library().procedure(unit, row.fingerprint)
            found = find_task(procedure, state, address)
            if not isinstance(found, Reason):
                return ()
            directory = StoredDirectory(unit, self._clock.now())
            if directory.teams(person) is None:
                return (found, Reason(Code.INACTIVE, {"person": person}))
            step = procedure.steps[address.partition(":")[0]]
            reasons = [found]
            if not holds(state, step.role, person, directory):
                reasons.append(Reason(Code.NOT_IN_ROLE, {"person": person, "role": step.role, "step": address}))
            # Inside a for-each only the same item counts, and which one that is going to be is not known.
            reasons += (
                reason
                for reason in separation(procedure, state, step.id, principals(person, (), directory))
                if reason.code is not Code.OWN_WORK or not procedure.body(str(reason.facts["other"]))
            )
            return tuple(reasons)
