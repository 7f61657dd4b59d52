"""Level V2: decide every command of a run again, from what was recorded, and compare.

What was used of the outside stands in the record (people asked about, the calendar's digest, guards' answers); values and
their salts stand in the erasable table. Where something was erased, the decision is "not checkable here", which is neither
right nor wrong.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine import commands as c
from engine import forms, history
from engine.calendar import Calendar
from engine.context import Context
from engine.decide import Accepted, decide
from engine.events import RoleBound, RunStarted, decode, encode
from engine.people import SYSTEM, Recorded, holds
from engine.procedure import Procedure
from engine.refusals import Refused
from engine.state import State
from engine.values import Value
from runners.audit.detours import DETOURS, Told
from runners.store.records import Payload
from runners.tongue import spoken

_UNSEALED: Final = "-" * 43
"""Stands for a commitment that nobody compares: that of a command that was refused."""


class _Erased(Exception):  # noqa: N818 - an answer
    """What the decision needs is no longer there."""


class Kept:
    """The values of a run that were not erased, by the record that brought them and by their commitments."""

    def __init__(self, payloads: Iterable[Payload]) -> None:
        self.by_record: dict[int, dict[str, Payload]] = {}
        self.by_seal: dict[str, Value] = {}
        self.seals: dict[tuple[int, str], str] = {}
        for payload in payloads:
            value = json.loads(payload.body)
            seal = history.commitment(payload.salt, value)
            self.by_record.setdefault(payload.seq, {})[payload.path] = payload
            self.by_seal[seal] = value
            self.seals[payload.seq, payload.path] = seal

    def salt(self, seq: int, path: str) -> bytes:
        """The salt of one value; raises if it was erased."""
        if path not in self.by_record.get(seq, ()):
            raise _Erased(path)
        return self.by_record[seq][path].salt

    def one(self, seq: int, path: str) -> Value:
        """One value; raises if it was erased."""
        if (seq, path) not in self.seals:
            raise _Erased(path)
        return self.by_seal[self.seals[seq, path]]


class _Data(Mapping[str, Value]):
    """The values that counted before a record; asking for an erased one ends the check."""

    def __init__(self, kept: Kept, state: State) -> None:
        self._kept = kept
        self._state = state

    def __getitem__(self, path: str) -> Value:
        """The value at *path*: the one that the commitment in the state stands for."""
        seal = self._state.values[path]
        if seal not in self._kept.by_seal:
            raise _Erased(path)
        return self._kept.by_seal[seal]

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.values)

    def __len__(self) -> int:
        return len(self._state.values)


def _nothing(_fingerprint: str) -> Procedure | None:
    return None


def again(  # noqa: PLR0917 - what a decision needs, in the order in which it is found
    procedure: Procedure, state: State, record: Mapping[str, Value], kept: Kept, calendar: Callable[[str], Calendar],
    versions: Callable[[str], Procedure | None] = _nothing,
) -> str | None:  # fmt: skip
    """Decide the command of *record* again.

    Args:
        procedure: the definition that the record names.
        state: where the run stood before it.
        record: the parsed record.
        kept: the run's values.
        calendar: finds a stored calendar by digest.
        versions: finds a stored definition by fingerprint, for a run that went over to another.

    Returns:
        An empty text if it comes out the same, a text that says what differs, None where it cannot be checked.
    """
    try:
        command = _command(_Told(procedure, state, record, kept))
        context = replace(_context(state, record, kept, calendar), versions=versions)
        decided = decide(procedure, state, command, context)
    except _Erased:
        return None
    return _difference(decided, record) or _actor(decided, state, record)


def _difference(decided: Accepted | Refused, record: Mapping[str, Value]) -> str:
    if "refused_in" in record.get("context", {}):
        return "" if isinstance(decided, Accepted) else spoken("it was refused by another run, and would be refused by this one")
    if "reasons" in record:
        if isinstance(decided, Accepted):
            return spoken("it was refused, and would be accepted")
        same = [history.told(reason) for reason in decided.reasons] == record["reasons"]
        return "" if same else spoken("it was refused for other reasons")
    return _other_way(decided, record) if isinstance(decided, Accepted) else spoken("it was accepted, and would be refused")


def _other_way(decided: Accepted, record: Mapping[str, Value]) -> str:
    events = json.loads(json.dumps([encode(event) for event in decided.events]))
    if events != record.get("events", []):
        return spoken("it would have led to other events")
    if [list(guard) for guard in decided.guards] != record.get("guards", []):
        return spoken("a condition would have had another answer")
    return ""


def _actor(decided: Accepted | Refused, state: State, record: Mapping[str, Value]) -> str:
    """Whether the record says rightly what kind of act it was, and which roles its actor held."""
    if record["kind"] != history.kind(record["command"]["do"], refused="reasons" in record):
        return spoken("it is called something else than it was")
    person = record["actor"]["sub"]
    if person == SYSTEM:
        return ""
    at_work = decided.state if record["seq"] == 0 and isinstance(decided, Accepted) else state
    held = sorted(role for role in at_work.roles if holds(at_work, role, person, _people(record)))
    return "" if held == record["actor"].get("roles", []) else spoken("its actor held other roles")


def _people(record: Mapping[str, Value]) -> Recorded:
    return Recorded.of(record.get("context", {}), record["at"])


def _context(state: State, record: Mapping[str, Value], kept: Kept, calendar: Callable[[str], Calendar]) -> Context:
    seq, context = record["seq"], record.get("context", {})
    days = calendar(history.hexadecimal(context["calendar"])) if "calendar" in context else Calendar()

    def seal(path: str, value: Value) -> str:
        return _UNSEALED if "reasons" in record else history.commitment(kept.salt(seq, path), value)

    held = {section: (run, label) for section, (run, label) in context.get("held", {}).items()}
    return Context(record["run"], record["at"], record["actor"]["sub"], _people(record), days, seal, _Data(kept, state), held)


@dataclass(frozen=True, slots=True)
class _Told:
    """A command as its record tells it."""

    procedure: Procedure
    state: State
    record: Mapping[str, Value]
    kept: Kept

    @property
    def refused(self) -> bool:
        return "reasons" in self.record

    def said(self, name: str, accepted: str = "") -> Value:
        """A text or a value: under its own name where the command was refused, else under *accepted*."""
        return self.kept.one(self.record["seq"], f"refused.{name}" if self.refused else accepted or name)

    def part(self, name: str) -> Value:
        """A name in the command, or the words that stood in its place."""
        asked = self.record["command"]
        return self.said(name) if name in asked.get("seals", {}) else asked.get(name, "")

    @property
    def note(self) -> str:
        return str(self.said("note")) if "note" in self.record["command"].get("seals", {}) else ""

    def form(self) -> dict[str, Value]:
        """The filled-in form: what the record sealed, without what the engine computed."""
        if self.refused:
            return dict(self.said("values")) if "values" in self.record["command"].get("seals", {}) else {}
        task = next(task for task in self.state.tasks.values() if task.address == self.record["command"]["step"])
        step = self.procedure.steps[task.step]
        where = f"{self.state.tokens[task.token].scope}{task.step}."
        told = [event for event in self.record["events"] if event["is"] in {"TaskCompleted", "ApprovalGiven"}]
        names = dict.fromkeys(name for event in told for name in event.get("values", {}))
        asked = [name for name in names if "value" not in step.form[name]]
        return forms.typed(step.form, {name: self.kept.one(self.record["seq"], where + name) for name in asked})

    def start(self) -> c.Start:
        """How the run was started."""
        seq = self.record["seq"]
        events = [decode(event) for event in self.record["events"]]
        started = events[0]
        if not isinstance(started, RunStarted):
            raise TypeError("the first record does not start the run")
        return c.Start(
            self.record["run"], self.kept.one(seq, "title"), started.lead,
            {event.role: event.holders for event in events if isinstance(event, RoleBound)},
            {name: self.kept.one(seq, f"inputs.{name}") for name in started.inputs},
            started.parameters, started.parent, started.depth, started.drill, started.unit,
        )  # fmt: skip

    def returned(self) -> c.ChildEnded:
        """How a child run came back."""
        asked = self.record["command"]
        token = self.state.tokens[asked["token"]]
        names = [name for event in self.record["events"] if event["is"] == "ChildReturned" for name in event.get("results", {})]
        where = f"{token.scope}{token.at}.results."
        results = {name: self.kept.one(self.record["seq"], where + name) for name in names}
        return c.ChildEnded(asked["token"], asked["child"], asked["end"], results)


_READ: Final[Mapping[str, Callable[[_Told], c.Command]]] = {
    "start": _Told.start,
    "claim": lambda told: c.Claim(told.part("step")),
    "release": lambda told: c.Release(told.part("step"), told.note),
    "complete": lambda told: c.Complete(told.part("step"), told.part("outcome"), told.form(), told.note),
    "override": lambda told: c.Complete(told.part("step"), told.part("outcome"), told.form(), told.note, override=True),
    "delegate": lambda told: c.Delegate(told.part("step"), told.part("person"), told.part("until"), told.note),
    "migrate": lambda told: c.Migrate(told.part("fingerprint"), told.part("names") or {}, told.note, told.part("roles") or {}),
    "assign": lambda told: c.Assign(told.part("step"), told.part("person"), told.note),
    "bind": lambda told: c.Bind(told.part("role"), tuple(told.part("holders") or ()), told.note),
    "cancel_track": lambda told: c.CancelTrack(told.part("track"), told.note),
    "cancel_run": lambda told: c.CancelRun(told.note),
    "comment": lambda told: c.Comment(told.said("text", "comment"), told.part("step")),
    "attach": lambda told: c.Attach(told.said("file"), told.part("step"), told.note),
    "child_ended": _Told.returned,
    "elapse": lambda told: c.Elapse(*(told.record["command"][name] for name in ("task", "timer", "n"))),
}
"""From what a record calls a command to what reads it back."""


def _command(told: _Told) -> c.Command:
    do = told.record["command"]["do"]
    if do in DETOURS:
        return DETOURS[do](Told(told.procedure, told.state, told.record, told.kept.one, _Data(told.kept, told.state)), told.note)
    return _READ[do](told)
