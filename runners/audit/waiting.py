"""Whether timers and offers, which decide what elapses and what stands in whose inbox, are what the histories give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.detours import RunMigrated, WaitBegan
from engine.directory import Links
from engine.events import Event, TaskEscalated, TaskOpened, TaskReminded
from engine.people import Directory, Recorded
from engine.procedure import Procedure
from engine.state import State, Task
from engine.tasking import TaskDelegated
from engine.timers import ESCALATE, REMIND, RETURN, WAIT
from runners.audit.chain import Finding
from runners.changes import moment, offered, roles_on_offer
from runners.people import KEPT, STUCK
from runners.store.records import NO_DUE, RunRow, Timer
from runners.tongue import marked, spoken

Key = tuple[int, str, int]
"""Task, kind, number."""


class Timers:
    """The timers that a history gives."""

    def __init__(self) -> None:
        self._set: dict[Key, tuple[str, str]] = {}
        self._done: dict[Key, str] = {}
        self._open: set[Key] = set()

    def step(self, at: str, events: Iterable[Event], after: State, outgrown: Iterable[Key] = ()) -> None:
        """Take in the events of one record, with its instant, the state after it, and what another version made pointless."""
        for event in events:
            for key, fire_at in _timers(event, after):
                self._set[key] = fire_at, at
                self._done.pop(key, None)
                self._open.add(key)
            if isinstance(event, TaskReminded | TaskEscalated):
                kind = REMIND if isinstance(event, TaskReminded) else ESCALATE
                self._close((event.task, kind, event.n), at)
        for key in [*outgrown, *(key for key in self._open if not self._waits(key, after))]:
            self._close(key, at)

    def _close(self, key: Key, at: str) -> None:
        self._done.setdefault(key, at)
        self._open.discard(key)

    def _waits(self, key: Key, state: State) -> bool:
        number, kind, _ = key
        if kind == WAIT:
            return moment(state, number) == self._set[key][0]
        task = state.tasks.get(number)
        return task is not None and (kind != RETURN or task.until == self._set[key][0])

    def compare(self, run: RunRow, rows: Sequence[Timer]) -> Iterator[Finding]:
        """Every timer that is missing, was added, or stands at another instant."""
        found = {(timer.task, timer.kind, timer.n): timer for timer in rows}
        for key, (fire_at, set_at) in self._set.items():
            timer, done = found.pop(key, None), self._done.get(key)
            if timer is None:
                if done != set_at:  # of a task that was opened and closed in one transaction nothing is written
                    yield self._finding(run, key, marked("the timer {kind} {number} of task {task} is missing"))
            elif timer.fire_at != fire_at:
                yield self._finding(
                    run, key, marked("the timer {kind} {number} of task {task} elapses at another instant than the history says")
                )
            elif timer.done_at != done:
                yield self._finding(
                    run, key, marked("the timer {kind} {number} of task {task} is done or open otherwise than the history says")
                )
        for key in sorted(found):
            yield self._finding(run, key, marked("the timer {kind} {number} of task {task} is one that the history does not know"))

    @staticmethod
    def _finding(run: RunRow, key: Key, what: str) -> Finding:
        task, kind, number = key
        return Finding("rows", run.id, run.seq, spoken(what, kind=kind, number=number, task=task))


def _timers(event: Event, after: State) -> Iterator[tuple[Key, str]]:
    """The timers that *event* sets, each with its instant."""
    if isinstance(event, TaskOpened):
        yield from (((event.task, kind, number), fire_at) for kind, number, fire_at in event.timers)
    elif isinstance(event, WaitBegan) and event.until and moment(after, event.token) == event.until:
        yield (event.token, WAIT, 0), event.until
    elif isinstance(event, TaskDelegated) and event.until and event.task in after.tasks:
        yield (event.task, RETURN, 0), event.until
    elif isinstance(event, RunMigrated):
        yield from (((task, kind, number), fire_at) for task, kind, number, fire_at in event.timers)


class _Everybody(Recorded):
    """A directory in which everybody is active, in every team that holds a role, and has every skill.

    Who else somebody is stands in no history of a run; that is asked of the *directory* of today.
    """

    __slots__ = ("_all", "_everything", "_today")

    def __init__(self, procedure: Procedure, state: State, directory: Directory) -> None:
        super().__init__({}, directory.at)
        holders = {holder for held in state.roles.values() for holder in held}
        self._all = tuple(holder.removeprefix("team:") for holder in sorted(holders) if holder.startswith("team:"))
        self._everything = tuple({step.doc["skill"] for step in procedure.steps.values() if "skill" in step.doc})
        self._today = directory

    def teams(self, person: str) -> tuple[str, ...] | None:  # noqa: ARG002 - a directory is asked about somebody
        """All teams."""
        return self._all

    def skills(self, person: str) -> tuple[str, ...]:  # noqa: ARG002 - as above
        """All skills."""
        return self._everything

    def links(self, person: str) -> Links:
        """The other accounts of *person*; nobody acts for anybody."""
        return Links(self._today.links(person).accounts)


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
            yield Finding("rows", run.id, run.seq, what)
    for no in sorted(found):
        yield Finding("rows", run.id, run.seq, spoken("the task {task} is offered, and is not open", task=no))


def _task(procedure: Procedure, state: State, task: Task, rows: Mapping[str, str], directory: Directory) -> Iterator[str]:
    name = f"{task.address} ({task.no})"
    if set(rows.values()) - {task.due or NO_DUE}:
        yield spoken("the task {task} is offered with another due date", task=name)
    held = state.suspended or "suspended" in task.held
    if held or not roles_on_offer(task):
        if any(held or not holder.startswith(STUCK) for holder in rows):
            yield (
                spoken("the task {task} is offered, and is suspended", task=name)
                if held
                else spoken("the task {task} is offered, and has an owner", task=name)
            )
        return
    most = set(offered(procedure, state, task, _Everybody(procedure, state, directory)))
    least = set(offered(procedure, state, task, Recorded({}, directory.at)))
    stuck = {STUCK, f"{STUCK}{state.lead}"}  # whether anybody can do it is a question to the directory of that moment
    if wrong := sorted(holder for holder in set(rows) - most - least - stuck if not _of_a_team(procedure, task, holder)):
        yield spoken(
            "the task {task} is offered to {holders}, which the history does not give", task=name, holders=", ".join(wrong)
        )
    needed = stuck if "blocked" in task.held else set()
    if missing := sorted(holder for holder in most | needed if not holder.startswith("person:") and holder not in rows):
        yield spoken("the task {task} is not offered to {holders}, which the history gives", task=name, holders=", ".join(missing))
    if not task.owner and not any(not holder.startswith((KEPT, STUCK)) for holder in rows):
        takers = [holder for holder in offered(procedure, state, task, directory) if holder.startswith("person:")]
        if takers:
            yield spoken("the task {task} is offered to nobody, and {holders} may take it", task=name, holders=", ".join(takers))


def _of_a_team(procedure: Procedure, task: Task, holder: str) -> bool:
    """Whether *holder* may be one of a team whose people were offered *task* one by one because of their skills."""
    return holder.startswith("person:") and bool(procedure.steps[task.step].doc.get("skill"))
