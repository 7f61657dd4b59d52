"""Whether timers and offers, which decide what elapses and what stands in whose inbox, are what the histories give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.events import Event, TaskEscalated, TaskOpened, TaskReminded
from engine.people import Directory, Recorded
from engine.procedure import Procedure
from engine.state import State, Task
from engine.timers import ESCALATE, REMIND
from runners.audit.chain import Finding
from runners.changes import offered, roles_on_offer
from runners.people import KEPT
from runners.store.records import NO_DUE, RunRow, Timer

Key = tuple[int, str, int]
"""Task, kind, number."""


class Timers:
    """The timers that a history gives."""

    def __init__(self) -> None:
        self._set: dict[Key, tuple[str, str]] = {}
        self._done: dict[Key, str] = {}
        self._open: dict[int, set[Key]] = {}

    def step(self, at: str, events: Iterable[Event], after: State) -> None:
        """Take in the events of one record, with its instant and the state after it."""
        for event in events:
            if isinstance(event, TaskOpened):
                for kind, number, fire_at in event.timers:
                    key = event.task, kind, number
                    self._set[key] = fire_at, at
                    self._open.setdefault(event.task, set()).add(key)
            elif isinstance(event, TaskReminded | TaskEscalated):
                kind = REMIND if isinstance(event, TaskReminded) else ESCALATE
                self._done.setdefault((event.task, kind, event.n), at)
        for task in [task for task in self._open if task not in after.tasks]:
            for key in self._open.pop(task):
                self._done.setdefault(key, at)

    def compare(self, run: RunRow, rows: Sequence[Timer]) -> Iterator[Finding]:
        """Every timer that is missing, was added, or stands at another instant."""
        found = {(timer.task, timer.kind, timer.n): timer for timer in rows}
        for key, (fire_at, set_at) in self._set.items():
            timer, done = found.pop(key, None), self._done.get(key)
            if timer is None:
                if done != set_at:  # of a task that was opened and closed in one transaction nothing is written
                    yield self._finding(run, key, "is missing")
            elif timer.fire_at != fire_at:
                yield self._finding(run, key, "elapses at another instant than the history says")
            elif timer.done_at != done:
                yield self._finding(run, key, "is done or open otherwise than the history says")
        for key in sorted(found):
            yield self._finding(run, key, "is one that the history does not know")

    @staticmethod
    def _finding(run: RunRow, key: Key, what: str) -> Finding:
        task, kind, number = key
        return Finding("rows", run.id, run.seq, f"the timer {kind} {number} of task {task} {what}")


class _Everybody:
    """A directory in which everybody is active and in every team that holds a role."""

    def __init__(self, state: State) -> None:
        holders = {holder for held in state.roles.values() for holder in held}
        self._teams = tuple(holder.removeprefix("team:") for holder in sorted(holders) if holder.startswith("team:"))

    def teams(self, person: str) -> tuple[str, ...] | None:  # noqa: ARG002 - a directory is asked about somebody
        """All teams."""
        return self._teams


def offers(
    run: RunRow, procedure: Procedure, state: State, rows: Iterable[tuple[str, str, int]], directory: Directory
) -> Iterator[Finding]:
    """Every offer that the rule cannot have given, and every task that nobody is offered although somebody may take it.

    Offers are made when something happens in a run, with the people of that moment; the directory may have changed since.
    So a person's offer is wrong only if no directory could have given it; those of teams depend on no directory.

    Args:
        run: the run.
        procedure: of the run.
        state: what its history gives.
        rows: holder, key of the due date and task of every offer that is stored.
        directory: the people of today.
    """
    found: dict[int, dict[str, str]] = {}
    for holder, due_key, no in rows:
        found.setdefault(no, {})[holder] = due_key
    for no, task in state.tasks.items():
        for what in _task(procedure, state, task, found.pop(no, {}), directory):
            yield Finding("rows", run.id, run.seq, f"the task {task.address} ({no}) {what}")
    for no in sorted(found):
        yield Finding("rows", run.id, run.seq, f"the task {no} is offered, and is not open")


def _task(procedure: Procedure, state: State, task: Task, rows: Mapping[str, str], directory: Directory) -> Iterator[str]:
    if not roles_on_offer(task):
        if rows:
            yield "is offered, and has an owner"
        return
    most = set(offered(procedure, state, task, _Everybody(state)))
    least = set(offered(procedure, state, task, Recorded({})))
    if wrong := sorted(set(rows) - most - least):
        yield f"is offered to {', '.join(wrong)}, which the history does not give"
    if missing := sorted(holder for holder in most if not holder.startswith("person:") and holder not in rows):
        yield f"is not offered to {', '.join(missing)}, which the history gives"
    if set(rows.values()) - {task.due or NO_DUE}:
        yield "is offered with another due date"
    if not task.owner and not any(not holder.startswith(KEPT) for holder in rows):
        takers = [holder for holder in offered(procedure, state, task, directory) if holder.startswith("person:")]
        if takers:
            yield f"is offered to nobody, and {', '.join(takers)} may take it"
