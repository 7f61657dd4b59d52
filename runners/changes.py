"""From what was decided about a run to the rows that change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine import events as e
from engine.blocked import unfilled
from engine.frozen import frozen
from engine.people import Directory, doers, unfit
from engine.procedure import Procedure
from engine.rules.tasks import quorum
from engine.state import State, Task
from engine.timers import ESCALATE, REMIND, RETURN, WAIT
from runners.people import KEPT, STUCK
from runners.sections import taken
from runners.store.records import Evidence, Outbox, Payload, RunRow, TaskRow, Timer
from runners.store.writes import Change
from runners.values_stored import Values


@dataclass(slots=True)
class Work:
    """One run while a command is being carried out.

    Attributes:
        row: as it was read; None for a run that begins.
        title: what people call the run.
        before: its state as it was read.
        state: its state now.
        records: number, bytes, hash of each new record.
        events: all that happened, each with the number of its record.
        payloads: values to be kept.
        seals: path and number of the record to the commitment of each of them.
        outbox: effects to be performed outside.
        fired: timers that elapsed: task, kind, number.
        evidence: files that were named.
        left: the version that decided before, if the run went over to another.
    """

    run: str
    row: RunRow | None
    title: str
    procedure: Procedure
    before: State
    state: State
    seq: int
    head: bytes
    at: str
    started_by: str
    values: Values
    records: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    events: list[tuple[int, e.Event]] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)
    seals: dict[tuple[str, int], str] = field(default_factory=dict)
    outbox: list[Outbox] = field(default_factory=list)
    fired: list[tuple[int, str, int]] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    left: Procedure | None = None


def change_of(work: Work, directory: Directory, request: tuple[str, str, int] | None, state: bytes) -> Change:
    """What the store has to write for *work*.

    Args:
        work: a run with at least one new record.
        directory: tells who is kept from which offer.
        request: key, digest and record number of the command that people gave, for the run they gave it to.
        state: its state as it is stored.
    """
    dues = [task.due for task in work.state.tasks.values() if task.due]
    closed = work.state.status != "open"
    row = work.row
    touched = _touched(work)
    tasks = list(_tasks(work, touched))
    offers = _offers(work, touched, directory)
    before, after = taken(work.left or work.procedure, work.before), taken(work.procedure, work.state)
    return Change(
        run=RunRow(
            work.run,
            work.seq,
            work.head,
            work.state.sop,
            work.state.version,
            work.state.fingerprint,
            work.title,
            work.state.status,
            work.state.end or None,
            work.state.lead,
            work.state.started,
            work.started_by,
            min(dues, default=None),
            (row.closed_at if row and row.closed_at else work.at) if closed else None,
            work.state.parent[0] if work.state.parent else None,
            work.state.drill,
            len(work.state.tasks),
            state,
        ),
        expected_seq=row.seq if row else None,
        at=work.at,
        records=work.records,
        before=row,
        tasks=tasks,
        offers=offers,
        dues={no: work.state.tasks[no].due or None for no in offers if no in work.state.tasks},
        payloads=_counting(work),
        retired=sorted(path for path in work.before.values if path not in work.state.values),
        counted=work.before.values,
        timers_set=list(_timers(work)),
        timers_done=[*work.fired, *_pointless(work, touched)],
        outbox=work.outbox,
        request=request,
        evidence=list(work.evidence.values()),
        turns=[
            (f"{work.state.sop}/{event.step}", event.owner, event.turn)
            for _, event in work.events
            if isinstance(event, e.TaskOpened) and event.by
        ],
        locks_freed=sorted(name for name, _ in before.items() - after.items()),
        locks_taken=sorted(after.items() - before.items()),
    )


def _counting(work: Work) -> list[Payload]:
    """New values; each counts while the state names its commitment. One voice of several about an approval does not."""
    return [
        payload if work.state.values.get(payload.path) == work.seals[payload.path, payload.seq] else payload._replace(current=False)
        for payload in work.payloads
    ]


@frozen
class Touched:
    """The tasks that a command did something to: a few, however many are open.

    Attributes:
        now: those that are open and were not, or differ, as they are now.
        before: those that differ, as they were.
        closed: those that are open no longer, as they were.
    """

    now: list[Task]
    before: list[Task]
    closed: list[Task]


def _touched(work: Work) -> Touched:
    earlier, later = work.before.tasks, work.state.tasks
    now = [task for no, task in later.items() if earlier.get(no) is not task and earlier.get(no) != task]
    before = [earlier[task.no] for task in now if task.no in earlier]
    return Touched(now, before, [task for no, task in earlier.items() if no not in later])


def _tasks(work: Work, touched: Touched) -> Iterator[TaskRow]:
    for task in touched.now:
        yield _row(work, task)
    if not touched.closed:
        return
    outcomes: dict[int, str] = {}
    people: dict[int, str] = {}
    for _, event in work.events:
        if isinstance(event, e.TaskCompleted):
            outcomes[event.task], people[event.task] = event.outcome, event.person
    for task in touched.closed:
        yield _row(work, task, closed_at=work.at, outcome=outcomes.get(task.no, "withdrawn"), owner=people.get(task.no))


def _row(work: Work, task: Task, *, closed_at: str | None = None, outcome: str | None = None, owner: str | None = None) -> TaskRow:
    return TaskRow(
        work.run, task.no, task.step, task.address, task.kind, task.role, task.round, owner or task.owner or None,
        _holders(work.state, (task.role, *task.also)), task.due or None, task.ready, closed_at, outcome,
    )  # fmt: skip


def _holders(state: State, roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(holder for role in roles for holder in state.roles.get(role, ())))


def _offers(work: Work, touched: Touched, directory: Directory) -> dict[int, list[str]]:
    """To whom each task is offered now: where the task, its role or who is kept from it has changed."""
    acted = {event.step for _, event in work.events if isinstance(event, e.TaskOpened)}
    acted |= {task.step for task in (*touched.before, *touched.closed)}
    acted |= {event.where.rpartition("/")[2] for _, event in work.events if isinstance(event, e.FieldsCorrected)}
    rebound = {role for role, holders in work.state.roles.items() if work.before.roles.get(role) != holders}
    done = {event.task: event.person for _, event in work.events if isinstance(event, e.TaskCompleted)}
    offers: dict[int, list[str]] = {  # what its owner alone could do, and did, was neither on offer nor stuck
        task.no: [] for task in touched.closed if task.also or not task.owner or done.get(task.no) != task.owner
    }
    everything = work.before.suspended != work.state.suspended or work.left is not None
    open_steps = {task.step for task in work.state.tasks.values()}
    near = {step for step in open_steps if not acted.isdisjoint(work.procedure.deciding(step))}
    near |= {event.where.rpartition("/")[2] for _, event in work.events if isinstance(event, e.PeopleKeptOut)}
    changed = {task.no for task in touched.now}
    for task in work.state.tasks.values() if everything or near or rebound else touched.now:
        if not (everything or task.no in changed or task.step in near or not rebound.isdisjoint((task.role, *task.also))):
            continue
        found = offers_of(work.procedure, work.state, task, directory)
        if found or task.no in work.before.tasks or not task.owner:
            offers[task.no] = found
    return offers


def offers_of(procedure: Procedure, state: State, task: Task, directory: Directory) -> list[str]:
    """To whom *task* is offered, and whether it is stuck: nobody can do it, or somebody said that it is blocked."""
    if state.suspended or "suspended" in task.held:
        return []  # nobody can take it until it goes on
    found = list(offered(procedure, state, task, directory)) if roles_on_offer(task) else []
    free = not task.owner and any(holder.startswith("person:") for holder in found)
    alone = quorum(procedure, state, procedure.steps[task.step]) == 1
    if "blocked" in task.held or (not (free and alone) and unfilled(procedure, state, task, directory)):
        found += [STUCK, f"{STUCK}{state.lead}"]
    return found


def roles_on_offer(task: Task) -> Sequence[str]:
    """The roles whose holders may take *task*: of one that somebody has, only those that it was escalated to."""
    return task.also if task.owner else (task.role, *task.also)


def offered(procedure: Procedure, state: State, task: Task, directory: Directory) -> Iterator[str]:
    """Who may take *task*, and with ``kept:`` who may not although a team of theirs may."""

    def fit(person: str) -> bool:
        return person != task.owner and not unfit(procedure, state, task, person, directory)

    holders = _holders(state, roles_on_offer(task))
    if task.named and not task.owner and f"person:{task.named}" not in holders and fit(task.named):
        yield f"person:{task.named}"
    if procedure.steps[task.step].doc.get("skill"):  # of a team only those who can do it
        people = dict.fromkeys(c.person for c in directory.candidates("", holders))
        yield from (f"person:{person}" for person in people if fit(person))
        return
    before = procedure.steps[task.step].doc.get("same_as")
    same = doers(procedure, state, task, before)[-1:] if before else ()
    if same:
        yield from (f"person:{person}" for person in same if fit(person))
        return
    yield from (holder for holder in holders if not holder.startswith("person:") or fit(holder.removeprefix("person:")))
    if any(holder.startswith("team:") for holder in holders):
        deciding = procedure.deciding(task.step)
        others = {person for step in deciding for person in state.actors.get(step, ())}
        others |= {person for t in state.tasks.values() if t.owner and t.step in deciding for person in (t.owner, *t.chain)}
        others |= {account for person in others for account in directory.links(person).accounts}
        others |= {vote.person for vote in task.votes}
        others.discard(task.owner)  # who has it sees it as their own
        yield from (f"{KEPT}{person}" for person in sorted(others) if not fit(person))


def _timers(work: Work) -> Iterator[Timer]:
    for _, event in work.events:
        if isinstance(event, e.TaskOpened) and event.task in work.state.tasks:
            for kind, number, fire_at in event.timers:
                yield Timer(work.run, event.task, kind, number, fire_at)
        if isinstance(event, e.WaitBegan) and moment(work.state, event.token) == event.until != "":
            yield Timer(work.run, event.token, WAIT, 0, event.until)
        if isinstance(event, e.TaskDelegated) and event.until and event.task in work.state.tasks:
            yield Timer(work.run, event.task, RETURN, 0, event.until)
        if isinstance(event, e.RunMigrated):
            for number, kind, n, fire_at in event.timers:
                yield Timer(work.run, number, kind, n, fire_at)


def moment(state: State, token: int) -> str:
    """The instant that *token* waits for, or empty."""
    waiting = state.tokens[token].waiting if token in state.tokens else ""
    return waiting.removeprefix("until:") if waiting.startswith("until:") else ""


def outgrown(old: Procedure, new: Procedure, before: State, after: State) -> Iterator[tuple[int, str, int]]:
    """Timers of the open tasks (task, kind, number) that the version *new*, to which a run went over, does not know."""
    for task in before.tasks.values():
        then, now = old.steps[task.step].doc, new.steps[after.tasks[task.no].step].doc
        for kind, name in ((REMIND, "remind"), (ESCALATE, "escalate")):
            for number in range(len(now.get(name, ())), len(then.get(name, ()))):
                yield task.no, kind, number


def _pointless(work: Work, touched: Touched) -> Iterator[tuple[int, str, int]]:
    """Timers of tasks that are closed, of waits that are over, and those that another version does not know."""
    for number, token in work.before.tokens.items():
        if token.waiting and (until := moment(work.before, number)) and moment(work.state, number) != until:
            yield number, WAIT, 0
    if work.left is not None:
        yield from outgrown(work.left, work.procedure, work.before, work.state)
    for task in (*touched.before, *touched.closed):
        now = work.state.tasks.get(task.no)
        if task.until and (now is None or now.until != task.until):
            yield task.no, RETURN, 0
        if now is None and task.due:
            step = work.procedure.steps[task.step].doc
            for kind, name in ((REMIND, "remind"), (ESCALATE, "escalate")):
                for number in range(len(step.get(name, ()))):
                    yield task.no, kind, number
