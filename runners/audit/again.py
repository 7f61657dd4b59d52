"""Level V2: decide every command of a run again, from what was recorded, and compare.

What was used of the outside stands in the record (people asked about, the calendar's digest, guards' answers); values and
their salts stand in the erasable table. Where something was erased, the decision is "not checkable here", which is neither
right nor wrong.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine import commands as c
from engine import history
from engine.calendar import Calendar
from engine.context import Context
from engine.decide import Accepted, decide
from engine.events import RoleBound, RunMigrated, RunStarted, decode, encode
from engine.people import Recorded
from engine.procedure import Procedure
from engine.state import State
from engine.values import Value
from runners.audit.detours import DETOURS, Told
from runners.store.records import Payload


class _Erased(Exception):  # noqa: N818 - an answer
    """What the decision needs is no longer there."""


@dataclass(slots=True)
class Kept:
    """The values of a run that were not erased.

    Attributes:
        salts: (record, path) to salt.
        values: (record, path) to value.
        latest: path to the number of the record that set it last, as the replay goes on.
    """

    salts: dict[tuple[int, str], bytes] = field(default_factory=dict)
    values: dict[tuple[int, str], Value] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, payloads: list[Payload]) -> "Kept":
        """What *payloads* hold."""
        kept = cls()
        for payload in payloads:
            kept.salts[payload.seq, payload.path] = payload.salt
            kept.values[payload.seq, payload.path] = json.loads(payload.body)
        return kept

    def at(self, seq: int, prefix: str = "") -> Iterator[tuple[str, Value]]:
        """Path (without *prefix*) and value of everything that record *seq* brought under *prefix*."""
        for (number, path), value in self.values.items():
            if number == seq and path.startswith(prefix):
                yield path.removeprefix(prefix), value

    def one(self, seq: int, path: str) -> Value:
        """One value; raises if it was erased."""
        if (seq, path) not in self.values:
            raise _Erased(path)
        return self.values[seq, path]


class _Data(Mapping[str, Value]):
    """The values that counted before a record; asking for an erased one ends the check."""

    def __init__(self, kept: Kept, state: State) -> None:
        self._kept = kept
        self._state = state

    def __getitem__(self, path: str) -> Value:
        """The value at *path*."""
        if path not in self._state.values:
            raise KeyError(path)
        return self._kept.one(self._kept.latest.get(path, -1), path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.values)

    def __len__(self) -> int:
        return len(self._state.values)


def again(
    procedure: Procedure, state: State, record: Mapping[str, Value], kept: Kept, calendar: Callable[[str], Calendar | None],
    versions: Callable[[str], Procedure | None] = lambda _: None,
) -> str | None:  # fmt: skip
    """Decide the command of *record* again.

    Args:
        procedure: the definition that the record names.
        state: where the run stood before it.
        record: the parsed record.
        kept: the run's values.
        calendar: finds a stored calendar by digest.
        versions: finds a stored version of a definition by fingerprint.

    Returns:
        An empty text if it comes out the same, a text that says what differs, None where it cannot be checked.
    """
    seq = record["seq"]
    try:
        command = _command(procedure, state, record, kept)
        context = replace(_context(state, record, kept, calendar), versions=versions)
        decided = decide(procedure, state, command, context)
    except _Erased:
        return None
    if isinstance(decided, Accepted):
        gone_along = [path for event in decided.events if isinstance(event, RunMigrated) for path in event.values]
        for path in (*decided.values, *gone_along):
            kept.latest[path] = seq
    return _difference(decided, record)


def _difference(decided: object, record: Mapping[str, Value]) -> str:
    if "reasons" in record:
        if isinstance(decided, Accepted):
            return "it was refused, and would be accepted"
        found = [history.told(reason) for reason in decided.reasons]  # type: ignore[attr-defined]
        return "" if found[: len(record["reasons"])] == record["reasons"] else "it was refused for other reasons"
    if not isinstance(decided, Accepted):
        return "it was accepted, and would be refused"
    events = json.loads(json.dumps([encode(event) for event in decided.events]))
    if events != record.get("events", []):
        return "it would have led to other events"
    if [list(guard) for guard in decided.guards] != record.get("guards", []):
        return "a condition would have had another answer"
    return ""


def _context(state: State, record: Mapping[str, Value], kept: Kept, calendar: Callable[[str], Calendar | None]) -> Context:
    seq = record["seq"]
    context = record.get("context", {})
    days = calendar(context["calendar"]) if "calendar" in context else Calendar()
    if days is None:
        raise _Erased("calendar")

    def seal(path: str, value: Value) -> str:
        if "reasons" in record:
            return ""  # what was refused left no commitments but to what was said
        if (seq, path) not in kept.salts:
            raise _Erased(path)
        return history.commitment(kept.salts[seq, path], value)

    people = Recorded.of(context, record["at"])
    held = {section: (run, label) for section, (run, label) in context.get("held", {}).items()}
    return Context(record["run"], record["at"], record["actor"]["sub"], people, days, seal, _Data(kept, state), held)


def _command(procedure: Procedure, state: State, record: Mapping[str, Value], kept: Kept) -> c.Command:
    asked, seq = record["command"], record["seq"]
    note = _text(record, kept, "note")
    step = asked.get("step", "")
    if asked["do"] in DETOURS:
        return DETOURS[asked["do"]](Told(procedure, state, record, kept.one), note)
    match asked["do"]:
        case "start":
            return _start(record, kept)
        case "claim":
            return c.Claim(step)
        case "release":
            return c.Release(step, note)
        case "complete":
            return c.Complete(step, asked.get("outcome", ""), _form(procedure, state, record, kept), note)
        case "override":
            return c.Complete(step, asked.get("outcome", ""), _form(procedure, state, record, kept), note, override=True)
        case "assign":
            return c.Assign(step, asked["person"], note)
        case "delegate":
            return c.Delegate(step, asked["person"], asked.get("until", ""), note)
        case "bind":
            return c.Bind(asked["role"], tuple(asked.get("holders", ())), note)
        case "cancel_track":
            return c.CancelTrack(asked["track"], note)
        case "migrate":
            return c.Migrate(_part(record, kept, "fingerprint") or "", _part(record, kept, "names") or {}, note)
        case "cancel_run":
            return c.CancelRun(note)
        case "comment":
            return c.Comment(kept.one(seq, "refused.text" if "reasons" in record else "comment"), step)
        case "attach":
            return c.Attach(kept.one(seq, "refused.file" if "reasons" in record else "file"), step, note)
        case "child_ended":
            token = state.tokens[asked["token"]]
            results = dict(kept.at(seq, f"{token.scope}{token.at}.results."))
            return c.ChildEnded(asked["token"], asked["child"], asked["end"], results)
        case _:
            return c.Elapse(asked["task"], asked["timer"], asked["n"])


def _part(record: Mapping[str, Value], kept: Kept, name: str) -> Value:
    """A part of the command that stands in the record, or behind a commitment there where it was no name of ours."""
    if name in record["command"].get("seals", {}):
        return kept.one(record["seq"], f"refused.{name}")
    return record["command"].get(name)


def _text(record: Mapping[str, Value], kept: Kept, name: str) -> str:
    if name not in record["command"].get("seals", {}):
        return ""
    return str(kept.one(record["seq"], f"refused.{name}" if "reasons" in record else name))


def _form(procedure: Procedure, state: State, record: Mapping[str, Value], kept: Kept) -> dict[str, Value]:
    """The filled-in form: what the record sealed, without what the engine computed."""
    seq, address = record["seq"], record["command"]["step"]
    if "reasons" in record:
        names = [name.removeprefix("values.") for name in record["command"].get("seals", {}) if name.startswith("values.")]
        return {name: kept.one(seq, f"refused.values.{name}") for name in names}
    task = next(task for task in state.tasks.values() if task.address == address)
    step = procedure.steps[task.step]
    where = f"{state.tokens[task.token].scope}{task.step}."
    sealed = {
        name for event in record["events"] if event["is"] in {"TaskCompleted", "ApprovalGiven"} for name in event.get("values", {})
    }
    return {name: kept.one(seq, where + name) for name in sealed if "value" not in step.form[name]}


def _start(record: Mapping[str, Value], kept: Kept) -> c.Start:
    seq = record["seq"]
    events = [decode(event) for event in record["events"]]
    started = events[0]
    if not isinstance(started, RunStarted):
        raise TypeError("the first record does not start the run")
    return c.Start(
        record["run"], kept.one(seq, "title"), started.lead,
        {event.role: event.holders for event in events if isinstance(event, RoleBound)},
        {name: kept.one(seq, f"inputs.{name}") for name in started.inputs},
        started.parameters, started.parent, started.depth, started.drill, started.unit,
    )  # fmt: skip
