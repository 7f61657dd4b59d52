"""Everything one command does, to one run or to several, before it is written in one transaction.

A command may reach further runs: it starts children, ends of children go to their parents, cancelled steps cancel their
children. The ledger holds each run it touches once, decides each command against what was already decided, and turns the
whole into changes for the store.
"""

from collections.abc import Mapping, Sequence

from engine import commands as c
from engine import effects as f
from engine import events as e
from engine import history
from engine.canonical import canonical
from engine.context import Context
from engine.decide import Accepted, decide
from engine.directory import Answers
from engine.migration import moved
from engine.people import SYSTEM, holds, leading_for
from engine.procedure import Procedure
from engine.refusals import Code, Reason, Refused
from engine.state import EMPTY, State
from engine.values import Value
from runners.asker import Asker
from runners.changes import Work, change_of
from runners.people_stored import StoredDirectory
from runners.sealing import Sealer, files, said, typed
from runners.sections import elsewhere
from runners.store import reads
from runners.store.database import Unit
from runners.store.loading import Loaded, current_values, load
from runners.store.records import Evidence, Outbox, Payload
from runners.store.writes import apply
from runners.surroundings import Surroundings
from runners.values_stored import Values

_LEADING = frozenset({c.Assign, c.Bind, c.CancelTrack, c.CancelRun, c.Skip, c.Rewind, c.Suspend, c.Resume, c.Reopen})
"""What people do because they lead."""
_TAKING = frozenset({c.Claim, c.Assign, c.Complete, c.Delegate})
"""What brings a task into somebody's hands, and may have to wait for another run."""
_GONE = frozenset({Code.ALREADY, Code.RUN_CLOSED})
"""Why a parent may refuse the return of a child that it no longer waits for; nothing is wrong then."""


