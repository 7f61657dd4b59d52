"""Figures over histories: how much is done, how long it takes, what comes back, what is late. Pure; drills do not count.

A time belongs to the window in which it ended: a run that began in May and ended in June is a run of June. Lengths of time
are whole seconds on the clock. Of the ninetieth percentile nine of ten were at most as long (nearest rank).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from statistics import median
from typing import NamedTuple

from engine import events as e


class Told(NamedTuple):
    """The history of one run.

    Attributes:
        run: its name.
        events: instant and event, in order; the first starts the run.
    """

    run: str
    events: Sequence[tuple[str, e.Event]]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: how many were measured, the middle, and what nine of ten did not exceed."""

    count: int
    median: int
    p90: int


@dataclass(slots=True)
class _Open:
    """A task that waits for people."""

    step: str
    opened: str
    due: str
    round: int
    taken: str = ""


@dataclass(slots=True)
class StepFigures:
    """What happened at one step in the window.

    Attributes:
        sop: of which SOP.
        step: its id.
        done: tasks that were finished.
        again: of them, those that had come back once or more.
        late: of them, those finished after they were due.
        timed: of them, those that had a due date.
        handed: how often a task changed hands, by being given back, given to another or delegated.
        cycle: seconds from when each was ready until it was finished.
        waiting: seconds from when each was ready until somebody had it.
    """

    sop: str
    step: str
    done: int = 0
    again: int = 0
    late: int = 0
    timed: int = 0
    handed: int = 0
    cycle: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    @property
    def rework(self) -> float | None:
        """Share of the finished tasks that had come back; None where none was finished."""
        return self.again / self.done if self.done else None

    @property
    def overdue(self) -> float | None:
        """Share of the finished tasks with a due date that were late; None where none had one."""
        return self.late / self.timed if self.timed else None


@dataclass(slots=True)
class Figures:
    """What happened in the window.

    Attributes:
        started: runs that began.
        ended: name of the end to how many runs reached it.
        cancelled: runs that were cancelled.
        open: runs that were open at its end.
        cycle: seconds from start to end of each run that ended.
        steps: by SOP and step, in the order in which they first happened.
    """

    started: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    open: int = 0
    cycle: list[int] = field(default_factory=list)
    steps: dict[tuple[str, str], StepFigures] = field(default_factory=dict)


def spread(values: Sequence[int]) -> Spread | None:
    """Middle and ninetieth percentile of *values*; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return Spread(len(ordered), int(median(ordered)), ordered[ceil(0.9 * len(ordered)) - 1])


def figures(histories: Iterable[Told], start: str, end: str) -> Figures:
    """The figures of all *histories* for what happened from *start* until before *end* (RFC 3339 as the history writes it)."""
    found = Figures()
    for told in histories:
        _Reader(found, start, end).read(told)
    return found


def _seconds(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


class _Reader:
    """Goes through one history."""

    def __init__(self, figures_: Figures, start: str, end: str) -> None:
        self._found = figures_
        self._window = (start, end)
        self._tasks: dict[int, _Open] = {}
        self._sop = ""
        self._began = ""
        self._open = False

    def read(self, told: Told) -> None:
        """Count what happened in the window; a drill counts for nothing."""
        for at, event in told.events:
            if isinstance(event, e.RunStarted):
                if event.drill:
                    return
                self._sop, self._began, self._open = event.sop, at, at < self._window[1]
                self._found.started += self._counts(at)
            if at >= self._window[1]:
                break
            self._run(at, event)
            self._task(at, event)
        self._found.open += self._open

    def _counts(self, at: str) -> bool:
        return self._window[0] <= at < self._window[1]

    def _run(self, at: str, event: e.Event) -> None:
        if isinstance(event, e.RunEnded | e.RunCancelled):
            self._open = False
            if self._counts(at) and isinstance(event, e.RunEnded):
                self._found.ended[event.end] += 1
                self._found.cycle.append(_seconds(self._began, at))
            elif self._counts(at):
                self._found.cancelled += 1
        elif isinstance(event, e.RunReopened):
            self._open = True
        elif isinstance(event, e.RunMigrated):
            for task in self._tasks.values():
                task.step = event.names.get(task.step, task.step)

    def _task(self, at: str, event: e.Event) -> None:
        if isinstance(event, e.TaskOpened):
            self._tasks[event.task] = _Open(event.step, at, event.due, event.round, at if event.owner else "")
        elif isinstance(event, e.TaskWithdrawn):
            del self._tasks[event.task]
        elif isinstance(event, e.TaskCompleted):
            self._completed(at, self._tasks.pop(event.task))
        elif isinstance(event, e.TaskClaimed | e.TaskAssigned | e.TaskDelegated | e.TaskReleased | e.ApprovalGiven):
            task = self._tasks[event.task]
            passed_on = isinstance(event, e.TaskReleased | e.TaskDelegated) or (
                isinstance(event, e.TaskAssigned) and event.previous
            )
            if passed_on and self._counts(at):
                self._step(task.step).handed += 1
            if not isinstance(event, e.TaskReleased):
                task.taken = task.taken or at

    def _completed(self, at: str, task: _Open) -> None:
        if not self._counts(at):
            return
        step = self._step(task.step)
        step.done += 1
        step.again += task.round > 1
        step.timed += bool(task.due)
        step.late += bool(task.due) and at > task.due
        step.cycle.append(_seconds(task.opened, at))
        step.waiting.append(_seconds(task.opened, task.taken or at))

    def _step(self, step: str) -> StepFigures:
        return self._found.steps.setdefault((self._sop, step), StepFigures(self._sop, step))


def plain(found: Figures) -> Mapping[str, object]:
    """*found* as plain data: lengths in seconds, shares between 0 and 1 with three places."""

    def times(values: Sequence[int]) -> Mapping[str, int] | None:
        of = spread(values)
        return {"count": of.count, "median": of.median, "p90": of.p90} if of else None

    def share(value: float | None) -> float | None:
        return None if value is None else round(value, 3)

    return {
        "started": found.started, "ended": dict(found.ended), "cancelled": found.cancelled, "open": found.open,
        "cycle": times(found.cycle),
        "steps": [
            {
                "sop": step.sop, "step": step.step, "done": step.done, "cycle": times(step.cycle), "waiting": times(step.waiting),
                "rework": share(step.rework), "overdue": share(step.overdue), "handed": step.handed,
            }
            for step in found.steps.values()
        ],
    }  # fmt: skip
