"""Whether the rows that lists are made of say what the histories say."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.events import Event, RunCancelled, RunEnded, RunReopened, TaskCompleted
from engine.state import State, Task, from_plain
from engine.values import Value
from runners.audit.again import Kept
from runners.audit.chain import Finding
from runners.audit.waiting import Key, Timers
from runners.store.records import Payload, RunRow, TaskRow
from runners.tongue import spoken

Closed = tuple[str | None, str | None, str | None]
"""Owner, when, outcome."""


class Folded:
    """What a history says beyond the state: who did what is closed, and when.

    Attributes:
        state: the fold so far.
        at: the instant of the last record.
        timers: everything that became due by itself, or will.
        closed_at: when the run was closed; None while it is open.
        started_by: who gave the first command.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.at = ""
        self.timers = Timers()
        self.closed_at: str | None = None
        self.started_by = ""
        self._closed: dict[int, tuple[Task, Closed]] = {}

    def step(self, record: Mapping[str, Value], events: Sequence[Event], after: State, outgrown: Collection[Key] = ()) -> None:
        """Take in one record, the state after it, and the timers that another version made pointless."""
        at = self.at = record["at"]
        self.started_by = self.started_by or record["actor"]["sub"]
        done: dict[int, TaskCompleted] = {}
        for event in events:
            if isinstance(event, TaskCompleted):
                done[event.task] = event
            elif isinstance(event, RunEnded | RunCancelled):
                self.closed_at = at
            elif isinstance(event, RunReopened):
                self.closed_at = None
        for no, task in self.state.tasks.items():
            if no not in after.tasks:
                end = done.get(no)
                self._closed[no] = task, (end.person if end else task.owner or None, at, end.outcome if end else "withdrawn")
        self.timers.step(at, events, after, outgrown)
        self.state = after

    def tasks(self) -> Iterator[tuple[Task, Closed]]:
        """Every task that is or was open between two records."""
        yield from self._closed.values()
        yield from ((task, (task.owner or None, None, None)) for task in self.state.tasks.values())


def compare(row: RunRow, tasks: Sequence[TaskRow], payloads: Sequence[Payload], kept: Kept, folded: Folded) -> Iterator[Finding]:
    """Everything in the rows of one run that its history does not say."""
    stored = json.loads(row.state)
    if from_plain(stored) != folded.state or stored.get("at") != folded.at:
        yield Finding("state", row.id, row.seq, spoken("the stored state is not what the history gives"))
    if wrong := [name for name, value in _columns(folded).items() if getattr(row, name) != value]:
        yield Finding("rows", row.id, row.seq, spoken("the run's {columns} is not what its history says", columns=", ".join(wrong)))
    title = kept.seals.get((0, "title"))
    if title is not None and kept.by_seal[title] != row.title:
        yield Finding("rows", row.id, 0, spoken("the run's title is not what its history says"))
    yield from _tasks(row, tasks, folded)
    now = folded.state.values
    # A value that took another name, and its first name again, was kept twice under one commitment: the later one counts.
    last = {payload.path: payload.seq for payload in payloads if now.get(payload.path) == kept.seals[payload.seq, payload.path]}
    for payload in payloads:
        counts = last.get(payload.path) == payload.seq
        if counts != payload.current:
            what = (
                spoken("the value of {path} counts, and its row says otherwise", path=payload.path)
                if counts
                else spoken("the value of {path} no longer counts, and its row says otherwise", path=payload.path)
            )
            yield Finding("rows", row.id, payload.seq, what)


def _columns(folded: Folded) -> dict[str, Value]:
    state = folded.state
    found = {
        "sop": state.sop, "version": state.version, "fingerprint": state.fingerprint, "status": state.status,
        "end_name": state.end or None, "lead": state.lead, "started_at": state.started, "drill": state.drill,
        "due_at": min((task.due for task in state.tasks.values() if task.due), default=None), "closed_at": folded.closed_at,
        "parent": state.parent[0] if state.parent else None, "open_tasks": len(state.tasks),
    }  # fmt: skip
    if state.parent is None:  # a child run carries the person who started the first of its parents
        found["started_by"] = folded.started_by
    return found


def _tasks(row: RunRow, tasks: Sequence[TaskRow], folded: Folded) -> Iterator[Finding]:
    rows = {task.no: task for task in tasks}
    for task, (owner, closed_at, outcome) in folded.tasks():
        found = rows.pop(task.no, None)
        if found is None:
            if closed_at != task.ready:  # opened and closed in one transaction, it never stood anywhere
                yield Finding("rows", row.id, row.seq, spoken("the task {task} stands in no list", task=task.address))
            continue
        said = (
            task.step, task.address, task.kind, task.role, task.round, owner, task.due or None, task.ready, closed_at, outcome
        )  # fmt: skip
        shown = (
            found.step, found.label, found.kind, found.role, found.round, found.owner, found.due_at, found.ready_at,
            found.closed_at, found.outcome,
        )  # fmt: skip
        if said != shown:
            yield Finding(
                "rows",
                row.id,
                row.seq,
                spoken("the task {task} ({no}) is not listed as the history says", task=task.address, no=task.no),
            )
    for no in sorted(rows):
        yield Finding("rows", row.id, row.seq, spoken("a task {no} is listed that the history does not know", no=no))