class Ledger:
    """One command, with everything it leads to, in one transaction."""

    def __init__(self, unit: Unit, around: Surroundings, directory: StoredDirectory) -> None:
        self.unit = unit
        self._around = around
        self._directory = directory
        self.works: dict[str, Work] = {}
        directory.begun = self._begun
        self._refused_in = ""
        self._consulted: Answers | None = None
        self._counted = False  # an expression may have asked the calendar
        self._sections: Mapping[str, tuple[str, str]] = {}

    def open(self, run: str, loaded: Loaded | None = None) -> Work | None:
        """The run as it stands in this transaction; None if there is none."""
        if run not in self.works:
            found = loaded or load(self.unit, run, change=True)
            row = found.run
            if row is None:
                return None
            state, last = self._around.states.read(run, row.state)
            at = max(self._around.at, last)  # a clock that was set back must not turn the history round
            self.works[run] = Work(
                run, row, row.title, self._around.procedure(row.fingerprint), state, state, row.seq, row.head, at,
                row.started_by, Values(lambda scope: current_values(self.unit, run, scope)),
            )  # fmt: skip
        return self.works[run]

    def begin(self, run: str, procedure: Procedure, title: str, started_by: str) -> Work:
        """A run that does not exist yet."""
        self.works[run] = Work(
            run, None, title, procedure, EMPTY, EMPTY, -1, history.GENESIS, self._around.at, started_by, Values()
        )
        return self.works[run]

    def _begun(self, run: str) -> str:
        """The SOP of a run that has begun and is worked on here; empty for others."""
        work = self.works.get(run)
        return work.procedure.sop if work is not None and work.seq >= 0 else ""

    def carry_out(self, work: Work, command: c.Command, asker: Asker, request: str = "") -> Accepted | Refused:
        """Decide *command*, record it, and follow its effects; the refusal of an effect refuses the whole."""
        self._directory.asked.clear()
        self._directory.at = work.at
        sealer = Sealer(self._around.ids)
        self._sections = elsewhere(self.unit, work.procedure, work.run) if type(command) in _TAKING else {}
        context = Context(
            work.run, work.at, asker.person, self._directory, self._around.calendar, sealer, work.values, self._sections,
            self._around.versions,
        )  # fmt: skip
        decided = decide(work.procedure, work.state, command, context)
        self._counted |= decided.counted
        if isinstance(decided, Refused):
            self._refused_in = work.run
            if decided.recorded and work.row is not None and asker.person != SYSTEM:
                self._record_refusal(work, command, asker, decided, request=request)
            return decided
        standing = decided.state if work.seq < 0 else work.state
        held = _held(standing, asker.person, self._directory)
        chain = _acting_for(decided.events, asker.person)
        if not chain and type(command) in _LEADING:
            chain = leading_for(work.procedure, standing, asker.person, self._directory) or ()
        if self._consulted is None:
            self._consulted = self._directory.asked.copy()
        work.state = decided.state
        work.values.learn(decided.values)
        seals = {"note": sealer.seals["note"]} if "note" in sealer.seals else {}
        self._append(work, asker, held, history.asked(command, seals), request, decided=decided, chain=chain)
        self._keep(work, sealer, decided.values)
        if isinstance(command, c.Migrate):
            self._go_over(work, decided)
        if isinstance(command, c.Elapse):
            work.fired.append((command.task, command.timer, command.n))
        for number, effect in enumerate(decided.effects):
            if refused := self._follow(work, effect, number):
                return refused
        return decided

    def _go_over(self, work: Work, decided: Accepted) -> None:
        """Let the new version decide from the next record on; renamed values are found under their new paths as well."""
        (event,) = (event for event in decided.events if isinstance(event, e.RunMigrated))
        procedure = self._around.versions(event.fingerprint)
        assert procedure is not None  # noqa: S101 - the decision found it
        paths = moved(work.before, event.names)
        if paths:
            kept = {payload.path: payload for payload in reads.payloads(self.unit, work.run) if payload.current}
            work.values.rename(paths)
            for before, after in paths.items():
                if before in kept:  # not erased
                    work.payloads.append(kept[before]._replace(path=after, seq=work.seq))
                    work.seals[after, work.seq] = event.values[after]
        work.left, work.procedure = work.procedure, procedure

    def unless(self, reasons: tuple[Reason, ...], where: str) -> Refused | None:
        """The refusal of what was decided, for *reasons* that lie elsewhere; None if there are none."""
        self._refused_in = where
        return Refused(reasons) if reasons else None

    def refuse_after_all(
        self, run: str, loaded: Loaded, command: c.Command, asker: Asker, refused: Refused, *, request: str
    ) -> None:
        """Forget what was decided and record the refusal in the run that was asked, with the run where it comes from."""
        self.works.clear()
        work = self.open(run, loaded)
        if work is not None and refused.recorded and asker.person != SYSTEM:
            self._directory.asked = self._consulted or Answers()  # what this run's own decision asked
            self._record_refusal(work, command, asker, refused, request=request, elsewhere=self._refused_in)

    def _append(
        self, work: Work, asker: Asker, held: Sequence[str], asked: Mapping[str, Value], request: str,
        *, decided: Accepted | None = None, reasons: Sequence[Reason] = (), elsewhere: str = "", chain: Sequence[str] = (),
    ) -> None:  # fmt: skip
        work.seq += 1
        events = decided.events if decided else ()
        actor: dict[str, Value] = {"sub": asker.person, "auth": asker.auth}
        if held:
            actor["roles"] = list(held)
        if chain:
            actor["for"] = list(chain)
        if asker.cause:
            actor["cause"] = list(asker.cause)
        context = self._directory.asked.plain()
        if self._sections:
            context["held"] = {section: list(place) for section, place in self._sections.items()}
        if self._counted or any(_counts_days(event) for event in events):
            context["calendar"] = history.text(bytes.fromhex(self._around.digest))
        if elsewhere:
            context["refused_in"] = elsewhere
        record = history.record(
            log=self._around.log, run=work.run, seq=work.seq, prev=work.head, procedure=work.procedure, at=work.at,
            actor=actor, command=asked, events=events, guards=decided.guards if decided else (), reasons=reasons,
            context=context, request=request,
        )  # fmt: skip
        work.head = history.digest(record)
        work.records.append((work.seq, record, work.head))
        work.events += [(work.seq, event) for event in events]

    def _record_refusal(
        self, work: Work, command: c.Command, asker: Asker, refused: Refused, *, request: str, elsewhere: str = ""
    ) -> None:
        sealer = Sealer(self._around.ids)
        values = {**dict(said(command)), **dict(typed(work.procedure, command))}
        seals = {name: sealer(f"refused.{name}", value) for name, value in values.items()}
        held = _held(work.state, asker.person, self._directory)
        asked = history.asked(command, seals)
        self._append(work, asker, held, asked, request, reasons=refused.reasons, elsewhere=elsewhere)
        self._keep(work, sealer, {f"refused.{name}": value for name, value in values.items()})

    def _keep(self, work: Work, sealer: Sealer, values: Mapping[str, Value]) -> None:
        for path, value in values.items():
            work.payloads.append(Payload(work.run, work.seq, path, sealer.salts[path], canonical(value)))
            work.seals[path, work.seq] = sealer.seals[path]
            for file in files(value):
                work.evidence[file["sha256"]] = Evidence(file["sha256"], file["size"], "application/octet-stream", work.at)

    def _follow(self, work: Work, effect: f.Effect, number: int) -> Refused | None:
        asker = Asker(SYSTEM, "rule", (work.run, work.seq))
        if isinstance(effect, f.StartChild):
            return self._start_child(work, effect, asker)
        if isinstance(effect, f.ReturnToParent):
            parent = self.open(effect.parent)
            if parent is None:
                return None
            decided = self.carry_out(parent, c.ChildEnded(effect.token, work.run, effect.end, effect.results), asker)
            gone = isinstance(decided, Refused) and all(reason.code in _GONE for reason in decided.reasons)
            return decided if isinstance(decided, Refused) and not gone else None
        if isinstance(effect, f.CancelChild):
            child = self.open(effect.child)
            if child is not None and child.state.status == "open":
                self.carry_out(child, c.CancelRun(f"{work.run} no longer waits for it"), asker)
            return None
        body = {"step": effect.step, "role": effect.role, "owner": effect.owner}
        work.outbox.append(Outbox(f"{work.run}:{work.seq}:{number}", work.run, work.seq, effect.kind, canonical(body), work.at))
        return None

    def _start_child(self, work: Work, effect: f.StartChild, asker: Asker) -> Refused | None:
        procedure = self._around.latest(effect.sop)
        if procedure is None:
            self._refused_in = effect.child
            return Refused((Reason(Code.NO_SOP, {"sop": effect.sop}),))
        defaults = self._around.defaults(work.state.unit)
        roles = {role: tuple(work.state.roles.get(role) or defaults.get(role, ())) for role in procedure.document["roles"]}
        title = f"{work.title} / {effect.sop.replace('_', ' ')}"[:200]
        command = c.Start(
            effect.child, title, work.state.lead, roles, effect.inputs, effect.parameters, (work.run, effect.token),
            work.state.depth + 1, effect.drill, work.state.unit,
        )  # fmt: skip
        decided = self.carry_out(self.begin(effect.child, procedure, title, work.started_by), command, asker)
        if isinstance(decided, Refused):
            return Refused((Reason(Code.CHILD_REFUSED, {"sop": effect.sop, "child": effect.child}), *decided.reasons))
        return None

    def uses_calendar(self) -> bool:
        """Whether a due date was computed, or an expression may have counted days."""
        return self._counted or any(_counts_days(event) for work in self.works.values() for _, event in work.events)

    def keep_only_refusals(self) -> None:
        """Forget everything that was decided for a command that was refused after all; a recorded refusal stays."""
        self.works = {run: work for run, work in self.works.items() if work.records and not work.events and work.row is not None}

    def write(self, request: tuple[str, str, str] | None = None) -> None:
        """Write everything in this transaction.

        Args:
            request: run, key and digest of the command that people gave.
        """
        for work in self.works.values():
            if work.records:
                first = work.records[0][0]
                mine = (request[1], request[2], first) if request and request[0] == work.run else None
                body = self._around.states.written(work.run, work.state, work.at)
                apply(self.unit, change_of(work, self._directory, mine, body))


def _counts_days(event: e.Event) -> bool:
    """Whether an instant in *event* was computed with the calendar."""
    if isinstance(event, e.RunMigrated):
        return bool(event.timers)
    return bool(event.due) if isinstance(event, e.TaskOpened) else isinstance(event, e.WaitBegan) and bool(event.until)


def _acting_for(events: Sequence[e.Event], person: str) -> tuple[str, ...]:
    """In whose place *person* worked on a task."""
    acts = (event for event in events if isinstance(event, e.TaskClaimed | e.TaskCompleted | e.ApprovalGiven))
    return next((event.on_behalf for event in acts if event.person == person), ())


def _held(state: State, person: str, directory: StoredDirectory) -> list[str]:
    return sorted(role for role in state.roles if holds(state, role, person, directory)) if person != SYSTEM else []
